// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/message_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QTextDocument>
#include <QTextEdit>
#include <QToolButton>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "ui/hub/icons.h"
#include "ui/hub/theme.h"

namespace cohelix::ui {

namespace {

constexpr std::chrono::seconds kNewsTime{8};
/// A longer message is scrolled.
constexpr int kMostLines = 8;

/// Each part is a sentence of its own; the wording of core leaves out full stops.
QString sentence(QString text) {
    text = text.trimmed();
    if (text.isEmpty()) return {};
    text[0] = text[0].toUpper();
    return text.endsWith('.') || text.endsWith('?') ? text : text + '.';
}

QString richText(const Message& message) {
    QString text = QStringLiteral("<b>%1</b>").arg(sentence(message.what).toHtmlEscaped());
    if (!message.where.isEmpty()) {
        text += QStringLiteral(" <span>%1</span>").arg(message.where.toHtmlEscaped());
        if (!message.advice.isEmpty()) text += QStringLiteral("<br>");
    }
    if (!message.advice.isEmpty()) text += ' ' + sentence(message.advice).toHtmlEscaped();
    return text;
}

}  // namespace

/// Rich text that can be selected and takes the height it needs. A file name may be longer than the
/// window is wide, so that lines end anywhere where there is no better place; a label cannot do
/// that.
class MessageBar::Text : public QTextEdit {
public:
    explicit Text(QWidget* parent) : QTextEdit(parent) {
        setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        setFrameShape(QFrame::NoFrame);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setTabChangesFocus(true);
        viewport()->setAutoFillBackground(false);
        document()->setDocumentMargin(0);
        QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
    }

    int heightForWidth(int width) const override {
        const std::unique_ptr<QTextDocument> laidOut(document()->clone());
        laidOut->setTextWidth(width);
        const int needed = static_cast<int>(std::ceil(laidOut->size().height()));
        return std::min(needed, kMostLines * fontMetrics().lineSpacing());
    }
    QSize sizeHint() const override { return {1, heightForWidth(std::max(width(), 1))}; }
    QSize minimumSizeHint() const override { return {1, fontMetrics().lineSpacing()}; }
};

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), m_text(new Text(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 6, 6, 6);
    row->addWidget(m_text, 1);
    auto* close = new QToolButton(this);
    close->setIcon(lineIcon(QStringLiteral("clear")));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close this message"));
    connect(close, &QToolButton::clicked, this, &MessageBar::closeShown);
    row->addWidget(close, 0, Qt::AlignTop);
    m_close = close;
    parent->installEventFilter(this);
    setAutoFillBackground(true);
    setFrameShape(QFrame::NoFrame);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kNewsTime);
    connect(&m_timer, &QTimer::timeout, this, &MessageBar::closeShown);
    hide();
}

void MessageBar::showMessage(const Message& message) {
    if (message.severity != Severity::Info) m_standing = message;
    display(message);
}

void MessageBar::display(const Message& message) {
    m_shown = message;
    m_text->setHtml(richText(message));
    m_text->updateGeometry();
    m_close->show();
    applyTheme();
    show();
    m_timer.stop();
    if (message.severity == Severity::Info) m_timer.start();
}

void MessageBar::closeShown() {
    if (m_shown.severity == Severity::Info && m_standing) return display(*m_standing);
    hideMessage();
}

void MessageBar::showPermanently(const QString& text) {
    m_shown = {Severity::Warning, {}, text, {}};
    m_text->setHtml(text.toHtmlEscaped());
    m_text->updateGeometry();
    m_close->hide();
    applyTheme();
    show();
}

void MessageBar::hideMessage() {
    m_timer.stop();
    m_shown = {};
    m_standing.reset();
    hide();
}

QString MessageBar::text() const { return m_text->toPlainText(); }

bool MessageBar::eventFilter(QObject* watched, QEvent* event) {
    // Our own palette is set by hand, so only the parent hears of a change of theme.
    if (watched == parentWidget() && event->type() == QEvent::PaletteChange) applyTheme();
    return QFrame::eventFilter(watched, event);
}

void MessageBar::applyTheme() {
    const Theme theme = themeOf(parentWidget()->palette());
    QColor tint = m_shown.severity == Severity::Error     ? theme.error
                  : m_shown.severity == Severity::Warning ? theme.warning
                                                          : theme.good;
    const double share = theme.dark ? 0.25 : 0.16;
    const QColor& base = theme.background;
    const auto mix = [share](int a, int b) { return static_cast<int>(a + (b - a) * share); };
    QPalette own = parentWidget()->palette();
    own.setColor(QPalette::Window,
                 QColor(mix(base.red(), tint.red()), mix(base.green(), tint.green()),
                        mix(base.blue(), tint.blue())));
    own.setColor(QPalette::WindowText, theme.text);
    own.setColor(QPalette::Text, theme.text);
    setPalette(own);
}

}  // namespace cohelix::ui
