// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_highlighter.h"

#include <QPalette>
#include <QRegularExpression>

#include "ui/hub/theme.h"

namespace cohelix::ui {

void SpacesHighlighter::setPalette(const QPalette& palette) {
    const auto theme = themeOf(palette);
    m_key.setForeground(theme.accent);
    m_text.setForeground(theme.good);
    m_number.setForeground(theme.selection);
    rehighlight();
}

void SpacesHighlighter::highlightBlock(const QString& text) {
    static const QRegularExpression kToken(
        QStringLiteral(R"re(("(?:[^"\\]|\\.)*")(\s*:)?)re"
                       R"re(|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))re"));
    for (auto found = kToken.globalMatch(text); found.hasNext();) {
        const auto match = found.next();
        if (match.capturedLength(1) > 0) {
            const bool key = match.capturedLength(2) > 0;
            setFormat(static_cast<int>(match.capturedStart(1)),
                      static_cast<int>(match.capturedLength(1)), key ? m_key : m_text);
        } else {
            setFormat(static_cast<int>(match.capturedStart(3)),
                      static_cast<int>(match.capturedLength(3)), m_number);
        }
    }
}

}  // namespace cohelix::ui
