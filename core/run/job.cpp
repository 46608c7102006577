// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/job.h"

#include <algorithm>
#include <array>

#include "core/base/platform/process.h"
#include "core/base/units.h"

namespace cohelix::run {
namespace {

using base::Error;
using base::Result;
using store::RunState;

// Without designs: the run's active time.
constexpr std::chrono::seconds kBetweenCommits{10};
constexpr std::chrono::milliseconds kBetweenProgress{200};
constexpr double kRateDecay = 0.9;

Phase phaseOf(search::Stage stage) {
    switch (stage) {
        case search::Stage::WarmUp: return Phase::WarmUp;
        case search::Stage::Joint: return Phase::JointSearch;
        case search::Stage::Ranking: return Phase::Ranking;
        case search::Stage::Training: return Phase::FinalTraining;
        case search::Stage::Done: return Phase::Ended;
    }
    return Phase::Ended;
}

store::DesignRecord recordOf(const search::ReportedDesign& design, std::int64_t run) {
    constexpr std::array kStates = {store::DesignState::Estimated, store::DesignState::Training,
                                    store::DesignState::Trained};
    const bool trained = design.standing == search::Standing::Trained;
    store::DesignRecord record;
    auto& row = record.row;
    row.run = run;
    row.choices = design.choices;
    row.target = design.target;
    row.state = kStates[static_cast<std::size_t>(design.standing)];
    row.grade =
        trained ? model::AccuracyGrade::TrainedFromScratch : model::AccuracyGrade::SupernetEstimate;
    row.accuracy = design.accuracy;
    row.validationAccuracy = design.validationAccuracy;
    row.supernetAccuracy = design.supernetAccuracy;
    row.figures() = design.cost;
    row.macs = design.macs;
    row.parameters = design.parameters;
    record.cost = design.cost;
    return record;
}

}  // namespace

Job::Job(store::RunRow row, spec::Specification specification, bool fromCheckpoint,
         FileThread& file, std::shared_ptr<Listener> listener)
    : m_row(std::move(row)),
      m_specification(std::move(specification)),
      m_fromCheckpoint(fromCheckpoint),
      m_file(file),
      m_listener(std::move(listener)),
      m_secondsBefore(m_row.activeSeconds),
      m_thread([this] { run(); }) {}

Job::~Job() {
    stop();
    if (m_thread.joinable()) m_thread.join();
}

void Job::pause() {
    const std::lock_guard lock(m_mutex);
    m_paused = true;
}

void Job::unpause() {
    {
        const std::lock_guard lock(m_mutex);
        m_paused = false;
    }
    m_changed.notify_all();
}

void Job::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
}

store::RunRow Job::wait() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_ended.load(); });
    return m_row;
}

void Job::run() {
    platform::lowerThreadPriority();
    const auto outcome = [this]() -> Result<RunState> {
        try {
            return work();
        } catch (const std::exception& error) {
            return Error{m_row.name, std::string("the search broke off: ") + error.what(),
                         "Resume it from its last checkpoint"};
        }
    }();
    (void)followFile();  // what is said now is kept where the project is
    if (!outcome) {
        log("error", base::toText(outcome.error()));
        changeState(RunState::Failed, base::toText(outcome.error()));
    } else if (*outcome == RunState::Finished) {
        const auto nothing = nothingFound();
        if (nothing.empty()) {
            log("info", "Search finished after " + base::clockTime(m_row.activeSeconds));
        } else {
            log("warning", nothing);
        }
        changeState(RunState::Finished, nothing);
    } else {
        log("info", "Stopped at step " + base::grouped(m_steps));
        changeState(*outcome, "stopped on request; it can be resumed");
    }
    std::vector<spec::Change> asked;
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
        asked = std::move(m_asked);
    }
    m_changed.notify_all();
    refuseAsked(asked);
}

Result<RunState> Job::work() {
    Progress progress;
    progress.run = m_row.id;
    progress.elapsedSeconds = m_secondsBefore;
    progress.detail = "reading the data set, checking that designs can fit";
    m_listener->progressed(progress);
    base::Executor executor(m_row.threads);
    auto search = prepare(executor);
    if (!search) return search.error();
    return loop(**search);
}

Result<std::unique_ptr<search::CoSearch>> Job::prepare(base::Executor& executor) {
    auto data = learn::loadDataSet(m_specification.dataSet, m_specification.network);
    if (!data) return data.error();
    log("info",
        (*data)->name + " from " + (*data)->folder + ": " +
            base::grouped(static_cast<std::int64_t>((*data)->train.size())) + " training and " +
            base::grouped(static_cast<std::int64_t>((*data)->test.size())) + " test images");
    if (auto read = readWhatIsKept(); !read) return read.error();
    return restored(*data, executor);
}

Result<RunState> Job::loop(search::CoSearch& search) {
    while (!search.done()) {
        if (auto there = watchFile(); !there) return there.error();
        if (auto steered = steerNow(search); !steered) return steered.error();
        const auto goesOn = mayGoOn(search);
        if (!goesOn) return goesOn.error();
        if (!*goesOn) {
            if (auto saved = commit(search, Saving::Always); !saved) return saved.error();
            return RunState::Stopped;
        }
        const bool counts = search.progress().stage < search::Stage::Training;
        auto report = search.step();
        if (!report) return withWhatIsKept(report.error());
        ++m_steps;
        if (counts) m_countedSteps = m_steps;
        if (auto taken = takeUp(std::move(*report)); !taken) return taken.error();
        const auto now = Clock::now();
        if (!m_uncommitted.empty() || now - m_lastCommit > kBetweenCommits || m_pace.isDue(now)) {
            if (auto saved = commit(search, Saving::WhenDue); !saved) return saved.error();
        }
        reportProgress(search, false);
    }
    if (auto saved = commit(search, Saving::Always, unreached()); !saved) return saved.error();
    reportProgress(search, true);
    return RunState::Finished;
}

Result<bool> Job::mayGoOn(search::CoSearch& search) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping || !m_paused) return !m_stopping.load();
    }
    m_activeHere += std::chrono::duration<double>(Clock::now() - m_activeSince).count();
    m_activeSince = Clock::now();
    if (auto saved = commit(search, Saving::Always); !saved) return saved.error();
    log("info", "Paused at step " + base::grouped(m_steps));
    changeState(RunState::Paused, "");
    if (auto waited = waitWhilePaused(search); !waited) return waited.error();
    m_lastDone = -1;
    if (!m_stopping) {
        log("info", "Goes on at step " + base::grouped(m_steps));
        changeState(RunState::Running, "");
    }
    return !m_stopping.load();
}

Result<void> Job::waitWhilePaused(search::CoSearch& search) {
    const auto holds = [this] { return m_paused && !m_stopping; };
    const auto mayBeSteered = [this] { return !m_asked.empty() && m_steps >= m_reached; };
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] { return !holds() || mayBeSteered(); });
            m_activeSince = Clock::now();
            if (!holds()) return {};
        }
        if (auto steered = steerNow(search); !steered) return steered;
    }
}

Error Job::withWhatIsKept(Error error) const {
    const std::string state = m_savedStep < 0
                                  ? "No state had been saved yet"
                                  : "The state of step " + base::grouped(m_savedStep) + " is kept";
    if (!error.advice.empty()) error.advice += ". ";
    error.advice += state + ", and the " + base::grouped(m_row.designs) +
                    " designs found are kept. Resuming repeats these steps: with other settings, "
                    "start a new run";
    return error;
}

std::string Job::nothingFound() const {
    if (std::ranges::any_of(m_rows, &store::DesignRow::front)) return {};
    const auto count = static_cast<std::int64_t>(m_rows.size());
    return (m_rows.empty() ? std::string("No design was found within the limits")
                           : "None of the " + base::counted(count, "design", "designs") +
                                 " found is within the limits and pins") +
           ": relax /limits, or give the spaces smaller choices";
}

double Job::activeSeconds() const {
    return m_secondsBefore + m_activeHere +
           std::chrono::duration<double>(Clock::now() - m_activeSince).count();
}

Result<void> Job::takeUp(search::StepReport report) {
    m_images += report.images;
    for (const auto& message : report.messages) {
        if (!repeats()) log("info", message);
    }
    for (const auto& design : report.designs) {
        if (isRepeated(design)) continue;
        if (design.weights) {
            if (auto kept = keepWeights(design); !kept) return kept;
        }
        m_uncommitted.push_back(recordOf(design, m_row.id));
    }
    return {};
}

bool Job::isRepeated(const search::ReportedDesign& design) const {
    // Trainings end at steps that time has a part in; what they find is equal, and written again.
    if (!repeats() || design.standing == search::Standing::Trained) return false;
    return std::ranges::any_of(
        m_rows, [&](const store::DesignRow& known) { return known.choices == design.choices; });
}

Result<void> Job::keepWeights(const search::ReportedDesign& design) {
    // Before the commit that says "trained": a crash between the two trains the last steps again.
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const store::DesignRow& known) {
        return known.choices == design.choices;
    });
    if (row == m_rows.end()) return {};
    return inFile([&](store::Project& project) {
        return project.putArtifact(row->id, {"weights", learn::toBytes(*design.weights)});
    });
}

std::optional<store::Checkpoint> Job::stateToSave(const search::CoSearch& search, Saving saving) {
    const bool always = saving == Saving::Always;
    if (always ? m_steps == m_savedStep && m_stateIsCurrent : !m_pace.isDue(Clock::now())) {
        return std::nullopt;
    }
    store::Checkpoint state{m_steps, search.save()};
    m_pace.measured(state.bytes.size());
    if (!always && !m_pace.isDue(Clock::now(), state.bytes.size())) return std::nullopt;
    return state;
}

Result<void> Job::commit(const search::CoSearch& search, Saving saving,
                         std::vector<store::SteeringRow> steering) {
    const auto begin = m_lastCommit = Clock::now();
    if (!steering.empty()) m_stateIsCurrent = false;
    store::Commit commit;
    commit.run = m_row.id;
    commit.designs = std::move(m_uncommitted);
    m_uncommitted.clear();
    commit.checkpoint = stateToSave(search, saving);
    commit.reached = m_countedSteps;
    commit.steering = std::move(steering);
    commit.activeSeconds = m_row.activeSeconds = activeSeconds();
    auto rows = write(commit);
    if (!rows) return rows.error();
    if (commit.checkpoint) {
        m_savedStep = m_steps;
        m_stateIsCurrent = true;
        m_pace.wrote(begin, Clock::now());
    }
    if (!rows->empty()) mergeRows(*rows);
    if (!commit.steering.empty()) return review();
    return {};
}

Result<std::vector<store::DesignRow>> Job::write(const store::Commit& commit) {
    return inFile([&](store::Project& project) { return project.commit(commit); });
}

void Job::mergeRows(const std::vector<store::DesignRow>& rows) {
    const auto before = m_rows;
    for (const auto& row : rows) {
        const auto known = std::find_if(m_rows.begin(), m_rows.end(),
                                        [&](const auto& old) { return old.id == row.id; });
        if (known == m_rows.end()) {
            m_rows.push_back(row);
        } else {
            *known = row;
        }
    }
    store::markFront(m_rows);
    // A new design can push others off the front: they have changed too.
    std::vector<store::DesignRow> changed;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const bool written = std::any_of(rows.begin(), rows.end(),
                                         [&](const auto& row) { return row.id == m_rows[i].id; });
        if (written || i >= before.size() || before[i].front != m_rows[i].front) {
            changed.push_back(m_rows[i]);
        }
    }
    m_row.designs = static_cast<std::int64_t>(m_rows.size());
    m_listener->designsChanged(m_row.id, changed);
}

void Job::reportProgress(const search::CoSearch& search, bool always) {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_lastProgress).count();
    if (!always && now - m_lastProgress < kBetweenProgress) return;
    const auto state = search.progress();
    if (m_lastDone >= 0 && seconds > 0) {
        const double rate = (state.done - m_lastDone) / seconds;
        m_rate = m_rate == 0 ? rate : kRateDecay * m_rate + (1 - kRateDecay) * rate;
        const double images = m_images / seconds;
        m_imagesPerSecond = m_imagesPerSecond == 0
                                ? images
                                : kRateDecay * m_imagesPerSecond + (1 - kRateDecay) * images;
    }
    m_lastDone = state.done;
    m_lastProgress = now;
    m_images = 0;

    Progress progress;
    progress.run = m_row.id;
    progress.phase = phaseOf(state.stage);
    progress.step = static_cast<std::int64_t>(state.done);
    progress.steps = static_cast<std::int64_t>(state.total);
    progress.elapsedSeconds = activeSeconds();
    progress.secondsLeft = m_rate > 0 ? (state.total - state.done) / m_rate : -1;
    progress.imagesPerSecond = m_imagesPerSecond;
    progress.loss = state.loss;
    progress.detail = state.detail;
    m_listener->progressed(progress);
}

void Job::changeState(RunState state, const std::string& message) {
    store::RunRow row;
    m_file.call([&](store::Project& project) {
        const auto set = project.setRunState(m_row.id, state, message);
        if (!set && !project.isMoved()) {  // of a file that is gone the run's failure tells
            m_listener->logged({0, m_row.id, store::timeNow(), "error", base::toText(set.error())});
        }
        if (auto now = project.run(m_row.id)) row = std::move(*now);
    });
    if (row.id == 0) {  // the file could not say: report what is known here
        row = m_row;
        row.state = state;
        row.message = message;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_row = row;
    }
    m_listener->runChanged(row);
}

void Job::log(const std::string& kind, const std::string& text) {
    store::Event event{0, m_row.id, store::timeNow(), kind, text};
    m_file.call([&](store::Project& project) {
        // An event that cannot be kept is still shown.
        (void)project.addEvent(event);
    });
    m_listener->logged(event);
}

}  // namespace cohelix::run
