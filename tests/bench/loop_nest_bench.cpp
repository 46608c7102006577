// SPDX-License-Identifier: GPL-3.0-or-later
// The loop-nest model and the mapper: evaluations a second, seconds to a proven optimum.
#include <random>

#include <benchmark/benchmark.h>

#include "core/cost/batch.h"
#include "core/cost/presets.h"
#include "core/mapping/mapper.h"

namespace {

using namespace cohelix;
using model::Dim;

model::Layer convolution(std::int64_t k, std::int64_t c, std::int64_t pixels, std::int64_t kernel,
                         int stride = 1, bool depthwise = false) {
    model::Layer layer;
    layer.name = "layer";
    layer.size(Dim::K) = k;
    layer.size(Dim::C) = c;
    layer.size(Dim::P) = layer.size(Dim::Q) = pixels;
    layer.size(Dim::R) = layer.size(Dim::S) = kernel;
    layer.stride = stride;
    if (depthwise) layer.groups = static_cast<int>(c);
    return layer;
}

/// Of ResNet-18 and -50, MobileNetV2 and VGG-16: those that Timeloop's mapper was measured on.
model::Layer layerOf(std::int64_t index) {
    switch (index) {
        case 0: return convolution(64, 3, 112, 7, 2);
        case 1: return convolution(64, 64, 56, 3);
        case 2: return convolution(512, 512, 7, 3);
        case 3: return convolution(256, 64, 56, 1);
        case 4: return convolution(144, 144, 56, 3, 1, true);
        case 5: return convolution(144, 24, 56, 1);
        default: return convolution(256, 256, 56, 3);
    }
}

/// 14 x 12 PEs of 512 words behind a buffer of 108 KB.
cost::Hierarchy array168() { return cost::findPreset("A1")->hierarchy; }

/// One evaluation under each convention: 0 exact, 1 timeloop-2022, 2 timeloop-2024, 3 timeloop-2025.
void evaluation(benchmark::State& state) {
    const auto layer = layerOf(1);
    const auto hierarchy = array168();
    const auto best = mapping::bestMapping(layer, hierarchy, mapping::fullMapSpace(hierarchy), {});
    const auto& convention = cost::kConventions[static_cast<std::size_t>(state.range(0))];
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            cost::evaluateLoopNest(layer, best->mapping, hierarchy, convention));
    }
    state.SetItemsProcessed(state.iterations());
    state.SetLabel(std::string(convention.name));
}
BENCHMARK(evaluation)->DenseRange(0, 3);

/// The mapping's loops, and one more over every dimension at every level.
model::Mapping everyLoop(const model::Mapping& mapping) {
    model::Mapping all = mapping;
    for (auto& level : all.levels) {
        for (const Dim dim : model::kAllDims) level.loops.push_back({dim, 1});
    }
    return all;
}

/// Mappings of the best one's loops, or of every loop: its factors handed on at random between the
/// temporal loops over the same dimension.
cost::MappingBatch handedOn(const model::Mapping& shape, std::size_t count) {
    std::mt19937 random(1);  // the same on every machine
    std::vector<model::Loop> loops;
    for (const auto& level : shape.levels) {
        loops.insert(loops.end(), level.loops.begin(), level.loops.end());
    }
    auto batch = cost::batchOf(shape, count);
    for (std::size_t i = 0; i < count; ++i) {
        for (int moves = 0; moves < 20; ++moves) {
            const auto from = random() % loops.size();
            const auto to = random() % loops.size();
            const bool alike = loops[from].dim == loops[to].dim &&
                               loops[from].kind == model::LoopKind::Temporal &&
                               loops[to].kind == model::LoopKind::Temporal;
            const std::int64_t factor = random() % 2 == 0 ? 2 : 7;
            if (!alike || batch.trip(from, i) % factor != 0) continue;
            batch.trip(from, i) /= factor;
            batch.trip(to, i) *= factor;
        }
    }
    return batch;
}

/// Batches of 16,384 mappings of one layer, under exact or timeloop-2025.
void batchedEvaluation(benchmark::State& state) {
    const auto layer = layerOf(1);
    auto hierarchy = array168();
    const auto best = mapping::bestMapping(layer, hierarchy, mapping::fullMapSpace(hierarchy), {});
    // Every mapping is worked out in full: none is dropped for its room.
    for (auto& memory : hierarchy.levels) memory.capacityWords *= 1e6;
    const auto batch = handedOn(
        state.range(0) == 0 ? best->mapping : everyLoop(best->mapping), 16384);
    base::Executor executor(static_cast<int>(state.range(2)), false);
    const auto& convention = cost::kConventions[static_cast<std::size_t>(state.range(1))];
    std::size_t oneByOne = 0;
    for (auto _ : state) {
        const auto result = cost::evaluateBatch(layer, batch, hierarchy,
                                                {.convention = convention, .executor = &executor});
        oneByOne = result->oneByOne;
        benchmark::DoNotOptimize(result->cycles.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch.count));
    state.counters["oneByOne"] = static_cast<double>(oneByOne);
    state.SetLabel(std::string(convention.name));
}
BENCHMARK(batchedEvaluation)
    ->ArgNames({"everyLoop", "convention", "threads"})
    ->ArgsProduct({{0, 1}, {0, 3}, {1, 2}})
    ->UseRealTime();

void provenOptimum(benchmark::State& state) {
    const auto layer = layerOf(state.range(0));
    const auto hierarchy = array168();
    base::Executor executor(static_cast<int>(state.range(1)), false);
    double gap = 0;
    for (auto _ : state) {
        const auto best = mapping::bestMapping(layer, hierarchy, mapping::fullMapSpace(hierarchy),
                                               {.executor = &executor});
        gap = best->gap();
    }
    state.counters["gap"] = gap;
}
BENCHMARK(provenOptimum)
    ->ArgNames({"layer", "threads"})
    ->ArgsProduct({benchmark::CreateDenseRange(0, 6, 1), {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
