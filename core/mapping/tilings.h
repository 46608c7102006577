// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The tilings of a map space and the bounds of their cost. Private to the room.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/mapping/mapper.h"
#include "core/nest/hierarchy.h"
#include "core/nest/nest.h"
#include "core/nest/window.h"

namespace cohelix::mapping {

using model::Dim;
using model::Tensor;
using nest::kOneOfEach;
using nest::LoopSizes;

LoopSizes operator*(const LoopSizes& a, const LoopSizes& b);
/// How many of b cover a, along each dimension.
LoopSizes operator/(const LoopSizes& a, const LoopSizes& b);
double product(const LoopSizes& sizes);
/// Over the dimensions that the tensor does not have: loops over them reuse its tile.
double foreignProduct(Tensor tensor, const LoopSizes& sizes);
/// Over those that it has.
double ownProduct(Tensor tensor, const LoopSizes& sizes);

/// What is asked, with the facts that all tilings share.
struct Problem {
    const model::Layer& layer;
    const nest::Hierarchy& hierarchy;
    const MapSpace& space;
    const nest::Convention& convention;
    LoopSizes sizes = kOneOfEach;
    nest::Nest shape = {};  ///< of sizes and strides; without loops
    /// By tensor: the memory in front of the PE array, and in the PE, that keeps it; -1: none.
    std::array<int, model::kTensors> front = {-1, -1, -1};
    std::array<int, model::kTensors> local = {-1, -1, -1};
    double macs = 0;
    double inputReads = 0;  ///< of these, those whose input is a word and no zero around them
    /// The most that loops may span: the sizes, unless trips need not divide.
    LoopSizes mostSpans = kOneOfEach;
    bool padded = false;
    bool flat = false;  ///< no memory but the outermost keeps anything
    /// Whether all windows are whole, so that closed counts hold: trips divide and the layer has no
    /// border. Else every word of the inputs comes at least once where nothing can keep it.
    bool wholeWindows = true;
    /// Whether work may wait for tiles that are not all alike: waits are means over the steps of a
    /// loop, so that every order may make others.
    bool ordersWait = false;

    const nest::MemoryLevel& level(int index) const {
        return hierarchy.levels[static_cast<std::size_t>(index)];
    }
    /// The memory that serves the PEs: in front of them, or the outermost.
    int server(Tensor tensor) const {
        const int memory = front[indexOf(tensor)];
        return memory < 0 ? 0 : memory;
    }
};

/// `padding` as in MapperOptions.
base::Result<Problem> problemOf(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                const MapSpace& space, const nest::Convention& convention,
                                double padding);

/// What trips a loop over a dimension may make where the others span at least `covered`, ascending.
/// Remembered by the calling thread.
const std::vector<std::int64_t>& tripsOver(const Problem& problem, Dim dim, std::int64_t covered);

inline constexpr std::size_t kMostLevels = 16;

/// Words and energy that something moves: all instances of each level, whole execution.
struct Flow {
    double picojoule = 0;
    std::size_t levels = 0;  ///< those from here on move nothing
    std::array<double, kMostLevels> reads = {};
    std::array<double, kMostLevels> writes = {};

    void read(int level, double words, double picojouleEach) {
        levels = std::max(levels, static_cast<std::size_t>(level) + 1);
        reads[static_cast<std::size_t>(level)] += words;
        picojoule += words * picojouleEach;
    }
    void write(int level, double words, double picojouleEach) {
        levels = std::max(levels, static_cast<std::size_t>(level) + 1);
        writes[static_cast<std::size_t>(level)] += words;
        picojoule += words * picojouleEach;
    }
    /// The part of another that is left where it is reused so often.
    void add(const Flow& other, double reused = 1) {
        const double share = 1 / reused;
        picojoule += other.picojoule * share;
        levels = std::max(levels, other.levels);
        for (std::size_t l = 0; l < other.levels; ++l) {
            reads[l] += other.reads[l] * share;
            writes[l] += other.writes[l] * share;
        }
    }
};

inline constexpr std::array kWindowDims = {Dim::P, Dim::Q, Dim::R, Dim::S};
std::int64_t words(const Problem& problem, Tensor tensor, const LoopSizes& tile);

/// One choice of all unrollings.
struct Unrolled {
    std::vector<LoopSizes> trips = {};  ///< of each unrolling of the space
    /// Which of an unrolling's loops is its innermost (-1: none is unrolled), where that matters as
    /// neighbours lie along it.
    std::vector<int> innermost = {};
    LoopSizes all = kOneOfEach;  ///< their product
    double pes = 1;
    std::array<double, kMostLevels> instances = {};  ///< of each level
};
/// Product of the unrollings outside a level.
LoopSizes unrolledBefore(const Problem& problem, const Unrolled& unrolled, int level);
/// All of them, the most PEs first; where PEs do not forward, one of those that differ only in what
/// lies on rows and what on columns. False, and some of them missing, where `goesOn` says no.
bool unrollingsOf(const Problem& problem, const std::function<bool()>& goesOn,
                  std::vector<Unrolled>& unrollings);

/// What the PE array works on between two steps of the middle loops: inner loops and unrollings.
struct Array {
    LoopSizes tile = kOneOfEach;
    double computeCycles = 0;
    Flow fixed;  ///< multipliers, and what the loops outside do not change
    /// By tensor: between array and serving memory if every step moved the whole tile (the least
    /// new words of it, in a window that slides); loops that reuse it divide this.
    std::array<Flow, model::kTensors> moved = {};
    std::array<bool, model::kTensors> moves = {};
    std::array<double, model::kTensors> rounds = {};   ///< foreignProduct of the loops outside
    std::array<double, model::kTensors> foreign = {};  ///< foreignProduct of the tile
    std::array<double, model::kTensors> own = {};
};
Array arrayOf(const Problem& problem, const Unrolled& unrolled, const LoopSizes& inner);

/// Calls visit for all trips of inner loops that leave room for the unrolled ones and fit the
/// memories of a PE, until it returns false.
void eachInner(const Problem& problem, const Unrolled& unrolled,
               const std::function<bool(const LoopSizes&)>& visit);

/// A tile of the memories in front of the array, and the outer loops over it.
struct Front {
    LoopSizes tile = kOneOfEach;
    double picojoule = 0;  ///< between outermost and front memories, at least
    double cycles = 0;     ///< that this takes, at least
    std::array<double, model::kTensors> foreign = {};
    std::array<double, model::kTensors> own = {};
};
/// Calls visit for those that fit where unrolling makes them as small as can be, until it returns
/// false; whether it never did.
bool eachFront(const Problem& problem, const std::function<bool(const Front&)>& visit);
/// Whether the front memories hold their parts of the tile under these unrollings.
bool frontFits(const Problem& problem, const LoopSizes& tile, const Unrolled& unrolled);

/// An order of the loops of one block, innermost first; of dimensions with more than one trip.
using Order = std::vector<Dim>;
/// Where trips do not divide, a loop may make but one of them for the last words of a dimension,
/// or in a PE at the edge, and those words stay while loops outside move. Of each dimension the
/// share that certainly does not: under its middle loop, and under its outer one.
struct Edges {
    std::array<double, model::kLoopDims> middle;
    std::array<double, model::kLoopDims> outer;
    bool anyInMiddle = false;  ///< a share below one
    bool anyOutside = false;
};
Edges edgesOf(const Problem& problem, const Unrolled& unrolled, const LoopSizes& arrayTile,
              const LoopSizes& frontTile);

/// What divides a tensor's words moved if `steps` in a row reuse a tile of `share` of them, and the
/// rest is reused `most` times.
double reusedBy(double steps, double most, double share);

/// The middle trips of an array's tile under a front's where trips do not divide; none where the
/// front is not made of whole tiles of the array, trips could be fewer, or all divide.
std::optional<LoopSizes> middleTripsOf(const Problem& problem, const Unrolled& unrolled,
                                       const LoopSizes& inner, const LoopSizes& arrayTile,
                                       const LoopSizes& frontTile);

/// All orders that can differ in cost, or `all` there are. Remembered by the calling thread.
const std::vector<Order>& ordersOf(const LoopSizes& trips, bool all = false);

/// How many steps in a row leave the tensor's tile as it is (inputs: may leave a part of it), and
/// the loop that replaces it.
struct Reuse {
    double steps = 1;
    std::optional<Dim> by;
};
Reuse reuse(Tensor tensor, std::span<const Dim> order, const LoopSizes& trips);
/// Whether a loop over dim replaces the tensor's tile; a window that slides keeps a part.
bool replaces(Tensor tensor, Dim dim);

/// Between the outermost and the front memories under one order of the outer loops; at least that
/// where trips do not divide, closer to it if `close`.
Flow outerFlow(const Problem& problem, const LoopSizes& tile, const Order& order,
               bool close = false);

/// The most instances of each level, and PEs, that any mapping of the space has; no trips.
Unrolled mostInstances(const Problem& problem);
/// What passes between the outermost and the front memories under any mapping: each word once.
Flow compulsoryOutside(const Problem& problem);
/// What else moves under any mapping: each word once into the PEs' memories, and the operands of
/// all multiplications; `most` as of mostInstances.
Flow compulsoryInside(const Problem& problem, const Unrolled& most);

/// Cycles that compute and the bandwidths of all levels ask for, at least.
double cyclesOf(const Problem& problem, const Unrolled& unrolled, double compute, const Flow& flow);

/// What the inputs of the PEs' own memories cost under an order of all loops outside: exact where
/// a PE's part of a window has no gaps and PEs do not forward, at least that otherwise.
class LocalInputs {
public:
    LocalInputs(const Problem& problem, const Unrolled& unrolled, const LoopSizes& inner);
    /// Fills and the serving memory's reads; none where the PEs keep no inputs.
    Flow flow(const LoopSizes& middleTrips, std::span<const Dim> middle, const LoopSizes& frontTile,
              const LoopSizes& outerTrips, std::span<const Dim> outer) const;

private:
    struct Window {
        std::vector<std::int64_t> offsets;  ///< of the PEs' parts, ascending
        std::int64_t length = 1;            ///< of one part
        nest::Pace pace;
    };
    const Problem& m_problem;
    LoopSizes m_inner;
    LoopSizes m_tile;
    std::array<Window, 2> m_windows;
    bool m_gapless = true;
    bool m_multicast = true;
    double m_lanes = 0;
    double m_parents = 1;
    double m_channels = 1;
    int m_local = -1;
    int m_server = 0;
};

}  // namespace cohelix::mapping
