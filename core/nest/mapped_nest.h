// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A nest with the memories that its levels stand for, and how its traffic is counted. Private to
// the room.

#include <optional>

#include "core/nest/loop_nest.h"
#include "core/nest/outline.h"

namespace cohelix::nest {

/// All that it refers to must outlive it.
struct MappedNest {
    const Outline& outline;
    const model::Mapping& mapping;
    const Hierarchy& hierarchy;
    const Convention& convention;

    std::size_t levels() const { return outline.levels(); }
    const MemoryLevel& memory(std::size_t level) const { return hierarchy.levels[level]; }
    bool keeps(std::size_t level, model::Tensor tensor) const {
        return mapping.levels[level].keeps[indexOf(tensor)];
    }
    /// The nearest level further out that keeps the tensor.
    std::optional<std::size_t> parentOf(std::size_t level, model::Tensor tensor) const {
        while (level-- > 0) {
            if (keeps(level, tensor)) return level;
        }
        return std::nullopt;
    }
    /// Whether instances of a level take words of the tensor from their neighbours.
    bool forwards(std::size_t level, model::Tensor tensor) const {
        return tensor != model::Tensor::Outputs && memory(level).forwards;
    }
};

}  // namespace cohelix::nest
