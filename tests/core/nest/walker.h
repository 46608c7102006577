// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The definition of the convention "exact": visits every iteration of a small nest, keeps what each
// memory holds as a set of elements, and counts what moves. Slow and obvious; it shares nothing
// with the model but the description of layer, mapping and hierarchy. An instance without work in a
// step keeps its content. A partial sum that several instances held is filled into each of them
// when work on it goes on. Zeros around the inputs are no elements.

#include <vector>

#include "core/model/mapping.h"
#include "core/nest/hierarchy.h"

namespace cohelix::nest::walker {

struct Counts {
    long tile = 0;
    long reads = 0;
    long fills = 0;
    long updates = 0;
    long drains = 0;
    long forwards = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
};

/// What comes into a level in one step in which an instance of it has work.
struct Step {
    int loop = -1;      ///< that moved on, in the order of the mapping; -1: the first step
    long works = 0;     ///< instances that have work
    long arrivals = 0;  ///< words new to an instance
    long sent = 0;      ///< words read for them in the memory outside
};

struct Walked {
    std::vector<std::array<Counts, model::kTensors>> levels;  ///< by Tensor
    /// By level and tensor; none where there is no memory outside.
    std::vector<std::array<std::vector<Step>, model::kTensors>> arrivals;
    long steps = 0;
    long macs = 0;
};

Walked walk(const model::Layer& layer, const model::Mapping& mapping, const Hierarchy& hierarchy);

/// Cycles in which no work is done as memories have no room for two tiles. The steps of one loop
/// are taken together, and zeros around the inputs are spread over all steps.
double waits(const model::Layer& layer, const model::Mapping& mapping, const Hierarchy& hierarchy);

}  // namespace cohelix::nest::walker
