// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Colours for JSON: keys, texts, numbers, words.

#include <QSyntaxHighlighter>

namespace cohelix::ui {

class SpacesHighlighter : public QSyntaxHighlighter {
    Q_OBJECT

public:
    using QSyntaxHighlighter::QSyntaxHighlighter;
    void setPalette(const QPalette& palette);

protected:
    void highlightBlock(const QString& text) override;

private:
    QTextCharFormat m_key;
    QTextCharFormat m_text;
    QTextCharFormat m_number;
};

}  // namespace cohelix::ui
