// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What all views share, as parts that each can be taken singly: the open document, the
// specification under edit, what is in the project, the control of searches, true fronts, files,
// the filter, the selection, the whole of the selected design and what the cost models say of it.
// The hub makes them, in the order in which they need one another, and hands them what a document
// or a running search brings. It knows no widgets; all of it belongs to the UI thread, and no call
// blocks.

#include <QObject>

#include "ui/hub/bridge.h"
#include "ui/hub/control.h"
#include "ui/hub/document.h"
#include "ui/hub/edits.h"
#include "ui/hub/explainer.h"
#include "ui/hub/files.h"
#include "ui/hub/filter.h"
#include "ui/hub/inspection.h"
#include "ui/hub/messages.h"
#include "ui/hub/projection.h"
#include "ui/hub/references.h"
#include "ui/hub/selection.h"
#include "ui/hub/specification_check.h"
#include "ui/hub/steering.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

class Hub : public QObject {
    Q_OBJECT

public:
    Hub(ProjectOpener opener, const QString& untitledFolder, QObject* parent = nullptr);
    /// Stops what runs, saves and closes. Blocks.
    ~Hub() override;

    Messages& messages() { return m_messages; }
    Document& document() { return m_document; }
    Edits& edits() { return m_edits; }
    Projection& projection() { return m_projection; }
    Control& control() { return m_control; }
    Steering& steering() { return m_steering; }
    References& references() { return m_references; }
    Files& files() { return m_files; }
    FilterStack& filter() { return m_filter; }
    Selection& selection() { return m_selection; }
    Inspection& inspection() { return m_inspection; }
    Explainer& explainer() { return m_explainer; }
    SpecificationCheck& check() { return m_check; }

private:
    void takeContents(const Contents& contents);
    void takeBatch(const Batch& batch);

    // Each needs only what stands before it, and goes before that.
    Worker m_worker;
    Worker m_pricer;  ///< the cost models may take a second, for which no file should wait
    Bridge m_bridge;
    Messages m_messages;
    Document m_document;
    Edits m_edits;
    Projection m_projection;
    Control m_control;
    Steering m_steering;
    References m_references;
    Files m_files;
    FilterStack m_filter;
    Selection m_selection;
    Inspection m_inspection;
    Explainer m_explainer;
    SpecificationCheck m_check;
};

}  // namespace cohelix::ui
