// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hub.h"

#include <utility>

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
      m_selection(m_projection),
      m_inspection({m_document, m_projection, m_selection, m_messages}),
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
    if (!contents.isCopy) m_selection.clear();
    m_edits.take(contents);
    m_projection.reset(contents);
    m_references.setFronts(contents.fronts, contents.runs);
}

void Hub::takeBatch(const Batch& batch) {
    if (m_document.followSession()) m_edits.store();
    m_projection.take(batch);
    if (!batch.runs.empty()) m_references.setRuns(m_projection.runs());
}

void Hub::explain(const QString& device) {
    const auto details = m_inspection.details();
    if (!details || details->cost.layers.empty()) return;
    m_worker.post([this, details, device, question = ++m_questions, mailbox = m_mailbox] {
        auto why = std::make_shared<const DesignWhy>(explainDesign(*details, device));
        mailbox->deliver([this, why, question] {
            if (question == m_questions) Q_EMIT whyFound(*why);
        });
    });
}

}  // namespace cohelix::ui
