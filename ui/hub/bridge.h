// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// From the session's threads to the window: collects what a running search reports and hands it
// over in batches, at most ten a second, so that a fast search cannot flood the event loop.

#include <QObject>
#include <QTimer>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/run/session.h"

#include "ui/hub/worker.h"

namespace cohelix::ui {

/// What came in since the last batch: of each run and design only the latest.
struct Batch {
    std::vector<run::Progress> progress;
    std::vector<store::DesignRow> designs;  ///< in the order in which they first came
    std::vector<store::RunRow> runs;
    std::vector<store::Event> events;
    std::map<std::int64_t, std::vector<store::SteeringRow>> steering;  ///< by run
};

inline constexpr std::chrono::milliseconds kBatchInterval{100};

class Bridge : public QObject {
    Q_OBJECT

public:
    explicit Bridge(QObject* parent = nullptr);
    ~Bridge() override;

    /// The end that a session calls. It gathers from the start; batches come once it is attached.
    std::shared_ptr<run::Listener> newListener();
    /// Hands over what this listener of newListener() reports, and no longer what an older one
    /// does; null: nothing.
    void attach(const std::shared_ptr<run::Listener>& listener);

Q_SIGNALS:
    void batchReady(const Batch& batch);

private:
    class Collector;
    void wake();
    void flush();

    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<Collector> m_collector;
    QTimer m_timer;
};

}  // namespace cohelix::ui
