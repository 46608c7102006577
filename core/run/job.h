// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One search on a thread of its own: steps the co-search, commits what it finds at once and its
// state now and then, reports progress, and obeys pause and stop at step boundaries. Gone on with
// from a state, it repeats the steps after it, the changes made then included, and knows by the
// file's Project::reached() which designs and messages are there already. Private to the room.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/run/checkpoint_pace.h"
#include "core/run/file_thread.h"
#include "core/run/session.h"
#include "core/search/joint/cosearch.h"

namespace cohelix::run {

class Job {
public:
    /// Starts the thread. `fromCheckpoint`: go on from the run's latest checkpoint, if it has one.
    Job(store::RunRow row, spec::Specification specification, bool fromCheckpoint, FileThread& file,
        std::shared_ptr<Listener> listener);
    /// Stops at the next step and waits.
    ~Job();
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    void pause();
    void unpause();
    void stop();
    /// Asks for a change before the next step; an error when it cannot be right for this run.
    base::Result<void> steer(const spec::Change& change);
    bool ended() const { return m_ended; }
    /// Whether what is saved of the run cannot be taken up: resuming it would end as this did.
    bool isStuck() const { return m_stuck; }
    /// Waits for the end; the run's last row.
    store::RunRow wait();

private:
    using Clock = std::chrono::steady_clock;

    void run();
    /// The search's life from the data set to its end; how it ended.
    base::Result<store::RunState> work();
    base::Result<std::unique_ptr<search::CoSearch>> prepare(base::Executor& executor);
    // job_resuming.cpp
    /// The run's designs, changes and reach, as they stand in the file.
    base::Result<void> readWhatIsKept();
    /// A search that goes on from the newest state that is sound, or from the first step where none
    /// was saved; its changes are taken off those to come.
    base::Result<std::unique_ptr<search::CoSearch>> restored(
        const std::shared_ptr<const learn::DataSet>& data, base::Executor& executor);
    /// Why the state cannot be taken up; nothing when it was.
    base::Result<void> takeUpState(search::CoSearch& search, std::int64_t checkpoint);
    /// What `ask`, which returns a Result, gets of the file, wherever that is now: asked again
    /// where it was moved meanwhile.
    template <typename Ask>
    auto inFile(const Ask& ask) -> decltype(ask(std::declval<store::Project&>()));
    /// Goes on with a file that was moved, deleted or replaced where it is now, and says so;
    /// whether that was so. Errors: it could not be saved anywhere.
    base::Result<bool> followFile();
    /// The same once a second.
    base::Result<void> watchFile();
    bool repeats() const { return m_steps <= m_reached; }

    base::Result<store::RunState> loop(search::CoSearch& search);
    enum class Saving : std::uint8_t { WhenDue, Always };
    base::Result<void> commit(const search::CoSearch& search, Saving saving,
                              std::vector<store::SteeringRow> steering = {});
    /// In the file, wherever it is now; the rows of the designs.
    base::Result<std::vector<store::DesignRow>> write(const store::Commit& commit);
    /// Whether the file has it from the first time that this step was done.
    bool isRepeated(const search::ReportedDesign& design) const;
    /// The search's state, if it is to be written now.
    std::optional<store::Checkpoint> stateToSave(const search::CoSearch& search, Saving saving);
    /// A step's error with what is kept and how to go on.
    base::Error withWhatIsKept(base::Error error) const;
    // job_steering.cpp
    /// Applies what is planned for this step and what was asked for since the last.
    base::Result<void> steerNow(search::CoSearch& search);
    std::vector<store::SteeringRow> dueChanges();
    void settle(search::CoSearch& search, store::SteeringRow& row);
    /// A change that was applied before, at this step of the repetition.
    base::Result<void> repeat(search::CoSearch& search, const store::SteeringRow& row);
    /// The designs and changes as they stand in the file; reports what is different.
    base::Result<void> review();
    /// What was planned for later steps than there were.
    std::vector<store::SteeringRow> unreached();
    /// Refuses what is asked of a run that has just ended.
    void refuseAsked(const std::vector<spec::Change>& asked);
    base::Result<void> takeUp(search::StepReport report);
    base::Result<void> keepWeights(const search::ReportedDesign& design);
    void mergeRows(const std::vector<store::DesignRow>& rows);
    void reportProgress(const search::CoSearch& search, bool always);
    void changeState(store::RunState state, const std::string& message);
    void log(const std::string& kind, const std::string& text);
    /// Blocks while paused, but for changes; false when the search is to stop.
    base::Result<bool> mayGoOn(search::CoSearch& search);
    base::Result<void> waitWhilePaused(search::CoSearch& search);
    double activeSeconds() const;
    /// Says that a search which has ended found no design within the limits; else empty.
    std::string nothingFound() const;

    store::RunRow m_row;
    const spec::Specification m_specification;
    const bool m_fromCheckpoint;
    FileThread& m_file;
    std::shared_ptr<Listener> m_listener;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_paused = false;
    std::vector<spec::Change> m_asked;  ///< changes, since the last step
    std::atomic<bool> m_stopping = false;
    std::atomic<bool> m_ended = false;
    std::atomic<bool> m_stuck = false;

    // Used by the job's thread only.
    std::vector<store::DesignRow> m_rows;  ///< the run's designs, by id
    std::vector<store::DesignRecord> m_uncommitted;
    std::deque<store::SteeringRow> m_plan;  ///< changes to come or to be repeated, by step
    std::int64_t m_steps = 0;
    std::int64_t m_countedSteps = 0;  ///< the same before training, whose steps are of time
    std::int64_t m_reached = 0;       ///< steps that the file has everything of
    std::int64_t m_savedStep = -1;    ///< of the last checkpoint; negative: none
    bool m_stateIsCurrent = true;     ///< no change since that step was saved
    CheckpointPace m_pace{Clock::now()};
    Clock::time_point m_lastLookAtFile = Clock::now();
    double m_secondsBefore = 0;  ///< active before this resumption
    Clock::time_point m_activeSince = Clock::now();
    double m_activeHere = 0;  ///< of earlier stretches between pauses
    Clock::time_point m_lastCommit = Clock::now();
    Clock::time_point m_lastProgress;
    double m_images = 0;  ///< since the last progress report
    double m_imagesPerSecond = 0;
    double m_rate = 0;  ///< of SearchProgress::done per second, smoothed
    double m_lastDone = -1;

    std::thread m_thread;  // last: it uses all of the above
};

template <typename Ask>
auto Job::inFile(const Ask& ask) -> decltype(ask(std::declval<store::Project&>())) {
    std::optional<decltype(ask(std::declval<store::Project&>()))> result;
    const auto once = [&] {
        m_file.call([&](store::Project& project) { result.emplace(ask(project)); });
    };
    once();
    if (*result) return std::move(*result);
    // Nothing was read or written. If the file is not where it was, it is asked where that is now.
    const auto followed = followFile();
    if (!followed) return followed.error();
    if (*followed) once();
    return std::move(*result);
}

}  // namespace cohelix::run
