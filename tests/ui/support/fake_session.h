// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A session without a search: a real project file, and a test that says what the search reports.
// Opening and creating work as they do in the program, on the hub's worker.

#include <QTemporaryDir>
#include <functional>
#include <mutex>
#include <vector>

#include "core/run/session.h"

#include "ui/hub/view_context.h"

namespace cohelix::ui {

class FakeSession : public run::Session {
public:
    FakeSession(std::unique_ptr<store::Project> project, std::shared_ptr<run::Listener> listener);

    std::string path() const override;
    bool readOnly() const override { return m_project->readOnly(); }
    std::string readOnlyReason() const override { return m_project->readOnlyReason(); }
    void post(std::function<void(store::Project&)> work) override { call(work); }
    void call(const std::function<void(store::Project&)>& work) override;

    base::Result<std::int64_t> start(const spec::Specification& spec, int threads,
                                     const std::vector<spec::TimedChange>& plan) override;
    base::Result<void> resume(std::int64_t run, int threads, const std::string& pictures) override;
    void pause(std::int64_t run) override { setState(run, store::RunState::Paused); }
    void unpause(std::int64_t run) override { setState(run, store::RunState::Running); }
    void stop(std::int64_t run) override { setState(run, store::RunState::Stopped); }
    void abandon(std::int64_t run) override { stop(run); }
    /// Applied at once, as before step 7 of the search; refused where it does not fit.
    base::Result<void> steer(std::int64_t run, const spec::Change& change) override;
    bool busy() const override { return false; }
    store::RunRow wait(std::int64_t run) override;

    /// What a search does: commits designs and reports them. Returns them with their ids.
    std::vector<store::DesignRow> report(std::int64_t run, std::vector<store::DesignRow> rows);
    void setState(std::int64_t run, store::RunState state);
    /// What a search does when it finds that its file was moved.
    void goOnIn(const std::string& path, std::int64_t run);
    /// The only folder in which runs that are gone on with find their pictures; empty: any.
    void setPictures(const std::string& folder) { m_pictures = folder; }
    run::Listener& listener() { return *m_listener; }

private:
    std::unique_ptr<store::Project> m_project;
    std::shared_ptr<run::Listener> m_listener;
    std::string m_path;
    std::string m_pictures;
    mutable std::recursive_mutex m_mutex;
};

/// A hub over fake sessions in a folder of its own, and what else a view is made from.
struct FakeWorld {
    FakeWorld();
    ProjectOpener opener();

    QTemporaryDir folder;
    FakeSession* session = nullptr;  ///< the one opened last
    Hub hub;
    QSettings settings;
    Actions actions;
    ViewContext context{hub, actions, settings};

    QString file(const QString& name) const { return folder.filePath(name); }
    /// Creates NAME in the folder with the example's specification, waits, and starts a run.
    std::int64_t openWithRun(const QString& name = QStringLiteral("a.cohelix"));
};

/// A design of the example's spaces; `variant` makes it another one.
store::DesignRow sampleDesign(std::int64_t run, int variant, double accuracy, double fps);

/// Lets the event loop work until `done` or five seconds have passed; whether it is done.
bool waitFor(const std::function<bool()>& done);

}  // namespace cohelix::ui
