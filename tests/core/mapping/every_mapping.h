// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Every mapping of a small map space, one after the other: slow and obvious.

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>

#include "tests/core/mapping/map_space_sample.h"

namespace cohelix::mapping::test {

/// One mapping of a space, and the trips of its blocks of loops.
struct Laid {
    using Trips = std::array<std::int64_t, model::kLoopDims>;
    const model::Mapping& mapping;
    const Trips& outer;
    const Trips& middle;
    const Trips& inner;
    std::span<const Trips> unrolled;  ///< by unrolling of the space
};
using Visit = std::function<bool(const Laid&)>;

/// Every factorization of every dimension, or of as much more as may be padded, into outer, middle,
/// inner and unrolled loops; every order of outer and middle ones; where PEs forward, each unrolled
/// loop as the innermost of its rows or columns; where bypass may be chosen, every choice of what
/// the memories keep. Stops when visit returns false.
void eachMapping(const Sample& sample, const Visit& visit);

/// At most `most` + 1: beyond that nobody counts.
std::int64_t countMappings(const Sample& sample, std::int64_t most);

struct BestOfAll {
    double value = std::numeric_limits<double>::infinity();  ///< of the objective
    model::Mapping mapping = {};
};
BestOfAll bestOfAll(const Sample& sample);

/// A bound of the search that is above the cost of a mapping which it bounds, or a part of the
/// space that the search does not know; empty: none.
std::string brokenBound(const Sample& sample);

/// What is false about the mapper's answer; empty: nothing. No executor: one thread.
std::string falsehoodAbout(const Sample& sample, base::Executor* executor = nullptr);

}  // namespace cohelix::mapping::test
