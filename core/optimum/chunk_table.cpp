// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optimum/chunk_table.h"

#include <algorithm>
#include <numeric>

namespace cohelix::optimum {
namespace {

constexpr std::size_t kBatch = 65536;  // configurations priced before the beaten ones are dropped
constexpr std::size_t kBlock = 4096;   // configurations priced as one piece of work
constexpr std::size_t kRivals = 256;   // that a configuration is compared with before it stays

bool beats(const ChunkOption& a, const ChunkOption& b) {
    return a.cycles <= b.cycles && a.dsp <= b.dsp && a.bram18k <= b.bram18k &&
           a.dramBytes <= b.dramBytes;
}

/// Adds an option to those that do not beat one another. The one that beat most recently is asked
/// first: most of what comes is beaten by the same few.
void insert(std::vector<ChunkOption>& front, const ChunkOption& option) {
    for (std::size_t i = 0; i < front.size(); ++i) {
        if (!beats(front[i], option)) continue;
        std::swap(front[i], front[0]);
        return;
    }
    std::erase_if(front, [&](const ChunkOption& other) { return beats(option, other); });
    front.push_back(option);
}

}  // namespace

void forEach(base::Executor* executor, std::size_t count,
             const std::function<void(std::size_t)>& work) {
    if (executor) return executor->forEach(count, work);
    for (std::size_t i = 0; i < count; ++i) work(i);
}

ChunkTable::ChunkTable(std::vector<model::PipelineChunk> configurations,
                       std::vector<model::Layer> layers, const PricingForm& form,
                       const model::Resources& limits, base::Executor* executor)
    : m_limits(limits) {
    std::erase_if(layers, [&](const model::Layer& layer) {
        return !m_columnOfShape.try_emplace(model::layerShapeOf(layer), m_columnOfShape.size())
                    .second;
    });
    m_rows.columns.resize(layers.size());
    if (layers.empty()) {
        m_rows.configurations.assign(configurations.begin(), configurations.begin() + 1);
        return;
    }
    // Batch by batch: what most configurations cost need not be remembered.
    for (std::size_t first = 0; first < configurations.size(); first += kBatch) {
        const auto begin = configurations.begin() + static_cast<std::ptrdiff_t>(first);
        const std::size_t count = std::min(kBatch, configurations.size() - first);
        Rows batch{{begin, begin + static_cast<std::ptrdiff_t>(count)}, {}};
        batch.price(layers, form, executor);
        batch.dropBeyond(limits);
        batch.dropBeaten();
        m_rows.append(std::move(batch));
    }
    m_rows.dropBeaten();
    if (!m_rows.configurations.empty()) return;
    m_rows.configurations.assign(configurations.begin(), configurations.begin() + 1);
    m_rows.price(layers, form, executor);
}

void ChunkTable::Rows::price(const std::vector<model::Layer>& layers, const PricingForm& form,
                             base::Executor* executor) {
    const std::size_t rows = configurations.size();
    columns.assign(layers.size(),
                   {std::vector<double>(rows), std::vector<double>(rows), std::vector<double>(rows),
                    std::vector<double>(form.countsDram ? rows : 0)});
    const std::size_t blocks = (rows + kBlock - 1) / kBlock;
    forEach(executor, blocks * layers.size(), [&](std::size_t item) {
        const std::size_t first = item % blocks * kBlock;
        auto& column = columns[item / blocks];
        const auto& layer = layers[item / blocks];
        for (std::size_t i = first; i < std::min(rows, first + kBlock); ++i) {
            const auto price = hardware::priceOnChunk(configurations[i], layer, form);
            column.cycles[i] = price.cycles;
            column.dsp[i] = price.dsp;
            column.bram18k[i] = price.bram18k;
            if (form.countsDram) column.dramBytes[i] = price.dramBytes;
        }
    });
}

void ChunkTable::Rows::dropBeyond(const model::Resources& limits) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < configurations.size(); ++i) {
        const bool fits = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
            return column.dsp[i] <= limits.dsp && column.bram18k[i] <= limits.bram18k;
        });
        if (fits) kept.push_back(i);
    }
    keepOnly(kept);
}

bool ChunkTable::Rows::beats(std::size_t a, std::size_t b) const {
    return std::all_of(columns.begin(), columns.end(), [a, b](const Column& column) {
        return column.cycles[a] <= column.cycles[b] && column.dsp[a] <= column.dsp[b] &&
               column.bram18k[a] <= column.bram18k[b] &&
               (column.dramBytes.empty() || column.dramBytes[a] <= column.dramBytes[b]);
    });
}

void ChunkTable::Rows::dropBeaten() {
    if (configurations.empty()) return;
    // Fast configurations first, since they beat most. Comparing with some rivals only leaves a few
    // superfluous rows, which is no error.
    std::vector<double> total(configurations.size(), 0);
    for (const auto& column : columns) {
        const double least = *std::min_element(column.cycles.begin(), column.cycles.end());
        for (std::size_t i = 0; i < total.size(); ++i) total[i] += column.cycles[i] / least;
    }
    std::vector<std::size_t> order(total.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return total[a] < total[b]; });
    std::vector<std::size_t> kept;
    std::vector<std::size_t> rivals;  // most successful lately first
    for (const std::size_t row : order) {
        const auto beater = std::find_if(rivals.begin(), rivals.end(),
                                         [&](std::size_t rival) { return beats(rival, row); });
        if (beater != rivals.end()) {
            std::rotate(rivals.begin(), beater, beater + 1);
            continue;
        }
        kept.push_back(row);
        if (rivals.size() == kRivals) rivals.pop_back();
        rivals.insert(rivals.begin() + static_cast<std::ptrdiff_t>(rivals.size() / 2), row);
    }
    std::sort(kept.begin(), kept.end());
    keepOnly(kept);
}

void ChunkTable::Rows::keepOnly(const std::vector<std::size_t>& rows) {
    const auto pick = [&rows](auto& values) {
        std::remove_reference_t<decltype(values)> picked;
        picked.reserve(rows.size());
        for (const std::size_t row : rows) picked.push_back(values[row]);
        values = std::move(picked);
    };
    pick(configurations);
    for (auto& column : columns) {
        pick(column.cycles);
        pick(column.dsp);
        pick(column.bram18k);
        if (!column.dramBytes.empty()) pick(column.dramBytes);
    }
}

void ChunkTable::Rows::append(Rows other) {
    const auto add = [](auto& to, const auto& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    add(configurations, other.configurations);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        add(columns[c].cycles, other.columns[c].cycles);
        add(columns[c].dsp, other.columns[c].dsp);
        add(columns[c].bram18k, other.columns[c].bram18k);
        add(columns[c].dramBytes, other.columns[c].dramBytes);
    }
}

std::optional<std::size_t> ChunkTable::columnOf(const LayerShape& shape) const {
    const auto found = m_columnOfShape.find(shape);
    return found == m_columnOfShape.end() ? std::nullopt : std::optional(found->second);
}

ChunkOption ChunkTable::price(std::size_t configuration, std::span<const int> counts) const {
    ChunkOption option{0, 0, 0, configuration};
    for (std::size_t c = 0; c < counts.size(); ++c) {
        if (counts[c] == 0) continue;
        option.cycles += counts[c] * m_rows.columns[c].cycles[configuration];
        option.dsp = std::max(option.dsp, m_rows.columns[c].dsp[configuration]);
        option.bram18k = std::max(option.bram18k, m_rows.columns[c].bram18k[configuration]);
        if (m_rows.columns[c].dramBytes.empty()) continue;
        option.dramBytes += counts[c] * m_rows.columns[c].dramBytes[configuration];
    }
    return option;
}

std::vector<ChunkOption> ChunkTable::front(std::span<const int> counts) const {
    const bool idle = std::all_of(counts.begin(), counts.end(), [](int n) { return n == 0; });
    if (idle) return {ChunkOption{}};
    // Column by column over all rows: long plain loops.
    const std::size_t rows = m_rows.configurations.size();
    std::vector<double> cycles(rows, 0);
    std::vector<double> dsp(rows, 0);
    std::vector<double> bram(rows, 0);
    std::vector<double> bytes(rows, 0);
    for (std::size_t c = 0; c < counts.size(); ++c) {
        if (counts[c] == 0) continue;
        const auto& column = m_rows.columns[c];
        for (std::size_t i = 0; i < rows; ++i) cycles[i] += counts[c] * column.cycles[i];
        for (std::size_t i = 0; i < rows; ++i) dsp[i] = std::max(dsp[i], column.dsp[i]);
        for (std::size_t i = 0; i < rows; ++i) bram[i] = std::max(bram[i], column.bram18k[i]);
        if (column.dramBytes.empty()) continue;
        for (std::size_t i = 0; i < rows; ++i) bytes[i] += counts[c] * column.dramBytes[i];
    }
    std::vector<ChunkOption> front;
    for (std::size_t i = 0; i < rows; ++i) {
        const model::Resources need{dsp[i], bram[i]};
        if (need.within(m_limits)) {
            insert(front, {need, cycles[i], i, bytes[i]});
        }
    }
    std::sort(front.begin(), front.end(), [](const ChunkOption& a, const ChunkOption& b) {
        return std::pair(a.cycles, a.configuration) < std::pair(b.cycles, b.configuration);
    });
    return front;
}

}  // namespace cohelix::optimum
