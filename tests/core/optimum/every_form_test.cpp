// SPDX-License-Identifier: GPL-3.0-or-later
// Proofs against trying every accelerator, in every form of the FPGA model: of every network that
// has a name, of searched allocations and of chunks that share DRAM.
#include <gtest/gtest.h>

#include "core/model/priced_layers.h"

#include "tests/support/drawn_accelerators.h"

namespace cohelix::optimum {
namespace {

TEST(EveryForm, ProofsEqualTryingEveryAccelerator) {
    int proofs = 0;
    std::int64_t tried = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const auto drawn = test::drawnAccelerators(seed);
        const auto proven = test::provenPeriod(drawn);
        proofs += proven ? 1 : 0;
        EXPECT_EQ(test::faultOfProof(drawn, proven, tried), "");
    }
    EXPECT_GE(proofs, 30);
    EXPECT_GE(tried, 5000);
}

/// Each named network in each form, whatever the draws above happen on.
TEST(EveryForm, EveryNamedNetworkIsProven) {
    std::int64_t tried = 0;
    for (const auto& name : test::everyWorkload()) {
        for (const auto form : base::kValues<model::FpgaModel>) {
            test::DrawnAccelerators drawn;
            base::Random random(5, name);
            drawn.network = test::networkNamed(name);
            drawn.space.fpgaModel = form;
            drawn.space.pipeline = {test::drawnChunk(model::ChunkRole::Standard, form, 2, random),
                                    test::drawnChunk(model::ChunkRole::Depthwise, form, 1, random)};
            for (auto& chunk : drawn.space.pipeline) {
                chunk.layers.mapAtLeast = 1;
                chunk.columns.resize(1);
            }
            drawn.limits = {900, 4000};
            drawn.name = name + ", " + std::string(word(form));
            const auto proven = test::provenPeriod(drawn);
            EXPECT_TRUE(proven) << drawn.name;
            EXPECT_EQ(test::faultOfProof(drawn, proven, tried), "");
        }
    }
}

/// An expansion is counted at the size of the depthwise layer after it, and at no other's.
TEST(LayersAsPriced, TakeTheirSizeFromTheDepthwiseLayerAlone) {
    using model::Dim;
    const auto network = test::networkNamed("efficientnet-b0");
    const auto priced = model::layersAsPriced(network.layers, model::FpgaModel::PublishedClipped);
    int shrunk = 0;
    for (std::size_t i = 0; i + 1 < priced.size(); ++i) {
        if (network.layers[i].role != model::LayerRole::Expand) {
            EXPECT_EQ(priced[i], network.layers[i]);
            continue;
        }
        const bool strided = network.layers[i + 1].depthwise();
        const auto& size = strided ? network.layers[i + 1] : network.layers[i];
        EXPECT_EQ(priced[i].size(Dim::P), size.size(Dim::P)) << network.layers[i].name;
        shrunk += priced[i].size(Dim::P) < network.layers[i].size(Dim::P) ? 1 : 0;
    }
    EXPECT_EQ(shrunk, 4);
    // The last 1x1 convolution of ResNet-50 widens too; what follows is a product with a vector.
    const auto other = test::networkNamed("resnet50");
    EXPECT_EQ(model::layersAsPriced(other.layers, model::FpgaModel::AsPublished), other.layers);
}

}  // namespace
}  // namespace cohelix::optimum
