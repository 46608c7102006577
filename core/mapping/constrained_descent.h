// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The part of the search under constraints that stays under one choice of what memories keep and of
// what is unrolled. Private to the room.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/mapping/constrained_space.h"
#include "core/mapping/mapper.h"

namespace cohelix::mapping {

inline constexpr double kNothingFound = std::numeric_limits<double>::infinity();
using LevelTrips = std::vector<nest::LoopSizes>;

/// What the search makes least, and bounds of it.
struct ConstrainedRanking {
    Objective objective;
    double macs;
    double staticPicojoule;  ///< a cycle

    /// The one of least energy is wanted of mappings that are equally fast: its part stays below
    /// one cycle.
    double of(double picojoule, double cycles) const {
        switch (objective) {
            case Objective::Latency: return cycles + picojoule / (picojoule + macs);
            case Objective::Energy: return picojoule;
            case Objective::Edp: return picojoule * cycles;
        }
        return 0;
    }
    /// A bound may exceed the model's own figure by rounding alone.
    static constexpr double kShareOfEnergy = 1 - 1e-9;
    static constexpr double kShareOfCycles = 1 - 1e-13;
    /// At most what any mapping ranks that costs at least so much.
    double bound(double picojoule, double cycles) const {
        const double energy = (picojoule + cycles * staticPicojoule) * kShareOfEnergy;
        if (objective != Objective::Latency) return of(energy, cycles * kShareOfEnergy);
        return of(energy, std::ceil(cycles * kShareOfCycles));
    }
};

/// One choice of what memories keep and of what is unrolled.
struct Root {
    double bound = 0;
    const nest::Hierarchy* hierarchy = nullptr;
    const UnrolledLoops* unrolled = nullptr;
};

/// What a part of the search has found and left.
struct Found {
    double value = kNothingFound;
    std::string text;
    std::optional<BestMapping> best;
    const Root* root = nullptr;          ///< of the last mapping that could be evaluated
    LevelTrips trips;                    ///< by level, of the best one
    std::optional<base::Error> refused;  ///< why a mapping was none
    double leastOpen = kNothingFound;
    std::int64_t tilings = 0;
    std::int64_t evaluations = 0;
    std::int64_t steps = 0;  ///< bounds, and evaluations as so many bounds as take as long
    /// The best is one that the search would not have met itself: an equal one takes its place.
    bool forNow = false;

    void offer(double rank, BestMapping mapping) {
        auto words = model::compactText(mapping.mapping);
        // The fastest of equal energy is better, and of equals the first by its text.
        if (best) {
            const auto one = std::tie(rank, mapping.cost.cycles);
            const auto other = std::tie(value, best->cost.cycles);
            if (one > other || (one == other && !forNow && words >= text)) return;
        }
        forNow = false;
        value = rank;
        text = std::move(words);
        best = std::move(mapping);
    }
    void add(Found other) {
        if (other.best) offer(other.value, std::move(*other.best));
        if (!refused) refused = std::move(other.refused);
        leastOpen = std::min(leastOpen, other.leastOpen);
        tilings += other.tilings;
        evaluations += other.evaluations;
        steps += other.steps;
    }
};

/// What all parts share.
struct Task {
    const model::Layer& layer;
    const MapperOptions& options;
    const nest::Nest& shape;
    const Constraints& constraints;
    ConstrainedRanking ranking;
    std::chrono::steady_clock::time_point begin;
    double mostSeconds;  ///< of the present run; 0: no limit

    bool overtime() const { return mostSeconds > 0 && seconds() >= mostSeconds; }
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
};

/// Every mapping under the root that could be better than the incumbent. After so many steps, or at
/// the end of the time, what is left is left open.
Found searchRoot(const Task& task, const Root& root, double incumbent, std::int64_t mostSteps);
/// A mapping by the most promising step each time; nothing where none fits on that way.
Found diveInto(const Task& task, const Root& root, std::int64_t mostSteps);
/// From the mapping that these trips are of, in its best order, to better neighbours: one prime
/// factor of one dimension moves from a level to another.
Found climbFrom(const Task& task, const Root& root, LevelTrips trips, std::int64_t mostSteps);

}  // namespace cohelix::mapping
