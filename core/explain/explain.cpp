// SPDX-License-Identifier: GPL-3.0-or-later
// Bottleneck and utilization of a design that was priced.
#include "core/explain/explain.h"

#include <algorithm>

#include "core/base/units.h"

namespace cohelix::explain {
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

Tensor mostMoved(const model::MemoryTraffic& traffic) {
    const auto moved = [&](Tensor tensor) {
        return traffic.reads[model::indexOf(tensor)] + traffic.writes[model::indexOf(tensor)];
    };
    return *std::max_element(model::kAllTensors.begin(), model::kAllTensors.end(),
                             [&](Tensor a, Tensor b) { return moved(a) < moved(b); });
}

void findLevel(Bottleneck& bottleneck, const LayerCost& layer) {
    using Kind = model::TimeLimit::Kind;
    const auto transfers = [&](Tensor tensor) {
        bottleneck.level = "DRAM";
        bottleneck.tensor = tensor;
    };
    switch (layer.limit.kind) {
        case Kind::InputRead: return transfers(Tensor::Inputs);
        case Kind::WeightRead: return transfers(Tensor::Weights);
        case Kind::WriteBack: return transfers(Tensor::Outputs);
        case Kind::Bandwidth:
        case Kind::Refill: {
            const auto& traffic = layer.traffic[static_cast<std::size_t>(layer.limit.memory)];
            bottleneck.level = traffic.memory;
            bottleneck.tensor = mostMoved(traffic);
            return;
        }
        case Kind::NotCounted:
        case Kind::Compute: bottleneck.level = "PE array";
    }
}

/// What each chunk and each layer moves, where all share one DRAM.
struct Movement {
    std::vector<double> chunks;
    std::vector<double> layers;
    double all = 0;
};
Movement movementOf(const model::Accelerator& accelerator, const model::DesignCost& cost) {
    Movement movement;
    movement.chunks.assign(cost.chunks.size(), 0);
    for (const auto& layer : cost.layers) {
        movement.layers.push_back(hardware::dramBytesOf(layer, accelerator));
        movement.chunks[static_cast<std::size_t>(layer.chunk)] += movement.layers.back();
        movement.all += movement.layers.back();
    }
    return movement;
}

double slowestOf(const model::DesignCost& cost) {
    double slowest = 0;
    for (const auto& chunk : cost.chunks) slowest = std::max(slowest, chunk.cycles);
    return slowest;
}

std::string percent(double share) { return base::fixed(100 * share, 0) + " %"; }

/// ": multipliers work 31 % of that time and wait the rest, most for weights between DRAM and
/// buffer": what a layer's multipliers do in its time.
std::string workText(const LayerCost& layer, const Bottleneck& bottleneck) {
    const double share = layer.cycles > 0 ? std::min(1.0, layer.computeCycles / layer.cycles) : 1;
    const auto worked = percent(share);
    if (worked == percent(1)) return ": multipliers work all of that time";
    const std::string level = bottleneck.tensor ? bottleneck.level : "DRAM";
    const auto tensor = bottleneck.tensor ? *bottleneck.tensor : mostMoved(layer.traffic.front());
    return ": multipliers work " + worked + " of that time and wait the rest, most for " +
           std::string(word(tensor)) +
           (level == "DRAM" ? " between DRAM and buffer" : " in the " + level);
}

std::string sentence(const Bottleneck& bottleneck, const std::string& chunk,
                     const std::string& layer, double cycles, std::size_t chunks) {
    const std::string text =
        chunks > 1 ? "'" + chunk + "' sets the period of " : "One chunk takes ";
    return text + base::fixed(cycles, 0) + " cycles; its slowest layer, " + layer + ", takes " +
           percent(bottleneck.layerShare) + " of them";
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
                 cost.chunks.size()) +
        workText(layer, bottleneck);
    return bottleneck;
}

/// Where the shared DRAM needs longer than any chunk.
Bottleneck sharedDramBottleneck(const model::Network& network,
                                const model::Accelerator& accelerator,
                                const model::DesignCost& cost) {
    const auto movement = movementOf(accelerator, cost);
    Bottleneck bottleneck;
    const auto most = std::ranges::max_element(movement.chunks) - movement.chunks.begin();
    bottleneck.chunk = static_cast<int>(most);
    double bytes = -1;
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        if (cost.layers[i].chunk != bottleneck.chunk || movement.layers[i] <= bytes) continue;
        bytes = movement.layers[i];
        bottleneck.layer = static_cast<int>(i);
    }
    const double ofChunk = movement.chunks[static_cast<std::size_t>(most)];
    const auto& layer = cost.layers[static_cast<std::size_t>(bottleneck.layer)];
    bottleneck.layerShare = ofChunk > 0 ? bytes / ofChunk : 0;
    bottleneck.level = "DRAM";
    bottleneck.tensor = mostMoved(layer.traffic.front());
    bottleneck.text =
        "The DRAM that all chunks share sets the period of " + base::fixed(cost.periodCycles, 0) +
        " cycles: an image moves " + base::bytes(movement.all) + " at " +
        base::fixed(accelerator.dramGigabytesPerSecond, 1) + " GB/s, and the slowest chunk needs " +
        base::fixed(slowestOf(cost), 0) + " cycles; '" +
        accelerator.chunkName(static_cast<std::size_t>(most)) + "' moves " +
        percent(ofChunk / movement.all) + " of it, " + percent(bottleneck.layerShare) +
        " of that for " + network.layers[static_cast<std::size_t>(bottleneck.layer)].name +
        ", most of it " + std::string(word(*bottleneck.tensor));
    return bottleneck;
}

bool waitsForSharedDram(const model::Accelerator& accelerator, const model::DesignCost& cost) {
    return accelerator.dramGigabytesPerSecond > 0 && cost.periodCycles > slowestOf(cost);
}

}  // namespace

Explanation explanationOf(const model::Network& network, const model::Accelerator& accelerator,
                          const model::DesignCost& cost) {
    Explanation explanation;
    explanation.bottleneck = waitsForSharedDram(accelerator, cost)
                                 ? sharedDramBottleneck(network, accelerator, cost)
                                 : bottleneckOf(network, accelerator, cost);
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
    const double slowest = slowestOf(cost);
    for (std::size_t c = 0; c < chunks.size(); ++c) {
        const auto pes = static_cast<double>(cost.chunks[c].pes);
        // What is left after the slowest chunk is done, all wait for the DRAM that they share.
        chunks[c].bandwidthStall += std::max(0.0, cost.periodCycles - slowest) * pes;
        chunks[c].pipelineImbalance = std::max(0.0, slowest - busy[c]) * pes;
        explanation.chunks.push_back(chunks[c].shares());
        all.add(chunks[c]);
    }
    explanation.utilization = all.shares();
    return explanation;
}

}  // namespace cohelix::explain
