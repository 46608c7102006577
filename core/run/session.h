// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The background: one thread that owns the project file, one per running search. A Session is what
// the window and the command line talk to; its methods return at once (unless said otherwise) and
// may be called from any thread. Results come through the Listener, called on the session's
// threads: a listener hands them to its own thread and returns quickly.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"

namespace cohelix::run {

enum class Phase : std::uint8_t { Preparing, WarmUp, JointSearch, Ranking, FinalTraining, Ended };
constexpr std::string_view word(Phase phase) {
    switch (phase) {
        case Phase::Preparing: return "preparing";
        case Phase::WarmUp: return "warm-up";
        case Phase::JointSearch: return "joint search";
        case Phase::Ranking: return "ranking";
        case Phase::FinalTraining: return "final training";
        case Phase::Ended: return "ended";
    }
    return {};
}

struct Progress {
    std::int64_t run = 0;
    Phase phase = Phase::Preparing;
    std::int64_t step = 0;  ///< of the whole run, in units of work
    std::int64_t steps = 1;
    double elapsedSeconds = 0;  ///< active time, resumptions added up
    double secondsLeft = -1;    ///< negative: not known yet
    double imagesPerSecond = 0;
    double loss = 0;     ///< smoothed training loss; 0 before the first step
    std::string detail;  ///< "epoch 3 of 8, target 2 (50-100 FPS)"
};

class Listener {
public:
    virtual ~Listener() = default;
    virtual void progressed(const Progress& progress) = 0;
    /// Designs that are new or changed, as they now stand in the file, with front marks of the run.
    virtual void designsChanged(std::int64_t run, const std::vector<store::DesignRow>& designs) = 0;
    virtual void runChanged(const store::RunRow& run) = 0;
    virtual void logged(const store::Event& event) = 0;
    /// Changes to a run have been applied or refused: all of them, as they now stand in the file.
    virtual void steered(std::int64_t run, const std::vector<store::SteeringRow>& changes) = 0;
};

/// From where a run that has ended can be gone on with.
enum class Resumption : std::uint8_t { Nowhere, FirstStep, SavedState };
/// By the file: Nowhere where the run has finished, none of its saved states can be one of it
/// (run_state.h), or the file cannot be read or may not be written.
Resumption resumptionOf(store::Project& project, std::int64_t run);

class Session {
public:
    /// Opens or creates the file and starts the file's thread. Blocks while opening.
    static base::Result<std::unique_ptr<Session>> open(const std::string& path,
                                                       std::shared_ptr<Listener> listener);
    static base::Result<std::unique_ptr<Session>> create(const std::string& path,
                                                         std::shared_ptr<Listener> listener);
    /// Stops all runs at their next step, saves them and closes the file. Blocks.
    virtual ~Session() = default;

    /// Where the file is. If it was moved, deleted or replaced while a search works, the search
    /// goes on in it under its new name, or in a copy beside the old one, and this is the path of
    /// that.
    virtual std::string path() const = 0;
    /// Goes on with a file that was moved, deleted or replaced where it is now; path() is that
    /// then. Errors: it could not be saved anywhere.
    virtual base::Result<void> follow() { return {}; }
    virtual bool readOnly() const = 0;
    virtual std::string readOnlyReason() const = 0;

    /// Runs `work` on the file's thread, in the order of the calls.
    virtual void post(std::function<void(store::Project&)> work) = 0;
    /// The same, and waits for it. Not from the file's thread.
    virtual void call(const std::function<void(store::Project&)>& work) = 0;

    /// Starts a search in the background; the run's id, or why it cannot start (the parts that
    /// take long, such as reading the data set, happen in the background and are reported through
    /// runChanged). Blocks for the file only. `plan`: changes that take effect by themselves, each
    /// before its step.
    virtual base::Result<std::int64_t> start(const spec::Specification& spec, int threads,
                                             const std::vector<spec::TimedChange>& plan = {}) = 0;
    /// Goes on with a stopped, interrupted or failed run from its last checkpoint. `pictures`:
    /// where its data set is now; not stored, the run's specification stays as it is. Empty: where
    /// the specification says. Where the data set is not there, the run stays as it was, and the
    /// error is that of learn::lookForDataSet.
    virtual base::Result<void> resume(std::int64_t run, int threads,
                                      const std::string& pictures = {}) = 0;
    /// Where a run that has ended, or is about to, can go on: Nowhere also where it ended because
    /// what is saved of it cannot be taken up. Blocks for the file only.
    virtual Resumption resumption(std::int64_t run);
    virtual void pause(std::int64_t run) = 0;
    virtual void unpause(std::int64_t run) = 0;
    virtual void stop(std::int64_t run) = 0;
    /// For a process that ends at once, where a run that was told to stop has not come to its next
    /// step: the file says that it is stopped, as of its last checkpoint, and is closed. Nothing
    /// may be asked of the session afterwards, and it must not be destroyed. Blocks for the file
    /// only.
    virtual void abandon(std::int64_t run) = 0;
    /// Changes what a run that works or is paused looks for, before its next step. Errors at once
    /// where there is no such run or the change cannot be right, among them limits that even the
    /// smallest accelerator exceeds; whether a design can keep it is else found out by the run and
    /// reported through Listener::steered.
    virtual base::Result<void> steer(std::int64_t run, const spec::Change& change) = 0;
    /// True while any search works or is paused.
    virtual bool busy() const = 0;
    /// Waits until the run has ended; its last row. A finished run that found no design within the
    /// limits has a message that says so.
    virtual store::RunRow wait(std::int64_t run) = 0;
};

}  // namespace cohelix::run
