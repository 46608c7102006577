// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A nest as the closed forms read it, and what all of them need of it. Private to the room.

#include <array>
#include <cstdint>
#include <span>

#include "core/nest/nest.h"

namespace cohelix::nest {

class Outline {
public:
    /// The nest must outlive it.
    explicit Outline(const Nest& nest);

    const Nest& nest() const { return m_nest; }
    std::span<const NestLoop> loops() const { return m_nest.loops; }
    std::size_t levels() const { return m_nest.levels(); }
    std::size_t begin(std::size_t level) const { return m_nest.begin[level]; }
    /// Whether all trips do.
    bool divides() const { return m_divides; }
    /// Steps of the temporal loops before a position.
    std::int64_t rounds(std::size_t position) const { return m_rounds[position]; }
    /// Steps at which the loop at a position moves on.
    std::int64_t stepsAt(std::size_t position) const {
        return m_rounds[position] * (m_nest.loops[position].trips - 1);
    }
    /// Positions of the loops that are not temporal.
    std::span<const std::size_t> unrolled() const { return {m_unrolled.data(), m_unrolledCount}; }
    /// Instances that they make before a position.
    std::int64_t instances(std::size_t position) const;

private:
    const Nest& m_nest;
    bool m_divides;
    std::array<std::int64_t, kMostLoops + 1> m_rounds;
    std::array<std::size_t, kMostLoops> m_unrolled;
    std::size_t m_unrolledCount = 0;
};

/// A tensor between a memory and the next one inside it that keeps it, or the multipliers.
struct Crossing {
    const Outline& outline;
    model::Tensor tensor;
    std::size_t parent;
    std::size_t child;
    const LoopSizes& tile;  ///< what the loops from the child on span
    bool forwards;          ///< instances of the child take words from their neighbours

    std::size_t parentBegin() const { return outline.begin(parent); }
    std::size_t childBegin() const { return outline.begin(child); }
    bool remembers() const { return child < outline.levels(); }  ///< multipliers hold nothing
};

/// Words into the instances of a memory at its first step, [0], and at the steps at which each loop
/// outside moves on, [1 + its position]; and how many instances have work in these steps. Only so
/// many entries hold something as there are loops outside, and one.
struct StepCounts {
    std::array<std::int64_t, kMostLoops + 1> works;
    std::array<std::int64_t, kMostLoops + 1> arrivals;
    std::array<std::int64_t, kMostLoops + 1> sent;  ///< out of the memory outside
};

/// The instances with work where all trips divide, and no words.
void clear(const Crossing& between, StepCounts& steps);

}  // namespace cohelix::nest
