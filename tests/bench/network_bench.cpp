// SPDX-License-Identifier: GPL-3.0-or-later
// MobileNetV2 on the Gemmini preset: mapping the whole network, and evaluating it once mapped.
#include <benchmark/benchmark.h>

#include "core/mapping/mapping_cache.h"
#include "core/nest/presets.h"
#include "core/workload/workload.h"

namespace {

using namespace cohelix;

struct Mapped {
    nest::Preset preset = *nest::findPreset("gemmini");
    workload::Workload network = workload::workload("mobilenetv2").value();
    mapping::MapSpace space = mapping::mapSpaceOf(preset.hierarchy, preset.dataflow);
    std::vector<model::Mapping> mappings = {};
};

/// The proven best mapping of every layer; layers alike are searched once.
void mapNetwork(benchmark::State& state) {
    const Mapped mapped;
    base::Executor executor(static_cast<int>(state.range(0)), false);
    for (auto _ : state) {
        mapping::MappingCache cache;
        for (const auto& layer : mapped.network.layers) {
            benchmark::DoNotOptimize(cache.bestMapping(layer, mapped.preset.hierarchy, mapped.space,
                                                       {.executor = &executor}));
        }
    }
    state.counters["layers"] = static_cast<double>(mapped.network.layers.size());
}
BENCHMARK(mapNetwork)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// All layers one after the other; items are networks.
void evaluateNetwork(benchmark::State& state) {
    Mapped mapped;
    mapping::MappingCache cache;
    for (const auto& layer : mapped.network.layers) {
        mapped.mappings.push_back(
            cache.bestMapping(layer, mapped.preset.hierarchy, mapped.space, {})->mapping);
    }
    for (auto _ : state) {
        double cycles = 0;
        for (std::size_t l = 0; l < mapped.mappings.size(); ++l) {
            cycles += nest::evaluateLoopNest(mapped.network.layers[l], mapped.mappings[l],
                                             mapped.preset.hierarchy)
                          ->cycles;
        }
        benchmark::DoNotOptimize(cycles);
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["layers"] = static_cast<double>(mapped.mappings.size());
}
BENCHMARK(evaluateNetwork);

}  // namespace
