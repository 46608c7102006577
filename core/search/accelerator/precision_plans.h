// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Precision as a choice that cost and accuracy pull in opposite ways. The search of an accelerator
// knows cost alone and would always take the fewest bits; so a plan fixes the precision of every
// chunk beforehand, accelerators are searched within it, and plans are compared by what they cost
// and by the accuracy that a network has in them.

#include <span>
#include <vector>

#include "core/base/json.h"
#include "core/specification/pins.h"
#include "core/specification/specification.h"

namespace cohelix::search {

/// The option of every choice of bits that has several, in the order of acceleratorChoices(). Empty
/// where no chunk offers more than one precision: there is a single plan then. Of a searched
/// allocation all standard chunks have one precision and all depthwise chunks one, whatever the
/// splits: those of a group that is not in use say nothing.
using PrecisionPlan = spec::PinnedOptions;

/// Whether some chunk has several precisions to choose from.
bool choosesPrecision(const hardware::AcceleratorSpace& space);

/// Plans whose product of options is at most so many are all tried.
inline constexpr std::size_t kMostPlans = 27;

/// The plans to try for a network, more bits before fewer; never none. All that there are, or where
/// those are more than kMostPlans, the uniform ones (the widest option of every chunk, the second
/// widest, …) and those that differ from `current` in one chunk. Pinned bits stay.
std::vector<PrecisionPlan> plansToTry(const hardware::AcceleratorSpace& space,
                                      const spec::PinnedOptions& pins,
                                      const PrecisionPlan& current);
/// The most bits of every chunk.
PrecisionPlan widestPlan(const hardware::AcceleratorSpace& space, const spec::PinnedOptions& pins);
/// The plan, and then the uniform ones of fewer bits in all, for where its accelerators do not keep
/// the limits.
std::vector<PrecisionPlan> orNarrower(const hardware::AcceleratorSpace& space,
                                      const spec::PinnedOptions& pins, const PrecisionPlan& plan);
/// The plan that an accelerator of canonical choices is of.
PrecisionPlan planOf(const hardware::AcceleratorSpace& space, const spec::PinnedOptions& pins,
                     std::span<const int> accelerator);

/// Whether no chunk has fewer bits in `a` than in `b`.
bool atLeastAsWide(const hardware::AcceleratorSpace& space, const PrecisionPlan& a,
                   const PrecisionPlan& b);
/// Whether everything that is pinned, and has another option, is what the plan fixes, too.
bool pinsWithin(const hardware::AcceleratorSpace& space, const spec::PinnedOptions& pins,
                const PrecisionPlan& plan);

/// A plan with what came of it for one network.
struct PlanTrial {
    PrecisionPlan plan;
    double metric = 0;    ///< of its accelerator, in the objective's unit
    double logCost = 0;   ///< Appraisal::logCost
    double estimate = 0;  ///< supernet accuracy in its precision, 0..1
};
/// Whether a plan of at least as many bits everywhere costs no more: the fewer bits buy nothing
/// then, and more bits are taken to be no less accurate.
bool isBeaten(const hardware::AcceleratorSpace& space, const PrecisionPlan& plan, double logCost,
              std::span<const PlanTrial> wider);
/// How far the metric is from the window, as a ratio's log; 0 within it.
double missOf(double metric, const spec::Window& window);
/// The plan of the best estimate within the window, or else nearest to it; of equally good ones the
/// first. The window is in the metric's unit. Precondition: there is one.
const PlanTrial& bestTrial(std::span<const PlanTrial> trials, const spec::Window& window);

base::Json toJson(const PrecisionPlan& plan);
PrecisionPlan planFromJson(const base::Json& json);

}  // namespace cohelix::search
