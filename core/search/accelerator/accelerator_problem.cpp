// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/accelerator_problem.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "core/hardware/evaluate.h"
#include "core/hardware/templates.h"
#include "core/specification/steering.h"

namespace cohelix::search {
namespace {

using hardware::Knob;

bool isTile(const Knob& knob) {
    return knob.kind == Knob::Kind::BufferTile || knob.kind == Knob::Kind::LoopTile;
}

/// Buffer tiles (and with them the loop tiles) and ports set the block RAM.
bool setsBram(const Knob& knob) {
    return (isTile(knob) && knob.index != Knob::Columns) || knob.kind == Knob::Kind::PortWords;
}
/// So do columns, which cost no DSP: they give way last.
bool isColumns(const Knob& knob) { return isTile(knob) && knob.index == Knob::Columns; }

/// Loop tiles set the DSPs.
bool setsDsp(const Knob& knob) { return setsBram(knob) && knob.kind == Knob::Kind::LoopTile; }

/// How many tensors an overlap buffers twice.
int secondBuffers(int overlap) {
    const auto value = static_cast<model::Overlap>(overlap);
    return (model::hidesWeights(value) ? 1 : 0) + (model::hidesOutputs(value) ? 1 : 0);
}

}  // namespace

AcceleratorProblem::AcceleratorProblem(const spec::Specification& specification,
                                       const model::Network& network, pricing::LayerMapper* mapper,
                                       spec::PinnedOptions pins, PrecisionPlan plan)
    : m_specification(specification),
      m_mapper(mapper && mapper->available() ? mapper : nullptr),
      m_network(network),
      m_hardware(hardware::templateOf(specification.accelerator.kind)),
      m_asPriced(m_hardware.layersAsPriced(network.layers, specification.accelerator.fpgaModel)),
      m_pins(std::move(pins)),
      m_plan(std::move(plan)),
      m_choices(hardware::acceleratorChoices(specification.accelerator)),
      m_leastTiles(spec::leastTiles(m_choices, m_pins)) {
    for (std::size_t i = 0; i < m_choices.size(); ++i) {
        const auto chunk = m_choices[i].knob.chunk;
        m_chunkOfChoice.push_back(chunk.value_or(-1));
        if (!chunk) {
            ++m_allocationChoices;
            continue;
        }
        const auto c = static_cast<std::size_t>(*chunk);
        if (c == m_slices.size()) m_slices.emplace_back(i, 0);
        ++m_slices[c].second;
    }
    m_cache.resize(m_slices.size());
}

const std::vector<std::vector<std::size_t>>& AcceleratorProblem::layersOfChunks(
    const std::vector<int>& choices) {
    const auto begin = choices.end() - m_allocationChoices;
    if (!m_layers.empty() && std::equal(begin, choices.end(), m_allocatedBy.begin()))
        return m_layers;
    m_allocatedBy.assign(begin, choices.end());
    m_layers.assign(m_slices.size(), {});
    const auto allocation =
        hardware::allocateLayers(m_specification.accelerator, choices, m_network);
    for (std::size_t i = 0; i < allocation.size(); ++i) {
        m_layers[static_cast<std::size_t>(allocation[i])].push_back(i);
    }
    return m_layers;
}

std::vector<int> AcceleratorProblem::canonical(std::vector<int> choices) const {
    return spec::canonicalChoices(m_specification.accelerator,
                                  spec::withPins(m_plan, std::move(choices)), m_pins);
}

AcceleratorProblem::ChunkFigures AcceleratorProblem::price(std::size_t chunk,
                                                           const std::vector<std::size_t>& layers,
                                                           model::Accelerator accelerator) const {
    if (m_mapper) {
        std::vector<model::Layer> own;
        for (const std::size_t i : layers) own.push_back(m_network.layers[i]);
        const std::vector<int> allocation(own.size(), static_cast<int>(chunk));
        m_mapper->map(accelerator, own, allocation);
    }
    ChunkFigures sum;
    for (const std::size_t i : layers) {
        const auto price =
            hardware::priceLayer(m_asPriced[i], accelerator, static_cast<int>(chunk));
        if (price) sum.add(*price);
        sum.valid = sum.valid && price.ok();
    }
    return sum;
}

const AcceleratorProblem::ChunkFigures& AcceleratorProblem::figures(
    std::size_t chunk, const std::vector<int>& choices) {
    const auto [first, count] = m_slices[chunk];
    const auto begin = choices.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<int> slice(begin, begin + static_cast<std::ptrdiff_t>(count));
    const auto& layers = layersOfChunks(choices)[chunk];
    // A chunk's layers are a run of those of its role.
    slice.push_back(layers.empty() ? -1 : static_cast<int>(layers.front()));
    slice.push_back(layers.empty() ? -1 : static_cast<int>(layers.back()));
    const auto [entry, isNew] = m_cache[chunk].try_emplace(std::move(slice));
    if (isNew) {
        ++m_evaluations;
        entry->second =
            price(chunk, layers,
                  hardware::buildAccelerator(m_specification.accelerator, choices, m_network));
    }
    return entry->second;
}

Appraisal AcceleratorProblem::appraise(const std::vector<int>& choices) {
    if (choices == m_last) return m_lastAppraisal;
    ++m_appraisals;
    m_last = choices;
    return m_lastAppraisal = priced(choices);
}

Appraisal AcceleratorProblem::priced(const std::vector<int>& choices) {
    Appraisal appraisal;
    double period = 0;
    double latency = 0;
    double picojoule = 0;
    double dramBytes = 0;
    bool valid = true;
    for (std::size_t c = 0; c < m_slices.size(); ++c) {
        const auto& chunk = figures(c, choices);
        valid = valid && chunk.valid;
        appraisal.chunkCycles.push_back(chunk.cycles);
        appraisal.chunkDsp.push_back(chunk.dsp);
        appraisal.chunkBram18k.push_back(chunk.bram18k);
        period = std::max(period, chunk.cycles);
        latency += chunk.cycles;
        picojoule += chunk.energyPicojoule;
        dramBytes += chunk.dramBytes;
        appraisal.add(chunk);
    }
    const auto& spec = m_specification;
    model::Accelerator shared;
    shared.clockMhz = spec.accelerator.clockMhz;
    shared.dramGigabytesPerSecond = spec.accelerator.dramGigabytesPerSecond;
    period = std::max(period, hardware::sharedDramCycles(shared, dramBytes));
    const double hertz = spec.accelerator.clockMhz * 1e6;
    model::DesignCost cost;
    cost.fps = period > 0 ? hertz / period : 0;
    cost.latencyMs = latency / hertz * 1e3;
    cost.energyMj = m_hardware.energyMj(picojoule, period, hertz, spec.device);
    cost.edp = cost.energyMj * cost.latencyMs;
    appraisal.metric = spec::metricOf(cost, spec.objective.metric);
    const double log = std::log(std::max(appraisal.metric, 1e-300));
    appraisal.logCost = spec::largerIsBetter(spec.objective.metric) ? -log : log;
    cost.dsp = appraisal.dsp;
    cost.bram18k = appraisal.bram18k;
    appraisal.priced = valid;
    appraisal.feasible = valid && spec::keepsPins(m_pins, choices) && spec::keepsLimits(spec, cost);
    return appraisal;
}

bool AcceleratorProblem::dropOverlap(std::size_t first, std::size_t count,
                                     std::vector<int>& choices) const {
    for (std::size_t i = first; i < first + count; ++i) {
        if (m_choices[i].knob.kind != Knob::Kind::Overlap) continue;
        const auto& options = m_choices[i].values;
        const int now = secondBuffers(options[static_cast<std::size_t>(choices[i])]);
        int most = -1;
        for (std::size_t o = 0; o < options.size(); ++o) {
            const int buffers = secondBuffers(options[o]);
            if (buffers >= now || buffers <= most) continue;
            most = buffers;
            choices[i] = static_cast<int>(o);
        }
        return most >= 0;
    }
    return false;
}

bool AcceleratorProblem::shrink(std::size_t chunk, std::vector<int>& choices, bool forDsp) const {
    if (forDsp) return shrinkLargest(chunk, choices, setsDsp);
    const auto [first, count] = m_slices[chunk];
    return shrinkLargest(chunk, choices, setsBram) || shrinkLargest(chunk, choices, isColumns) ||
           dropOverlap(first, count, choices);
}

bool AcceleratorProblem::shrinkLargest(std::size_t chunk, std::vector<int>& choices,
                                       bool (*among)(const hardware::Knob&)) const {
    const auto [first, count] = m_slices[chunk];
    std::size_t largest = m_choices.size();
    int largestValue = 0;
    for (std::size_t i = first; i < first + count; ++i) {
        if (!among(m_choices[i].knob) || pinned(i)) continue;
        const auto& values = m_choices[i].values;
        const int value = values[static_cast<std::size_t>(choices[i])];
        const int least = m_leastTiles[i];
        const bool smaller = std::ranges::any_of(
            values, [&](int option) { return option < value && option >= least; });
        if (smaller && value > largestValue) {
            largestValue = value;
            largest = i;
        }
    }
    if (largest == m_choices.size()) return false;
    int next = -1;
    int nextValue = 0;
    const auto& values = m_choices[largest].values;
    for (std::size_t o = 0; o < values.size(); ++o) {
        const int value = values[o];
        if (value < largestValue && value > nextValue) {
            nextValue = value;
            next = static_cast<int>(o);
        }
    }
    choices[largest] = next;
    return true;
}

std::optional<std::vector<int>> AcceleratorProblem::repaired(std::vector<int> choices) {
    choices = canonical(std::move(choices));
    if (m_hardware.fitsByConstruction()) return choices;
    // Of DSPs and of block RAM: who can give up no more of the one may still have of the other.
    std::array<std::vector<bool>, 2> exhausted;
    exhausted.fill(std::vector<bool>(m_slices.size(), false));
    const auto limits = spec::resourceLimits(m_specification);
    for (;;) {
        const auto appraisal = appraise(choices);
        const double dspOver = appraisal.dsp - limits.dsp;
        const double bramOver = appraisal.bram18k - limits.bram18k;
        if (dspOver <= 0 && bramOver <= 0) return choices;
        const bool forDsp = dspOver > 0;
        auto& given = exhausted[forDsp ? 0 : 1];
        std::size_t greediest = m_slices.size();
        double most = -1;
        for (std::size_t c = 0; c < m_slices.size(); ++c) {
            const auto& chunk = figures(c, choices);
            const double need = forDsp ? chunk.dsp : chunk.bram18k;
            if (!given[c] && need > most) {
                most = need;
                greediest = c;
            }
        }
        if (greediest == m_slices.size()) return std::nullopt;
        auto smaller = choices;
        (void)shrink(greediest, smaller, forDsp);
        smaller = canonical(std::move(smaller));
        // What was shrunk may have been pinned.
        if (smaller == choices) given[greediest] = true;
        choices = std::move(smaller);
    }
}

}  // namespace cohelix::search
