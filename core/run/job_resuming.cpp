// SPDX-License-Identifier: GPL-3.0-or-later
// How a run is gone on with: from which state, and in which file.
#include <deque>
#include <vector>

#include "core/base/units.h"
#include "core/run/job.h"
#include "core/run/run_state.h"

namespace cohelix::run {
namespace {

constexpr std::chrono::seconds kBetweenLooksAtFile{1};

}  // namespace

using base::Error;
using base::Result;
using store::SteeringState;

Result<void> Job::readWhatIsKept() {
    return inFile([&](store::Project& project) -> Result<void> {
        auto rows = project.designs(m_row.id);
        if (!rows) return rows.error();
        auto changes = project.steering(m_row.id);
        if (!changes) return changes.error();
        const auto reached = project.reached(m_row.id);
        if (!reached) return reached.error();
        m_rows = std::move(*rows);
        m_reached = *reached;
        for (auto& row : *changes) {
            if (row.state != SteeringState::Refused) m_plan.push_back(std::move(row));
        }
        return {};
    });
}

Result<void> Job::takeUpState(search::CoSearch& search, std::int64_t checkpoint) {
    const auto state =
        inFile([&](store::Project& project) { return project.checkpoint(checkpoint); });
    if (!state) return state.error();
    const std::vector<store::SteeringRow> changes(m_plan.begin(), m_plan.end());
    if (auto fits = checkState({*state, m_reached, changes}, m_specification); !fits) return fits;
    if (auto restored = search.restore(state->bytes); !restored) return restored;
    // Those that led to it are not to be made again.
    auto taken = search.changes().size();
    std::erase_if(m_plan, [&](const auto& row) {
        return row.state == SteeringState::Applied && taken > 0 && taken-- > 0;
    });
    m_steps = m_savedStep = state->step;
    return {};
}

Result<std::unique_ptr<search::CoSearch>> Job::restored(
    const std::shared_ptr<const learn::DataSet>& data, base::Executor& executor) {
    Result<std::vector<store::CheckpointRow>> saved(std::vector<store::CheckpointRow>{});
    if (m_fromCheckpoint) {
        saved = inFile([&](store::Project& project) { return project.checkpoints(m_row.id); });
    }
    if (!saved) return saved.error();
    std::optional<Error> unsound;
    for (const auto& row : *saved) {
        auto search = search::CoSearch::create(m_specification, data, executor);
        if (!search) return search;
        const auto taken = takeUpState(**search, row.id);
        if (taken) {
            log("info", "Resumed at step " + base::grouped(m_steps));
            return search;
        }
        unsound = taken.error();
        log("warning", "The state saved at step " + base::grouped(row.step) +
                           " cannot be used: " + unsound->what);
    }
    if (unsound) {
        m_stuck = true;
        return Error{"run " + std::to_string(m_row.id),
                     "none of its saved states can be used: " + unsound->what,
                     "The designs found so far are kept. Go back to a copy of the file, or start a "
                     "new run of the same specification"};
    }
    auto search = search::CoSearch::create(m_specification, data, executor);
    if (search && m_fromCheckpoint)
        log("info", "No state was saved: begun again at the first step");
    return search;
}

Result<bool> Job::followFile() {
    const auto before = m_file.path();
    const auto followed = m_file.follow();
    if (!followed) {
        auto error = followed.error();
        error.what = before +
                     " was moved, deleted or replaced while it was open, and could not be "
                     "saved elsewhere: " +
                     error.what;
        return error;
    }
    if (!*followed) return false;
    changeState(m_row.state, "");
    log("warning", before + " was moved, deleted or replaced. The search goes on in " + **followed +
                       ", which holds everything found so far");
    return true;
}

Result<void> Job::watchFile() {
    const auto now = Clock::now();
    if (now - m_lastLookAtFile < kBetweenLooksAtFile) return {};
    m_lastLookAtFile = now;
    const auto followed = followFile();
    if (!followed) return followed.error();
    return {};
}

}  // namespace cohelix::run
