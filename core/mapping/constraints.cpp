// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/constraints.h"

#include <algorithm>
#include <string>

#include "core/base/units.h"

namespace cohelix::mapping {
namespace {

using base::Error;
using base::Result;
using model::Dim;
using model::LoopKind;

using Trips = std::array<std::int64_t, model::kLoopDims>;

/// The loops of a level that one set of rules is of.
struct Part {
    TripRules LevelConstraints::*rules;
    std::string name;
    std::vector<LoopKind> kinds;
};

const std::vector<Part>& parts() {
    using enum LoopKind;
    static const std::vector<Part> kParts = {
        {&LevelConstraints::temporal, "the loop over", {Temporal}},
        {&LevelConstraints::rows, "along the rows", {Rows}},
        {&LevelConstraints::columns, "along the columns", {Columns}},
        {&LevelConstraints::unrolled, "the unrolled loop over", {Rows, Columns}}};
    return kParts;
}

Trips tripsOf(const model::MappingLevel& level, const std::vector<LoopKind>& kinds) {
    Trips trips;
    trips.fill(1);
    for (const auto& loop : level.loops) {
        if (std::find(kinds.begin(), kinds.end(), loop.kind) == kinds.end()) continue;
        trips[indexOf(loop.dim)] *= loop.trips;
    }
    return trips;
}

std::string ruleText(const TripRule& rule) {
    if (rule.least == rule.most) return std::to_string(rule.most);
    std::string text;
    if (rule.least > 1) text = "at least " + std::to_string(rule.least);
    if (rule.most > 0) {
        text += (text.empty() ? "at most " : ", at most ") + std::to_string(rule.most);
    }
    return text;
}

std::string tripsText(const TripRule& rule) {
    return " makes " + ruleText(rule) + (rule.least == 1 && rule.most == 1 ? " trip" : " trips");
}

Result<void> checkTrips(const std::string& where, const model::MappingLevel& level,
                        const Trips& trips, const TripRules& rules, const std::string& kind) {
    for (const Dim dim : model::kAllLoopDims) {
        const auto& rule = rules[indexOf(dim)];
        if (rule.allows(trips[indexOf(dim)])) continue;
        return Error{where,
                     level.memory + ": " + kind + " " + std::string(word(dim)) + " makes " +
                         std::to_string(trips[indexOf(dim)]) + " trips; its constraint is " +
                         ruleText(rule),
                     {}};
    }
    return {};
}

/// The temporal loops of more than one trip, from one end.
std::vector<Dim> orderOf(const model::MappingLevel& level, bool fromInside) {
    std::vector<Dim> order;
    for (const auto& loop : level.loops) {
        if (loop.kind == LoopKind::Temporal && loop.trips > 1) order.push_back(loop.dim);
    }
    if (fromInside) std::reverse(order.begin(), order.end());
    return order;
}

Result<void> checkOrder(const std::string& where, const model::MappingLevel& level,
                        const std::vector<Dim>& wanted, bool fromInside) {
    const auto order = orderOf(level, fromInside);
    std::size_t next = 0;
    for (const Dim dim : wanted) {
        if (std::find(order.begin(), order.end(), dim) == order.end()) continue;
        if (order[next++] == dim) continue;
        return Error{where,
                     level.memory + ": the loop over " + std::string(word(dim)) +
                         " is not where the constraint on their order has it",
                     {}};
    }
    return {};
}

Result<void> checkLevel(const std::string& where, const model::MappingLevel& level,
                        const LevelConstraints& rules) {
    for (const auto& part : parts()) {
        auto fits =
            checkTrips(where, level, tripsOf(level, part.kinds), rules.*part.rules, part.name);
        if (!fits) return fits;
    }
    if (auto fits = checkOrder(where, level, rules.innermost, true); !fits) return fits;
    if (auto fits = checkOrder(where, level, rules.outermost, false); !fits) return fits;
    for (const auto tensor : model::kAllTensors) {
        const auto t = static_cast<std::size_t>(tensor);
        if (!rules.keeps[t] || *rules.keeps[t] == level.keeps[t]) continue;
        return Error{where,
                     level.memory + (level.keeps[t] ? " keeps " : " does not keep ") +
                         std::string(word(tensor)) + ", against its constraint",
                     {}};
    }
    return {};
}

constexpr const char* kLoosen = "Loosen one of them";

/// Whether each loop over a dimension can make as many trips as it must.
Result<void> checkRules(const std::string& where, const std::string& memory,
                        const LevelConstraints& rules, Dim dim) {
    for (const auto& part : parts()) {
        const auto& rule = (rules.*part.rules)[indexOf(dim)];
        if (rule.most == 0 || rule.least <= rule.most) continue;
        return Error{where,
                     memory + ": constraints have " + part.name + " " + std::string(word(dim)) +
                         " make at least " + std::to_string(rule.least) + " trips and at most " +
                         std::to_string(rule.most),
                     kLoosen};
    }
    return {};
}

/// Trips that are said exactly divide their dimension, as all trips under constraints do.
Result<void> checkDivisor(const std::string& where, const std::string& memory,
                          const LevelConstraints& rules, Dim dim, std::int64_t size) {
    for (const auto& part : parts()) {
        const auto& rule = (rules.*part.rules)[indexOf(dim)];
        if (rule.least != rule.most || size % rule.most == 0) continue;
        return Error{where,
                     memory + ": constraints have " + part.name + " " + std::string(word(dim)) +
                         tripsText(rule).replace(0, 6, " make") + ", which do not divide its " +
                         std::to_string(size),
                     "Choose a divisor"};
    }
    return {};
}

/// What must be unrolled has room.
Result<void> checkRoom(const std::string& where, const nest::MemoryLevel& memory,
                       const LevelConstraints& rules) {
    const std::array<std::pair<const TripRules*, std::int64_t>, 3> axes = {
        {{&rules.rows, memory.rows},
         {&rules.columns, memory.columns},
         {&rules.unrolled, memory.rows * memory.columns}}};
    constexpr std::array<const char*, 3> kNames = {"along the rows", "along the columns",
                                                   "in its array"};
    for (std::size_t a = 0; a < axes.size(); ++a) {
        double least = 1;
        for (const auto& rule : *axes[a].first) least *= static_cast<double>(rule.least);
        const auto most = axes[a].second;  // 0: any
        if (most == 0 || least <= static_cast<double>(most)) continue;
        return Error{where,
                     memory.name + ": constraints unroll " + base::fixed(least, 0) + " trips " +
                         kNames[a] + ", which has room for " + std::to_string(most),
                     kLoosen};
    }
    return {};
}

/// The least trips of all loops over a dimension at one level together.
double leastTrips(const LevelConstraints& rules, Dim dim) {
    const auto least = [&](const TripRules& some) {
        return static_cast<double>(some[indexOf(dim)].least);
    };
    return least(rules.temporal) *
           std::max(least(rules.rows) * least(rules.columns), least(rules.unrolled));
}

/// The rules that ask for trips over a dimension.
std::string askedOf(const nest::Hierarchy& hierarchy, const Constraints& constraints, Dim dim) {
    std::string text;
    for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
        for (const auto& part : parts()) {
            const auto& rule = (constraints.levels[l].*part.rules)[indexOf(dim)];
            if (rule.least <= 1) continue;
            text += (text.empty() ? "" : ", ") + hierarchy.levels[l].name + ": " + part.name + " " +
                    std::string(word(dim)) + tripsText(rule);
        }
    }
    return text;
}

std::string orderText(const std::vector<Dim>& order, const char* end) {
    std::string text = " order of loops from the ";
    text += end;
    for (const Dim dim : order) text += " " + std::string(word(dim));
    return text;
}

void addTrips(std::vector<Statement>& all, const std::string& memory, std::size_t level,
              const LevelConstraints& rules) {
    for (const auto& part : parts()) {
        for (const Dim dim : model::kAllLoopDims) {
            const auto& rule = (rules.*part.rules)[indexOf(dim)];
            if (rule.free()) continue;
            const auto place = part.rules;
            all.push_back(
                {memory + ": " + part.name + " " + std::string(word(dim)) + tripsText(rule),
                 [level, place, dim](Constraints& constraints) {
                     (constraints.levels[level].*place)[indexOf(dim)] = {};
                 }});
        }
    }
}

void addOrders(std::vector<Statement>& all, const std::string& memory, std::size_t level,
               const LevelConstraints& rules) {
    if (!rules.innermost.empty()) {
        all.push_back({memory + ":" + orderText(rules.innermost, "inside"),
                       [level](auto& constraints) { constraints.levels[level].innermost = {}; }});
    }
    if (!rules.outermost.empty()) {
        all.push_back({memory + ":" + orderText(rules.outermost, "outside"),
                       [level](auto& constraints) { constraints.levels[level].outermost = {}; }});
    }
}

}  // namespace

std::vector<Statement> statementsOf(const nest::Hierarchy& hierarchy,
                                    const Constraints& constraints) {
    std::vector<Statement> all;
    for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
        const auto& memory = hierarchy.levels[l].name;
        const auto& rules = constraints.levels[l];
        addTrips(all, memory, l, rules);
        addOrders(all, memory, l, rules);
        for (const auto tensor : model::kAllTensors) {
            const auto t = static_cast<std::size_t>(tensor);
            if (rules.keeps[t] != true) continue;
            all.push_back(
                {memory + " keeps " + std::string(word(tensor)),
                 [l, t](Constraints& given) { given.levels[l].keeps[t] = std::nullopt; }});
        }
    }
    if (constraints.leastUse > 0) {
        all.push_back({"at least " + base::exact(constraints.leastUse * 100) +
                           " % of the multipliers are in use",
                       [](Constraints& given) { given.leastUse = 0; }});
    }
    return all;
}

TripRule TripRule::with(const TripRule& other) const {
    TripRule both{std::max(least, other.least), most};
    if (other.most > 0) both.most = most == 0 ? other.most : std::min(most, other.most);
    return both;
}

bool Constraints::aboutLoops() const {
    const auto said = [](const TripRules& rules) {
        return std::any_of(rules.begin(), rules.end(),
                           [](const TripRule& rule) { return !rule.free(); });
    };
    return leastUse > 0 || std::any_of(levels.begin(), levels.end(), [&](const auto& level) {
               return said(level.temporal) || said(level.rows) || said(level.columns) ||
                      said(level.unrolled) || level.innermost.size() + level.outermost.size() > 0;
           });
}

Constraints suited(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                   Constraints constraints, std::vector<std::string>& notes) {
    for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
        auto& level = constraints.levels[l];
        for (auto* rules : {&level.temporal, &level.rows, &level.columns, &level.unrolled}) {
            for (const Dim dim : model::kAllLoopDims) {
                auto& rule = (*rules)[indexOf(dim)];
                const auto size = model::loopSize(layer, dim);
                if (rule.least <= size) continue;
                if (rule.least != TripRule::kAll) {
                    notes.push_back(
                        hierarchy.levels[l].name + ": of the " + std::to_string(rule.least) +
                        " trips over " + std::string(word(dim)) +
                        " that a constraint asks for there are " + std::to_string(size));
                }
                rule.least = size;
            }
        }
    }
    return constraints;
}

Result<void> checkPossible(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                           const Constraints& constraints) {
    for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
        auto has = checkRoom(layer.name, hierarchy.levels[l], constraints.levels[l]);
        if (!has) return has;
    }
    for (const Dim dim : model::kAllLoopDims) {
        const auto size = model::loopSize(layer, dim);
        double least = 1;
        for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
            const auto& rules = constraints.levels[l];
            if (auto can = checkRules(layer.name, hierarchy.levels[l].name, rules, dim); !can) {
                return can;
            }
            auto divides = checkDivisor(layer.name, hierarchy.levels[l].name, rules, dim, size);
            if (!divides) return divides;
            least *= leastTrips(rules, dim);
        }
        if (least <= static_cast<double>(size)) continue;
        return Error{layer.name,
                     "the constraints ask for " + base::fixed(least, 0) + " trips over " +
                         std::string(word(dim)) + "; there are " + std::to_string(size) + " (" +
                         askedOf(hierarchy, constraints, dim) + ")",
                     kLoosen};
    }
    return {};
}

Result<nest::Hierarchy> obedient(nest::Hierarchy hierarchy, const Constraints& constraints) {
    for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
        for (const auto tensor : model::kAllTensors) {
            const auto t = static_cast<std::size_t>(tensor);
            auto& memory = hierarchy.levels[l];
            const auto& said = constraints.levels[l].keeps[t];
            if (said == true && !memory.mayKeep[t]) {
                return Error{
                    hierarchy.name,
                    memory.name + " must keep the " + std::string(word(tensor)) + " and cannot",
                    "Change its constraint"};
            }
            if (said == false) memory.mayKeep[t] = false;
        }
    }
    return hierarchy;
}

Result<void> checkConstraints(const model::Layer& layer, const model::Mapping& mapping,
                              const nest::Hierarchy& hierarchy, const Constraints& stated) {
    std::vector<std::string> notes;
    const auto constraints = suited(layer, hierarchy, stated, notes);
    if (constraints.levels.size() != mapping.levels.size()) {
        return Error{layer.name,
                     "the constraints are of " + std::to_string(constraints.levels.size()) +
                         " levels, the mapping has " + std::to_string(mapping.levels.size()),
                     {}};
    }
    double pes = 1;
    for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
        const auto& level = mapping.levels[l];
        auto fits = checkLevel(layer.name, level, constraints.levels[l]);
        if (!fits) return fits;
        for (const auto& loop : level.loops) {
            if (loop.kind != LoopKind::Temporal) pes *= static_cast<double>(loop.trips);
        }
    }
    const double least = constraints.leastUse * static_cast<double>(hierarchy.pes);
    if (pes >= least) return {};
    return Error{layer.name,
                 base::fixed(pes, 0) + " multipliers are in use; at least " +
                     base::exact(constraints.leastUse * 100) + " % must be",
                 {}};
}

}  // namespace cohelix::mapping
