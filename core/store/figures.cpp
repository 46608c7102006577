// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/figures.h"

#include <cmath>
#include <initializer_list>

#include "core/base/units.h"

namespace cohelix::store {
namespace {

using Finding = std::optional<std::string>;

/// Well below the largest double, as in the tables' checks.
constexpr double kLargest = 1e308;
/// Of a share, with the rounding of the quotient that it is.
constexpr double kWhole = 1 + 1e-9;

struct Figure {
    const char* name;
    double value;
};

Finding beyond(double most, std::initializer_list<Figure> figures) {
    for (const auto& [name, value] : figures) {
        if (value >= 0 && value <= most) continue;
        std::string text = "a ";
        text += name;
        return text + (std::isnan(value) ? " that is not a number" : " of " + base::exact(value));
    }
    return std::nullopt;
}

Finding placed(Finding finding, const std::string& place) {
    if (finding) *finding += place;
    return finding;
}

Finding unsound(const model::MemoryTraffic& at) {
    for (std::size_t t = 0; t < model::kTensors; ++t) {
        if (auto finding = beyond(kLargest, {{"number of reads", at.reads[t]},
                                             {"number of writes", at.writes[t]},
                                             {"tile size", at.tileWords[t]}})) {
            return finding;
        }
    }
    return beyond(kLargest, {{"capacity", at.capacityWords}, {"energy", at.energyPicojoule}});
}

Finding unsound(const model::LayerCost& layer, std::size_t chunks) {
    if (layer.chunk < 0 || static_cast<std::size_t>(layer.chunk) >= chunks) {
        return "chunk number " + std::to_string(layer.chunk) + " of " + std::to_string(chunks);
    }
    auto finding = beyond(kLargest, {{"number of cycles", layer.cycles},
                                     {"number of compute cycles", layer.computeCycles},
                                     {"layer energy", layer.energyPicojoule}});
    if (!finding) {
        finding = beyond(kWhole, {{"spatial utilization", layer.spatialUtilization},
                                  {"temporal utilization", layer.temporalUtilization}});
    }
    for (std::size_t i = 0; !finding && i < layer.traffic.size(); ++i) {
        finding = placed(unsound(layer.traffic[i]), " at " + layer.traffic[i].memory);
    }
    return finding;
}

Finding unsound(const model::ChunkCost& chunk) {
    if (auto finding = beyond(kWhole, {{"utilization", chunk.utilization}})) return finding;
    return beyond(kLargest, {{"number of cycles", chunk.cycles},
                             {"DSP count", chunk.dsp},
                             {"BRAM count", chunk.bram18k},
                             {"number of PEs", static_cast<double>(chunk.pes)},
                             {"number of layers", static_cast<double>(chunk.layers)}});
}

Finding unsound(const model::Figures& figures) {
    for (const auto& name : model::kFigureNames) {
        auto finding = beyond(kLargest, {{name.text.data(), figures.*name.member}});
        if (finding) return finding;
    }
    return std::nullopt;
}

}  // namespace

std::string figureColumns(std::string_view pattern) {
    std::string text;
    for (const auto& name : model::kFigureNames) {
        for (const char c : pattern) {
            if (c == '%') {
                text += name.key;
            } else {
                text += c;
            }
        }
    }
    return text;
}

void readFigures(SQLite::Statement& query, int first, model::Figures& figures) {
    for (const auto& name : model::kFigureNames) {
        figures.*name.member = query.getColumn(first++).getDouble();
    }
}

std::optional<std::string> unsoundFigure(const DesignRow& row) {
    if (auto finding = beyond(1, {{"accuracy", row.accuracy},
                                  {"validation accuracy", row.validationAccuracy.value_or(0)},
                                  {"supernet accuracy", row.supernetAccuracy.value_or(0)}})) {
        return finding;
    }
    if (auto finding = unsound(row.figures())) return finding;
    return beyond(kLargest, {{"MAC count", static_cast<double>(row.macs)},
                             {"parameter count", static_cast<double>(row.parameters)}});
}

std::optional<std::string> unsoundFigure(const model::DesignCost& cost) {
    auto finding = beyond(
        kLargest, {{"period", cost.periodCycles}, {"latency in cycles", cost.latencyCycles}});
    if (!finding) finding = unsound(cost.figures());
    for (std::size_t i = 0; !finding && i < cost.chunks.size(); ++i) {
        finding = placed(unsound(cost.chunks[i]), " of chunk " + std::to_string(i));
    }
    for (std::size_t i = 0; !finding && i < cost.layers.size(); ++i) {
        finding =
            placed(unsound(cost.layers[i], cost.chunks.size()), " of layer " + std::to_string(i));
    }
    return finding;
}

std::optional<std::string> contradictionIn(const DesignRow& row) {
    const bool isTrained = row.state == DesignState::Trained;
    if (isTrained == (row.grade == model::AccuracyGrade::TrainedFromScratch)) return std::nullopt;
    return "is marked as " + std::string(word(row.state)) +
           (isTrained ? ", but its accuracy is of another grade"
                      : ", but its accuracy as that of a trained network");
}

}  // namespace cohelix::store
