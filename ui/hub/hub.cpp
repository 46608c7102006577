// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hub.h"

#include <algorithm>
#include <utility>

#include "ui/hub/details_loader.h"

namespace cohelix::ui {

Hub::Hub(ProjectOpener opener, const QString& untitledFolder, QObject* parent)
    : QObject(parent),
      m_document(std::move(opener), untitledFolder, m_bridge, m_worker),
      m_edits(m_document, m_messages),
      m_projection(m_messages),
      m_control({m_document, m_edits, m_projection, m_worker, m_messages}),
      m_steering(m_document, m_projection, m_messages),
      m_references(m_document),
      m_files({m_document, m_projection, m_worker, m_messages}),
      m_mailbox(std::make_shared<Mailbox>(this)) {
    connect(&m_references, &References::message, &m_messages, &Messages::said);
    connect(&m_document, &Document::message, &m_messages, &Messages::said);
    connect(&m_document, &Document::loaded, this, &Hub::takeContents);
    connect(&m_bridge, &Bridge::batchReady, this, &Hub::takeBatch);
}

Hub::~Hub() { m_mailbox->close(); }

void Hub::takeContents(const Contents& contents) {
    m_control.reset();
    // While the designs are still those that the models know.
    m_filter.clear();
    m_edits.take(contents);
    const std::int64_t selected = std::exchange(m_selected, 0);
    m_details.reset();
    m_projection.reset(contents);
    m_references.setFronts(contents.fronts, contents.runs);
    if (contents.isCopy && m_projection.designList().find(selected)) {
        select(selected);
    } else {
        Q_EMIT selectionChanged(0);
        Q_EMIT detailsChanged();
    }
}

void Hub::takeBatch(const Batch& batch) {
    if (m_document.followSession()) m_edits.store();
    m_projection.take(batch);
    if (!batch.runs.empty()) m_references.setRuns(m_projection.runs());
    const auto isSelected = [this](const store::DesignRow& row) { return row.id == m_selected; };
    if (std::any_of(batch.designs.begin(), batch.designs.end(), isSelected)) loadSelected();
}

void Hub::select(std::int64_t design) {
    if (design != 0 && !m_projection.designList().find(design)) design = 0;
    if (design == m_selected) return;
    m_selected = design;
    m_details.reset();
    Q_EMIT selectionChanged(design);
    Q_EMIT detailsChanged();
    loadSelected();
}

void Hub::loadSelected() {
    const auto session = m_document.session();
    if (m_selected == 0 || !session) return;
    session->post([this, id = m_selected, mailbox = m_mailbox](store::Project& project) {
        auto loaded = loadDetails(project, id);
        if (!loaded) {
            mailbox->deliver(
                [this, error = loaded.error()] { m_messages.say(errorMessage(error)); });
            return;
        }
        auto details = std::make_shared<const DesignDetails>(std::move(*loaded));
        mailbox->deliver([this, details] {
            if (details->row.id != m_selected) return;
            m_details = details;
            Q_EMIT detailsChanged();
        });
    });
}

void Hub::explain(const QString& device) {
    if (!m_details || m_details->cost.layers.empty()) return;
    m_worker.post(
        [this, details = m_details, device, question = ++m_questions, mailbox = m_mailbox] {
            auto why = std::make_shared<const DesignWhy>(explainDesign(*details, device));
            mailbox->deliver([this, why, question] {
                if (question == m_questions) Q_EMIT whyFound(*why);
            });
        });
}

}  // namespace cohelix::ui
