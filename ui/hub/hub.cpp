// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hub.h"

#include <utility>

namespace cohelix::ui {

Hub::Hub(ProjectOpener opener, const QString& untitledFolder, QObject* parent)
    : QObject(parent),
      m_worker(QStringLiteral("files")),
      m_pricer(QStringLiteral("cost models")),
      m_document(std::move(opener), untitledFolder, m_bridge, m_worker),
      m_edits(m_document, m_messages),
      m_projection(m_messages),
      m_control({m_document, m_edits, m_projection, m_worker, m_messages}),
      m_steering(m_document, m_projection, m_messages),
      m_references(m_document),
      m_files({m_document, m_projection, m_worker, m_messages}),
      m_selection(m_projection),
      m_inspection({m_document, m_projection, m_selection, m_messages}),
      m_explainer(m_pricer),
      m_check(m_edits, m_pricer) {
    connect(&m_references, &References::message, &m_messages, &Messages::said);
    connect(&m_document, &Document::message, &m_messages, &Messages::said);
    connect(&m_document, &Document::loaded, this, &Hub::takeContents);
    connect(&m_bridge, &Bridge::batchReady, this, &Hub::takeBatch);
}

Hub::~Hub() = default;

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

}  // namespace cohelix::ui
