// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/edits.h"

#include <QUndoCommand>
#include <chrono>
#include <utility>

namespace cohelix::ui {

namespace {

/// Edits are stored once typing rests, so that a revision is a state somebody meant.
constexpr std::chrono::milliseconds kStoreDelay{700};
constexpr int kEditId = 1;

}  // namespace

class Edits::Command : public QUndoCommand {
public:
    Command(Edits& edits, spec::Specification before, spec::Specification after,
            const QString& what, QString mergeKey)
        : QUndoCommand(what),
          m_edits(edits),
          m_before(std::move(before)),
          m_after(std::move(after)),
          m_mergeKey(std::move(mergeKey)) {}

    void undo() override { m_edits.apply(m_before); }
    void redo() override { m_edits.apply(m_after); }
    int id() const override { return kEditId; }

    bool mergeWith(const QUndoCommand* other) override {
        const auto& next = static_cast<const Command&>(*other);
        if (m_mergeKey.isEmpty() || next.m_mergeKey != m_mergeKey) return false;
        m_after = next.m_after;
        return true;
    }

private:
    Edits& m_edits;
    spec::Specification m_before;
    spec::Specification m_after;
    QString m_mergeKey;
};

Edits::Edits(Document& document, Messages& messages, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_messages(messages),
      m_mailbox(std::make_shared<Mailbox>(this)) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(kStoreDelay);
    connect(&m_timer, &QTimer::timeout, this, &Edits::store);
    connect(&document, &Document::stateChanged, this, [this] {
        if (m_document.busy()) store();
    });
}

Edits::~Edits() {
    store();
    m_mailbox->close();
}

void Edits::edit(const spec::Specification& next, const QString& what, const QString& mergeKey) {
    if (next == m_specification) return;
    m_undo.push(new Command(*this, m_specification, next, what, mergeKey));
}

void Edits::apply(const spec::Specification& next) {
    m_specification = next;
    m_stored = false;
    m_timer.start();
    Q_EMIT changed();
}

void Edits::addDraft(QObject* owner, TakeOver takeOver) {
    m_drafts.push_back({owner, std::move(takeOver)});
}

base::Result<void> Edits::takeOverDrafts() const {
    for (const Draft& draft : m_drafts) {
        if (!draft.owner) continue;
        if (auto taken = draft.takeOver(); !taken) return taken;
    }
    return {};
}

void Edits::store() {
    m_timer.stop();
    const auto session = m_document.session();
    if (m_stored || !session || session->readOnly()) return;
    m_stored = true;
    session->post(
        [this, specification = m_specification, mailbox = m_mailbox](store::Project& project) {
            const auto added = project.addRevision(specification);
            if (added) return;
            mailbox->deliver([this, error = added.error()] {
                m_stored = false;
                m_messages.say(errorMessage(error));
            });
        });
}

void Edits::saveAs(const QString& path) {
    store();
    // A project may hold no specification, only a true front.
    const bool any = m_specification != spec::Specification{};
    m_document.saveAs(path, any ? std::optional(m_specification) : std::nullopt);
}

void Edits::take(const Contents& contents) {
    if (!contents.isCopy) m_undo.clear();
    m_timer.stop();
    m_specification = contents.specification.value_or(spec::Specification{});
    m_stored = true;
    Q_EMIT changed();
}

}  // namespace cohelix::ui
