// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the freedom of a group of accelerator parameters is worth: the true front's hypervolume with
// the group held at one value in all chunks, as a share of the whole space's. Proven, as that is.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/tables/true_front.h"

namespace cohelix::lab {

/// A group held at a value.
struct Freeze {
    std::string group;
    std::string value;                 ///< "8", "buffer tile", "output-channels + output-rows"
    optimum::Restriction restriction;  ///< of a chunk's configurations
};

struct FreezeGroup {
    std::string_view name;
    std::string_view summary;
};
/// "parallelism", "map-buffers", "channel-buffers", "map-loops", "channel-loops", "loops", "map",
/// "channels", "ports", "overlap".
const std::vector<FreezeGroup>& freezeGroups();

/// The values at which a group can be held in this space: those of all its chunks. A chunk whose
/// list lacks a tile size takes its largest below, or else its smallest; one that lacks a
/// parallelism keeps its own. Loop tiles stay within their buffer tiles. Empty for another name.
std::vector<Freeze> freezesOf(std::string_view group, const hardware::AcceleratorSpace& space);

/// A freeze and what is left.
struct FrozenFront {
    std::string group;
    std::string value;
    std::size_t points = 0;
    double hypervolumeRatio = 0;  ///< of the whole space's; 0 when no network keeps the limits
    double seconds = 0;           ///< from nothing
};
/// Every value of a group, in the order of freezesOf(). The truth is of the same networks, space
/// and limits, with nothing frozen.
base::Result<std::vector<FrozenFront>> frozenFronts(std::string_view group,
                                                    const tables::Problem& problem,
                                                    const tables::TrueFront& truth,
                                                    base::Executor& executor);

}  // namespace cohelix::lab
