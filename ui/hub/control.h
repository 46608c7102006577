// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Starting, pausing, stopping and going on with searches, and what of it can be done now. Lives on
// the UI thread; no call blocks.

#include <QObject>
#include <functional>
#include <memory>

#include "ui/hub/document.h"
#include "ui/hub/edits.h"
#include "ui/hub/messages.h"
#include "ui/hub/projection.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

class Control : public QObject {
    Q_OBJECT

public:
    /// What it works on; all must outlive it.
    struct Parts {
        Document& document;
        Edits& edits;
        const Projection& projection;
        Worker& worker;
        Messages& messages;
    };
    explicit Control(const Parts& parts, QObject* parent = nullptr);
    ~Control() override;

    bool canStart() const;
    bool canPause() const;    ///< a run works
    bool canUnpause() const;  ///< a run is paused
    bool canStop() const;
    /// The active run was told to stop and works until its next step.
    bool isStopping() const;
    bool canResume(std::int64_t run) const;

    /// Searches with the specification as it is now, and with what is typed and not yet taken over;
    /// says so instead where some of that is not valid.
    void start();
    void pause();
    void unpause();
    void stop();
    /// Goes on with a run that was stopped, interrupted or failed. `pictures`: where its data set
    /// is now; empty: where its specification says. Where it is not there, picturesMissing.
    void resume(std::int64_t run, const QString& pictures = {});

    /// Another project was opened: what was asked for in the old one is over.
    void reset();

Q_SIGNALS:
    /// What can be done.
    void changed();
    /// A run was not gone on with, for its data set is neither where its specification says nor in
    /// the folder that was tried; `error` says where it was looked for.
    void picturesMissing(std::int64_t run, const QString& tried, const Message& error);

private:
    using Work = std::function<base::Result<void>(run::Session&)>;
    using Refusal = std::function<void(const base::Error&)>;
    /// Does work that begins a run; where it cannot begin, calls `refused` (nothing: says so).
    void command(Work work, Refusal refused = {});

    Parts m_parts;
    std::shared_ptr<Mailbox> m_mailbox;
    std::int64_t m_stopping = 0;  ///< the run that was told to stop; 0: none
    bool m_starting = false;      ///< asked to start; the run has not reported yet
};

}  // namespace cohelix::ui
