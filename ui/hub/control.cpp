// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/control.h"

#include <algorithm>
#include <utility>

#include "core/base/executor.h"
#include "core/learn/data_set_check.h"

namespace cohelix::ui {

Control::Control(const Parts& parts, QObject* parent)
    : QObject(parent), m_parts(parts), m_mailbox(std::make_shared<Mailbox>(this)) {
    connect(&m_parts.document, &Document::stateChanged, this, &Control::changed);
    connect(&m_parts.edits, &Edits::changed, this, &Control::changed);
    connect(&m_parts.projection, &Projection::runsChanged, this, [this] {
        m_starting = false;
        Q_EMIT changed();
    });
}

Control::~Control() { m_mailbox->close(); }

void Control::reset() {
    m_starting = false;
    m_stopping = 0;
}

bool Control::canStart() const {
    const Document& document = m_parts.document;
    // A project may hold no specification yet, only a true front.
    return document.isOpen() && !document.busy() && !document.readOnly() && !m_starting &&
           !m_parts.projection.activeRun() && !m_parts.edits.specification().network.stages.empty();
}

bool Control::canPause() const {
    const auto active = m_parts.projection.activeRun();
    return active && active->state == store::RunState::Running && !isStopping();
}

bool Control::canUnpause() const {
    const auto active = m_parts.projection.activeRun();
    return active && active->state == store::RunState::Paused && !isStopping();
}

bool Control::canStop() const { return m_parts.projection.activeRun() && !isStopping(); }

bool Control::isStopping() const {
    const auto active = m_parts.projection.activeRun();
    return active && active->id == m_stopping;
}

bool Control::canResume(std::int64_t run) const {
    if (!canStart()) return false;
    const auto& runs = m_parts.projection.runs();
    return std::any_of(runs.begin(), runs.end(), [run](const store::RunRow& row) {
        return row.id == run &&
               (row.state == store::RunState::Stopped ||
                row.state == store::RunState::Interrupted || row.state == store::RunState::Failed);
    });
}

void Control::start() {
    if (!canStart()) return;
    if (const auto taken = m_parts.edits.takeOverDrafts(); !taken) {
        Message said = errorMessage(taken.error());
        said.what = tr("No search was started, for a value is not valid: %1").arg(said.what);
        return m_parts.messages.say(said);
    }
    m_parts.edits.store();
    command([specification =
                 m_parts.edits.specification()](run::Session& session) -> base::Result<void> {
        const auto started = session.start(specification, base::availableCores());
        if (!started) return started.error();
        return {};
    });
}

void Control::resume(std::int64_t run, const QString& pictures) {
    if (!canResume(run)) return;
    command(
        [run, folder = pictures.toStdString()](run::Session& session) {
            return session.resume(run, base::availableCores(), folder);
        },
        [this, run, pictures](const base::Error& error) {
            const Message said = errorMessage(error);
            if (error.where != learn::kDataSetPlace) return m_parts.messages.say(said);
            Q_EMIT picturesMissing(run, pictures, said);
        });
}

void Control::command(Work work, Refusal refused) {
    m_starting = true;
    m_stopping = 0;
    Q_EMIT changed();
    m_parts.worker.post([this, session = m_parts.document.session(), work = std::move(work),
                         refused = std::move(refused), mailbox = m_mailbox] {
        const auto done = work(*session);
        if (done) return;
        mailbox->deliver([this, refused, error = done.error()] {
            m_starting = false;
            Q_EMIT changed();
            refused ? refused(error) : m_parts.messages.say(errorMessage(error));
        });
    });
}

void Control::pause() {
    const auto active = m_parts.projection.activeRun();
    const auto session = m_parts.document.session();
    if (active && session) session->pause(active->id);
}

void Control::unpause() {
    const auto active = m_parts.projection.activeRun();
    const auto session = m_parts.document.session();
    if (active && session) session->unpause(active->id);
}

void Control::stop() {
    const auto active = m_parts.projection.activeRun();
    const auto session = m_parts.document.session();
    if (!active || !session) return;
    m_stopping = active->id;
    session->stop(active->id);
    Q_EMIT changed();
}

}  // namespace cohelix::ui
