// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_session.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QThread>

#include "core/learn/data_set_check.h"

namespace cohelix::ui {

FakeSession::FakeSession(std::unique_ptr<store::Project> project,
                         std::shared_ptr<run::Listener> listener)
    : m_project(std::move(project)), m_listener(std::move(listener)), m_path(m_project->path()) {}

void FakeSession::call(const std::function<void(store::Project&)>& work) {
    const std::lock_guard lock(m_mutex);
    work(*m_project);
}

base::Result<std::int64_t> FakeSession::start(const spec::Specification& spec, int threads,
                                              const std::vector<spec::TimedChange>& plan) {
    store::RunRow row;
    std::optional<base::Error> error;
    call([&](store::Project& project) {
        const auto revision = project.addRevision(spec);
        if (!revision) {
            error = revision.error();
            return;
        }
        row.revision = *revision;
        row.name = spec.name;
        row.seed = spec.seed;
        row.threads = threads;
        const auto id = project.addRun(row, plan);
        if (!id) {
            error = id.error();
            return;
        }
        row = *project.run(*id);
    });
    if (error) return *error;
    m_listener->runChanged(row);
    return row.id;
}

base::Result<void> FakeSession::resume(std::int64_t run, int, const std::string& pictures) {
    if (!m_pictures.empty() && pictures != m_pictures) {
        return base::Error{learn::kDataSetPlace, "the data set was not found in " + pictures, {}};
    }
    setState(run, store::RunState::Running);
    return {};
}

base::Result<void> FakeSession::steer(std::int64_t run, const spec::Change& change) {
    store::Commit commit;
    commit.run = run;
    std::vector<store::SteeringRow> changes;
    call([&](store::Project& project) {
        auto inForce = project.inForce(run).value();
        const auto applied = spec::apply(change, inForce);
        store::SteeringRow row;
        row.step = 7;
        row.change = change;
        row.state = applied ? store::SteeringState::Applied : store::SteeringState::Refused;
        if (!applied) row.message = base::toText(applied.error());
        commit.steering = {row};
        (void)project.commit(commit);
        changes = project.steering(run).value();
    });
    m_listener->steered(run, changes);
    return {};
}

std::string FakeSession::path() const {
    const std::lock_guard lock(m_mutex);
    return m_path;
}

void FakeSession::goOnIn(const std::string& path, std::int64_t run) {
    call([&](store::Project&) {
        m_project = std::move(*m_project->followed());
        m_path = path;
    });
    setState(run, store::RunState::Running);
}

void FakeSession::setState(std::int64_t run, store::RunState state) {
    store::RunRow row;
    call([&](store::Project& project) {
        (void)project.setRunState(run, state, "");
        row = *project.run(run);
    });
    m_listener->runChanged(row);
}

store::RunRow FakeSession::wait(std::int64_t run) {
    store::RunRow row;
    call([&](store::Project& project) { row = *project.run(run); });
    return row;
}

std::vector<store::DesignRow> FakeSession::report(std::int64_t run,
                                                  std::vector<store::DesignRow> rows) {
    store::Commit commit;
    commit.run = run;
    for (store::DesignRow& row : rows) commit.designs.push_back({std::move(row), std::nullopt});
    std::vector<store::DesignRow> stored;
    call([&](store::Project& project) {
        auto result = project.commit(commit);
        if (result) stored = std::move(*result);
    });
    m_listener->designsChanged(run, stored);
    return stored;
}

FakeWorld::FakeWorld()
    : hub(opener(), folder.filePath(QStringLiteral("untitled"))),
      settings(folder.filePath(QStringLiteral("view.ini")), QSettings::IniFormat) {}

ProjectOpener FakeWorld::opener() {
    using Opened = base::Result<std::unique_ptr<run::Session>>;
    const auto wrap = [this](base::Result<std::unique_ptr<store::Project>> project,
                             std::shared_ptr<run::Listener> listener) -> Opened {
        if (!project) return project.error();
        auto made = std::make_unique<FakeSession>(std::move(*project), std::move(listener));
        session = made.get();
        return Opened(std::move(made));
    };
    return {[wrap](const std::string& path, std::shared_ptr<run::Listener> listener) {
                return wrap(store::Project::open(path, store::Access::ReadWrite),
                            std::move(listener));
            },
            [wrap](const std::string& path, std::shared_ptr<run::Listener> listener) {
                return wrap(store::Project::create(path), std::move(listener));
            }};
}

std::int64_t FakeWorld::openWithRun(const QString& name) {
    hub.document().create(file(name), *spec::preset("fashion-mnist-zc706"));
    waitFor([this] { return hub.document().isOpen(); });
    hub.control().start();
    waitFor([this] { return hub.projection().activeRun().has_value(); });
    return hub.projection().activeRun() ? hub.projection().activeRun()->id : 0;
}

store::DesignRow sampleDesign(std::int64_t run, int variant, double accuracy, double fps) {
    static const spec::Specification spec = *spec::preset("fashion-mnist-zc706");
    store::DesignRow row;
    row.run = run;
    int rest = variant;
    for (const hardware::Choice& choice : spec::networkChoices(spec.network)) {
        const int options = static_cast<int>(choice.options.size());
        row.choices.network.push_back(rest % options);
        rest /= options;
    }
    const auto choices = hardware::acceleratorChoices(spec.accelerator);
    row.choices.accelerator =
        canonicalChoices(spec.accelerator, std::vector<int>(choices.size(), 0));
    row.grade = model::AccuracyGrade::SupernetEstimate;
    row.accuracy = accuracy;
    row.fps = fps;
    row.latencyMs = 2000 / fps;
    row.energyMj = 7 * row.latencyMs;
    row.edp = row.energyMj * row.latencyMs;
    row.dsp = 100 + fps / 10;
    row.bram18k = 200;
    row.macs = 4'000'000;
    row.parameters = 50'000;
    return row;
}

bool waitFor(const std::function<bool()>& done) {
    QElapsedTimer timer;
    timer.start();
    while (!done()) {
        if (timer.elapsed() > 5000) return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        QThread::msleep(2);
    }
    return true;
}

}  // namespace cohelix::ui
