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
using cost::kSlidingAxes;
using cost::slides;

constexpr std::array kWindowDims = {Dim::P, Dim::Q, Dim::R, Dim::S};

base::Error refusal(const Problem& problem, std::string what, std::string advice) {
    return {problem.hierarchy.name.empty() ? problem.layer.name : problem.hierarchy.name,
            std::move(what), std::move(advice)};
}

std::int64_t words(const Problem& problem, Tensor tensor, const LoopSizes& tile) {
    return cost::elementWords(problem.shape, tensor, tile);
}

/// Product of the unrollings outside a level.
LoopSizes unrolledBefore(const Problem& problem, const Unrolled& unrolled, int level) {
    LoopSizes all = kOnes;
    for (std::size_t u = 0; u < unrolled.trips.size(); ++u) {
        if (static_cast<int>(problem.space.unrollings[u].level) < level) {
            all = all * unrolled.trips[u];
        }
    }
    return all;
}

/// Counts the instances of each level.
Unrolled withInstances(const Problem& problem, Unrolled unrolled) {
    for (std::size_t l = 0; l < problem.hierarchy.levels.size(); ++l) {
        unrolled.instances[l] = product(unrolledBefore(problem, unrolled, static_cast<int>(l)));
    }
    return unrolled;
}

/// Words of an input tile of `extent` that stay when it slides so far.
std::int64_t keptWords(const Problem& problem, const LoopSizes& extent,
                       const cost::Distances& distances) {
    std::int64_t kept = extent[at(Dim::N)] * extent[at(Dim::G)] * extent[at(Dim::C)];
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        const auto& axis = kSlidingAxes[a];
        const auto pace = cost::paceOf(problem.shape, axis);
        kept *= cost::commonPositions(pace, extent[at(axis.dim)], extent[at(axis.kernel)],
                                      cost::positions(pace, distances[a]));
    }
    return kept;
}

/// How far a step along one dimension alone slides.
cost::Distances along(Dim dim, std::int64_t distance) {
    cost::Distances distances = {};
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        if (kSlidingAxes[a].dim == dim) distances[a][0] = distance;
        if (kSlidingAxes[a].kernel == dim) distances[a][1] = distance;
    }
    return distances;
}

/// The fewest new words of an input tile of `extent` in any step outside it.
double leastFresh(const Problem& problem, const LoopSizes& extent, const LoopSizes& tile) {
    const std::int64_t whole = words(problem, Tensor::Inputs, extent);
    std::int64_t least = whole;
    for (const Dim dim : kWindowDims) {
        for (std::int64_t step = tile[at(dim)]; step < problem.sizes[at(dim)]; step += tile[at(dim)]) {
            least = std::min(least, whole - keptWords(problem, extent, along(dim, step)));
            if (step >= 8 * tile[at(dim)]) break;  // steps further than the window are all new
        }
    }
    // Where both dimensions of a window move, one forth and the other back, a step may bring nothing
    // new; at least every other step moves one alone.
    const auto moves = [&](Dim dim) { return tile[at(dim)] < problem.sizes[at(dim)]; };
    const bool diagonal = (moves(Dim::P) && moves(Dim::R)) || (moves(Dim::Q) && moves(Dim::S));
    return static_cast<double>(least) / (diagonal ? 2 : 1);
}

/// The loops of one block in an order, as turns over a tile.
void addTurns(std::vector<cost::Turn>& turns, const LoopSizes& trips, const LoopSizes& tile,
              std::span<const Dim> order) {
    for (const Dim dim : order) turns.push_back({dim, trips[at(dim)], tile[at(dim)]});
}

std::int64_t roundsOf(const std::vector<cost::Turn>& turns) {
    std::int64_t rounds = 1;
    for (const auto& turn : turns) rounds *= turn.trips;
    return rounds;
}

/// Words of inputs that come into one memory holding `tile` under these turns, innermost first.
double inputFetches(const Problem& problem, const LoopSizes& tile,
                    const std::vector<cost::Turn>& turns) {
    const std::int64_t whole = words(problem, Tensor::Inputs, tile);
    std::int64_t fetched = whole;
    cost::eachStep(turns, roundsOf(turns),
                   [&](std::int64_t count, const cost::Distances& distances, bool replaced) {
                       fetched += count *
                                  (whole - (replaced ? 0 : keptWords(problem, tile, distances)));
                   });
    return static_cast<double>(fetched);
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

base::Result<Problem> problemOf(const model::Layer& layer, const cost::Hierarchy& hierarchy,
                                const MapSpace& space, const cost::Convention& convention) {
    Problem problem{layer, hierarchy, space, convention, kOnes, {}, {-1, -1, -1}, {-1, -1, -1}, 0};
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
                               "Let one of them pass it by");
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
            LoopSizes vector = kOnes;
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
        std::vector<LoopSizes> key(problem.hierarchy.levels.size(), kOnes);
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
    LoopSizes inner = kOnes;
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

namespace {

/// What every step of the multipliers takes from or brings to a memory.
void feed(const Problem& problem, Tensor tensor, int level, double moved, double first, Flow& flow) {
    const auto& memory = problem.level(level);
    if (tensor == Tensor::Outputs) {
        flow.write(level, moved, memory.updatePicojoule);
        flow.read(level, moved - first, memory.readPicojoule);
    } else {
        flow.read(level, moved, memory.readPicojoule);
    }
}

/// How many PEs share a word of the tensor in one step, at most.
double sharing(Tensor tensor, const LoopSizes& lanes) {
    double shared = foreignProduct(tensor, lanes);
    if (tensor != Tensor::Inputs) return shared;
    for (const auto& axis : kSlidingAxes) {
        shared *= static_cast<double>(std::min(lanes[at(axis.dim)], lanes[at(axis.kernel)]));
    }
    return shared;
}

/// Partial sums between the PEs and their server: what moves in each step, and the first visits
/// that nobody reads, which come off once.
void moveOutputs(const Problem& problem, int local, int server, double arrivals, double sent,
                 double first, double sharedFirst, Flow& moved, Flow& once) {
    const auto& into = problem.level(local);
    const auto& from = problem.level(server);
    if (problem.convention.drainsCount) moved.read(local, arrivals, into.readPicojoule);
    const double received = from.reduces ? sent : arrivals;
    moved.write(server, received, from.updatePicojoule);
    moved.read(server, received, from.readPicojoule);
    once.read(server, -sharedFirst, from.readPicojoule);
    if (!from.reduces) return;
    moved.write(local, arrivals, into.fillPicojoule);
    once.write(local, -first, into.fillPicojoule);
}

}  // namespace

Array arrayOf(const Problem& problem, const Unrolled& unrolled, const LoopSizes& inner) {
    Array array;
    array.tile = inner * unrolled.all;
    array.computeCycles = problem.macs / unrolled.pes;
    array.fixed.picojoule = problem.macs * problem.hierarchy.macPicojoule;
    const double rounds = problem.macs / product(array.tile);
    for (const Tensor tensor : model::kAllTensors) {
        const std::size_t t = at(tensor);
        const int local = problem.local[t];
        const int server = problem.server(tensor);
        const auto& from = problem.level(server);
        const bool outputs = tensor == Tensor::Outputs;
        const auto before = unrolledBefore(problem, unrolled, server);
        const double parents = foreignProduct(tensor, before);
        const auto all = static_cast<double>(words(problem, tensor, problem.sizes));
        array.foreign[t] = foreignProduct(tensor, array.tile);
        array.own[t] = ownProduct(tensor, array.tile);
        if (local < 0) {
            const bool merges = outputs ? from.reduces : from.multicast;
            const double shared = merges ? sharing(tensor, unrolled.all / before) : 1;
            feed(problem, tensor, server, problem.macs / shared, all * parents, array.fixed);
            continue;
        }
        const double first = all * foreignProduct(tensor, unrolled.all);
        feed(problem, tensor, local, problem.macs, first, array.fixed);
        double own = static_cast<double>(words(problem, tensor, inner));
        double shared = static_cast<double>(words(problem, tensor, array.tile));
        if (tensor == Tensor::Inputs) {
            own = leastFresh(problem, inner, array.tile);
            const auto apart = [&](Dim dim) { return static_cast<double>(unrolled.all[at(dim)]); };
            shared = own * apart(Dim::N) * apart(Dim::G) * apart(Dim::C);
        }
        const double arrivals = own * product(unrolled.all) * rounds;
        const double sent = shared * parents * rounds;
        array.moves[t] = true;
        if (outputs) {
            moveOutputs(problem, local, server, arrivals, sent, first, all * parents,
                        array.moved[t], array.fixed);
        } else {
            array.moved[t].write(local, arrivals, problem.level(local).fillPicojoule);
            array.moved[t].read(server, from.multicast ? sent : arrivals, from.readPicojoule);
        }
    }
    return array;
}

double cyclesOf(const Problem& problem, const Unrolled& unrolled, double compute, const Flow& flow) {
    const bool sum = problem.hierarchy.overlap == cost::Overlap::None;
    double cycles = compute;
    for (std::size_t l = 0; l < problem.hierarchy.levels.size(); ++l) {
        const auto& memory = problem.hierarchy.levels[l];
        const auto per = [](double words, double perCycle) {
            return perCycle > 0 ? words / perCycle : 0;
        };
        const double reads = flow.reads[l] / unrolled.instances[l];
        const double writes = flow.writes[l] / unrolled.instances[l];
        const double in = memory.sharedBandwidth ? 0 : per(writes, memory.writeWordsPerCycle);
        const double out = per(memory.sharedBandwidth ? reads + writes : reads,
                               memory.readWordsPerCycle);
        cycles = sum ? cycles + in + out : std::max({cycles, in, out});
    }
    return cycles;
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

Flow outerFlow(const Problem& problem, const LoopSizes& tile, const Order& order) {
    const LoopSizes trips = problem.sizes / tile;
    const double rounds = product(trips);
    std::vector<cost::Turn> turns;
    addTurns(turns, trips, tile, order);
    Flow flow;
    for (const Tensor tensor : model::kAllTensors) {
        const int front = problem.front[at(tensor)];
        if (front < 0) continue;
        bool ended = false;
        const double moved = tensor == Tensor::Inputs
                                 ? inputFetches(problem, tile, turns)
                                 : static_cast<double>(words(problem, tensor, tile)) * rounds /
                                       reuse(tensor, order, trips, ended);
        if (tensor == Tensor::Outputs) {
            const auto all = static_cast<double>(words(problem, tensor, problem.sizes));
            moveOutputs(problem, front, 0, moved, moved, all, all, flow, flow);
        } else {
            flow.write(front, moved, problem.level(front).fillPicojoule);
            flow.read(0, moved, problem.level(0).readPicojoule);
        }
    }
    return flow;
}

LocalInputs::LocalInputs(const Problem& problem, const Unrolled& unrolled, const LoopSizes& inner)
    : m_problem(problem), m_inner(inner), m_tile(inner * unrolled.all) {
    const Tensor inputs = Tensor::Inputs;
    const int local = problem.local[at(inputs)];
    if (local < 0) return;
    const auto& from = problem.level(problem.server(inputs));
    m_lanes = product(unrolled.all);
    m_parents = foreignProduct(inputs, unrolledBefore(problem, unrolled, problem.server(inputs)));
    m_local = local;
    m_server = problem.server(inputs);
    m_multicast = from.multicast;
    m_channels = static_cast<double>(m_tile[at(Dim::N)] * m_tile[at(Dim::G)] * m_tile[at(Dim::C)]);
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        const auto& axis = kSlidingAxes[a];
        auto& window = m_windows[a];
        window.pace = cost::paceOf(problem.shape, axis);
        const auto outputs = inner[at(axis.dim)];
        const auto kernels = inner[at(axis.kernel)];
        window.length = cost::reachOf(window.pace, outputs, kernels);
        m_gapless = m_gapless && cost::gapless(window.pace, outputs, kernels);
        for (std::int64_t p = 0; p < unrolled.all[at(axis.dim)]; ++p) {
            for (std::int64_t r = 0; r < unrolled.all[at(axis.kernel)]; ++r) {
                window.offsets.push_back(p * outputs * window.pace.stride +
                                         r * kernels * window.pace.dilation);
            }
        }
        std::sort(window.offsets.begin(), window.offsets.end());
    }
}

Flow LocalInputs::flow(const LoopSizes& middleTrips, std::span<const Dim> middle,
                       const LoopSizes& frontTile, const LoopSizes& outerTrips,
                       std::span<const Dim> outer) const {
    Flow flow;
    if (m_local < 0) return flow;
    std::vector<cost::Turn> turns;
    addTurns(turns, middleTrips, m_tile, middle);
    addTurns(turns, outerTrips, frontTile, outer);
    const double arrivals = m_lanes * inputFetches(m_problem, m_inner, turns);
    double sent = arrivals;
    if (m_multicast && m_gapless) {
        const auto cover = [&](std::size_t axis, std::int64_t reach) {
            return cost::covered(m_windows[axis].offsets, std::min(reach, m_windows[axis].length));
        };
        const std::array<std::int64_t, 2> spread = {cover(0, m_windows[0].length),
                                                    cover(1, m_windows[1].length)};
        const std::int64_t all = spread[0] * spread[1];
        std::int64_t moved = all;
        cost::eachStep(turns, roundsOf(turns),
                       [&](std::int64_t count, const cost::Distances& distances, bool replaced) {
                           std::int64_t kept = replaced ? 0 : 1;
                           for (std::size_t a = 0; a < kSlidingAxes.size() && !replaced; ++a) {
                               // What is new lies at one end of every PE's window.
                               const auto far = cost::positions(m_windows[a].pace, distances[a]);
                               kept *= spread[a] - cover(a, far);
                           }
                           moved += count * (all - kept);
                       });
        sent = static_cast<double>(moved);
        sent *= m_channels * m_parents;
    } else if (m_multicast) {
        const auto apart = [&](Dim dim) {
            return static_cast<double>(m_tile[at(dim)] / m_inner[at(dim)]);
        };
        sent = arrivals / m_lanes * apart(Dim::N) * apart(Dim::G) * apart(Dim::C) * m_parents;
    }
    flow.write(m_local, arrivals, m_problem.level(m_local).fillPicojoule);
    flow.read(m_server, sent, m_problem.level(m_server).readPicojoule);
    return flow;
}

std::vector<Front> frontsOf(const Problem& problem) {
    // The most that unrolling can shrink the part of one instance.
    Unrolled most;
    for (const auto& unrolling : problem.space.unrollings) {
        LoopSizes trips = kOnes;
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
    LoopSizes tile = kOnes;
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
        none.trips.assign(most.trips.size(), kOnes);
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
        fronts.push_back(front);
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

double reuse(Tensor tensor, std::span<const Dim> order, const LoopSizes& trips, bool& ended) {
    double steps = 1;
    for (const Dim dim : order) {
        if (cost::indexes(tensor, dim)) {
            ended = true;
            return steps;
        }
        steps *= static_cast<double>(trips[at(dim)]);
    }
    return steps;
}

}  // namespace cohelix::mapping
