// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/comparison.h"

#include <algorithm>
#include <bit>

#include "core/base/units.h"

namespace cohelix::run {

void Comparison::text(const std::string& figure, const std::string& stored,
                      const std::string& found) {
    ++m_figures;
    if (stored == found) return;
    m_differences.push_back(
        {m_subject.empty() ? figure : m_subject + ", " + figure, stored, found});
}

void Comparison::number(const std::string& figure, double stored, double found) {
    ++m_figures;
    if (std::bit_cast<std::uint64_t>(stored) == std::bit_cast<std::uint64_t>(found)) return;
    --m_figures;
    // Equal digits of different bits would look like no difference at all.
    const auto digits = [](double value, bool withBits) {
        return base::exact(value) +
               (withBits ? " (bits " + std::to_string(std::bit_cast<std::uint64_t>(value)) + ")"
                         : "");
    };
    const bool alike = base::exact(stored) == base::exact(found);
    text(figure, digits(stored, alike), digits(found, alike));
}

void Comparison::number(const std::string& figure, const std::optional<double>& stored,
                        const std::optional<double>& found) {
    if (stored && found) return number(figure, *stored, *found);
    const auto digits = [](const std::optional<double>& value) {
        return value ? base::exact(*value) : std::string("none");
    };
    text(figure, digits(stored), digits(found));
}

void Comparison::count(const std::string& figure, std::int64_t stored, std::int64_t found) {
    text(figure, std::to_string(stored), std::to_string(found));
}

void Comparison::totals(const model::Figures& stored, const model::Figures& found) {
    for (const auto& name : model::kFigureNames) {
        number(std::string(name.heading), stored.*name.member, found.*name.member);
    }
}

void Comparison::row(const store::DesignRow& stored, const store::DesignRow& found) {
    count("target", stored.target, found.target);
    text("state", std::string(word(stored.state)), std::string(word(found.state)));
    text("grade", std::string(word(stored.grade)), std::string(word(found.grade)));
    number("accuracy", stored.accuracy, found.accuracy);
    number("validation accuracy", stored.validationAccuracy, found.validationAccuracy);
    number("supernet accuracy", stored.supernetAccuracy, found.supernetAccuracy);
    totals(stored, found);
    count("multiply-accumulates", stored.macs, found.macs);
    count("parameters", stored.parameters, found.parameters);
    count("within the limits", stored.within, found.within);
    count("on the front", stored.front, found.front);
}

void Comparison::cost(const model::DesignCost& stored, const model::DesignCost& found,
                      const model::Network& network) {
    text("cost model", stored.model, found.model);
    number("period, cycles", stored.periodCycles, found.periodCycles);
    number("latency, cycles", stored.latencyCycles, found.latencyCycles);
    totals(stored, found);
    count("chunks", static_cast<std::int64_t>(stored.chunks.size()),
          static_cast<std::int64_t>(found.chunks.size()));
    for (std::size_t c = 0; c < std::min(stored.chunks.size(), found.chunks.size()); ++c) {
        const auto& a = stored.chunks[c];
        const auto& b = found.chunks[c];
        const std::string name = "chunk " + std::to_string(c) + ", ";
        number(name + "cycles", a.cycles, b.cycles);
        number(name + "DSP", a.dsp, b.dsp);
        number(name + "BRAM18K", a.bram18k, b.bram18k);
        count(name + "PEs", a.pes, b.pes);
        count(name + "layers", a.layers, b.layers);
        number(name + "utilization", a.utilization, b.utilization);
    }
    count("layers", static_cast<std::int64_t>(stored.layers.size()),
          static_cast<std::int64_t>(found.layers.size()));
    for (std::size_t i = 0; i < std::min(stored.layers.size(), found.layers.size()); ++i) {
        const std::string name =
            i < network.layers.size() ? network.layers[i].name : std::to_string(i);
        layer("layer " + name + ", ", stored.layers[i], found.layers[i]);
    }
}

void Comparison::layer(const std::string& name, const model::LayerCost& stored,
                       const model::LayerCost& found) {
    count(name + "chunk", stored.chunk, found.chunk);
    number(name + "cycles", stored.cycles, found.cycles);
    number(name + "compute cycles", stored.computeCycles, found.computeCycles);
    number(name + "energy, pJ", stored.energyPicojoule, found.energyPicojoule);
    number(name + "spatial utilization", stored.spatialUtilization, found.spatialUtilization);
    number(name + "temporal utilization", stored.temporalUtilization, found.temporalUtilization);
    text(name + "limit", model::limitText(stored), model::limitText(found));
    text(name + "mapping", model::compactText(stored.mapping), model::compactText(found.mapping));
    count(name + "memories", static_cast<std::int64_t>(stored.traffic.size()),
          static_cast<std::int64_t>(found.traffic.size()));
    for (std::size_t m = 0; m < std::min(stored.traffic.size(), found.traffic.size()); ++m) {
        const auto& a = stored.traffic[m];
        const auto& b = found.traffic[m];
        const std::string memory = name + a.memory + " ";
        text(memory + "name", a.memory, b.memory);
        number(memory + "capacity, words", a.capacityWords, b.capacityWords);
        number(memory + "energy, pJ", a.energyPicojoule, b.energyPicojoule);
        for (const auto tensor : model::kAllTensors) {
            const auto t = static_cast<std::size_t>(tensor);
            const std::string of = memory + std::string(word(tensor)) + ", words ";
            number(of + "read", a.reads[t], b.reads[t]);
            number(of + "written", a.writes[t], b.writes[t]);
            number(of + "held", a.tileWords[t], b.tileWords[t]);
        }
    }
}

}  // namespace cohelix::run
