// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/steering.h"

#include <algorithm>

namespace cohelix::ui {

namespace {

std::optional<spec::MoveLimit> hardLimitOf(const LimitFilter& line) {
    const auto* name = figureNameOf(line.column);
    for (const auto kind : base::kValues<spec::LimitKind>) {
        const auto& info = spec::infoOf(kind);
        if (!name || info.figure != name->member) continue;
        return spec::MoveLimit{kind, info.least ? line.least : line.most};
    }
    return std::nullopt;
}

}  // namespace

std::vector<spec::Change> hardLimitsOf(const Filter& filter) {
    std::vector<spec::Change> changes;
    for (const LimitFilter& line : filter.limits) {
        const auto limit = hardLimitOf(line);
        if (limit && limit->value) changes.emplace_back(*limit);
    }
    return changes;
}

Steering::Steering(Document& document, const Projection& projection, Messages& messages,
                   QObject* parent)
    : QObject(parent),
      m_document(document),
      m_projection(projection),
      m_messages(messages),
      m_mailbox(std::make_shared<Mailbox>(this)) {
    connect(&projection, &Projection::runsChanged, this, &Steering::follow);
    connect(&projection, &Projection::steered, this, &Steering::take);
    // Another project may have a run of the same number.
    connect(&projection, &Projection::designsReset, this, [this] {
        m_run = 0;
        follow();
    });
    follow();
}

Steering::~Steering() { m_mailbox->close(); }

void Steering::follow() {
    const auto active = m_projection.activeRun();
    const std::int64_t run = active ? active->id : 0;
    if (run == m_run) return;
    m_run = run;
    m_inForce.reset();
    m_changes.clear();
    m_waiting.clear();
    Q_EMIT changed();
    load();
}

void Steering::load() {
    const auto session = m_document.session();
    if (m_run == 0 || !session) return;
    session->post([this, run = m_run, mailbox = m_mailbox](store::Project& project) {
        const auto inForce = project.inForce(run);
        const auto changes = project.steering(run);
        mailbox->deliver([this, run, inForce, changes] {
            if (run != m_run) return;
            if (!inForce) return m_messages.say(errorMessage(inForce.error()));
            if (!changes) return m_messages.say(errorMessage(changes.error()));
            m_inForce = *inForce;
            m_changes = *changes;
            Q_EMIT changed();
        });
    });
}

void Steering::take(std::int64_t run, const std::vector<store::SteeringRow>& changes) {
    if (run != m_run) return;
    for (const store::SteeringRow& row : changes) {
        const auto asked = std::find(m_waiting.begin(), m_waiting.end(), row.change);
        const bool known = std::any_of(m_changes.begin(), m_changes.end(), [&](const auto& other) {
            return other.id == row.id && other.state == row.state;
        });
        if (known || row.state == store::SteeringState::Planned) continue;
        if (asked != m_waiting.end()) m_waiting.erase(asked);
        if (row.state != store::SteeringState::Refused) continue;
        m_messages.say({Severity::Warning, tr("run %1").arg(run),
                        QString::fromStdString(row.message), tr("The run goes on as before")});
    }
    m_changes = changes;
    load();
}

void Steering::ask(const spec::Change& change) {
    const auto session = m_document.session();
    if (m_run == 0 || !session) return;
    m_waiting.push_back(change);
    if (const auto asked = session->steer(m_run, change); !asked) {
        m_waiting.pop_back();
        m_messages.say(errorMessage(asked.error()));
    }
    Q_EMIT changed();
}

void Steering::askForLimitsOf(const Filter& filter) {
    const auto limits = hardLimitsOf(filter);
    if (limits.empty()) {
        return m_messages.say(infoMessage(
            tr("The plot has no limit line on FPS, latency, energy, DSP or BRAM: draw one first")));
    }
    for (const spec::Change& limit : limits) ask(limit);
}

}  // namespace cohelix::ui
