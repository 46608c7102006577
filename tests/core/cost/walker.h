// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The definition of the convention "exact": visits every iteration of a small nest, keeps what each
// memory holds as a set of elements, and counts what moves. Slow and obvious; it shares nothing
// with the model but the description of layer, mapping and hierarchy.

#include <vector>

#include "core/cost/hierarchy.h"
#include "core/model/mapping.h"

namespace cohelix::cost::walker {

struct Counts {
    long tile = 0;
    long reads = 0;
    long fills = 0;
    long updates = 0;
    long drains = 0;
    long forwards = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
};

struct Walked {
    std::vector<std::array<Counts, model::kTensors>> levels;  ///< by Tensor
    long steps = 0;
    long macs = 0;
};

Walked walk(const model::Layer& layer, const model::Mapping& mapping, const Hierarchy& hierarchy);

}  // namespace cohelix::cost::walker
