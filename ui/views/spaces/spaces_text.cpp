// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_text.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTextBlock>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/views/spaces/spaces_highlighter.h"
#include "ui/views/spaces/spaces_pointer.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kPauseMs = 350;

/// The editor; tells its highlighter of a change of colours.
class JsonEdit : public QPlainTextEdit {
public:
    explicit JsonEdit(QWidget* parent)
        : QPlainTextEdit(parent), m_highlighter(new SpacesHighlighter(document())) {
        setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        setLineWrapMode(QPlainTextEdit::NoWrap);
        setTabChangesFocus(true);
        m_highlighter->setPalette(palette());
    }

protected:
    void changeEvent(QEvent* event) override {
        QPlainTextEdit::changeEvent(event);
        if (event->type() == QEvent::PaletteChange) m_highlighter->setPalette(palette());
    }

private:
    SpacesHighlighter* m_highlighter;
};

}  // namespace

SpacesText::SpacesText(QWidget* parent)
    : QWidget(parent),
      m_editor(new JsonEdit(this)),
      m_message(new QLabel(this)),
      m_giveUp(new QPushButton(tr("Give up this text"), this)),
      m_bar(new QWidget(this)),
      m_pause(new QTimer(this)) {
    m_editor->setAccessibleName(tr("Specification as JSON text"));
    m_message->setWordWrap(true);
    m_message->setObjectName(QStringLiteral("textMessage"));
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::LinksAccessibleByMouse |
                                       Qt::LinksAccessibleByKeyboard);
    m_giveUp->setToolTip(tr("Show the specification in force instead; your text is dropped"));
    auto* bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(6, 4, 6, 4);
    bar->addWidget(m_message, 1);
    bar->addWidget(m_giveUp, 0, Qt::AlignTop);
    m_bar->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_bar);

    m_pause->setSingleShot(true);
    m_pause->setInterval(kPauseMs);
    connect(m_pause, &QTimer::timeout, this, &SpacesText::readText);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        // New colours are no new text.
        if (!m_quiet && m_editor->toPlainText() != m_text) m_pause->start();
    });
    connect(m_giveUp, &QPushButton::clicked, this, &SpacesText::giveUpDraft);
    connect(m_message, &QLabel::linkActivated, this, &SpacesText::goToError);
}

QString SpacesText::message() const { return m_bar->isHidden() ? QString() : m_message->text(); }

void SpacesText::applyTyped() {
    if (!m_pause->isActive()) return;
    m_pause->stop();
    readText();
}

void SpacesText::readText() {
    m_text = m_editor->toPlainText();
    const std::string text = m_text.toStdString();
    const auto read = spec::parseSpecification(text, {});
    if (!read) {
        m_draft = read.error();
        showError(read.error());
        return;
    }
    m_draft.reset();
    clearError();
    if (*read == m_shown) return;
    m_shown = *read;
    Q_EMIT specificationTyped(m_shown);
}

void SpacesText::showError(const base::Error& error) {
    m_errorLine = lineOfError(m_editor->toPlainText().toStdString(), error);
    const auto color = themeOf(palette()).error.name();
    m_message->setText(QStringLiteral("<a href=\"line\" style=\"color:%1\">Line %2</a> "
                                      "<span style=\"color:%1\">%3</span>")
                           .arg(color)
                           .arg(m_errorLine + 1)
                           .arg(fromStd(base::toText(error)).toHtmlEscaped()));
    m_bar->show();
    markLine();
}

void SpacesText::clearError() {
    m_errorLine = -1;
    m_bar->hide();
    markLine();
}

void SpacesText::markLine() {
    QList<QTextEdit::ExtraSelection> marks;
    const auto block = m_editor->document()->findBlockByNumber(m_errorLine);
    if (m_errorLine >= 0 && block.isValid()) {
        QTextEdit::ExtraSelection mark;
        QColor ground = themeOf(palette()).error;
        ground.setAlpha(60);
        mark.format.setBackground(ground);
        mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        mark.cursor = QTextCursor(block);
        marks << mark;
    }
    m_editor->setExtraSelections(marks);
}

void SpacesText::goToError() {
    const auto block = m_editor->document()->findBlockByNumber(m_errorLine);
    if (!block.isValid()) return;
    m_editor->setTextCursor(QTextCursor(block));
    m_editor->centerCursor();
    m_editor->setFocus();
}

void SpacesText::setSpecification(const spec::Specification& specification) {
    const bool changed = !(specification == m_shown);
    m_shown = specification;
    if (m_pause->isActive()) return;  // what is being typed wins, a moment later
    if (m_draft) {
        if (changed) {
            m_message->setText(
                m_message->text() + QStringLiteral("<br>") +
                tr("The specification has changed since; this text is not in force."));
        }
        return;
    }
    const auto current = spec::parseSpecification(m_editor->toPlainText().toStdString(), {});
    if (current && *current == m_shown) return;
    replaceText(fromStd(toText(m_shown)));
}

void SpacesText::giveUpDraft() {
    m_pause->stop();
    m_draft.reset();
    replaceText(fromStd(toText(m_shown)));
    clearError();
}

void SpacesText::startOver(const spec::Specification& specification) {
    m_shown = specification;
    m_pause->stop();
    m_draft.reset();
    m_text = fromStd(toText(m_shown));
    m_quiet = true;
    m_editor->setPlainText(m_text);  // which also forgets what could be undone
    m_quiet = false;
    clearError();
}

void SpacesText::replaceText(const QString& text) {
    const QString old = m_editor->toPlainText();
    const auto least = std::min(old.size(), text.size());
    qsizetype head = 0;
    while (head < least && old[head] == text[head]) ++head;
    qsizetype tail = 0;
    while (tail < least - head && old[old.size() - 1 - tail] == text[text.size() - 1 - tail]) {
        ++tail;
    }
    m_quiet = true;
    QTextCursor cursor(m_editor->document());
    cursor.setPosition(static_cast<int>(head));
    cursor.setPosition(static_cast<int>(old.size() - tail), QTextCursor::KeepAnchor);
    // A step of its own, which is not undone together with what was typed beside it.
    cursor.beginEditBlock();
    cursor.insertText(text.mid(head, text.size() - head - tail));
    cursor.endEditBlock();
    m_quiet = false;
    m_text = text;
}

}  // namespace cohelix::ui
