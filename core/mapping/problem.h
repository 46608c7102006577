// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the mapper is asked, and arithmetic of sizes. Private to the room.

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/mapping/mapper.h"
#include "core/nest/hierarchy.h"
#include "core/nest/nest.h"

namespace cohelix::mapping {

using model::Dim;
using model::Tensor;
using nest::kOneOfEach;
using nest::LoopSizes;

/// How many parts cover a size.
inline std::int64_t timesToCover(std::int64_t size, std::int64_t part) {
    return (size + part - 1) / part;
}
LoopSizes operator*(const LoopSizes& a, const LoopSizes& b);
/// How many of b cover a, along each dimension.
LoopSizes operator/(const LoopSizes& a, const LoopSizes& b);
double product(const LoopSizes& sizes);
/// Over the dimensions that the tensor does not have: loops over them reuse its tile.
double foreignProduct(Tensor tensor, const LoopSizes& sizes);
/// Over those that it has.
double ownProduct(Tensor tensor, const LoopSizes& sizes);

inline constexpr std::array kWindowDims = {Dim::P, Dim::Q, Dim::R, Dim::S};
inline constexpr std::size_t kMostLevels = 16;

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

std::int64_t words(const Problem& problem, Tensor tensor, const LoopSizes& tile);

/// `padding` as in MapperOptions.
base::Result<Problem> problemOf(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                const MapSpace& space, const nest::Convention& convention,
                                double padding);

}  // namespace cohelix::mapping
