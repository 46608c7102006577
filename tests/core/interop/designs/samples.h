// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A specification with every kind of block (expansion, groups with a channel shuffle, a skip that
// changes shape, a residual sum) and a design of it with a made-up but complete cost.

#include <string>

#include <gtest/gtest.h>

#include "core/interop/designs/design_json.h"

#include "tests/support/temporary_folder.h"

namespace cohelix::interop::samples {

using Folder = test::TemporaryFolder;
using test::contentOf;

inline spec::Specification specification() {
    spec::Specification spec;
    spec.name = "small";
    spec.network.input = {3, 13, 11};
    spec.network.classes = 5;
    spec.network.stemChannels = 8;
    spec.network.stages = {{8, 2, 1}, {12, 2, 2}};
    spec.network.headChannels = 20;
    for (const char* op : {"k3_e1", "k5_e3_g2", "skip", "k7_e2_g4"}) {
        spec.network.operators.push_back(*spec::parseOperator(op));
    }
    hardware::PipelineChunkSpace chunk;
    chunk.name = "main \"one\"";
    chunk.layers.firstBlock = 0;
    chunk.layers.lastBlock = 3;
    chunk.parallelism = {model::Parallelism::OutputAndInputChannels};
    chunk.rows = {7};
    chunk.columns = {7};
    chunk.outputs = {4, 8};
    chunk.inputs = {2, 4};
    chunk.bits = {16};
    spec.accelerator.pipeline = {chunk};
    spec.device = *model::findDevice("ZC706");
    return spec;
}

inline store::DesignRow row(std::vector<int> operators = {1, 3, 2, 0}) {
    store::DesignRow design;
    design.id = 12;
    design.run = 3;
    design.choices.network = std::move(operators);
    design.choices.accelerator =
        std::vector<int>(hardware::acceleratorChoices(specification().accelerator).size(), 0);
    design.state = store::DesignState::Trained;
    design.grade = model::AccuracyGrade::TrainedFromScratch;
    design.accuracy = 0.125;
    design.fps = 1e6 / 3;
    design.latencyMs = 0.1;
    design.energyMj = 7;
    design.edp = 0.7;
    design.dsp = 432;
    design.bram18k = 211.5;
    design.front = true;
    return design;
}

inline model::DesignCost costOf(const spec::Specification& spec, const store::DesignRow& design) {
    const auto network = spec::buildNetwork(spec.network, design.choices.network);
    model::DesignCost cost;
    cost.fps = design.fps;
    cost.model = "made up";
    cost.chunks.resize(1);
    cost.chunks[0].layers = static_cast<int>(network.layers.size());
    for (const auto& layer : network.layers) {
        model::LayerCost figures;
        figures.cycles = static_cast<double>(model::macs(layer));
        figures.spatialUtilization = 0.5;
        figures.temporalUtilization = 0.25;
        figures.limit = {model::TimeLimit::Kind::Compute};
        const auto loop = [&](model::Dim dim, std::int64_t tile, model::LoopKind kind) {
            return model::Loop{dim, (layer.size(dim) + tile - 1) / tile, kind};
        };
        figures.mapping.levels = {
            {"DRAM",
             {loop(model::Dim::K, 4, model::LoopKind::Temporal),
              loop(model::Dim::P, 7, model::LoopKind::Temporal)},
             {true, true, false}},
            {"PE array", {{model::Dim::K, 4, model::LoopKind::Rows}}, {false, false, false}}};
        figures.traffic = {{"DRAM", {1, 2, 3}, {0, 0, 4}, {5, 6, 7}, 0, 1.5}};
        cost.layers.push_back(std::move(figures));
    }
    return cost;
}

inline DesignDocument document() {
    const auto spec = specification();
    const auto design = row();
    auto described = describeDesign(store::assembled(spec, design, costOf(spec, design)).value());
    EXPECT_TRUE(described) << toText(described.error());
    return std::move(described).value();
}

}  // namespace cohelix::interop::samples
