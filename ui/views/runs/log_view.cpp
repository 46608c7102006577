// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/log_view.h"

#include <QDateTime>
#include <QEvent>

#include "ui/hub/theme.h"

namespace cohelix::ui {

namespace {

constexpr int kMostLines = 5000;

QString localTime(const std::string& iso) {
    const auto time = QDateTime::fromString(QString::fromStdString(iso), Qt::ISODate);
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("HH:mm:ss"))
                          : QString::fromStdString(iso);
}

QColor colorOf(const std::string& kind, const Theme& theme) {
    if (kind == "error") return theme.error;
    return kind == "warning" ? theme.warning : theme.text;
}

}  // namespace

LogView::LogView(const ViewContext& context, QWidget* parent)
    : QPlainTextEdit(parent), m_projection(context.hub.projection()) {
    setReadOnly(true);
    setMaximumBlockCount(kMostLines);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::NoFrame);
    setPlaceholderText(tr("What the search reports is listed here."));
    setAccessibleName(tr("Log"));
    connect(&m_projection, &Projection::eventsReset, this, &LogView::refill);
    connect(&m_projection, &Projection::eventsAdded, this, [this](int count) {
        const auto& events = m_projection.events();
        const std::size_t added = std::min(events.size(), static_cast<std::size_t>(count));
        for (std::size_t i = events.size() - added; i < events.size(); ++i) append(events[i]);
    });
    refill();
}

void LogView::refill() {
    clear();
    for (const store::Event& event : m_projection.events()) append(event);
}

void LogView::append(const store::Event& event) {
    // The kind is written out too: colour alone would not reach every reader.
    const Theme theme = themeOf(palette());
    QString line = QStringLiteral("<span style='color:%1'>%2&nbsp;&nbsp;</span>")
                       .arg(theme.mutedText.name(), localTime(event.time).toHtmlEscaped());
    QString text = event.run > 0 ? tr("run %1: ").arg(event.run) : QString();
    if (event.kind != "info") text += QString::fromStdString(event.kind) + QStringLiteral(": ");
    text += QString::fromStdString(event.text);
    line += QStringLiteral("<span style='color:%1'>%2</span>")
                .arg(colorOf(event.kind, theme).name(), text.toHtmlEscaped());
    appendHtml(line);
}

void LogView::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) refill();
}

}  // namespace cohelix::ui
