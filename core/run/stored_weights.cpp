// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_weights.h"

#include <string>
#include <utility>

namespace cohelix::run {

base::Result<std::optional<learn::TrainedWeights>> storedWeights(store::Project& project,
                                                                 std::int64_t design) {
    const auto artifact = project.artifact(design, "weights");
    if (!artifact) return artifact.error();
    if (!*artifact) return std::optional<learn::TrainedWeights>();
    auto weights = learn::weightsFromBytes((*artifact)->bytes);
    if (weights) return std::optional(std::move(*weights));
    return base::Error{project.path(),
                       "the trained weights of design " + std::to_string(design) +
                           " cannot be read: " + weights.error().what,
                       weights.error().advice};
}

}  // namespace cohelix::run
