// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/tilings.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

namespace cohelix::mapping {
namespace {

using cost::at;
using cost::slides;

base::Error refusal(const Problem& problem, std::string what, std::string advice) {
    return {problem.hierarchy.name.empty() ? problem.layer.name : problem.hierarchy.name,
            std::move(what), std::move(advice)};
}

/// Counts the instances of each level.
Unrolled withInstances(const Problem& problem, Unrolled unrolled) {
    for (std::size_t l = 0; l < problem.hierarchy.levels.size(); ++l) {
        unrolled.instances[l] = product(unrolledBefore(problem, unrolled, static_cast<int>(l)));
    }
    return unrolled;
}

void eachVector(const LoopSizes& sizes, const std::array<bool, model::kLoopDims>& dims,
                std::int64_t most, std::size_t d, LoopSizes& vector,
                const std::function<void(const LoopSizes&)>& visit) {
    if (d == sizes.size()) {
        visit(vector);
        return;
    }
    for (const auto divisor : divisors(sizes[d])) {
        if (divisor > 1 && (!dims[d] || divisor > most)) continue;
        vector[d] = divisor;
        eachVector(sizes, dims, most / divisor, d + 1, vector, visit);
    }
    vector[d] = 1;
}

bool fits(const cost::MemoryLevel& memory, double tiles) {
    return memory.capacityWords == 0 ||
           tiles * (memory.doubleBuffered ? 2 : 1) <= memory.capacityWords;
}

}  // namespace

const std::vector<std::int64_t>& divisors(std::int64_t number) {
    thread_local std::unordered_map<std::int64_t, std::vector<std::int64_t>> known;
    if (const auto found = known.find(number); found != known.end()) return found->second;
    std::vector<std::int64_t> small;
    std::vector<std::int64_t> large;
    for (std::int64_t d = 1; d * d <= number; ++d) {
        if (number % d != 0) continue;
        small.push_back(d);
        if (d * d != number) large.push_back(number / d);
    }
    small.insert(small.end(), large.rbegin(), large.rend());
    return known.emplace(number, std::move(small)).first->second;
}

LoopSizes operator*(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] *= b[d];
    return c;
}

LoopSizes operator/(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] /= b[d];
    return c;
}

double product(const LoopSizes& sizes) {
    double all = 1;
    for (const auto size : sizes) all *= static_cast<double>(size);
    return all;
}

double foreignProduct(Tensor tensor, const LoopSizes& sizes) {
    double all = 1;
    for (const Dim dim : model::kAllLoopDims) {
        if (!cost::indexes(tensor, dim)) all *= static_cast<double>(sizes[at(dim)]);
    }
    return all;
}

double ownProduct(Tensor tensor, const LoopSizes& sizes) {
    return product(sizes) / foreignProduct(tensor, sizes);
}

std::int64_t words(const Problem& problem, Tensor tensor, const LoopSizes& tile) {
    return cost::elementWords(problem.shape, tensor, tile);
}

/// Product of the unrollings outside a level.
LoopSizes unrolledBefore(const Problem& problem, const Unrolled& unrolled, int level) {
    LoopSizes all = kOneOfEach;
    for (std::size_t u = 0; u < unrolled.trips.size(); ++u) {
        if (static_cast<int>(problem.space.unrollings[u].level) < level) {
            all = all * unrolled.trips[u];
        }
    }
    return all;
}

base::Result<Problem> problemOf(const model::Layer& layer, const cost::Hierarchy& hierarchy,
                                const MapSpace& space, const cost::Convention& convention) {
    Problem problem{layer, hierarchy, space, convention, kOneOfEach, {}, {-1, -1, -1}, {-1, -1, -1}, 0};
    const std::size_t levels = hierarchy.levels.size();
    if (levels < 2 || levels > kMostLevels || space.inner + 1 != levels || space.middle >= space.inner) {
        return refusal(problem, "the map space does not fit a hierarchy of " +
                                    std::to_string(levels) + " levels",
                       "Give middle loops outside the innermost level");
    }
    for (const auto& unrolling : space.unrollings) {
        if (unrolling.level <= space.middle) continue;
        return refusal(problem, "it unrolls inside the middle loops' memory twice",
                       "Unroll at the middle level or outside it");
    }
    const auto nest = cost::nestOf(layer, {{{"", [&] {
                          std::vector<model::Loop> loops;
                          for (const Dim dim : model::kAllLoopDims) {
                              loops.push_back({dim, std::max<std::int64_t>(1, model::loopSize(layer, dim)),
                                               model::LoopKind::Temporal});
                          }
                          return loops;
                      }(), {true, true, true}}}});
    if (!nest) return nest.error();
    problem.shape = *nest;
    problem.shape.loops.clear();
    problem.sizes = nest->sizes;
    problem.macs = product(problem.sizes);
    for (const Tensor tensor : model::kAllTensors) {
        if (!hierarchy.levels[0].mayKeep[at(tensor)]) {
            return refusal(problem, "its outermost memory does not keep the " +
                                        std::string(model::tensorName(tensor)),
                           "Let it keep all tensors");
        }
        for (std::size_t l = 1; l < levels; ++l) {
            if (!hierarchy.levels[l].mayKeep[at(tensor)]) continue;
            int& place = (l <= space.middle ? problem.front : problem.local)[at(tensor)];
            if (place >= 0) {
                return refusal(problem, hierarchy.levels[static_cast<std::size_t>(place)].name +
                                            " and " + hierarchy.levels[l].name +
                                            " keep the same tensor in one block of loops",
                               "Let one of them pass it by, or let the mapper choose");
            }
            place = static_cast<int>(l);
        }
    }
    return problem;
}

std::vector<Unrolled> unrollingsOf(const Problem& problem) {
    const auto& unrollings = problem.space.unrollings;
    std::vector<Unrolled> all = {Unrolled{}};
    for (const auto& unrolling : unrollings) {
        auto dims = unrolling.dims;
        for (const Dim dim : kWindowDims) {  // a window must not be torn apart by middle loops
            if (unrolling.level < problem.space.middle) dims[at(dim)] = false;
        }
        std::vector<Unrolled> more;
        for (const auto& outer : all) {
            LoopSizes vector = kOneOfEach;
            eachVector(problem.sizes / outer.all, dims, std::max<std::int64_t>(1, unrolling.most), 0,
                       vector, [&](const LoopSizes& trips) {
                           Unrolled next = outer;
                           next.trips.push_back(trips);
                           next.all = next.all * trips;
                           next.pes = product(next.all);
                           more.push_back(std::move(next));
                       });
        }
        all = std::move(more);
    }
    // Rows and columns of one level are alike in cost.
    std::map<std::vector<LoopSizes>, Unrolled> distinct;
    for (auto& unrolled : all) {
        std::vector<LoopSizes> key(problem.hierarchy.levels.size(), kOneOfEach);
        for (std::size_t u = 0; u < unrollings.size(); ++u) {
            key[unrollings[u].level] = key[unrollings[u].level] * unrolled.trips[u];
        }
        distinct.emplace(std::move(key), std::move(unrolled));
    }
    all.clear();
    for (auto& [key, unrolled] : distinct) {
        all.push_back(withInstances(problem, std::move(unrolled)));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Unrolled& a, const Unrolled& b) { return a.pes > b.pes; });
    return all;
}

void eachInner(const Problem& problem, const Unrolled& unrolled,
               const std::function<void(const LoopSizes&)>& visit) {
    const LoopSizes rest = problem.sizes / unrolled.all;
    const auto fitsLocal = [&](const LoopSizes& inner) {
        for (std::size_t l = problem.space.middle + 1; l < problem.hierarchy.levels.size(); ++l) {
            double tiles = 0;
            for (const Tensor tensor : model::kAllTensors) {
                if (problem.local[at(tensor)] != static_cast<int>(l)) continue;
                tiles += static_cast<double>(words(problem, tensor, inner));
            }
            if (!fits(problem.hierarchy.levels[l], tiles)) return false;
        }
        return true;
    };
    LoopSizes inner = kOneOfEach;
    if (!fitsLocal(inner)) return;
    const std::function<void(std::size_t)> descend = [&](std::size_t d) {
        if (d == inner.size()) {
            visit(inner);
            return;
        }
        for (const auto divisor : divisors(rest[d])) {
            inner[d] = divisor;
            if (!fitsLocal(inner)) break;
            descend(d + 1);
        }
        inner[d] = 1;
    };
    descend(0);
}

bool frontFits(const Problem& problem, const LoopSizes& tile, const Unrolled& unrolled) {
    for (std::size_t l = 1; l <= problem.space.middle; ++l) {
        const auto part = tile / unrolledBefore(problem, unrolled, static_cast<int>(l));
        double tiles = 0;
        for (const Tensor tensor : model::kAllTensors) {
            if (problem.front[at(tensor)] != static_cast<int>(l)) continue;
            tiles += static_cast<double>(words(problem, tensor, part));
        }
        if (!fits(problem.hierarchy.levels[l], tiles)) return false;
    }
    return true;
}

std::vector<Front> frontsOf(const Problem& problem,
                            const std::function<bool(const Front&)>& worth) {
    // The most that unrolling can shrink the part of one instance.
    Unrolled most;
    for (const auto& unrolling : problem.space.unrollings) {
        LoopSizes trips = kOneOfEach;
        for (std::size_t d = 0; d < trips.size(); ++d) {
            if (!unrolling.dims[d]) continue;
            for (const auto divisor : divisors(problem.sizes[d])) {
                if (divisor <= unrolling.most) trips[d] = divisor;
            }
        }
        most.trips.push_back(trips);
    }
    // Where a memory has several instances, as many as can be.
    const auto widest = withInstances(problem, most);
    std::vector<Front> fronts;
    LoopSizes tile = kOneOfEach;
    std::array<bool, model::kLoopDims> any;
    any.fill(true);
    eachVector(problem.sizes, any, std::int64_t{1} << 62, 0, tile, [&](const LoopSizes& vector) {
        LoopSizes shrunk = vector;
        for (std::size_t u = 0; u < most.trips.size(); ++u) {
            if (problem.space.unrollings[u].level >= problem.space.middle) continue;
            for (std::size_t d = 0; d < shrunk.size(); ++d) {
                shrunk[d] = std::max<std::int64_t>(1, shrunk[d] / most.trips[u][d]);
            }
        }
        Unrolled none;
        none.trips.assign(most.trips.size(), kOneOfEach);
        if (!frontFits(problem, shrunk, none)) return;
        Front front;
        front.tile = vector;
        for (const Tensor tensor : model::kAllTensors) {
            front.foreign[at(tensor)] = foreignProduct(tensor, vector);
            front.own[at(tensor)] = ownProduct(tensor, vector);
        }
        front.picojoule = front.cycles = std::numeric_limits<double>::infinity();
        for (const auto& order : ordersOf(problem.sizes / vector)) {
            const auto flow = outerFlow(problem, vector, order);
            front.picojoule = std::min(front.picojoule, flow.picojoule);
            front.cycles = std::min(front.cycles, cyclesOf(problem, widest, 0, flow));
        }
        if (worth(front)) fronts.push_back(front);
    });
    std::stable_sort(fronts.begin(), fronts.end(),
                     [](const Front& a, const Front& b) { return a.picojoule < b.picojoule; });
    return fronts;
}

namespace {

/// Orders of these dimensions, built from the inside out.
std::vector<Order> differentOrders(const std::vector<Dim>& present) {
    std::vector<Order> orders;
    Order order;
    const auto has = [&order](Dim dim) {
        return std::find(order.begin(), order.end(), dim) != order.end();
    };
    const auto any = [&order](auto&& test) { return std::any_of(order.begin(), order.end(), test); };
    // Once every tensor's tile has moved for good, the order of what is outside is the same.
    const auto settled = [&] {
        return order.size() == present.size() ||
               (any([](Dim dim) { return cost::indexes(Tensor::Weights, dim); }) &&
                any([](Dim dim) { return cost::indexes(Tensor::Outputs, dim); }) &&
                any([](Dim dim) { return cost::indexes(Tensor::Inputs, dim) && !slides(dim); }));
    };
    const std::function<void()> extend = [&] {
        if (settled()) {
            Order whole = order;
            for (const Dim dim : present) {
                if (!has(dim)) whole.push_back(dim);
            }
            orders.push_back(std::move(whole));
            return;
        }
        for (const Dim dim : present) {
            if (has(dim)) continue;
            order.push_back(dim);
            extend();
            order.pop_back();
        }
    };
    extend();
    return orders;
}

}  // namespace

const std::vector<Order>& ordersOf(const LoopSizes& trips) {
    thread_local std::array<std::vector<Order>, 1 << model::kLoopDims> known;
    std::vector<Dim> present;
    std::size_t mask = 0;
    for (const Dim dim : model::kAllLoopDims) {
        if (trips[at(dim)] == 1) continue;
        present.push_back(dim);
        mask |= std::size_t{1} << at(dim);
    }
    auto& orders = known[mask];
    if (orders.empty()) orders = differentOrders(present);
    return orders;
}

}  // namespace cohelix::mapping
