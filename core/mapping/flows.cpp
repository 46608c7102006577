// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/flows.h"

#include <algorithm>

#include "core/nest/movement.h"
#include "core/nest/window.h"

namespace cohelix::mapping {
namespace {

using nest::kSlidingAxes;

/// Words of an input tile of `extent` that stay when it slides so far.
std::int64_t keptWords(const Problem& problem, const LoopSizes& extent,
                       const nest::Distances& distances) {
    std::int64_t kept = extent[indexOf(Dim::N)] * extent[indexOf(Dim::G)] * extent[indexOf(Dim::C)];
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        const auto& axis = kSlidingAxes[a];
        const auto pace = nest::paceOf(problem.shape, axis);
        kept *= nest::commonPositions(pace, extent[indexOf(axis.dim)], extent[indexOf(axis.kernel)],
                                      positions(pace, distances[a]));
    }
    return kept;
}

/// How far a step along one dimension alone slides.
nest::Distances along(Dim dim, std::int64_t distance) {
    nest::Distances distances = {};
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        if (kSlidingAxes[a].dim == dim) distances[a][0] = distance;
        if (kSlidingAxes[a].kernel == dim) distances[a][1] = distance;
    }
    return distances;
}

const nest::Axis& axisOf(Dim dim) { return kSlidingAxes[dim == Dim::P || dim == Dim::R ? 0 : 1]; }

/// The most words of an input tile of `extent` that stay when one dimension alone slides by some
/// multiple of `step`.
std::int64_t mostKept(const Problem& problem, const LoopSizes& extent, Dim dim, std::int64_t step) {
    const auto& axis = axisOf(dim);
    const auto& pace = nest::paceOf(problem.shape, axis);
    const auto outputs = extent[indexOf(axis.dim)];
    const auto kernels = extent[indexOf(axis.kernel)];
    const std::int64_t far = step * (dim == axis.dim ? pace.stride : pace.dilation);
    std::int64_t most = 0;
    for (std::int64_t times = 1; times * step < problem.sizes[indexOf(dim)]; ++times) {
        if (times * far >= nest::reachOf(pace, outputs, kernels)) break;
        most = std::max(most, keptWords(problem, extent, along(dim, times * step)));
        // Where a window has gaps, a longer way may meet more of it.
        if (nest::gapless(pace, outputs, kernels)) break;
    }
    return most;
}

/// The fewest new words of an input tile of `extent` in any step outside it.
double leastFresh(const Problem& problem, const LoopSizes& extent, const LoopSizes& tile) {
    const std::int64_t whole = words(problem, Tensor::Inputs, extent);
    std::int64_t kept = 0;
    for (const Dim dim : kWindowDims) {
        kept = std::max(kept, mostKept(problem, extent, dim, tile[indexOf(dim)]));
    }
    // Where both dimensions of a window move, one forth and the other back, a step may bring
    // nothing new; at least every other step moves one alone.
    const auto moves = [&](Dim dim) { return tile[indexOf(dim)] < problem.sizes[indexOf(dim)]; };
    const bool diagonal = (moves(Dim::P) && moves(Dim::R)) || (moves(Dim::Q) && moves(Dim::S));
    return static_cast<double>(whole - kept) / (diagonal ? 2 : 1);
}

/// The loops of one block in an order, as turns over a tile.
void addTurns(std::vector<nest::Turn>& turns, const LoopSizes& trips, const LoopSizes& tile,
              std::span<const Dim> order) {
    for (const Dim dim : order) turns.push_back({dim, trips[indexOf(dim)], tile[indexOf(dim)]});
}

std::int64_t roundsOf(const std::vector<nest::Turn>& turns) {
    std::int64_t rounds = 1;
    for (const auto& turn : turns) rounds *= turn.trips;
    return rounds;
}

/// Words of inputs that come into one memory holding `tile` under these turns, innermost first.
double inputFetches(const Problem& problem, const LoopSizes& tile,
                    const std::vector<nest::Turn>& turns) {
    const std::int64_t whole = words(problem, Tensor::Inputs, tile);
    std::int64_t fetched = whole;
    nest::eachStep(turns, roundsOf(turns),
                   [&](std::int64_t count, const nest::Distances& distances, bool replaced) {
                       fetched +=
                           count * (whole - (replaced ? 0 : keptWords(problem, tile, distances)));
                   });
    return static_cast<double>(fetched);
}

/// What every step of the multipliers takes from or brings to a memory.
void feed(const Problem& problem, Tensor tensor, int level, double moved, double first,
          Flow& flow) {
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
        shared *=
            static_cast<double>(std::min(lanes[indexOf(axis.dim)], lanes[indexOf(axis.kernel)]));
    }
    return shared;
}

LoopSizes fewer(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] = std::min(c[d], b[d]);
    return c;
}

/// Partial sums between a memory and the one that serves it. The first visits, which nobody reads,
/// come off once.
struct PartialSums {
    double arrivals;     ///< in all instances
    double sent;         ///< where one transfer serves all that want a word
    double first;        ///< visits, of the arrivals
    double sharedFirst;  ///< and of what is sent
};
/// What of them moves in each step, and what is added once.
void moveOutputs(const Problem& problem, int local, int server, const PartialSums& sums,
                 Flow& moved, Flow& once) {
    const auto& into = problem.level(local);
    const auto& from = problem.level(server);
    if (problem.convention.drainsCount) moved.read(local, sums.arrivals, into.readPicojoule);
    const double received = from.reduces ? sums.sent : sums.arrivals;
    moved.write(server, received, from.updatePicojoule);
    moved.read(server, received, from.readPicojoule);
    once.read(server, -sums.sharedFirst, from.readPicojoule);
    if (!from.reduces) return;
    moved.write(local, sums.arrivals, into.fillPicojoule);
    once.write(local, -sums.first, into.fillPicojoule);
}

}  // namespace

Array arrayOf(const Problem& problem, const Unrolled& unrolled, const LoopSizes& inner) {
    Array array;
    array.tile = inner * unrolled.all;
    array.computeCycles = product(problem.sizes / unrolled.all);
    array.fixed.picojoule = problem.macs * problem.hierarchy.macPicojoule;
    for (const Tensor tensor : model::kAllTensors) {
        const std::size_t t = indexOf(tensor);
        const int local = problem.local[t];
        const int server = problem.server(tensor);
        const auto& from = problem.level(server);
        const bool outputs = tensor == Tensor::Outputs;
        const bool inputs = tensor == Tensor::Inputs;
        const auto before = unrolledBefore(problem, unrolled, server);
        const double parents = foreignProduct(tensor, before);
        const auto all = static_cast<double>(words(problem, tensor, problem.sizes));
        array.foreign[t] = foreignProduct(tensor, array.tile);
        array.own[t] = ownProduct(tensor, array.tile);
        array.rounds[t] = foreignProduct(tensor, problem.sizes / array.tile);
        if (local < 0) {
            const bool merges = outputs ? from.reduces : from.multicast;
            const double shared = merges ? sharing(tensor, unrolled.all / before) : 1;
            feed(problem, tensor, server, (inputs ? problem.inputReads : problem.macs) / shared,
                 all * parents, array.fixed);
            continue;
        }
        const auto parts = problem.sizes / inner;  // one of each for a PE and a round
        const double first = all * foreignProduct(tensor, fewer(unrolled.all, parts));
        feed(problem, tensor, local, inputs ? problem.inputReads : problem.macs, first,
             array.fixed);
        double arrivals = all * foreignProduct(tensor, parts);
        double sent = all * foreignProduct(tensor, problem.sizes / (array.tile / before));
        if (inputs && problem.wholeWindows) {
            const double own = leastFresh(problem, inner, array.tile);
            const auto apart = [&](Dim dim) {
                return static_cast<double>(unrolled.all[indexOf(dim)]);
            };
            double shared = own * apart(Dim::N) * apart(Dim::G) * apart(Dim::C);
            // Nothing that some PE held a step ago need come from the server.
            if (problem.level(local).forwards) {
                shared = leastFresh(problem, array.tile, array.tile);
            }
            const double rounds = problem.macs / product(array.tile);
            arrivals = own * product(unrolled.all) * rounds;
            sent = shared * parents * rounds;
        }
        array.moves[t] = true;
        if (outputs) {
            moveOutputs(problem, local, server, {arrivals, sent, first, all * parents},
                        array.moved[t], array.fixed);
        } else {
            array.moved[t].write(local, arrivals, problem.level(local).fillPicojoule);
            const bool apiece = !from.multicast && !(inputs && problem.level(local).forwards);
            array.moved[t].read(server, apiece ? arrivals : sent, from.readPicojoule);
        }
    }
    return array;
}

double cyclesOf(const Problem& problem, const Unrolled& unrolled, double compute,
                const Flow& flow) {
    const bool sum = problem.hierarchy.overlap == nest::Overlap::None;
    double cycles = compute;
    for (std::size_t l = 0; l < flow.levels; ++l) {
        const auto& memory = problem.hierarchy.levels[l];
        const auto per = [](double words, double perCycle) {
            return perCycle > 0 ? words / perCycle : 0;
        };
        const double reads = flow.reads[l] / unrolled.instances[l];
        const double writes = flow.writes[l] / unrolled.instances[l];
        const double in = memory.sharedBandwidth ? 0 : per(writes, memory.writeWordsPerCycle);
        const double out =
            per(memory.sharedBandwidth ? reads + writes : reads, memory.readWordsPerCycle);
        cycles = sum ? cycles + in + out : std::max({cycles, in, out});
    }
    return cycles;
}

namespace {

/// Inputs that come to a front memory, counted with their edges: a mapping of two levels.
double exactInputs(const Problem& problem, const LoopSizes& tile, const LoopSizes& trips,
                   const Order& order) {
    nest::Nest nest = problem.shape;
    nest.loops.clear();
    nest.begin = {0, order.size()};
    for (auto dim = order.rbegin(); dim != order.rend(); ++dim) {
        nest.loops.push_back(
            {*dim, model::LoopKind::Temporal, trips[indexOf(*dim)], tile[indexOf(*dim)]});
    }
    for (const Dim dim : model::kAllLoopDims) {
        const auto size = tile[indexOf(dim)];
        nest.spans[indexOf(dim)] = size * trips[indexOf(dim)];
        if (size > 1) nest.loops.push_back({dim, model::LoopKind::Temporal, size, 1});
    }
    nest.begin.push_back(nest.loops.size());
    return static_cast<double>(nest::exactMovement(nest, Tensor::Inputs, 0, 1, false).arrivals);
}

/// Whether a dimension may be unrolled outside a level.
bool mayUnrollOutside(const Problem& problem, int level, Dim dim) {
    return std::any_of(problem.space.unrollings.begin(), problem.space.unrollings.end(),
                       [&](const Unrolling& each) {
                           return static_cast<int>(each.level) < level && each.dims[indexOf(dim)];
                       });
}

/// Several instances may be idle at an edge and then remember more than the last step.
bool oneInstance(const Problem& problem, int level) {
    return std::none_of(model::kAllLoopDims.begin(), model::kAllLoopDims.end(),
                        [&](Dim dim) { return mayUnrollOutside(problem, level, dim); });
}

/// The share of a dimension in tiles of `part` that lies in instances which work on two tiles.
double shareOfTwo(std::int64_t size, std::int64_t part, bool unrolled) {
    if (!unrolled || size / part >= 2 || size <= part) return 1;
    return 2 * static_cast<double>(size - part) / static_cast<double>(size);
}

/// Words under the last, partly filled round of a middle loop that certainly see two of its steps.
std::int64_t movingAtEdge(std::int64_t last, std::int64_t unit, bool unrolled) {
    const std::int64_t steps = unrolled ? last / unit : (last + unit - 1) / unit;
    if (steps >= 2) return last;
    return last > unit ? 2 * (last - unit) : 0;
}

}  // namespace

double reusedBy(double steps, double most, double share) {
    return share < 1 ? 1 / (share / steps + (1 - share) / most) : steps;
}

Edges edgesOf(const Problem& problem, const Unrolled& unrolled, const LoopSizes& arrayTile,
              const LoopSizes& frontTile) {
    Edges edges;
    edges.middle.fill(1);
    edges.outer.fill(1);
    if (!problem.padded) return edges;
    const auto outside = unrolledBefore(problem, unrolled, static_cast<int>(problem.space.middle));
    for (std::size_t d = 0; d < problem.sizes.size(); ++d) {
        const std::int64_t size = problem.sizes[d];
        const std::int64_t middle = (frontTile[d] + arrayTile[d] - 1) / arrayTile[d];
        if (middle > 1) {
            const std::int64_t unit = arrayTile[d] / outside[d];
            const std::int64_t last = size % (middle * unit);
            const auto moving =
                size - last + movingAtEdge(last, unit, unrolled.all[d] > outside[d]);
            edges.middle[d] = static_cast<double>(moving) / static_cast<double>(size);
        }
        edges.outer[d] = shareOfTwo(size, frontTile[d], unrolled.all[d] > 1);
        edges.anyInMiddle = edges.anyInMiddle || edges.middle[d] < 1;
        edges.anyOutside = edges.anyOutside || edges.outer[d] < 1;
    }
    return edges;
}

Flow outerFlow(const Problem& problem, const LoopSizes& tile, const Order& order, bool close) {
    const LoopSizes trips = problem.sizes / tile;
    std::vector<nest::Turn> turns;
    addTurns(turns, trips, tile, order);
    Flow flow;
    for (const Tensor tensor : model::kAllTensors) {
        const int front = problem.front[indexOf(tensor)];
        if (front < 0) continue;
        double moved = 0;
        const auto all = static_cast<double>(words(problem, tensor, problem.sizes));
        if (tensor == Tensor::Inputs && problem.wholeWindows) {
            moved = inputFetches(problem, tile, turns);
        } else if (tensor == Tensor::Inputs && problem.padded && close &&
                   oneInstance(problem, front)) {
            moved = exactInputs(problem, tile, trips, order);
        } else {
            const double rounds = foreignProduct(tensor, trips);
            const auto [steps, by] = reuse(tensor, order, trips);
            const double share = by ? shareOfTwo(problem.sizes[indexOf(*by)], tile[indexOf(*by)],
                                                 mayUnrollOutside(problem, front, *by))
                                    : 1;
            moved = all * rounds / reusedBy(steps, rounds, share);
        }
        if (tensor == Tensor::Outputs) {
            moveOutputs(problem, front, 0, {moved, moved, all, all}, flow, flow);
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
    const int local = problem.local[indexOf(inputs)];
    if (local < 0) return;
    const auto& from = problem.level(problem.server(inputs));
    m_lanes = product(unrolled.all);
    m_parents = foreignProduct(inputs, unrolledBefore(problem, unrolled, problem.server(inputs)));
    m_local = local;
    m_server = problem.server(inputs);
    m_multicast = from.multicast;
    m_channels = static_cast<double>(m_tile[indexOf(Dim::N)] * m_tile[indexOf(Dim::G)] *
                                     m_tile[indexOf(Dim::C)]);
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        const auto& axis = kSlidingAxes[a];
        auto& window = m_windows[a];
        window.pace = nest::paceOf(problem.shape, axis);
        const auto outputs = inner[indexOf(axis.dim)];
        const auto kernels = inner[indexOf(axis.kernel)];
        window.length = nest::reachOf(window.pace, outputs, kernels);
        m_gapless = m_gapless && nest::gapless(window.pace, outputs, kernels);
        for (std::int64_t p = 0; p < unrolled.all[indexOf(axis.dim)]; ++p) {
            for (std::int64_t r = 0; r < unrolled.all[indexOf(axis.kernel)]; ++r) {
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
    std::vector<nest::Turn> turns;
    addTurns(turns, middleTrips, m_tile, middle);
    addTurns(turns, outerTrips, frontTile, outer);
    const double arrivals = m_lanes * inputFetches(m_problem, m_inner, turns);
    double sent = arrivals;
    if (m_problem.level(m_local).forwards) {
        // At least what no PE held a step ago.
        sent = inputFetches(m_problem, m_tile, turns) * m_parents;
    } else if (m_multicast && m_gapless) {
        const auto cover = [&](std::size_t axis, std::int64_t reach) {
            return nest::covered(m_windows[axis].offsets, std::min(reach, m_windows[axis].length));
        };
        const std::array<std::int64_t, 2> spread = {cover(0, m_windows[0].length),
                                                    cover(1, m_windows[1].length)};
        const std::int64_t all = spread[0] * spread[1];
        std::int64_t moved = all;
        nest::eachStep(turns, roundsOf(turns),
                       [&](std::int64_t count, const nest::Distances& distances, bool replaced) {
                           std::int64_t kept = replaced ? 0 : 1;
                           for (std::size_t a = 0; a < kSlidingAxes.size() && !replaced; ++a) {
                               // What is new lies at one end of every PE's window.
                               const auto far = positions(m_windows[a].pace, distances[a]);
                               kept *= spread[a] - cover(a, far);
                           }
                           moved += count * (all - kept);
                       });
        sent = static_cast<double>(moved);
        sent *= m_channels * m_parents;
    } else if (m_multicast) {
        const auto apart = [&](Dim dim) {
            const std::int64_t parts = m_tile[indexOf(dim)] / m_inner[indexOf(dim)];
            return static_cast<double>(parts);
        };
        sent = arrivals / m_lanes * apart(Dim::N) * apart(Dim::G) * apart(Dim::C) * m_parents;
    }
    flow.write(m_local, arrivals, m_problem.level(m_local).fillPicojoule);
    flow.read(m_server, sent, m_problem.level(m_server).readPicojoule);
    return flow;
}

}  // namespace cohelix::mapping
