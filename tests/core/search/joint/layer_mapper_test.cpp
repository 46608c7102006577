// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pricing/layer_mapper.h"

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/hardware/evaluate.h"
#include "core/pricing/design_pricing.h"
#include "core/search/accelerator/accelerator_search.h"
#include "core/search/accelerator/proven_search.h"
#include "core/search/joint/target_search.h"

namespace cohelix::search {
namespace {

using pricing::LayerMapper;
using pricing::priceDesign;
using pricing::restoreMappings;

/// A network of few, small layers on the authors' array, so that mapping is quick.
spec::Specification arraySpecification(spec::Metric metric) {
    auto spec = spec::preset("dna-cifar10-asic").value();
    spec.objective.metric = metric;
    spec.search.layerMapping = spec::LayerMapping::Proven;
    spec.network.input = {3, 8, 8};
    spec.network.stages = {{8, 1, 1}, {16, 1, 2}};
    spec.network.headChannels = 32;
    return spec;
}

class LayerMapperTest : public testing::TestWithParam<spec::Metric> {
protected:
    spec::Specification m_spec = arraySpecification(GetParam());
    base::Executor m_executor{2};
    LayerMapper m_mapper{m_spec, m_executor};
    model::Network m_network = spec::buildNetwork(m_spec.network, std::vector<int>{3, 6});
    std::vector<int> m_allocation = hardware::allocateLayers(m_spec.accelerator, {}, m_network);

    model::Accelerator found(std::uint64_t stream) {
        const auto best = AcceleratorSearch(m_spec, stream).search(m_network, 100);
        EXPECT_TRUE(best);
        return hardware::buildAccelerator(m_spec.accelerator, best->choices, m_network);
    }
};

TEST_P(LayerMapperTest, NoLayerIsWorseThanWithTheTiles) {
    ASSERT_TRUE(m_mapper.available());
    auto better = 0;
    for (const std::uint64_t stream : {1, 2, 3}) {
        const auto tiled = found(stream);
        auto mapped = tiled;
        m_mapper.map(mapped, m_network.layers, m_allocation);
        const auto before =
            hardware::evaluate(m_network, tiled, m_allocation, m_spec.device).value();
        const auto after =
            hardware::evaluate(m_network, mapped, m_allocation, m_spec.device).value();
        const auto value = [&](const model::LayerCost& layer) {
            if (GetParam() == spec::Metric::EnergyMj) return layer.energyPicojoule;
            if (GetParam() == spec::Metric::Edp) return layer.energyPicojoule * layer.cycles;
            return layer.cycles;
        };
        for (std::size_t i = 0; i < before.layers.size(); ++i) {
            EXPECT_LE(value(after.layers[i]), value(before.layers[i]));
            if (value(after.layers[i]) < value(before.layers[i])) ++better;
            const auto& chunk = mapped.arrays[static_cast<std::size_t>(m_allocation[i])];
            const auto extent = model::spatialExtent(after.layers[i].mapping);
            EXPECT_LE(extent.rows * extent.columns, chunk.peCount) << "unrolls more than there is";
        }
    }
    EXPECT_GT(better, 0) << "one set of tiles cannot be the best for every layer";
}

TEST_P(LayerMapperTest, TheSearchsAppraisalIsTheDesignsCost) {
    const auto best = AcceleratorSearch(m_spec, 4).search(m_network, 100);
    ASSERT_TRUE(best);
    AcceleratorProblem problem(m_spec, m_network, &m_mapper);
    const auto appraisal = problem.appraise(best->choices);
    auto accelerator = hardware::buildAccelerator(m_spec.accelerator, best->choices, m_network);
    m_mapper.map(accelerator, m_network.layers, m_allocation);
    const auto cost =
        hardware::evaluate(m_network, accelerator, m_allocation, m_spec.device).value();
    EXPECT_DOUBLE_EQ(appraisal.metric, spec::metricOf(cost, GetParam()));

    auto again = hardware::buildAccelerator(m_spec.accelerator, best->choices, m_network);
    restoreMappings(again, m_network, cost);
    EXPECT_EQ(hardware::evaluate(m_network, again, m_allocation, m_spec.device).value(), cost)
        << "a stored design's mappings are enough to price it again";
}

INSTANTIATE_TEST_SUITE_P(Metrics, LayerMapperTest,
                         testing::Values(spec::Metric::Fps, spec::Metric::LatencyMs,
                                         spec::Metric::EnergyMj, spec::Metric::Edp));

// Limits are those of the design as it is reported, with its mappings, not those of the tiles that
// the accelerator was found with: neither what breaks them is taken nor what keeps them refused.
TEST(LayerMapper, WhatATargetFindsKeepsTheLimitsWithItsMappings) {
    const auto plain = arraySpecification(spec::Metric::Edp);
    const auto path = std::vector<int>{3, 6};
    const auto network = spec::buildNetwork(plain.network, path);
    base::Executor executor(2);
    const auto tiles = AcceleratorSearch(plain, 0).search(network, 100);
    ASSERT_TRUE(tiles);
    LayerMapper mapper(plain, executor);
    const auto mapped = priceDesign(plain, {path, tiles->choices}, mapper).value().cost;
    const auto accelerator = hardware::buildAccelerator(plain.accelerator, tiles->choices, network);
    const auto allocation = hardware::allocateLayers(plain.accelerator, {}, network);
    const auto tiled = hardware::evaluate(network, accelerator, allocation, plain.device).value();
    ASSERT_LT(mapped.energyMj, tiled.energyMj);
    const double between = (mapped.energyMj + tiled.energyMj) / 2;

    int found = 0;
    for (const double share : {0.5, 1.0, 2.0}) {
        auto spec = plain;
        spec.limits.mostEnergyMj = between * share;
        const auto inForce = spec::asSpecified(spec);
        LayerMapper ofSpec(inForce.specification, executor);
        ProvenSearch proven(inForce.specification, executor);
        TargetSearch target(inForce, 0, proven, ofSpec);
        const auto best = target.searchAccelerator(network, 100, {});
        EXPECT_TRUE(best || share < 1) << share;
        if (!best) continue;
        ++found;
        const auto cost =
            priceDesign(inForce.specification, {path, best->choices}, ofSpec).value().cost;
        EXPECT_TRUE(spec::keepsLimits(inForce.specification, cost)) << share;
    }
    EXPECT_GE(found, 2);
}

TEST(LayerMapper, IsThereOnlyForTheLoopNestTemplateAndOnRequest) {
    base::Executor executor(1);
    auto spec = arraySpecification(spec::Metric::Edp);
    spec.search.layerMapping = spec::LayerMapping::Tiles;
    EXPECT_FALSE(LayerMapper(spec, executor).available());
    auto pipeline = spec::preset("fashion-mnist-zc706").value();
    pipeline.search.layerMapping = spec::LayerMapping::Proven;
    EXPECT_FALSE(LayerMapper(pipeline, executor).available());
}

}  // namespace
}  // namespace cohelix::search
