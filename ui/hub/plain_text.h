// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Names come from files of strangers, and Qt takes what looks like HTML for HTML. Labels that show
// them have the format Qt::PlainText, or escape them; tool tips have no format to set.

#include <QString>
#include <QTextDocument>

namespace cohelix::ui {

/// A tool tip that shows the text as it is.
inline QString plainToolTip(const QString& text) {
    return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text) : text;
}

/// A text on one line: line feeds, tabs and other signs without a shape are spelled out ("\\n").
inline QString oneLine(const QString& text) {
    QString line;
    for (const QChar sign : text) {
        const ushort code = sign.unicode();
        const bool shapeless = sign.category() == QChar::Other_Control ||
                               sign.category() == QChar::Separator_Line ||
                               sign.category() == QChar::Separator_Paragraph;
        if (code == u'\n') {
            line += QStringLiteral("\\n");
        } else if (code == u'\t') {
            line += QStringLiteral("\\t");
        } else if (shapeless) {
            line += QStringLiteral("\\u%1").arg(code, 4, 16, QLatin1Char('0'));
        } else {
            line += sign;
        }
    }
    return line;
}

/// The text of an action that shows a name as it is, without a letter to press.
inline QString menuText(const QString& name) {
    return oneLine(name).replace(QLatin1Char('&'), QStringLiteral("&&"));
}

}  // namespace cohelix::ui
