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

}  // namespace cohelix::ui
