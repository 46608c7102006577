// SPDX-License-Identifier: GPL-3.0-or-later
// Cost evaluations a second: one layer, a whole network, an accelerator search.
#include <benchmark/benchmark.h>

#include "core/hardware/evaluate.h"
#include "core/search/accelerator/accelerator_search.h"

namespace {

using namespace cohelix;

struct Case {
    spec::Specification spec;
    model::Network network;
    model::Accelerator accelerator;
    std::vector<int> allocation;

    explicit Case(const std::string& preset) : spec(spec::preset(preset).value()) {
        const auto blocks = spec::blockShapes(spec.network).size();
        network = spec::buildNetwork(spec.network, std::vector<int>(blocks, 3));
        allocation = hardware::allocateLayers(spec.accelerator, {}, network);
        const auto found = search::AcceleratorSearch(spec, 0).search(network, 50);
        accelerator = hardware::buildAccelerator(spec.accelerator, found->choices, network);
    }
};

const Case& caseOf(std::int64_t index) {
    static const Case kPipeline("dna-cifar10-zc706");
    static const Case kArrays("dna-cifar10-asic");
    return index == 0 ? kPipeline : kArrays;
}

void layerPrice(benchmark::State& state) {
    const auto& c = caseOf(state.range(0));
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            hardware::priceLayer(c.network.layers[i], c.accelerator, c.allocation[i]));
        i = (i + 1) % c.network.layers.size();
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(layerPrice)->ArgName("array")->Arg(0)->Arg(1);

void networkTotals(benchmark::State& state) {
    const auto& c = caseOf(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(hardware::totals(c.network, c.accelerator, c.allocation));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(networkTotals)->ArgName("array")->Arg(0)->Arg(1);

void acceleratorSearch(benchmark::State& state) {
    const auto& c = caseOf(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(search::AcceleratorSearch(c.spec, 0).search(c.network, 200));
    }
    state.SetItemsProcessed(state.iterations() * 200);
}
BENCHMARK(acceleratorSearch)->ArgName("array")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
