// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/figures.h"

#include <cmath>
#include <initializer_list>

#include "core/base/units.h"
#include "core/store/sql.h"

namespace cohelix::store {
namespace {

/// Well below the largest double, as in the tables' checks.
constexpr double kLargest = 1e308;

struct Figure {
    const char* name;
    double value;
};

void requireWithin(const std::string& owner, double most, std::initializer_list<Figure> figures) {
    for (const auto& figure : figures) {
        if (std::isfinite(figure.value) && figure.value >= 0 && figure.value <= most) continue;
        const std::string value = std::isnan(figure.value) ? "not a number"
                                                           : base::exact(figure.value);
        throw Refusal{{{}, owner + " has a " + figure.name + " of " + value +
                               ", which cannot be kept",
                       "Nothing of this commit was written"}};
    }
}

void requireSound(const std::string& owner, const model::MemoryTraffic& at) {
    for (std::size_t t = 0; t < model::kTensors; ++t) {
        requireWithin(owner, kLargest, {{"number of reads", at.reads[t]},
                                        {"number of writes", at.writes[t]},
                                        {"tile size", at.tileWords[t]}});
    }
    requireWithin(owner, kLargest,
                  {{"capacity", at.capacityWords}, {"energy", at.energyPicojoule}});
}

void requireSound(const std::string& owner, const model::LayerCost& layer, std::size_t chunks) {
    requireWithin(owner, kLargest, {{"number of cycles", layer.cycles},
                                    {"number of compute cycles", layer.computeCycles},
                                    {"energy", layer.energyPicojoule},
                                    {"spatial utilization", layer.spatialUtilization},
                                    {"temporal utilization", layer.temporalUtilization}});
    if (layer.chunk < 0 || static_cast<std::size_t>(layer.chunk) >= chunks) {
        throw Refusal{{{}, owner + " is on chunk " + std::to_string(layer.chunk) + " of " +
                               std::to_string(chunks), "Nothing of this commit was written"}};
    }
    for (const auto& at : layer.traffic) requireSound(owner + ", " + at.memory + ",", at);
}

}  // namespace

void requireSound(const DesignRow& row) {
    const std::string owner = "the design " + keyOf(row.choices);
    requireWithin(owner, 1, {{"accuracy", row.accuracy},
                             {"validation accuracy", row.validationAccuracy.value_or(0)},
                             {"supernet accuracy", row.supernetAccuracy.value_or(0)}});
    requireWithin(owner, kLargest,
                  {{"frame rate", row.fps}, {"latency", row.latencyMs}, {"energy", row.energyMj},
                   {"energy-delay product", row.edp}, {"DSP count", row.dsp},
                   {"BRAM count", row.bram18k}, {"MAC count", static_cast<double>(row.macs)},
                   {"parameter count", static_cast<double>(row.parameters)}});
}

void requireSound(const model::DesignCost& cost) {
    requireWithin("the design's cost", kLargest,
                  {{"period", cost.periodCycles}, {"latency in cycles", cost.latencyCycles},
                   {"frame rate", cost.fps}, {"latency", cost.latencyMs},
                   {"energy", cost.energyMj}, {"energy-delay product", cost.edp},
                   {"DSP count", cost.dsp}, {"BRAM count", cost.bram18k}});
    for (std::size_t i = 0; i < cost.chunks.size(); ++i) {
        const auto& chunk = cost.chunks[i];
        requireWithin("chunk " + std::to_string(i), kLargest,
                      {{"number of cycles", chunk.cycles}, {"DSP count", chunk.dsp},
                       {"BRAM count", chunk.bram18k}, {"utilization", chunk.utilization},
                       {"number of PEs", static_cast<double>(chunk.pes)}});
    }
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        requireSound("layer " + std::to_string(i), cost.layers[i], cost.chunks.size());
    }
}

}  // namespace cohelix::store
