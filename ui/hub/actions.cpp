// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/actions.h"

#include "ui/hub/icons.h"

namespace cohelix::ui {

namespace {

/// Without mnemonic and dots.
QString bareText(const QAction& action) {
    QString text = action.text();
    return text.remove('&').remove(QStringLiteral("…"));
}

}  // namespace

QAction* Actions::add(const QString& name, const QString& text, const QKeySequence& shortcut,
                      std::function<void()> work, const QString& icon) {
    auto* action = new QAction(text, this);
    if (!icon.isEmpty()) action->setIcon(lineIcon(icon));
    connect(action, &QAction::triggered, this, [work = std::move(work)] { work(); });
    adopt(name, action, shortcut);
    return action;
}

void Actions::adopt(const QString& name, QAction* action, const QKeySequence& shortcut) {
    action->setObjectName(name);
    if (!shortcut.isEmpty()) {
        action->setShortcut(shortcut);
        action->setToolTip(bareText(*action) + QStringLiteral(" (") +
                           shortcut.toString(QKeySequence::NativeText) + ')');
    }
    m_actions.push_back(action);
    Q_EMIT added(action);
}

void Actions::adoptMenu(const QString& name, QAction* opener) {
    opener->setObjectName(name);
    m_menus.push_back(opener);
}

QAction* Actions::find(const QString& name) const {
    for (const auto* list : {&m_actions, &m_menus}) {
        for (QAction* action : *list) {
            if (action->objectName() == name) return action;
        }
    }
    return nullptr;
}

QString groupOf(const QAction& action) { return action.objectName().section('.', 0, 0); }

QString commandText(const QAction& action) {
    QString group = groupOf(action);
    if (!group.isEmpty()) group[0] = group[0].toUpper();
    return group + QStringLiteral(": ") + bareText(action);
}

}  // namespace cohelix::ui
