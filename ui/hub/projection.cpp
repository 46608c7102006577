// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/projection.h"

#include <algorithm>

namespace cohelix::ui {

namespace {

/// The log keeps the latest; all of them are in the file.
constexpr std::size_t kMostEvents = 5000;

bool isActive(const store::RunRow& run) {
    return run.state == store::RunState::Running || run.state == store::RunState::Paused;
}

/// Replaces the element that `same` finds, or adds it.
template <typename T, typename Same>
void put(std::vector<T>& all, const T& next, Same same) {
    const auto found = std::find_if(all.begin(), all.end(), same);
    if (found == all.end()) {
        all.push_back(next);
    } else {
        *found = next;
    }
}

}  // namespace

Projection::Projection(Messages& messages, QObject* parent)
    : QObject(parent), m_messages(messages) {}

std::optional<store::RunRow> Projection::activeRun() const {
    const auto found = std::find_if(m_runs.rbegin(), m_runs.rend(), isActive);
    return found == m_runs.rend() ? std::nullopt : std::optional(*found);
}

std::optional<run::Progress> Projection::progress() const {
    const auto active = activeRun();
    if (!active) return std::nullopt;
    for (const run::Progress& report : m_progress) {
        if (report.run == active->id) return report;
    }
    return std::nullopt;
}

void Projection::reset(const Contents& contents) {
    m_designs.reset(contents.designs);
    m_runs = contents.runs;
    m_progress.clear();
    m_events = contents.events;
    Q_EMIT designsReset();
    Q_EMIT runsChanged();
    Q_EMIT eventsReset();
    Q_EMIT progressChanged();
}

void Projection::take(const Batch& batch) {
    if (!batch.runs.empty()) takeRuns(batch.runs);
    if (!batch.designs.empty()) Q_EMIT designsChanged(m_designs.merge(batch.designs));
    if (!batch.progress.empty()) takeProgress(batch.progress);
    if (!batch.events.empty()) takeEvents(batch.events);
    for (const auto& [run, changes] : batch.steering) Q_EMIT steered(run, changes);
}

void Projection::takeRuns(const std::vector<store::RunRow>& runs) {
    for (const store::RunRow& row : runs) {
        put(m_runs, row, [&row](const store::RunRow& other) { return other.id == row.id; });
        sayHowItEnded(row);
    }
    Q_EMIT runsChanged();
}

void Projection::sayHowItEnded(const store::RunRow& run) {
    const QString where = tr("run %1").arg(run.id);
    const QString what = QString::fromStdString(run.message);
    if (run.state == store::RunState::Failed) {
        m_messages.say({Severity::Error, where, what,
                        tr("Correct the cause, then resume the run or start a new one")});
    } else if (run.state == store::RunState::Finished && !run.message.empty()) {
        m_messages.say({Severity::Warning, where, what, {}});
    }
}

void Projection::takeProgress(const std::vector<run::Progress>& progress) {
    for (const run::Progress& report : progress) {
        put(m_progress, report,
            [&report](const run::Progress& other) { return other.run == report.run; });
    }
    Q_EMIT progressChanged();
}

void Projection::takeEvents(const std::vector<store::Event>& events) {
    m_events.insert(m_events.end(), events.begin(), events.end());
    if (m_events.size() > kMostEvents) {
        const auto extra = static_cast<std::ptrdiff_t>(m_events.size() - kMostEvents);
        m_events.erase(m_events.begin(), m_events.begin() + extra);
    }
    Q_EMIT eventsAdded(static_cast<int>(events.size()));
}

}  // namespace cohelix::ui
