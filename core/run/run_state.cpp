// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_state.h"

#include <algorithm>
#include <iterator>
#include <ranges>

#include "core/base/units.h"
#include "core/search/joint/saved_state.h"

namespace cohelix::run {
namespace {

base::Error unsound(const std::string& what) {
    return {"saved state", what, "Resume from an older state, or search again"};
}

std::vector<store::SteeringRow> appliedOf(const std::vector<store::SteeringRow>& changes) {
    std::vector<store::SteeringRow> applied;
    std::ranges::copy_if(changes, std::back_inserter(applied), [](const auto& row) {
        return row.state == store::SteeringState::Applied;
    });
    return applied;
}

/// The changes that led to a state are the first of those that the file says were applied.
base::Result<void> checkChanges(const std::vector<spec::Change>& taken,
                                const store::SavedState& saved) {
    const auto applied = appliedOf(saved.changes);
    const auto count = taken.size();
    if (!std::ranges::equal(taken, applied | std::views::take(count), {}, {},
                            &store::SteeringRow::change)) {
        return unsound("it follows other changes than the run");
    }
    const auto step = saved.checkpoint.step;
    const bool isEarly = count > 0 && applied[count - 1].step > step;
    const bool isLate = count < applied.size() && applied[count].step < step;
    if (!isEarly && !isLate) return {};
    const auto& change = isEarly ? applied[count - 1] : applied[count];
    return unsound("it is said to be of step " + base::grouped(step) + ", and is from " +
                   (isEarly ? "after" : "before") + " the change of step " +
                   base::grouped(change.step));
}

}  // namespace

base::Result<void> checkState(const store::SavedState& saved,
                              const spec::Specification& specification) {
    const auto state = search::readState(saved.checkpoint.bytes, specification);
    if (!state) return state.error();
    const auto place = search::placeOf(*state);
    const auto step = saved.checkpoint.step;
    if (step < place.leastStep) {
        return unsound("it is said to be of step " + base::grouped(step) +
                       ", and has trained for " + base::grouped(place.leastStep) + " steps");
    }
    // 0: of a file of an older version, or lost.
    if (place.isBeforeTraining && saved.reached > 0 && step > saved.reached) {
        return unsound("it is said to be of step " + base::grouped(step) +
                       ", and the run has come to step " + base::grouped(saved.reached));
    }
    return checkChanges(place.changes, saved);
}

}  // namespace cohelix::run
