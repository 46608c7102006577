// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The true fronts of the open project: what it holds, the computation of another in the background,
// and how far a run came on one. Lives on the UI thread; no call blocks.

#include <QObject>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/run/front_job.h"

#include "ui/hub/document.h"
#include "ui/hub/message.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

/// What a run's designs are worth beside a true front of the same spaces and limits.
struct Coverage {
    std::int64_t run = 0;
    double share = 0;  ///< of the front's hypervolume, 0 … 1
    friend bool operator==(const Coverage&, const Coverage&) = default;
};

class References : public QObject {
    Q_OBJECT

public:
    /// `document` must outlive it.
    explicit References(Document& document, QObject* parent = nullptr);
    /// Cancels what is being computed; blocks until it has ended, at its next step.
    ~References() override;

    /// The newest last.
    const std::vector<store::ReferenceFront>& fronts() const { return m_fronts; }
    /// The latest run of the front's spaces and limits that has tabulated accuracies.
    std::optional<Coverage> coverage(const store::ReferenceFront& front,
                                     const std::vector<store::DesignRow>& designs) const;

    bool canCompute() const;
    /// Computes in the background and keeps the front in the project; says so, and what went wrong.
    void compute(const tables::FrontRequest& request);
    void cancel();
    /// Share of the computation that is done, 0 … 1; nothing when none goes on.
    std::optional<double> progress() const { return m_progress; }
    /// It was cancelled and has not ended yet.
    bool cancelling() const { return m_job && m_job->cancelled(); }

    /// Another project: drops a computation for the old one.
    void setFronts(std::vector<store::ReferenceFront> fronts,
                   const std::vector<store::RunRow>& runs);
    /// Runs of the project, which fronts are held against.
    void setRuns(const std::vector<store::RunRow>& runs);

Q_SIGNALS:
    /// The fronts, or which runs they can be held against.
    void changed();
    void progressChanged();
    void message(const Message& message);

private:
    void take(const base::Result<store::ReferenceFront>& front, std::int64_t project);
    void keep(const store::ReferenceFront& front);
    void compareRuns(const std::vector<std::int64_t>& runs);

    Document& m_document;
    std::shared_ptr<Mailbox> m_mailbox;
    std::vector<store::ReferenceFront> m_fronts;
    std::map<std::int64_t, std::set<std::int64_t>> m_frontsOfRun;  ///< of the same spaces
    std::set<std::int64_t> m_runs;                                 ///< asked about
    std::optional<double> m_progress;
    std::int64_t m_project = 0;            ///< opened so far: what was meant for another is dropped
    std::unique_ptr<run::FrontJob> m_job;  ///< until it has ended, even when nobody waits for it
};

}  // namespace cohelix::ui
