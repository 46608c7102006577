// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the tilings of a map space move. Private to the room.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/mapping/orders.h"
#include "core/mapping/problem.h"
#include "core/mapping/unrollings.h"
#include "core/nest/window.h"

namespace cohelix::mapping {

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
