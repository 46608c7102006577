// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Every action by typing a part of its name: letters in order are enough.

#include <QDialog>

#include "ui/hub/actions.h"

class QLineEdit;
class QTreeWidget;

namespace cohelix::ui {

/// How well `typed` fits `text`: 0 not at all, more is better. Words' beginnings count most.
int matchScore(const QString& typed, const QString& text);

class CommandPalette : public QDialog {
    Q_OBJECT

public:
    CommandPalette(const Actions& actions, QWidget* parent);

    /// Texts of the commands that fit what is typed, best first.
    QStringList shown() const;
    void type(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refill(const QString& typed);
    void addCommand(const QAction& action, std::size_t place);
    void moveCurrent(int by);
    void runCurrent();

    const Actions& m_actions;
    QLineEdit* m_input;
    QTreeWidget* m_list;
};

}  // namespace cohelix::ui
