// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Every action of the window under a name: menus, toolbar, shortcuts and the command palette all
// draw from here, so that nothing can be reached in one way only. Whoever can do something offers
// it here, views included.

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <functional>
#include <vector>

namespace cohelix::ui {

class Actions : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Adds an action. `name` is its group and what it does, and unique ("search.start"); `text`
    /// may hold a mnemonic. Where no menu shows it, it goes to the end of its group's.
    QAction* add(const QString& name, const QString& text, const QKeySequence& shortcut,
                 std::function<void()> work, const QString& icon = {});
    /// Takes in an action made elsewhere (a dock's toggle).
    void adopt(const QString& name, QAction* action, const QKeySequence& shortcut = {});
    /// Takes in what opens a menu (QMenu::menuAction): it stands in menus, but is no command.
    void adoptMenu(const QString& name, QAction* opener);

    /// Null when there is none.
    QAction* find(const QString& name) const;
    /// The commands, in the order in which they were added.
    const std::vector<QAction*>& all() const { return m_actions; }

Q_SIGNALS:
    /// A command was added, whose shortcut a window has to listen to.
    void added(QAction* action);

private:
    std::vector<QAction*> m_actions;
    std::vector<QAction*> m_menus;
};

/// The part of an action's name before the dot: "search".
QString groupOf(const QAction& action);
/// The text of an action without mnemonic and dots, behind its group: "Search: Start".
QString commandText(const QAction& action);

}  // namespace cohelix::ui
