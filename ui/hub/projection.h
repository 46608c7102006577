// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What is in the open project as it now is: designs, runs, events, and how far the running search
// has come, kept up to date by what it reports. Lives on the UI thread.

#include <QObject>
#include <optional>
#include <vector>

#include "ui/hub/bridge.h"
#include "ui/hub/design_list.h"
#include "ui/hub/document.h"
#include "ui/hub/messages.h"

namespace cohelix::ui {

class Projection : public QObject {
    Q_OBJECT

public:
    /// `messages` hears of runs that failed; it must outlive the projection.
    explicit Projection(Messages& messages, QObject* parent = nullptr);

    const std::vector<store::DesignRow>& designs() const { return m_designs.rows(); }
    const DesignList& designList() const { return m_designs; }
    /// The newest last.
    const std::vector<store::RunRow>& runs() const { return m_runs; }
    /// The latest of them, the newest last; all are in the file.
    const std::vector<store::Event>& events() const { return m_events; }
    /// The run that works or is paused.
    std::optional<store::RunRow> activeRun() const;
    /// What the active run last reported.
    std::optional<run::Progress> progress() const;

    /// What an opened project holds.
    void reset(const Contents& contents);
    /// What a running search reported since.
    void take(const Batch& batch);

Q_SIGNALS:
    void designsReset();
    void designsChanged(const RowsChange& change);
    void runsChanged();
    void progressChanged();
    void eventsReset();
    void eventsAdded(int count);
    /// Changes to a run were applied or refused: all of them as they now stand.
    void steered(std::int64_t run, const std::vector<store::SteeringRow>& changes);

private:
    void takeRuns(const std::vector<store::RunRow>& runs);
    void takeProgress(const std::vector<run::Progress>& progress);
    void takeEvents(const std::vector<store::Event>& events);
    void sayHowItEnded(const store::RunRow& run);

    Messages& m_messages;
    DesignList m_designs;
    std::vector<store::RunRow> m_runs;
    std::vector<run::Progress> m_progress;  ///< one a run
    std::vector<store::Event> m_events;
};

}  // namespace cohelix::ui
