// SPDX-License-Identifier: GPL-3.0-or-later
// The authors' 22-block CIFAR network (method.md 2.7) on their spaces: the proven optimum.
#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "core/hardware/evaluate.h"
#include "core/model/priced_layers.h"
#include "core/optimum/exact_accelerator.h"
#include "core/optimum/exact_allocation.h"
#include "core/optimum/shared_dram.h"
#include "core/specification/accelerator_presets.h"
#include "core/specification/network_space.h"
#include "core/specification/specification.h"

namespace cohelix::optimum {
namespace {

model::Network publishedNetwork() {
    const auto space = spec::preset("dna-cifar10-zc706")->network;
    std::vector<int> operators;
    for (const char* name :
         {"k5_e6", "k5_e6", "k3_e1", "k5_e3", "k5_e3",    "k5_e6", "k5_e1_g2", "k5_e1",
          "k5_e6", "k5_e6", "k5_e3", "k5_e6", "k5_e1_g2", "k3_e6", "k5_e6",    "k3_e3",
          "k5_e6", "k5_e6", "k5_e3", "k5_e6", "k5_e3",    "k5_e6"}) {
        const auto found =
            std::find(space.operators.begin(), space.operators.end(), *spec::parseOperator(name));
        operators.push_back(static_cast<int>(found - space.operators.begin()));
    }
    return spec::buildNetwork(space, operators);
}

hardware::AcceleratorSpace publishedSpace(const char* name) {
    auto space = *spec::acceleratorPreset(name);
    space.fpgaModel = model::FpgaModel::PublishedClipped;
    return space;
}

struct Optimum {
    const char* space;
    double cycles;
    double fps;
};

class PublishedSpace : public testing::TestWithParam<Optimum> {};

TEST_P(PublishedSpace, HasThisProvenOptimum) {
    const auto network = publishedNetwork();
    const auto space = publishedSpace(GetParam().space);
    auto exact = ExactAccelerators::create(space, {900, 700});
    ASSERT_TRUE(exact);
    const auto best = exact->best(network, Aim::Period);
    ASSERT_TRUE(best);
    EXPECT_EQ(best->periodCycles, GetParam().cycles);
    EXPECT_NEAR(200e6 / best->periodCycles, GetParam().fps, 0.05);

    // The figures are those that the accelerator has on its own.
    const auto accelerator = hardware::buildAccelerator(space, best->choices, network);
    const auto totals =
        hardware::totals(network, accelerator, hardware::allocateLayers(space, {}, network));
    ASSERT_TRUE(totals);
    EXPECT_EQ(totals->periodCycles, best->periodCycles);
    EXPECT_EQ(totals->dsp, best->dsp);
    EXPECT_EQ(totals->bram18k, best->bram18k);
}

INSTANTIATE_TEST_SUITE_P(Authors, PublishedSpace,
                         testing::Values(Optimum{"r1", 1499064, 133.4},
                                         Optimum{"r2", 630144, 317.4},
                                         Optimum{"wide", 745910, 268.1},
                                         Optimum{"r2-wide", 471822, 423.9}));

/// The network with those layers that the authors count, at the sizes at which they do, so that
/// forms that count all layers price the same work.
model::Network asCountedByTheAuthors() {
    constexpr auto kForm = model::FpgaModel::PublishedClipped;
    auto network = publishedNetwork();
    network.layers = model::layersAsPriced(network.layers, kForm);
    std::erase_if(network.layers,
                  [](const model::Layer& layer) { return model::costsNothing(layer, kForm); });
    return network;
}

struct Beyond {
    const char* space;
    double within;  ///< cycles in the authors' template
    double beyond;  ///< with wider ports and overlap
};

class BeyondTheTemplate : public testing::TestWithParam<Beyond> {};

TEST_P(BeyondTheTemplate, HasThisProvenOptimum) {
    const auto network = asCountedByTheAuthors();
    const auto periodOn = [&](const std::string& name, model::FpgaModel form) {
        auto space = *spec::acceleratorPreset(name);
        space.fpgaModel = form;
        auto exact = ExactAccelerators::create(space, {900, 700});
        const auto best = exact->best(network, Aim::Period);
        const auto accelerator = hardware::buildAccelerator(space, best->choices, network);
        const auto totals =
            hardware::totals(network, accelerator, hardware::allocateLayers(space, {}, network));
        EXPECT_EQ(totals->periodCycles, best->periodCycles);
        EXPECT_EQ(totals->bram18k, best->bram18k);
        EXPECT_LE(best->bram18k, 700);
        EXPECT_LE(best->dsp, 900);
        return best->periodCycles;
    };
    const std::string name = GetParam().space;
    EXPECT_EQ(periodOn(name, model::FpgaModel::PublishedFormulas), GetParam().within);
    EXPECT_EQ(periodOn(name, model::FpgaModel::PublishedBeyond), GetParam().within)
        << "the form alone changes nothing";
    EXPECT_EQ(periodOn(name + "-beyond", model::FpgaModel::PublishedBeyond), GetParam().beyond);
}

INSTANTIATE_TEST_SUITE_P(Ours, BeyondTheTemplate,
                         testing::Values(Beyond{"r1", 1499064, 711884},
                                         Beyond{"r2", 630144, 308896},
                                         Beyond{"wide", 745910, 190567},
                                         Beyond{"r2-wide", 471822, 163337}));

/// The authors' network where the chunks share a DRAM: the bound stays below the optimum and the
/// accelerator found above it, whatever is dropped.
TEST(SharedDram, OfTheAuthorsNetworkIsBounded) {
    const auto network = publishedNetwork();
    auto space = *spec::acceleratorPreset("wide-beyond");
    space.dramGigabytesPerSecond = 6.4;
    const auto exact = boundSharedDram(space, network, {900, 700});
    ASSERT_TRUE(exact);
    EXPECT_TRUE(exact->proven);
    const auto loose = boundSharedDram(space, network, {900, 700}, nullptr, 3);
    ASSERT_TRUE(loose);
    EXPECT_FALSE(loose->proven);
    EXPECT_LE(loose->leastPeriodCycles, exact->found.periodCycles);
    EXPECT_GE(loose->found.periodCycles, exact->found.periodCycles);
    for (const auto* bound : {&*exact, &*loose}) {
        const auto accelerator = hardware::buildAccelerator(space, bound->found.choices, network);
        const auto totals = hardware::totals(
            network, accelerator, hardware::allocateLayers(space, bound->found.choices, network));
        EXPECT_NEAR(totals->periodCycles, bound->found.periodCycles, 1e-9 * totals->periodCycles);
        EXPECT_LE(totals->bram18k, 700);
        EXPECT_LE(totals->dsp, 900);
    }
}

/// Searched splits of the blocks in the authors' template: with two and with five groups faster
/// than the rules R1 and R2 with as wide lists (745,910 and 471,822 cycles).
TEST(ExactAllocations, OfTheAuthorsNetworkAreProven) {
    const auto network = asCountedByTheAuthors();
    auto space = *spec::acceleratorPreset("searched");
    space.fpgaModel = model::FpgaModel::PublishedFormulas;
    const auto exact = ExactAllocations::create(space, network, {900, 700});
    ASSERT_TRUE(exact);
    constexpr std::array kCycles = {1076374, 578854, 405248, 342848, 307122,
                                    283758,  251862, 236877, 227910, 227910};
    for (int groups = 1; groups <= 10; ++groups) {
        const auto best = exact->best(groups);
        ASSERT_TRUE(best);
        EXPECT_EQ(best->periodCycles, kCycles[static_cast<std::size_t>(groups - 1)]) << groups;
        const auto totals =
            hardware::totals(network, hardware::buildAccelerator(space, best->choices, network),
                             hardware::allocateLayers(space, best->choices, network));
        EXPECT_EQ(totals->periodCycles, best->periodCycles);
        EXPECT_EQ(totals->dsp, best->dsp);
        EXPECT_EQ(totals->bram18k, best->bram18k);
        EXPECT_LE(best->dsp, 900);
        EXPECT_LE(best->bram18k, 700);
    }
}

TEST(PublishedNetwork, HasTheMultiplyAccumulatesOfTheAuthorsCount) {
    std::int64_t macs = 0;
    for (const auto& layer :
         model::layersAsPriced(publishedNetwork().layers, model::FpgaModel::PublishedClipped)) {
        if (!model::costsNothing(layer, model::FpgaModel::PublishedClipped)) {
            macs += model::macs(layer);
        }
    }
    EXPECT_NEAR(static_cast<double>(macs) / 1e6, 98.4, 0.05);
}

}  // namespace
}  // namespace cohelix::optimum
