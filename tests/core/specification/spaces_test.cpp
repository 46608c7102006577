// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/specification/specification.h"

namespace cohelix::spec {
namespace {

using model::ChunkRole;
using model::Dim;

TEST(Operator, NamesReadBack) {
    for (const char* text : {"k3_e1", "k5_e6", "k3_e1_g2", "k7_e16_g4", "skip"}) {
        ASSERT_TRUE(parseOperator(text)) << text;
        EXPECT_EQ(toText(*parseOperator(text)), text);
    }
    for (const char* text : {"", "k3", "k2_e1", "k3_e0", "k3_e1_g3", "k3_e1_", "k3_e1_g2_", "k3e1x",
                             "K3_e1", "k3_e99999999999"}) {
        EXPECT_FALSE(parseOperator(text)) << text;
    }
}

/// The authors' example network for CIFAR (method.md 2.7) has 98.4 million multiply-accumulates
/// as they count: blocks only, the first convolution of a strided block at its output size.
TEST(Network, AuthorsExampleHasItsPublishedWork) {
    const auto space = preset("dna-cifar10-zc706").value().network;
    const std::string text =
        "k5_e6,k5_e6,k3_e1,k5_e3,k5_e3,k5_e6,k5_e1_g2,k5_e1,k5_e6,k5_e6,k5_e3,k5_e6,k5_e1_g2,"
        "k3_e6,k5_e6,k3_e3,k5_e6,k5_e6,k5_e3,k5_e6,k5_e3,k5_e6";
    std::vector<int> path;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find(',', begin), text.size());
        const auto op = *parseOperator(text.substr(begin, end - begin));
        const auto found = std::find(space.operators.begin(), space.operators.end(), op);
        path.push_back(static_cast<int>(found - space.operators.begin()));
        begin = end + 1;
    }
    ASSERT_EQ(path.size(), 22U);
    const auto network = buildNetwork(space, path);
    std::int64_t blocks = 0;
    for (const auto& layer : network.layers) {
        if (layer.block < 0) continue;
        const bool shrinks = layer.role == model::LayerRole::Expand && (&layer + 1)->stride == 2;
        blocks += model::macs(layer) / (shrinks ? 4 : 1);
    }
    EXPECT_NEAR(static_cast<double>(blocks) / 1e6, 98.4, 0.05);
}

TEST(Network, GraphIsSound) {
    const auto space = preset("dna-imagenet-zc706").value().network;
    base::Random random(5, "paths");
    for (int trial = 0; trial < 200; ++trial) {
        std::vector<int> path;
        for (std::size_t b = 0; b < blockShapes(space).size(); ++b) {
            path.push_back(static_cast<int>(random.below(space.operators.size())));
        }
        const auto network = buildNetwork(space, path);
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            const auto& layer = network.layers[i];
            ASSERT_LT(layer.input, static_cast<int>(i));
            if (layer.input >= 0) {
                const auto& from = network.layers[static_cast<std::size_t>(layer.input)];
                ASSERT_EQ(from.size(Dim::K), layer.size(Dim::C)) << layer.name;
            }
            if (layer.addedTo >= 0) {
                const auto& other = network.layers[static_cast<std::size_t>(layer.addedTo)];
                ASSERT_EQ(other.size(Dim::K), layer.size(Dim::K)) << layer.name;
                ASSERT_EQ(other.size(Dim::P), layer.size(Dim::P)) << layer.name;
            }
        }
        EXPECT_EQ(network.layers.back().role, model::LayerRole::Classifier);
        EXPECT_EQ(network.layers.back().size(Dim::K), 1000);
    }
}

std::vector<int> randomChoices(const std::vector<hardware::Choice>& choices, base::Random& random) {
    std::vector<int> picked;
    for (const auto& choice : choices) {
        picked.push_back(static_cast<int>(random.below(choice.options.size())));
    }
    return picked;
}

TEST(Accelerator, LoopTilesNeverExceedTheirBuffers) {
    const auto spec = preset("dna-cifar10-zc706").value();
    const auto choices = hardware::acceleratorChoices(spec.accelerator);
    base::Random random(1, "choices");
    const auto network = buildNetwork(spec.network, std::vector<int>(22, 0));
    for (int trial = 0; trial < 500; ++trial) {
        const auto canonical = canonicalChoices(spec.accelerator, randomChoices(choices, random));
        EXPECT_EQ(canonicalChoices(spec.accelerator, canonical), canonical);
        for (const auto& chunk :
             hardware::buildAccelerator(spec.accelerator, canonical, network).pipeline) {
            ASSERT_LE(chunk.loop.rows, chunk.buffer.rows);
            ASSERT_LE(chunk.loop.columns, chunk.buffer.columns);
            ASSERT_LE(chunk.loop.outputs, chunk.buffer.outputs);
            ASSERT_LE(chunk.loop.inputs, chunk.buffer.inputs);
        }
    }
}

TEST(Accelerator, ArraysKeepTheirBudget) {
    const auto spec = preset("dna-cifar10-asic").value();
    const auto choices = hardware::acceleratorChoices(spec.accelerator);
    base::Random random(2, "choices");
    const auto network = buildNetwork(spec.network, std::vector<int>(22, 3));
    for (int trial = 0; trial < 500; ++trial) {
        const auto canonical = canonicalChoices(spec.accelerator, randomChoices(choices, random));
        std::int64_t pes = 0;
        std::int64_t words = 0;
        for (const auto& chunk :
             hardware::buildAccelerator(spec.accelerator, canonical, network).arrays) {
            std::int64_t used = 1;
            for (const auto size : chunk.spatial) used *= size;
            ASSERT_LE(used, chunk.peCount);
            pes += chunk.peCount;
            words += chunk.bufferWords;
            std::set<Dim> seen(chunk.dramOrder.begin(), chunk.dramOrder.end());
            ASSERT_EQ(seen.size(), 7U) << "an order is a permutation";
        }
        ASSERT_LE(pes, 129);
        ASSERT_LE(words, 108 * 1024 / 2);
    }
}

TEST(Allocation, EveryLayerGoesToAChunkOfItsRole) {
    for (const auto& entry : presets()) {
        const auto spec = preset(entry.name).value();
        const auto blocks = blockShapes(spec.network).size();
        for (int op = 0; op < static_cast<int>(spec.network.operators.size()); ++op) {
            const auto network = buildNetwork(spec.network, std::vector<int>(blocks, op));
            const auto allocation = hardware::allocateLayers(spec.accelerator, {}, network);
            for (std::size_t i = 0; i < network.layers.size(); ++i) {
                const auto c = static_cast<std::size_t>(allocation[i]);
                const auto role = spec.accelerator.pipeline.empty()
                                      ? spec.accelerator.arrays[c].role
                                      : spec.accelerator.pipeline[c].role;
                ASSERT_EQ(role == ChunkRole::Depthwise, network.layers[i].depthwise())
                    << entry.name << " " << network.layers[i].name;
            }
        }
    }
}

/// Two kinds of chunk, two options each, for runs of four blocks.
hardware::AcceleratorSpace searchedSpace(int groups) {
    hardware::AcceleratorSpace space;
    space.pipeline = {{"standard",
                       ChunkRole::Standard,
                       {},
                       {model::Parallelism::OutputChannels},
                       {4},
                       {4},
                       {8, 4},
                       {2},
                       {16}},
                      {"depthwise",
                       ChunkRole::Depthwise,
                       {},
                       {model::Parallelism::OutputChannels},
                       {4},
                       {4},
                       {2},
                       {1},
                       {16, 8}}};
    space.searched = hardware::SearchedAllocation{groups, 4};
    return space;
}

TEST(Allocation, SearchedRunsOfBlocksAreChoices) {
    const auto space = searchedSpace(3);
    const auto choices = hardware::acceleratorChoices(space);
    EXPECT_EQ(choices.back().name, "allocation.split2");
    EXPECT_EQ(choices.back().options, (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_EQ(choices[choices.size() - 3].name, "allocation.groups");
    EXPECT_EQ(choices.front().knob.chunk, 0);
    EXPECT_EQ(choices[choices.size() - 4].knob.chunk, 5);
    EXPECT_FALSE(choices.back().knob.chunk);

    std::vector<int> picked(choices.size(), 0);
    picked[picked.size() - 3] = 2;  // three groups, from blocks 0, 2 and 3
    picked[picked.size() - 2] = 2;
    picked[picked.size() - 1] = 1;
    picked = canonicalChoices(space, picked);
    EXPECT_EQ(hardware::groupStarts(space, picked), (std::vector<int>{0, 2, 3}));
    EXPECT_EQ(hardware::choicesOfGroups(space, std::vector<int>{0, 2, 3}),
              std::vector<int>(picked.end() - 3, picked.end()));
    NetworkSpace networks;
    networks.input = {1, 8, 8};
    networks.stages = {{4, 4, 1}};
    networks.operators = {{3, 2, 1, false}};
    networks.headChannels = 8;
    const auto network = buildNetwork(networks, std::vector<int>(4, 0));
    const auto accelerator = hardware::buildAccelerator(space, picked, network);
    ASSERT_EQ(accelerator.pipeline.size(), 6u);
    EXPECT_EQ(accelerator.pipeline[3].name, "blocks 2-2, depthwise");
    const auto allocation = hardware::allocateLayers(space, picked, network);
    constexpr std::array kGroupOfBlock = {0, 0, 1, 2};
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& layer = network.layers[i];
        const int group = layer.block >= 0 ? kGroupOfBlock[static_cast<std::size_t>(layer.block)]
                          : layer.role == model::LayerRole::Stem ? 0
                                                                 : 2;
        EXPECT_EQ(allocation[i], 2 * group + (layer.depthwise() ? 1 : 0)) << layer.name;
    }
}

/// Every accelerator of the space has one canonical form, and the size counts them.
TEST(Choices, AreNamedByTheirKnobsAndSayTheirOptionsAsNumbers) {
    for (const auto& [name, about] : presets()) {
        const auto space = preset(name)->accelerator;
        std::set<std::string> names;
        for (const auto& choice : hardware::acceleratorChoices(space)) {
            EXPECT_EQ(choice.name, hardware::nameOf(choice.knob)) << name;
            EXPECT_TRUE(names.insert(choice.name).second) << name << ": " << choice.name;
            ASSERT_EQ(choice.values.size(), choice.options.size()) << name << ": " << choice.name;
            EXPECT_EQ(choice.knob.isNumber(), !choice.unit.empty()) << choice.name;
            if (!choice.knob.isNumber()) continue;
            for (std::size_t i = 0; i < choice.options.size(); ++i) {
                EXPECT_EQ(std::to_string(choice.values[i]), choice.options[i]) << choice.name;
            }
        }
    }
}

TEST(Allocation, EqualAcceleratorsHaveEqualChoices) {
    for (const int groups : {1, 2, 3}) {
        const auto space = searchedSpace(groups);
        const auto choices = hardware::acceleratorChoices(space);
        const model::Network network;
        std::set<std::vector<int>> canonical;
        std::set<std::string> accelerators;
        std::vector<int> at(choices.size(), 0);
        for (bool more = true; more;) {
            const auto one = canonicalChoices(space, at);
            EXPECT_EQ(canonicalChoices(space, one), one);
            if (canonical.insert(one).second) {
                std::string text;
                for (const auto& chunk : hardware::buildAccelerator(space, one, network).pipeline) {
                    text += chunk.name + std::to_string(chunk.buffer.outputs) + "/" +
                            std::to_string(chunk.loop.outputs) + "/" + std::to_string(chunk.bits);
                }
                EXPECT_TRUE(accelerators.insert(text).second) << text;
            }
            std::size_t i = 0;
            while (i < at.size() && ++at[i] == static_cast<int>(choices[i].options.size())) {
                at[i++] = 0;
            }
            more = i < at.size();
        }
        EXPECT_NEAR(hardware::log10Size(space), std::log10(static_cast<double>(canonical.size())),
                    1e-9);
    }
}

TEST(Spaces, SizesAreThoseOfTheMethod) {
    // 22 blocks of 9 operators: 9.85e20 networks (method.md 2.2).
    EXPECT_NEAR(hardware::log10Size(networkChoices(preset("dna-cifar10-zc706").value().network)),
                20.9933, 1e-3);
    // Ten chunks: 1.73e44 for CIFAR, 9.34e39 for ImageNet; loop nest: joint 5.9e49 (1A, 1B).
    const auto size = [](const char* name) {
        return hardware::log10Size(preset(name).value().accelerator);
    };
    EXPECT_NEAR(size("dna-cifar10-zc706"), std::log10(1.73e44), 0.01);
    EXPECT_NEAR(size("dna-imagenet-zc706"), std::log10(9.34e39), 0.01);
    EXPECT_NEAR(size("dna-cifar10-asic"), std::log10(5.9e49), 0.01);
}

}  // namespace
}  // namespace cohelix::spec
