// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/constrained_space.h"

#include <algorithm>
#include <array>
#include <set>

namespace cohelix::mapping {
namespace {

using model::Dim;
using model::Tensor;
using nest::LoopSizes;

std::vector<std::int64_t> ascendingDivisors(std::int64_t size) {
    std::vector<std::int64_t> divisors;
    for (std::int64_t d = 1; d * d <= size; ++d) {
        if (size % d != 0) continue;
        divisors.push_back(d);
        if (d * d != size) divisors.push_back(size / d);
    }
    std::sort(divisors.begin(), divisors.end());
    return divisors;
}

std::int64_t atLeastOne(std::int64_t size) { return std::max<std::int64_t>(1, size); }

}  // namespace

ConstrainedSpace::ConstrainedSpace(const LoopSizes& sizes, const nest::Hierarchy& hierarchy,
                                   Constraints constraints)
    : m_sizes(sizes), m_hierarchy(hierarchy), m_constraints(std::move(constraints)) {
    m_constraints.levels.resize(hierarchy.levels.size());
    for (std::size_t d = 0; d < sizes.size(); ++d) m_divisors[d] = ascendingDivisors(sizes[d]);
}

base::Result<std::vector<nest::Hierarchy>> ConstrainedSpace::keepings(bool choosesBypass) const {
    std::vector<nest::Hierarchy> all = {m_hierarchy};
    for (std::size_t l = 0; l < m_hierarchy.levels.size(); ++l) {
        for (const Tensor tensor : model::kAllTensors) {
            const auto& said = m_constraints.levels[l].keeps[indexOf(tensor)];
            const bool may = m_hierarchy.levels[l].mayKeep[indexOf(tensor)];
            if (l == 0 && !may) {
                return base::Error{
                    m_hierarchy.name,
                    "its outermost memory does not keep the " + std::string(word(tensor)),
                    "Let it keep all tensors"};
            }
            const bool open = l > 0 && may && choosesBypass && !said;
            if (!open) continue;
            auto without = all;
            for (auto& each : without) each.levels[l].mayKeep[indexOf(tensor)] = false;
            all.insert(all.end(), without.begin(), without.end());
        }
    }
    return all;
}

void ConstrainedSpace::addUnrolled(std::size_t slot, std::size_t dim, const LoopSizes& rest,
                                   std::int64_t left, UnrolledLoops& begun,
                                   std::vector<UnrolledLoops>& all) const {
    const std::size_t level = slot / 2;
    if (level == m_hierarchy.levels.size()) return finishUnrolled(begun, all);
    const bool rows = slot % 2 == 0;
    if (dim == m_sizes.size()) {
        const std::size_t next = slot + 1;
        const auto& after = m_hierarchy.levels[std::min(next / 2, m_hierarchy.levels.size() - 1)];
        const auto most = atLeastOne(next % 2 == 0 ? after.rows : after.columns);
        return addUnrolled(next, 0, rest, most, begun, all);
    }
    const auto& rules = m_constraints.levels[level];
    auto& trips = rows ? begun.rows[level][dim] : begun.columns[level][dim];
    for (const auto each : m_divisors[dim]) {
        if (each > left) break;
        if (rest[dim] % each != 0) continue;
        if (!(rows ? rules.rows : rules.columns)[dim].allows(each)) continue;
        if (!rows && !rules.unrolled[dim].allows(begun.rows[level][dim] * each)) continue;
        trips = each;
        auto less = rest;
        less[dim] /= each;
        addUnrolled(slot, dim + 1, less, left / each, begun, all);
    }
    trips = 1;
}

void ConstrainedSpace::finishUnrolled(UnrolledLoops done, std::vector<UnrolledLoops>& all) const {
    done.pes = 1;
    for (std::size_t l = 0; l < done.rows.size(); ++l) {
        for (std::size_t d = 0; d < m_sizes.size(); ++d) {
            done.both[l][d] = done.rows[l][d] * done.columns[l][d];
            done.pes *= static_cast<double>(done.both[l][d]);
        }
    }
    const auto most = static_cast<double>(m_hierarchy.pes);
    if (most > 0 && (done.pes > most || done.pes < m_constraints.leastUse * most)) return;
    all.push_back(std::move(done));
}

std::vector<UnrolledLoops> ConstrainedSpace::unrolled() const {
    const std::vector<LoopSizes> ones(m_hierarchy.levels.size(), nest::kOneOfEach);
    UnrolledLoops begun{ones, ones, ones};
    std::vector<UnrolledLoops> all;
    addUnrolled(0, 0, m_sizes, atLeastOne(m_hierarchy.levels.front().rows), begun, all);
    const bool forwards = std::any_of(m_hierarchy.levels.begin(), m_hierarchy.levels.end(),
                                      [](const auto& memory) { return memory.forwards; });
    if (!forwards) {
        std::set<std::vector<LoopSizes>> known;
        std::erase_if(all,
                      [&](const UnrolledLoops& each) { return !known.insert(each.both).second; });
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const UnrolledLoops& a, const UnrolledLoops& b) { return a.pes > b.pes; });
    return all;
}

bool ConstrainedSpace::isPossible() {
    const auto last = m_hierarchy.levels.size() - 1;
    return std::ranges::any_of(unrolled(), [&](const UnrolledLoops& each) {
        for (std::size_t d = 0; d < m_sizes.size(); ++d) {
            auto rest = m_sizes[d];
            for (const auto& level : each.both) rest /= level[d];
            if (!canMake(last, d, rest)) return false;
        }
        return true;
    });
}

bool ConstrainedSpace::canMake(std::size_t level, std::size_t dim, std::int64_t trips) {
    const auto& rule = m_constraints.levels[level].temporal[dim];
    if (level == 0) return rule.allows(trips);
    const std::array<std::int64_t, 3> key = {static_cast<std::int64_t>(level),
                                             static_cast<std::int64_t>(dim), trips};
    if (const auto known = m_canMake.find(key); known != m_canMake.end()) return known->second;
    bool can = false;
    for (const auto each : m_divisors[dim]) {
        if (each > trips || can) break;
        can = trips % each == 0 && rule.allows(each) && canMake(level - 1, dim, trips / each);
    }
    return m_canMake[key] = can;
}

void ConstrainedSpace::eachTrips(std::size_t level, const LoopSizes& rest,
                                 const std::function<bool(const LoopSizes&)>& fits,
                                 const std::function<bool(const LoopSizes&)>& visit) {
    LoopSizes trips = nest::kOneOfEach;
    const std::function<bool(std::size_t)> descend = [&](std::size_t d) {
        if (d == trips.size()) return visit(trips);
        const auto& rule = m_constraints.levels[level].temporal[d];
        for (const auto each : m_divisors[d]) {
            if (each > rest[d]) break;
            if (level == 0 && each != rest[d]) continue;
            if (rest[d] % each != 0 || !rule.allows(each)) continue;
            if (level > 0 && !canMake(level - 1, d, rest[d] / each)) continue;
            trips[d] = each;
            if (!fits(trips)) break;
            if (!descend(d + 1)) return false;
        }
        trips[d] = 1;
        return true;
    };
    descend(0);
}

std::vector<std::vector<Dim>> ConstrainedSpace::orders(
    std::size_t level, const LoopSizes& trips,
    const std::function<bool(const std::vector<Dim>&)>& settled) const {
    const auto& rules = m_constraints.levels[level];
    const auto present = [&](const std::vector<Dim>& dims) {
        std::vector<Dim> some;
        for (const Dim dim : dims) {
            if (trips[indexOf(dim)] > 1) some.push_back(dim);
        }
        return some;
    };
    auto order = present(rules.innermost);
    auto outside = present(rules.outermost);
    std::reverse(outside.begin(), outside.end());
    std::vector<Dim> open;
    for (const Dim dim : present({model::kAllLoopDims.begin(), model::kAllLoopDims.end()})) {
        const auto in = [dim](const std::vector<Dim>& dims) {
            return std::find(dims.begin(), dims.end(), dim) != dims.end();
        };
        if (!in(order) && !in(outside)) open.push_back(dim);
    }
    std::vector<std::vector<Dim>> all;
    std::vector<bool> used(open.size());
    const std::function<void(std::size_t)> extend = [&](std::size_t left) {
        if (left == 0 || settled(order)) {
            auto whole = order;
            for (std::size_t i = 0; i < open.size(); ++i) {
                if (!used[i]) whole.push_back(open[i]);
            }
            whole.insert(whole.end(), outside.begin(), outside.end());
            all.push_back(std::move(whole));
            return;
        }
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (used[i]) continue;
            used[i] = true;
            order.push_back(open[i]);
            extend(left - 1);
            order.pop_back();
            used[i] = false;
        }
    };
    extend(open.size());
    return all;
}

}  // namespace cohelix::mapping
