// SPDX-License-Identifier: GPL-3.0-or-later
// The model against the walker on random hierarchies, mappings and layers.
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/cost/loop_nest.h"
#include "tests/core/cost/drawn_nest.h"
#include "tests/core/cost/walker.h"

namespace cohelix::cost {
namespace {

// RapidCheck reads it when the first property runs.
const bool kManyCases = setenv("RC_PARAMS", "max_success=20000", 0) == 0;

RC_GTEST_PROP(LoopNestProperty, ExactCountsAreTheWalkersOwn, ()) {
    const Sample sample = drawSample();
    const auto walked = walker::walk(sample.layer, sample.mapping, sample.hierarchy);
    const auto result = evaluateLoopNest(sample.layer, sample.mapping, sample.hierarchy);
    RC_LOG() << textOf(sample) << "\n";
    RC_ASSERT(result.ok());
    RC_ASSERT(result->computeCycles == static_cast<double>(walked.steps));
    RC_ASSERT(result->macs == walked.macs);
    bool forwarded = false;
    for (std::size_t l = 0; l < walked.levels.size(); ++l) {
        for (std::size_t t = 0; t < walked.levels[l].size(); ++t) {
            const auto& theirs = walked.levels[l][t];
            const auto& ours = result->levels[l].tensors[t];
            RC_LOG() << "level " << l << " tensor " << t << "\n";
            RC_ASSERT(ours.tile == theirs.tile);
            RC_ASSERT(ours.fills == theirs.fills);
            RC_ASSERT(ours.reads == theirs.reads);
            RC_ASSERT(ours.updates == theirs.updates);
            RC_ASSERT(ours.drains == theirs.drains);
            RC_ASSERT(ours.forwards == theirs.forwards);
            forwarded = forwarded || ours.forwards > 0;
        }
    }
    RC_CLASSIFY(forwarded, "forwards");
}

}  // namespace
}  // namespace cohelix::cost
