// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/actions.h"

#include <QWidget>

#include "ui/hub/icons.h"

namespace cohelix::ui {

Actions::Actions(QWidget* owner) : QObject(owner), m_owner(owner) {}

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
        QString plain = action->text();
        plain.remove('&').remove(QStringLiteral("…"));
        action->setToolTip(plain + QStringLiteral(" (") +
                           shortcut.toString(QKeySequence::NativeText) + ')');
    }
    m_owner->addAction(action);
    m_actions.push_back(action);
}

QAction* Actions::find(const QString& name) const {
    for (QAction* action : m_actions) {
        if (action->objectName() == name) return action;
    }
    return nullptr;
}

QString commandText(const QAction& action) {
    QString group = action.objectName().section('.', 0, 0);
    if (!group.isEmpty()) group[0] = group[0].toUpper();
    QString text = action.text();
    text.remove('&').remove(QStringLiteral("…"));
    return group + QStringLiteral(": ") + text;
}

}  // namespace cohelix::ui
