// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/session.h"

#include <algorithm>
#include <mutex>
#include <system_error>

#include "core/base/units.h"
#include "core/learn/data_set_check.h"
#include "core/run/file_thread.h"
#include "core/run/job.h"
#include "core/run/run_state.h"
#include "core/search/accelerator/feasibility.h"

namespace cohelix::run {
namespace {

using base::Error;
using base::Result;

class FileSession final : public Session {
public:
    FileSession(std::unique_ptr<store::Project> project, std::shared_ptr<Listener> listener)
        : m_readOnly(project->readOnly()),
          m_readOnlyReason(project->readOnlyReason()),
          m_listener(std::move(listener)),
          m_notices(project->notices()),
          m_file(std::move(project)) {
        for (const auto& notice : m_notices) tell(notice);
    }

    ~FileSession() override {
        const std::lock_guard lock(m_mutex);
        for (auto& job : m_jobs) job.second->stop();
        m_jobs.clear();  // waits for each
    }

    std::string path() const override { return m_file.path(); }
    Result<void> follow() override {
        const auto followed = m_file.follow();
        return followed ? Result<void>() : Result<void>(followed.error());
    }
    bool readOnly() const override { return m_readOnly; }
    std::string readOnlyReason() const override { return m_readOnlyReason; }
    void post(std::function<void(store::Project&)> work) override { m_file.post(std::move(work)); }
    void call(const std::function<void(store::Project&)>& work) override { m_file.call(work); }

    Result<std::int64_t> start(const spec::Specification& spec, int threads,
                               const std::vector<spec::TimedChange>& plan) override;
    Result<void> resume(std::int64_t run, int threads, const std::string& pictures) override;

    Resumption resumption(std::int64_t run) override {
        const auto job = find(run);
        return job && job->isStuck() ? Resumption::Nowhere : Session::resumption(run);
    }
    void pause(std::int64_t run) override {
        if (auto job = find(run)) job->pause();
    }
    void unpause(std::int64_t run) override {
        if (auto job = find(run)) job->unpause();
    }
    void stop(std::int64_t run) override {
        if (auto job = find(run)) job->stop();
    }
    void abandon(std::int64_t run) override {
        m_file.call([&](store::Project& project) {
            (void)project.setRunState(run, store::RunState::Stopped,
                                      "stopped on request within a step; it can be resumed");
        });
        m_file.close();
    }
    Result<void> steer(std::int64_t run, const spec::Change& change) override {
        const auto job = find(run);
        if (job && !job->ended()) return job->steer(change);
        return Error{"run " + std::to_string(run), "this run is not at work",
                     "Only a run that works or is paused can be steered"};
    }
    bool busy() const override {
        const std::lock_guard lock(m_mutex);
        return std::any_of(m_jobs.begin(), m_jobs.end(),
                           [](const auto& job) { return !job.second->ended(); });
    }
    store::RunRow wait(std::int64_t run) override {
        if (auto job = find(run)) return job->wait();
        store::RunRow row;
        m_file.call([&](store::Project& project) {
            if (auto known = project.run(run)) row = std::move(*known);
        });
        return row;
    }

private:
    std::shared_ptr<Job> find(std::int64_t run) const {
        const std::lock_guard lock(m_mutex);
        const auto job = m_jobs.find(run);
        return job == m_jobs.end() ? nullptr : job->second;
    }
    /// To the user, and into the project's log where it may be written.
    void tell(const std::string& warning) {
        store::Event event{0, 0, store::timeNow(), "warning", warning};
        if (!m_readOnly) {
            m_file.post([event](store::Project& project) { (void)project.addEvent(event); });
        }
        m_listener->logged(event);
    }
    Error refusal() const {
        return {path(), "the file is open for reading only: " + m_readOnlyReason,
                "Save a copy under another name and search there"};
    }
    /// Errors: the system starts no thread; the run can be resumed.
    Result<void> begin(const store::RunRow& row, const spec::Specification& spec,
                       bool fromCheckpoint);

    bool m_readOnly;
    std::string m_readOnlyReason;
    std::shared_ptr<Listener> m_listener;
    const std::vector<std::string> m_notices;
    FileThread m_file;
    mutable std::mutex m_mutex;
    std::map<std::int64_t, std::shared_ptr<Job>> m_jobs;  // after m_file, which they use
};

/// Whether the changes fit the specification one after the other, and none of them leaves less than
/// even its smallest accelerator needs.
Result<void> checkPlan(const spec::Specification& spec,
                       const std::vector<spec::TimedChange>& plan) {
    auto inForce = spec::asSpecified(spec);
    for (const auto& planned : plan) {
        if (auto applied = spec::apply(planned.change, inForce); !applied) return applied;
        if (auto fits = search::checkResources(inForce.specification); !fits) return fits;
    }
    return {};
}

Result<std::int64_t> FileSession::start(const spec::Specification& spec, int threads,
                                        const std::vector<spec::TimedChange>& plan) {
    if (m_readOnly) return refusal();
    if (auto trains = learn::checkTraining(); !trains) return trains.error();
    if (auto sound = checkPlan(spec, plan); !sound) return sound.error();
    if (auto there = m_file.follow(); !there) return there.error();
    store::RunRow row;
    row.name = spec.name;
    row.seed = spec.seed;
    row.threads = base::usableThreads(threads);
    row.programVersion = base::programVersion();
    row.torchVersion = learn::torchVersion();
    std::optional<Error> failure;
    m_file.call([&](store::Project& project) {
        auto revision = project.addRevision(spec);
        if (!revision) {
            failure = revision.error();
            return;
        }
        row.revision = *revision;
        auto id = project.addRun(row, plan);
        auto stored = id ? project.run(*id) : Result<store::RunRow>(id.error());
        if (stored) {
            row = std::move(*stored);
        } else {
            failure = stored.error();
        }
    });
    if (failure) return *failure;
    m_listener->runChanged(row);
    if (auto begun = begin(row, spec, false); !begun) return begun.error();
    return row.id;
}

/// The data set of a run whose pictures are elsewhere now; empty: where the specification says.
spec::DataSetSpec usedDataSet(const spec::Specification& spec, const std::string& pictures) {
    auto used = spec.dataSet;
    if (!pictures.empty()) used.path = pictures;
    return used;
}

Result<void> FileSession::resume(std::int64_t run, int threads, const std::string& pictures) {
    if (m_readOnly) return refusal();
    if (const auto job = find(run); job && !job->ended()) {
        job->unpause();
        return {};
    }
    if (auto trains = learn::checkTraining(); !trains) return trains.error();
    if (auto there = m_file.follow(); !there) return there.error();
    std::optional<Error> failure;
    store::RunRow row;
    std::optional<spec::Specification> spec;
    m_file.call([&](store::Project& project) {
        auto known = project.run(run);
        auto specification = project.specificationOf(run);
        if (!known) {
            failure = known.error();
        } else if (!specification) {
            failure = specification.error();
        } else if (known->state == store::RunState::Finished) {
            failure = Error{"run " + std::to_string(run), "this run has finished",
                            "Start a new one to search again"};
        } else if (auto there = learn::lookForDataSet(usedDataSet(*specification, pictures));
                   !there) {
            failure = there.error();
        } else if (auto set = project.setRunState(run, store::RunState::Running, ""); !set) {
            failure = set.error();
        } else {
            row = std::move(*known);
            row.state = store::RunState::Running;
            spec = std::move(*specification);
        }
    });
    if (failure) return *failure;
    row.threads = base::usableThreads(threads > 0 ? threads : row.threads);
    spec->dataSet = usedDataSet(*spec, pictures);
    m_listener->runChanged(row);
    return begin(row, *spec, true);
}

Error noThread(const std::string& where, const std::system_error& problem) {
    return {where, std::string("no thread could be started: ") + problem.what(),
            "Close other programs and try again"};
}

Result<void> FileSession::begin(const store::RunRow& row, const spec::Specification& spec,
                                bool fromCheckpoint) {
    try {
        auto job = std::make_shared<Job>(row, spec, fromCheckpoint, m_file, m_listener);
        const std::lock_guard lock(m_mutex);
        m_jobs[row.id] = std::move(job);
        return {};
    } catch (const std::system_error& problem) {
        const auto error = noThread("run " + std::to_string(row.id), problem);
        auto ended = row;
        ended.state = store::RunState::Failed;
        ended.message = base::toText(error);
        m_file.call([&](store::Project& project) {
            (void)project.setRunState(row.id, ended.state, ended.message);
        });
        m_listener->runChanged(ended);
        return error;
    }
}

Result<std::unique_ptr<Session>> sessionOn(Result<std::unique_ptr<store::Project>> project,
                                           std::shared_ptr<Listener> listener) {
    if (!project) return project.error();
    const auto path = (*project)->path();
    try {
        return std::unique_ptr<Session>(
            std::make_unique<FileSession>(std::move(*project), std::move(listener)));
    } catch (const std::system_error& problem) {
        return noThread(path, problem);
    }
}

}  // namespace

Resumption resumptionOf(store::Project& project, std::int64_t run) {
    const auto row = project.run(run);
    if (!row || row->state == store::RunState::Finished || !row->hasSpecification) {
        return Resumption::Nowhere;
    }
    const auto states = project.checkpoints(run);
    if (!states || project.readOnly() || project.isMoved()) return Resumption::Nowhere;
    if (states->empty()) return Resumption::FirstStep;
    const auto specification = project.specificationOf(run);
    const auto changes = project.steering(run);
    const auto reached = project.reached(run);
    if (!specification || !changes || !reached) return Resumption::Nowhere;
    const bool anySound = std::ranges::any_of(*states, [&](const store::CheckpointRow& saved) {
        const auto state = project.checkpoint(saved.id);
        return state && checkState({*state, *reached, *changes}, *specification);
    });
    return anySound ? Resumption::SavedState : Resumption::Nowhere;
}

Resumption Session::resumption(std::int64_t run) {
    auto found = Resumption::Nowhere;
    call([&](store::Project& project) { found = resumptionOf(project, run); });
    return found;
}

Result<std::unique_ptr<Session>> Session::open(const std::string& path,
                                               std::shared_ptr<Listener> listener) {
    return sessionOn(store::Project::open(path, store::Access::ReadWrite), std::move(listener));
}

Result<std::unique_ptr<Session>> Session::create(const std::string& path,
                                                 std::shared_ptr<Listener> listener) {
    return sessionOn(store::Project::create(path), std::move(listener));
}

}  // namespace cohelix::run
