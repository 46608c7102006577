// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The specification under edit: undo and redo, and its way into the project file once typing rests.
// Lives on the UI thread; no call blocks.

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUndoStack>
#include <functional>
#include <memory>
#include <vector>

#include "ui/hub/document.h"
#include "ui/hub/messages.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

class Edits : public QObject {
    Q_OBJECT

public:
    /// Both must outlive it.
    Edits(Document& document, Messages& messages, QObject* parent = nullptr);
    /// Stores what is not stored yet.
    ~Edits() override;

    const spec::Specification& specification() const { return m_specification; }
    QUndoStack& undoStack() { return m_undo; }
    /// Takes over an edited specification; `what` is the text of the undo step. Edits in a row
    /// with the same `mergeKey` (a field's name, while one types) are one step.
    void edit(const spec::Specification& next, const QString& what, const QString& mergeKey = {});
    /// Where values are typed before they are taken over, `owner` says how to take over those that
    /// can be; the error is one that cannot. It is called as long as the owner lives.
    using TakeOver = std::function<base::Result<void>()>;
    void addDraft(QObject* owner, TakeOver takeOver);
    /// Takes over all that is typed.
    base::Result<void> takeOverDrafts() const;
    /// Puts a revision of what was edited into the project file, now.
    void store();
    /// Document::saveAs with the specification as it is now.
    void saveAs(const QString& path);

    /// What an opened project holds; a copy of the one before keeps its undo steps.
    void take(const Contents& contents);

Q_SIGNALS:
    /// The specification, by whatever way.
    void changed();

private:
    class Command;
    void apply(const spec::Specification& next);

    struct Draft {
        QPointer<QObject> owner;
        TakeOver takeOver;
    };

    Document& m_document;
    Messages& m_messages;
    std::shared_ptr<Mailbox> m_mailbox;
    std::vector<Draft> m_drafts;
    QUndoStack m_undo;
    QTimer m_timer;
    spec::Specification m_specification;
    bool m_stored = true;
};

}  // namespace cohelix::ui
