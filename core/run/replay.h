// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A project held to its word: a design's figures worked out again from what the file says of it,
// or a whole run searched again from its specification, its seed and the changes made to it, and
// everything compared bit for bit.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/run/comparison.h"
#include "core/run/session.h"

namespace cohelix::run {

struct Replay {
    Comparison comparison;
    std::int64_t designs = 0;        ///< that were compared
    std::vector<std::string> notes;  ///< what could not be worked out again, and other surroundings
    bool equal() const { return comparison.differences().empty(); }
};

/// What is different here from where a run was searched: program, LibTorch, threads; sentences.
std::vector<std::string> otherSurroundings(const store::RunRow& run, int threads);

/// What is wrong with a project file: store::Project::check(), and weights that cannot be read.
base::Result<store::Findings> check(store::Project& project);

/// One design from the file alone: network, accelerator, mapping and cost; where its weights are
/// stored, also its accuracies, if the data set is at hand (else a note says so). Blocks for the
/// evaluation of the test images. Errors: no such design; choices outside its specification.
base::Result<Replay> replayDesign(store::Project& project, std::int64_t design);

struct RunReplay {
    std::string into;  ///< path of the new project
    int threads = 0;   ///< 0: as many as the run had
    std::shared_ptr<Listener> listener;
    /// Asked now and then: true ends the search, and with it the replay.
    std::function<bool()> cancelled = {};
};
/// The whole run again, into a new project that stays. Blocks until it has ended. Errors: a run
/// that has not finished; a search that does not come to its end.
base::Result<Replay> replayRun(store::Project& project, std::int64_t run, const RunReplay& how);

}  // namespace cohelix::run
