// SPDX-License-Identifier: GPL-3.0-or-later
// The loop-nest model and the mapper: evaluations a second, seconds to a proven optimum.
#include <benchmark/benchmark.h>

#include "core/mapping/mapper.h"
#include "core/nest/presets.h"

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
nest::Hierarchy array168() { return nest::findPreset("A1")->hierarchy; }

/// One evaluation under each convention: 0 exact, 1 timeloop-2022, 2 timeloop-2024, 3
/// timeloop-2025.
void evaluation(benchmark::State& state) {
    const auto layer = layerOf(1);
    const auto hierarchy = array168();
    const auto best = mapping::bestMapping(layer, hierarchy, mapping::fullMapSpace(hierarchy), {});
    const auto& convention = nest::kConventions[static_cast<std::size_t>(state.range(0))];
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            nest::evaluateLoopNest(layer, best->mapping, hierarchy, convention));
    }
    state.SetItemsProcessed(state.iterations());
    state.SetLabel(std::string(convention.name));
}
BENCHMARK(evaluation)->DenseRange(0, 3);

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
