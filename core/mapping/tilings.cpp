// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/tilings.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

#include "core/nest/tile_words.h"

namespace cohelix::mapping {
namespace {

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

/// Calls visit for all vectors of trips over what is covered that are allowed, until it returns
/// false; whether it never did. Of a vector that is not allowed no larger one is.
bool eachVector(const Problem& problem, const LoopSizes& covered,
                const std::function<bool(const LoopSizes&)>& allowed,
                const std::function<bool(const LoopSizes&)>& visit) {
    LoopSizes vector = kOneOfEach;
    if (!allowed(vector)) return true;
    const std::function<bool(std::size_t)> descend = [&](std::size_t d) {
        if (d == vector.size()) return visit(vector);
        for (const auto trips : tripsOver(problem, model::kAllLoopDims[d], covered[d])) {
            vector[d] = trips;
            if (trips > 1 && !allowed(vector)) {
                // A larger part of a window may hold fewer words where zeros lie around them.
                if (problem.shape.bordered() && nest::slides(model::kAllLoopDims[d])) continue;
                break;
            }
            if (!descend(d + 1)) return false;
        }
        vector[d] = 1;
        return true;
    };
    return descend(0);
}

bool fits(const nest::MemoryLevel& memory, double tiles) {
    return memory.capacityWords == 0 ||
           tiles * (memory.doubleBuffered ? 2 : 1) <= memory.capacityWords;
}

}  // namespace

namespace {

std::vector<std::int64_t> divisorsOf(std::int64_t number) {
    std::vector<std::int64_t> small;
    std::vector<std::int64_t> large;
    for (std::int64_t d = 1; d * d <= number; ++d) {
        if (number % d != 0) continue;
        small.push_back(d);
        if (d * d != number) large.push_back(number / d);
    }
    small.insert(small.end(), large.rbegin(), large.rend());
    return small;
}

std::int64_t timesToCover(std::int64_t size, std::int64_t part) { return (size + part - 1) / part; }

std::vector<std::int64_t> paddedTrips(std::int64_t size, std::int64_t most, std::int64_t covered) {
    std::vector<std::int64_t> all;
    for (std::int64_t trips = 1; trips <= timesToCover(size, covered); ++trips) {
        const std::int64_t part = covered * trips;
        if (timesToCover(size, part) * part <= most) all.push_back(trips);
    }
    return all;
}

}  // namespace

const std::vector<std::int64_t>& tripsOver(const Problem& problem, Dim dim, std::int64_t covered) {
    using Key = std::array<std::int64_t, 3>;
    const std::int64_t size = problem.sizes[indexOf(dim)];
    if (!problem.padded || (problem.mostSpans[indexOf(dim)] == size && size % covered == 0)) {
        thread_local std::unordered_map<std::int64_t, std::vector<std::int64_t>> known;
        auto& found = known[size / covered];
        if (found.empty()) found = divisorsOf(size / covered);
        return found;
    }
    thread_local std::map<Key, std::vector<std::int64_t>> known;
    const std::int64_t most = problem.mostSpans[indexOf(dim)];
    auto& found = known[{size, most, covered}];
    if (found.empty()) found = paddedTrips(size, most, covered);
    return found;
}

LoopSizes operator*(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] *= b[d];
    return c;
}

LoopSizes operator/(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] = timesToCover(a[d], b[d]);
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
        if (!nest::indexes(tensor, dim)) all *= static_cast<double>(sizes[indexOf(dim)]);
    }
    return all;
}

double ownProduct(Tensor tensor, const LoopSizes& sizes) {
    return product(sizes) / foreignProduct(tensor, sizes);
}

std::int64_t words(const Problem& problem, Tensor tensor, const LoopSizes& tile) {
    return nest::elementWords(problem.shape, tensor, tile);
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

base::Result<Problem> problemOf(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                const MapSpace& space, const nest::Convention& convention,
                                double padding) {
    Problem problem{
        .layer = layer, .hierarchy = hierarchy, .space = space, .convention = convention};
    const std::size_t levels = hierarchy.levels.size();
    if (levels > kMostLevels) {
        return refusal(problem, "it has " + std::to_string(levels) + " memories",
                       "Give at most " + std::to_string(kMostLevels));
    }
    if (levels < 2 || space.inner + 1 != levels || space.middle >= space.inner) {
        return refusal(
            problem,
            "the map space does not fit a hierarchy of " + std::to_string(levels) + " levels",
            "Give middle loops outside the innermost level");
    }
    for (const auto& unrolling : space.unrollings) {
        if (unrolling.level <= space.middle) continue;
        return refusal(problem, "it unrolls inside the middle loops' memory twice",
                       "Unroll at the middle level or outside it");
    }
    const auto nest = nest::nestOf(
        layer,
        {{{"",
           [&] {
               std::vector<model::Loop> loops;
               for (const Dim dim : model::kAllLoopDims) {
                   loops.push_back({dim, std::max<std::int64_t>(1, model::loopSize(layer, dim)),
                                    model::LoopKind::Temporal});
               }
               return loops;
           }(),
           {true, true, true}}}});
    if (!nest) return nest.error();
    problem.shape = *nest;
    problem.shape.loops.clear();
    problem.sizes = nest->sizes;
    problem.macs = product(problem.sizes);
    problem.padded = padding > 0;
    problem.flat = true;
    problem.wholeWindows = !problem.padded && !nest->bordered();
    problem.ordersWait =
        problem.padded && hierarchy.overlap == nest::Overlap::Full &&
        std::any_of(hierarchy.levels.begin() + 1, hierarchy.levels.end(), nest::mayWait);
    problem.inputReads = problem.macs;
    for (std::size_t a = 0; a < nest::kSlidingAxes.size(); ++a) {
        const auto& axis = nest::kSlidingAxes[a];
        problem.inputReads *=
            static_cast<double>(nest::pairsWithWords(*nest, a)) /
            static_cast<double>(nest->sizes[indexOf(axis.dim)] * nest->sizes[indexOf(axis.kernel)]);
    }
    for (std::size_t d = 0; d < problem.sizes.size(); ++d) {
        const auto size = problem.sizes[d];
        const double more = size > kMostPaddedSize ? 0 : std::max(0.0, padding);
        problem.mostSpans[d] = static_cast<std::int64_t>(static_cast<double>(size) * (1 + more));
    }
    for (const Tensor tensor : model::kAllTensors) {
        if (!hierarchy.levels[0].mayKeep[indexOf(tensor)]) {
            return refusal(problem,
                           "its outermost memory does not keep the " + std::string(word(tensor)),
                           "Let it keep all tensors");
        }
        for (std::size_t l = 1; l < levels; ++l) {
            if (!hierarchy.levels[l].mayKeep[indexOf(tensor)]) continue;
            int& place = (l <= space.middle ? problem.front : problem.local)[indexOf(tensor)];
            if (place >= 0) {
                return refusal(problem,
                               hierarchy.levels[static_cast<std::size_t>(place)].name + " and " +
                                   hierarchy.levels[l].name +
                                   " keep the same tensor in one block of loops",
                               "Let one of them pass it by, or the mapper choose");
            }
            place = static_cast<int>(l);
            problem.flat = false;
        }
    }
    return problem;
}

namespace {

bool forwardsInputs(const Problem& problem) {
    const int local = problem.local[indexOf(Tensor::Inputs)];
    return local >= 0 && problem.level(local).forwards;
}

/// With each choice of the loop along which neighbours lie; those that inputs do not slide along
/// are alike.
std::vector<Unrolled> withInnermost(std::vector<Unrolled> all) {
    const std::size_t unrollings = all.empty() ? 0 : all.front().trips.size();
    for (std::size_t u = 0; u < unrollings; ++u) {
        std::vector<Unrolled> more;
        for (const auto& unrolled : all) {
            bool another = false;
            for (const Dim dim : model::kAllLoopDims) {
                if (unrolled.trips[u][indexOf(dim)] == 1 || (another && !nest::slides(dim)))
                    continue;
                another = another || !nest::slides(dim);
                more.push_back(unrolled);
                more.back().innermost.push_back(static_cast<int>(dim));
            }
            if (unrolled.trips[u] != kOneOfEach) continue;
            more.push_back(unrolled);
            more.back().innermost.push_back(-1);
        }
        all = std::move(more);
    }
    return all;
}

/// What rows and columns of each level unroll together.
std::vector<LoopSizes> tripsByLevel(const Problem& problem, const Unrolled& unrolled) {
    std::vector<LoopSizes> trips(problem.hierarchy.levels.size(), kOneOfEach);
    for (std::size_t u = 0; u < unrolled.trips.size(); ++u) {
        auto& level = trips[problem.space.unrollings[u].level];
        level = level * unrolled.trips[u];
    }
    return trips;
}

/// The longest loop over each dimension.
LoopSizes longestLoops(const Unrolled& unrolled) {
    LoopSizes longest = kOneOfEach;
    for (const auto& trips : unrolled.trips) {
        for (std::size_t d = 0; d < longest.size(); ++d) {
            longest[d] = std::max(longest[d], trips[d]);
        }
    }
    return longest;
}

bool noneLonger(const LoopSizes& a, const LoopSizes& b) {
    return std::equal(a.begin(), a.end(), b.begin(), std::less_equal<>());
}

/// Adds another of equal cost, so that one of them stays. Where trips need not divide, those stay
/// that the space may have where it has no other: two loops of two trips may leave the last of
/// four PEs without work, one loop of four trips may not, as three would do.
void keepShortest(std::vector<Unrolled>& alike, const Unrolled& another, bool padded) {
    if (!alike.empty() && !padded) return;
    const auto longest = longestLoops(another);
    const auto isShorter = [&](const Unrolled& one) {
        return noneLonger(longestLoops(one), longest);
    };
    if (std::ranges::any_of(alike, isShorter)) return;
    std::erase_if(alike,
                  [&](const Unrolled& one) { return noneLonger(longest, longestLoops(one)); });
    alike.push_back(another);
}

/// Rows and columns of one level are alike in cost.
std::vector<Unrolled> oneOfAlike(const Problem& problem, const std::vector<Unrolled>& all) {
    std::map<std::vector<LoopSizes>, std::vector<Unrolled>> alike;
    for (const auto& unrolled : all) {
        keepShortest(alike[tripsByLevel(problem, unrolled)], unrolled, problem.padded);
    }
    std::vector<Unrolled> found;
    for (auto& [trips, kept] : alike) std::ranges::move(kept, std::back_inserter(found));
    return found;
}

std::vector<Unrolled> inOrder(const Problem& problem, std::vector<Unrolled> all) {
    for (auto& unrolled : all) unrolled = withInstances(problem, std::move(unrolled));
    std::stable_sort(all.begin(), all.end(),
                     [](const Unrolled& a, const Unrolled& b) { return a.pes > b.pes; });
    return all;
}

}  // namespace

bool unrollingsOf(const Problem& problem, const std::function<bool()>& goesOn,
                  std::vector<Unrolled>& unrollings) {
    std::vector<Unrolled> all = {Unrolled{}};
    for (const auto& unrolling : problem.space.unrollings) {
        auto dims = unrolling.dims;
        for (const Dim dim : kWindowDims) {  // a window must not be torn apart by middle loops
            if (unrolling.level < problem.space.middle) dims[indexOf(dim)] = false;
        }
        const auto allowed = [&](const LoopSizes& trips) {
            for (std::size_t d = 0; d < trips.size(); ++d) {
                if (trips[d] > 1 && !dims[d]) return false;
            }
            return product(trips) <= static_cast<double>(std::max<std::int64_t>(1, unrolling.most));
        };
        std::vector<Unrolled> more;
        for (const auto& outer : all) {
            const bool whole = eachVector(problem, outer.all, allowed, [&](const LoopSizes& trips) {
                Unrolled next = outer;
                next.trips.push_back(trips);
                next.all = next.all * trips;
                next.pes = product(next.all);
                more.push_back(std::move(next));
                return goesOn();
            });
            if (!whole) return false;
        }
        all = std::move(more);
    }
    unrollings = forwardsInputs(problem) ? inOrder(problem, withInnermost(std::move(all)))
                                         : inOrder(problem, oneOfAlike(problem, all));
    return true;
}

void eachInner(const Problem& problem, const Unrolled& unrolled,
               const std::function<bool(const LoopSizes&)>& visit) {
    const auto fitsLocal = [&](const LoopSizes& inner) {
        for (std::size_t l = problem.space.middle + 1; l < problem.hierarchy.levels.size(); ++l) {
            double tiles = 0;
            for (const Tensor tensor : model::kAllTensors) {
                if (problem.local[indexOf(tensor)] != static_cast<int>(l)) continue;
                tiles += static_cast<double>(words(problem, tensor, inner));
            }
            if (!fits(problem.hierarchy.levels[l], tiles)) return false;
        }
        return true;
    };
    eachVector(problem, unrolled.all, fitsLocal, visit);
}

namespace {

/// Whether the loops over a dimension span no more than they may, and none could be shorter.
bool spansWell(const Problem& problem, const Unrolled& unrolled, std::size_t d, std::int64_t span,
               std::initializer_list<std::int64_t> trips) {
    const std::int64_t size = problem.sizes[d];
    const auto needed = [&](std::int64_t each) {
        return each == 1 || span / each * (each - 1) < size;
    };
    return span <= problem.mostSpans[d] && std::all_of(trips.begin(), trips.end(), needed) &&
           std::all_of(unrolled.trips.begin(), unrolled.trips.end(),
                       [&](const LoopSizes& each) { return needed(each[d]); });
}

}  // namespace

std::optional<LoopSizes> middleTripsOf(const Problem& problem, const Unrolled& unrolled,
                                       const LoopSizes& inner, const LoopSizes& arrayTile,
                                       const LoopSizes& frontTile) {
    LoopSizes middle = kOneOfEach;
    bool divides = true;
    for (std::size_t d = 0; d < middle.size(); ++d) {
        const bool whole = frontTile[d] == problem.sizes[d];
        if (frontTile[d] % arrayTile[d] != 0 && !whole) return std::nullopt;
        middle[d] = timesToCover(frontTile[d], arrayTile[d]);
        const std::int64_t outer = timesToCover(problem.sizes[d], frontTile[d]);
        const std::int64_t span = outer * middle[d] * arrayTile[d];
        if (!spansWell(problem, unrolled, d, span, {outer, middle[d], inner[d]})) {
            return std::nullopt;
        }
        divides = divides && span == problem.sizes[d];
    }
    if (divides) return std::nullopt;
    return middle;
}

bool frontFits(const Problem& problem, const LoopSizes& tile, const Unrolled& unrolled) {
    for (std::size_t l = 1; l <= problem.space.middle; ++l) {
        const auto part = tile / unrolledBefore(problem, unrolled, static_cast<int>(l));
        double tiles = 0;
        for (const Tensor tensor : model::kAllTensors) {
            if (problem.front[indexOf(tensor)] != static_cast<int>(l)) continue;
            tiles += static_cast<double>(words(problem, tensor, part));
        }
        if (!fits(problem.hierarchy.levels[l], tiles)) return false;
    }
    return true;
}

namespace {

/// The most that unrolling can shrink the part of one instance.
Unrolled mostUnrolled(const Problem& problem) {
    Unrolled most;
    for (const auto& unrolling : problem.space.unrollings) {
        LoopSizes trips = kOneOfEach;
        for (std::size_t d = 0; d < trips.size(); ++d) {
            if (!unrolling.dims[d]) continue;
            for (const auto each : tripsOver(problem, model::kAllLoopDims[d], 1)) {
                if (each <= unrolling.most) trips[d] = each;
            }
        }
        most.trips.push_back(trips);
    }
    // Where a memory has several instances, as many as can be.
    return withInstances(problem, most);
}

/// Whether unrolling could make the tile fit.
bool mayFit(const Problem& problem, const LoopSizes& tile, const Unrolled& most) {
    LoopSizes shrunk = tile;
    for (std::size_t u = 0; u < most.trips.size(); ++u) {
        if (problem.space.unrollings[u].level >= problem.space.middle) continue;
        for (std::size_t d = 0; d < shrunk.size(); ++d) {
            if (nest::slides(model::kAllLoopDims[d])) continue;  // windows stay whole there
            shrunk[d] = std::max<std::int64_t>(1, shrunk[d] / most.trips[u][d]);
        }
    }
    const Unrolled none{.trips = std::vector(most.trips.size(), kOneOfEach)};
    return frontFits(problem, shrunk, none);
}

Front frontOf(const Problem& problem, const LoopSizes& tile, const Unrolled& most) {
    Front front{.tile = tile};
    for (const Tensor tensor : model::kAllTensors) {
        front.foreign[indexOf(tensor)] = foreignProduct(tensor, tile);
        front.own[indexOf(tensor)] = ownProduct(tensor, tile);
    }
    front.picojoule = front.cycles = std::numeric_limits<double>::infinity();
    for (const auto& order : ordersOf(problem.sizes / tile)) {
        const auto flow = outerFlow(problem, tile, order);
        front.picojoule = std::min(front.picojoule, flow.picojoule);
        front.cycles = std::min(front.cycles, cyclesOf(problem, most, 0, flow));
    }
    return front;
}

}  // namespace

bool eachFront(const Problem& problem, const std::function<bool(const Front&)>& visit) {
    const auto most = mostUnrolled(problem);
    if (problem.flat) return visit(frontOf(problem, problem.sizes, most));
    return eachVector(
        problem, kOneOfEach, [&](const LoopSizes& tile) { return mayFit(problem, tile, most); },
        [&](const LoopSizes& tile) { return visit(frontOf(problem, tile, most)); });
}

namespace {

/// Orders of these dimensions, built from the inside out.
std::vector<Order> differentOrders(const std::vector<Dim>& present, bool all) {
    std::vector<Order> orders;
    Order order;
    const auto has = [&order](Dim dim) {
        return std::find(order.begin(), order.end(), dim) != order.end();
    };
    const auto any = [&order](auto&& test) {
        return std::any_of(order.begin(), order.end(), test);
    };
    // Once every tensor's tile has moved for good, the order of what is outside is the same. (Not
    // where a loop inside may make but one trip at an edge.)
    const auto settled = [&] {
        return order.size() == present.size() ||
               (!all && any([](Dim dim) { return nest::indexes(Tensor::Weights, dim); }) &&
                any([](Dim dim) { return nest::indexes(Tensor::Outputs, dim); }) &&
                any([](Dim dim) { return replaces(Tensor::Inputs, dim); }));
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

const std::vector<Order>& ordersOf(const LoopSizes& trips, bool all) {
    thread_local std::array<std::array<std::vector<Order>, 1 << model::kLoopDims>, 2> known;
    std::vector<Dim> present;
    std::size_t mask = 0;
    for (const Dim dim : model::kAllLoopDims) {
        if (trips[indexOf(dim)] == 1) continue;
        present.push_back(dim);
        mask |= std::size_t{1} << indexOf(dim);
    }
    auto& orders = known[all ? 1 : 0][mask];
    if (orders.empty()) orders = differentOrders(present, all);
    return orders;
}

}  // namespace cohelix::mapping
