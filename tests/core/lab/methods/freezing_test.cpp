// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of accelerator parameters held at one value: nothing of what is left gets lost, and
// nothing gets better.
#include "core/lab/methods/freezing.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/optimum/chunk_configurations.h"
#include "core/specification/accelerator_presets.h"

namespace cohelix::lab {
namespace {

using model::PipelineChunk;

std::vector<PipelineChunk> frozen(std::string_view group, const std::string& value,
                                  const hardware::AcceleratorSpace& space, std::size_t chunk) {
    for (const auto& freeze : freezesOf(group, space)) {
        if (freeze.value != value) continue;
        const auto& of = space.pipeline[chunk];
        return freeze.restriction(of, optimum::usefulConfigurations(of));
    }
    return {};
}

TEST(Freezing, LeavesExactlyWhatTheFreezeAllows) {
    const auto space = *spec::acceleratorPreset("r1");
    const auto& chunk = space.pipeline[0];  // rows and columns 16 … 1, channels 8 … 1
    const auto loops = frozen("loops", "buffer tile", space, 0);
    EXPECT_EQ(loops.size(), chunk.parallelism.size() * chunk.rows.size() * chunk.columns.size() *
                                chunk.outputs.size() * chunk.inputs.size());
    for (const auto& configuration : loops) EXPECT_EQ(configuration.loop, configuration.buffer);

    const auto buffers = frozen("map-buffers", "4", space, 0);
    ASSERT_FALSE(buffers.empty());
    for (const auto& configuration : buffers) {
        EXPECT_EQ(configuration.buffer.rows, 4);
        EXPECT_EQ(configuration.buffer.columns, 4);
    }
    // 32 channels are beyond the chunk's list: the largest below.
    for (const auto& configuration : frozen("channel-buffers", "32", space, 0)) {
        EXPECT_EQ(configuration.buffer.outputs, 8);
    }
    for (const auto& configuration : frozen("channel-loops", "2", space, 0)) {
        EXPECT_EQ(configuration.loop.outputs, std::min(2, configuration.buffer.outputs));
    }
    for (const auto& configuration :
         frozen("parallelism", "output-rows + output-channels", space, 0)) {
        EXPECT_EQ(configuration.parallelism, model::Parallelism::OutputRows);
    }
    for (const auto& configuration : frozen("channels", "4", space, 0)) {
        EXPECT_EQ(configuration.buffer.inputs, 4);
        EXPECT_EQ(configuration.loop.inputs, 4);
        EXPECT_EQ(configuration.loop.outputs, 4);
    }
    EXPECT_TRUE(freezesOf("colour", space).empty());
}

TEST(Freezing, HoldsPortsAndOverlapsBeyondTheTemplate) {
    const auto space = *spec::acceleratorPreset("r1-beyond");
    const auto& chunk = space.pipeline[0];
    ASSERT_FALSE(freezesOf("ports", space).empty());
    for (const auto& freeze : freezesOf("ports", space)) {
        const auto left = freeze.restriction(chunk, optimum::usefulConfigurations(chunk));
        ASSERT_FALSE(left.empty());
        for (const auto& configuration : left) {
            EXPECT_EQ(std::to_string(configuration.portWords), freeze.value);
        }
    }
    EXPECT_EQ(freezesOf("overlap", space).size(), chunk.overlap.size());
    for (const auto& configuration : frozen("overlap", "none", space, 0)) {
        EXPECT_EQ(configuration.overlap, model::Overlap::None);
    }
}

TEST(Freezing, TakesAwayButNeverAdds) {
    const auto path = std::filesystem::path(COHELIX_DATA) / "nasbench_macro.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
    const auto networks = tables::readNasBenchMacro(path);
    ASSERT_TRUE(networks) << base::toText(networks.error());
    auto space = *spec::acceleratorPreset("r1");
    space.fpgaModel = model::FpgaModel::PublishedFormulas;
    base::Executor executor(2);
    const auto problem = tables::Problem::create(*networks, space, {900, 700}, executor);
    ASSERT_TRUE(problem) << base::toText(problem.error());
    const auto truth = tables::trueFront(*problem, executor);
    ASSERT_TRUE(truth) << base::toText(truth.error());
    for (const auto& group : freezeGroups()) {
        const auto fronts = frozenFronts(group.name, *problem, *truth, executor);
        ASSERT_TRUE(fronts) << base::toText(fronts.error());
        if (group.name == "ports" || group.name == "overlap") {
            EXPECT_TRUE(fronts->empty()) << "the authors' template has no such choice";
            continue;
        }
        ASSERT_FALSE(fronts->empty()) << group.name;
        double least = 1;
        for (const auto& front : *fronts) {
            EXPECT_LE(front.hypervolumeRatio, 1 + 1e-12) << group.name << " at " << front.value;
            least = std::min(least, front.hypervolumeRatio);
        }
        // Loop tiles of rows and columns, and all of them at their buffers, may be worth nothing.
        if (!group.name.ends_with("loops") || group.name == "channel-loops") {
            EXPECT_LT(least, 1) << group.name;
        }
    }
}

}  // namespace
}  // namespace cohelix::lab
