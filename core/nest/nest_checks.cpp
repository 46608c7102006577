// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/nest_checks.h"

#include <algorithm>

#include "core/base/units.h"
#include "core/nest/nest.h"

namespace cohelix::nest {
namespace {

using base::Error;
using base::Result;
using model::Layer;
using model::LoopKind;
using model::Mapping;
using model::Tensor;

Result<void> checkLevels(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy) {
    if (hierarchy.levels.size() > kMostMemories) {
        return Error{layer.name,
                     "the hierarchy has " + std::to_string(hierarchy.levels.size()) + " memories",
                     "Give at most " + std::to_string(kMostMemories)};
    }
    if (mapping.levels.size() == hierarchy.levels.size() && !mapping.levels.empty()) return {};
    return Error{layer.name,
                 "the mapping has " + std::to_string(mapping.levels.size()) +
                     " levels, the hierarchy " + std::to_string(hierarchy.levels.size()),
                 "Give one level of loops per memory"};
}

Result<void> checkKept(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy) {
    for (const Tensor tensor : model::kAllTensors) {
        const auto name = [tensor] { return std::string(word(tensor)); };
        if (!mapping.levels.front().keeps[indexOf(tensor)]) {
            return Error{layer.name,
                         "the mapping keeps no " + name() + " in " +
                             nameOf(hierarchy.levels.front(), 0) +
                             ", the outermost memory, where they come from or end",
                         "Keep all tensors there"};
        }
        for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
            if (!mapping.levels[l].keeps[indexOf(tensor)]) continue;
            if (hierarchy.levels[l].mayKeep[indexOf(tensor)]) continue;
            return Error{layer.name,
                         "the mapping keeps " + name() + " in " + nameOf(hierarchy.levels[l], l) +
                             ", which cannot hold them",
                         "Let them pass it by"};
        }
    }
    return {};
}

bool forwardsAnywhere(const Hierarchy& hierarchy) {
    return std::any_of(hierarchy.levels.begin(), hierarchy.levels.end(),
                       [](const MemoryLevel& memory) { return memory.forwards; });
}

Error unrollsTooMuch(const Layer& layer, double used, const std::string& what, std::int64_t most) {
    return {layer.name,
            "the mapping unrolls " + base::fixed(used, 0) + " " + what + "; the array has " +
                base::fixed(static_cast<double>(most), 0),
            "Unroll less, or make the array larger"};
}

}  // namespace

std::string nameOf(const MemoryLevel& memory, std::size_t level) {
    return memory.name.empty() ? "level " + std::to_string(level) : memory.name;
}

Result<void> checkShape(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy,
                        const Convention& convention) {
    if (auto levels = checkLevels(layer, mapping, hierarchy); !levels) return levels;
    if (auto kept = checkKept(layer, mapping, hierarchy); !kept) return kept;
    if (convention.boxes && forwardsAnywhere(hierarchy)) {
        return Error{layer.name,
                     "a memory of " + hierarchy.name + " takes words from its neighbours, which " +
                         std::string(convention.name) + " does not count",
                     "Use the convention exact, or let it not forward"};
    }
    return {};
}

Result<void> checkArray(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy) {
    const auto over = [](double used, std::int64_t most) {
        return most != 0 && used > static_cast<double>(most);
    };
    double pes = 1;
    for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
        double rows = 1;
        double columns = 1;
        for (const auto& loop : mapping.levels[l].loops) {
            if (loop.kind == LoopKind::Rows) rows *= static_cast<double>(loop.trips);
            if (loop.kind == LoopKind::Columns) columns *= static_cast<double>(loop.trips);
        }
        pes *= rows * columns;
        const auto& memory = hierarchy.levels[l];
        if (over(rows, memory.rows)) {
            return unrollsTooMuch(layer, rows, "rows inside " + nameOf(memory, l), memory.rows);
        }
        if (over(columns, memory.columns)) {
            return unrollsTooMuch(layer, columns, "columns inside " + nameOf(memory, l),
                                  memory.columns);
        }
    }
    if (over(pes, hierarchy.pes)) return unrollsTooMuch(layer, pes, "multipliers", hierarchy.pes);
    return {};
}

}  // namespace cohelix::nest
