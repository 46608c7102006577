// SPDX-License-Identifier: GPL-3.0-or-later
// Bottleneck and utilization of a design that was priced.
#include "core/cost/explain.h"

#include <algorithm>

#include "core/base/units.h"
#include "core/cost/nest.h"

namespace cohelix::cost {
namespace {

using model::LayerCost;
using model::Tensor;

/// Multiplier cycles by what becomes of them.
struct Slots {
    double reached = 0;
    double shapeMismatch = 0;
    double edgeTiles = 0;
    double bandwidthStall = 0;
    double pipelineImbalance = 0;

    double all() const {
        return reached + shapeMismatch + edgeTiles + bandwidthStall + pipelineImbalance;
    }
    void add(const Slots& other) {
        reached += other.reached;
        shapeMismatch += other.shapeMismatch;
        edgeTiles += other.edgeTiles;
        bandwidthStall += other.bandwidthStall;
        pipelineImbalance += other.pipelineImbalance;
    }
    /// Where there is nothing to share out, all of it waits.
    UtilizationShares shares() const {
        const double sum = all();
        if (sum <= 0) return {.pipelineImbalance = 1};
        return {reached / sum, shapeMismatch / sum, edgeTiles / sum, bandwidthStall / sum,
                pipelineImbalance / sum};
    }
};

Slots slotsOf(const LayerCost& layer, double pes) {
    Slots slots;
    const auto extent = model::spatialExtent(layer.mapping);
    const double unrolled = static_cast<double>(extent.rows) * static_cast<double>(extent.columns);
    const double compute = std::min(layer.computeCycles, layer.cycles);
    slots.reached = layer.spatialUtilization * compute * pes;
    const double idle = compute * pes - slots.reached;
    slots.shapeMismatch = std::clamp((pes - unrolled) * compute, 0.0, idle);
    slots.edgeTiles = idle - slots.shapeMismatch;
    slots.bandwidthStall = (layer.cycles - compute) * pes;
    return slots;
}

/// What a limit of LayerCost is about, in the words of fpga_pipeline.
struct PipelineLimit {
    const char* name;
    Tensor tensor;
};
constexpr PipelineLimit kPipelineLimits[] = {{"input read", Tensor::Inputs},
                                             {"weight read", Tensor::Weights},
                                             {"write-back", Tensor::Outputs}};

Tensor mostMoved(const model::MemoryTraffic& traffic) {
    const auto moved = [&](Tensor tensor) {
        return traffic.reads[at(tensor)] + traffic.writes[at(tensor)];
    };
    return *std::max_element(model::kAllTensors.begin(), model::kAllTensors.end(),
                             [&](Tensor a, Tensor b) { return moved(a) < moved(b); });
}

void findLevel(Bottleneck& bottleneck, const LayerCost& layer) {
    for (const auto& limit : kPipelineLimits) {
        if (layer.limit != limit.name) continue;
        bottleneck.level = "DRAM";
        bottleneck.tensor = limit.tensor;
        return;
    }
    for (const auto& traffic : layer.traffic) {
        if (layer.limit != traffic.memory + " bandwidth") continue;
        bottleneck.level = traffic.memory;
        bottleneck.tensor = mostMoved(traffic);
        return;
    }
    bottleneck.level = "PE array";
}

std::string percent(double share) {
    return base::fixed(100 * share, 0) + " %";
}

std::string sentence(const Bottleneck& bottleneck, const std::string& chunk,
                     const std::string& layer, double cycles, std::size_t chunks) {
    std::string text = chunks > 1 ? "'" + chunk + "' sets the period of " : "One chunk takes ";
    text += base::fixed(cycles, 0) + " cycles; its slowest layer, " + layer + ", takes " +
            percent(bottleneck.layerShare) + " of them";
    if (!bottleneck.tensor) return text + " and is limited by its multipliers";
    return text + " and waits most for " + std::string(model::tensorName(*bottleneck.tensor)) +
           (bottleneck.level == "DRAM" ? " between DRAM and buffer"
                                       : " in the " + bottleneck.level);
}

Bottleneck bottleneckOf(const model::Network& network, const model::Accelerator& accelerator,
                        const model::DesignCost& cost) {
    Bottleneck bottleneck;
    const auto slowest =
        std::max_element(cost.chunks.begin(), cost.chunks.end(),
                         [](const auto& a, const auto& b) { return a.cycles < b.cycles; });
    bottleneck.chunk = static_cast<int>(slowest - cost.chunks.begin());
    double most = -1;
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        if (cost.layers[i].chunk != bottleneck.chunk || cost.layers[i].cycles <= most) continue;
        most = cost.layers[i].cycles;
        bottleneck.layer = static_cast<int>(i);
    }
    const auto& layer = cost.layers[static_cast<std::size_t>(bottleneck.layer)];
    bottleneck.layerShare = slowest->cycles > 0 ? layer.cycles / slowest->cycles : 0;
    findLevel(bottleneck, layer);
    bottleneck.text =
        sentence(bottleneck, accelerator.chunkName(static_cast<std::size_t>(bottleneck.chunk)),
                 network.layers[static_cast<std::size_t>(bottleneck.layer)].name, slowest->cycles,
                 cost.chunks.size());
    return bottleneck;
}

}  // namespace

Explanation explain(const model::Network& network, const model::Accelerator& accelerator,
                    const model::DesignCost& cost) {
    Explanation explanation;
    explanation.bottleneck = bottleneckOf(network, accelerator, cost);
    std::vector<Slots> chunks(cost.chunks.size());
    std::vector<double> busy(cost.chunks.size(), 0);
    for (const auto& layer : cost.layers) {
        const auto c = static_cast<std::size_t>(layer.chunk);
        const auto slots = slotsOf(layer, static_cast<double>(cost.chunks[c].pes));
        explanation.layers.push_back(slots.shares());
        chunks[c].add(slots);
        busy[c] += layer.cycles;
    }
    Slots all;
    for (std::size_t c = 0; c < chunks.size(); ++c) {
        const double waits = std::max(0.0, cost.periodCycles - busy[c]);
        chunks[c].pipelineImbalance = waits * static_cast<double>(cost.chunks[c].pes);
        explanation.chunks.push_back(chunks[c].shares());
        all.add(chunks[c]);
    }
    explanation.utilization = all.shares();
    return explanation;
}

}  // namespace cohelix::cost
