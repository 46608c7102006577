// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Steering the active run: what is in force of it, the changes made so far, and the way to ask for
// more. Belongs to the UI thread; no call blocks.

#include <QObject>
#include <memory>
#include <optional>
#include <vector>

#include "ui/hub/document.h"
#include "ui/hub/filter.h"
#include "ui/hub/messages.h"
#include "ui/hub/projection.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

/// The limit lines of a filter as hard limits: FPS from below, latency, energy, DSP and BRAM from
/// above; other columns are no limits of a search.
std::vector<spec::Change> hardLimitsOf(const Filter& filter);

class Steering : public QObject {
    Q_OBJECT

public:
    /// All must outlive it.
    Steering(Document& document, const Projection& projection, Messages& messages,
             QObject* parent = nullptr);
    ~Steering() override;

    /// The run that is steered; 0 while none is active.
    std::int64_t run() const { return m_run; }
    /// Nothing while no run is active or its state is being read.
    const std::optional<spec::InForce>& inForce() const { return m_inForce; }
    /// By step, with those that were refused or are planned.
    const std::vector<store::SteeringRow>& changes() const { return m_changes; }
    /// Asked for, and not yet applied or refused.
    const std::vector<spec::Change>& waiting() const { return m_waiting; }

    void ask(const spec::Change& change);
    /// Asks for all hard limits that the filter's lines say.
    void askForLimitsOf(const Filter& filter);

Q_SIGNALS:
    void changed();

private:
    void follow();
    void load();
    void take(std::int64_t run, const std::vector<store::SteeringRow>& changes);

    Document& m_document;
    const Projection& m_projection;
    Messages& m_messages;
    std::shared_ptr<Mailbox> m_mailbox;
    std::int64_t m_run = 0;
    std::optional<spec::InForce> m_inForce;
    std::vector<store::SteeringRow> m_changes;
    std::vector<spec::Change> m_waiting;
};

}  // namespace cohelix::ui
