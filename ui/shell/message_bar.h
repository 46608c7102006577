// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A strip above the views that says what went wrong, where, and what to do; it waits for nothing
// and blocks nothing. News of success go away by themselves. A second strip of the same kind says
// why a project is read only.

#include <QFrame>
#include <QTimer>
#include <optional>

#include "ui/hub/message.h"

namespace cohelix::ui {

class MessageBar : public QFrame {
    Q_OBJECT

public:
    /// Takes its colours from `parent`, which must not be null.
    explicit MessageBar(QWidget* parent);

    /// Shows a message. News go away by themselves or are closed; then the last error or warning
    /// that was not closed is shown again.
    void showMessage(const Message& message);
    /// Closes what is shown, as the button does.
    void closeShown();
    /// Keeps the strip until hideMessage(); without a button to close it.
    void showPermanently(const QString& text);
    /// Forgets all messages.
    void hideMessage();
    QString text() const;
    Severity severity() const { return m_shown.severity; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void display(const Message& message);
    void applyTheme();

    class Text;

    Text* m_text;
    QWidget* m_close;
    QTimer m_timer;
    Message m_shown;
    std::optional<Message> m_standing;  ///< the last error or warning that was not closed
};

}  // namespace cohelix::ui
