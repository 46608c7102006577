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

/// What is wrong with a project file: store::Project::check(), designs that do not fit together,
/// states that cannot be their run's, and weights that cannot be read.
base::Result<store::Findings> check(store::Project& project);

/// One design from the file alone: network, accelerator, mapping and cost; where its weights are
/// stored, also its accuracies, if the data set is at hand (else a note says so), in `pictures`
/// where that is not empty. Blocks for the evaluation of the test images. Errors: no such design;
/// choices outside its specification.
base::Result<Replay> replayDesign(store::Project& project, std::int64_t design,
                                  const std::string& pictures = {});

struct RunReplay {
    std::string into;           ///< path of the new project
    int threads = 0;            ///< 0: as many as the run had
    std::string pictures = {};  ///< where the data set is now; empty: where the specification says
    std::shared_ptr<Listener> listener;
    /// Asked now and then: true ends the search, and with it the replay.
    std::function<bool()> cancelled = {};
    /// Called when the search has been cancelled and does not come to its next step: the new file
    /// is closed, and the process has to end within the call (see Session::abandon).
    std::function<void()> giveUp = {};
};
/// The whole run again, into a new project that stays. Blocks until it has ended. Of a tabulated
/// run nothing has to be trained, so that no new project is made: every design is worked out again,
/// and its accelerator proven again to be the best of its network. Errors: a run that has not
/// finished; a search that does not come to its end.
base::Result<Replay> replayRun(store::Project& project, std::int64_t run, const RunReplay& how);

}  // namespace cohelix::run
