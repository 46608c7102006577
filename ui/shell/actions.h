// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Every action of the window under a name: menus, toolbar, shortcuts and the command palette all
// draw from here, so that nothing can be reached in one way only.

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <functional>
#include <vector>

namespace cohelix::ui {

class Actions : public QObject {
    Q_OBJECT

public:
    /// `owner` is the window whose shortcuts they become.
    explicit Actions(QWidget* owner);

    /// Adds an action. `name` is unique ("search.start"), `text` may hold a mnemonic.
    QAction* add(const QString& name, const QString& text, const QKeySequence& shortcut,
                 std::function<void()> work, const QString& icon = {});
    /// Takes in an action made elsewhere (a dock's toggle).
    void adopt(const QString& name, QAction* action, const QKeySequence& shortcut = {});
    /// Null when there is none.
    QAction* find(const QString& name) const;
    /// In the order in which they were added.
    const std::vector<QAction*>& all() const { return m_actions; }

private:
    QWidget* m_owner;
    std::vector<QAction*> m_actions;
};

/// The text of an action without mnemonic and dots, behind its group: "Search: Start".
QString commandText(const QAction& action);

}  // namespace cohelix::ui
