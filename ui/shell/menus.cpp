// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/menus.h"

#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>
#include <algorithm>
#include <utility>
#include <vector>

namespace cohelix::ui {

namespace {

/// Stands for the views, each with what shows and hides it.
constexpr const char* kEveryView = "*";
constexpr const char* kLine = "-";

struct MenuRow {
    const char* group;
    const char* title;
    std::vector<const char*> entries;
};

const std::vector<MenuRow>& menuTable() {
    static const std::vector<MenuRow> rows = {
        {"file",
         QT_TRANSLATE_NOOP("Menus", "&File"),
         {"new", "presets", "open", "recent", "rescue", kLine, "saveAs", "exportFront",
          "exportDesigns", kLine, "quit"}},
        {"edit", QT_TRANSLATE_NOOP("Menus", "&Edit"), {"undo", "redo", "copyRows", "clearFilter"}},
        {"view",
         QT_TRANSLATE_NOOP("Menus", "&View"),
         {kEveryView, kLine, "fit", "references", "theme", "resetLayout", kLine, "commands"}},
        {"search",
         QT_TRANSLATE_NOOP("Menus", "&Search"),
         {"start", "pause", "stop", "resume", kLine, "steer", "steerApply", "steerByPlot",
          "trueFront"}},
        {"help", QT_TRANSLATE_NOOP("Menus", "&Help"), {"about"}},
    };
    return rows;
}

QString nameIn(const char* group, const char* entry) {
    return QString::fromLatin1(group) + '.' + QString::fromLatin1(entry);
}

/// The docks in the order of the table, then the bar.
void addViews(QMenu& menu, const Actions& actions, std::span<const ViewRow> views) {
    for (const bool bars : {false, true}) {
        for (const ViewRow& view : views) {
            if ((view.place == Place::Bar) != bars) continue;
            if (QAction* action = actions.find(nameIn("view", view.id))) menu.addAction(action);
        }
    }
}

bool isInAMenu(const QAction& action) {
    const auto shownBy = action.associatedObjects();
    return std::any_of(shownBy.begin(), shownBy.end(),
                       [](const QObject* object) { return qobject_cast<const QMenu*>(object); });
}

void addRest(QMenu& menu, const Actions& actions, const char* group) {
    bool first = true;
    for (QAction* action : actions.all()) {
        if (groupOf(*action) != QLatin1String(group) || isInAMenu(*action)) continue;
        if (std::exchange(first, false)) menu.addSeparator();
        menu.addAction(action);
    }
}

}  // namespace

void buildMenus(QMenuBar& bar, const Actions& actions, std::span<const ViewRow> views) {
    for (const MenuRow& row : menuTable()) {
        QMenu* menu = bar.addMenu(QCoreApplication::translate("Menus", row.title));
        for (const char* entry : row.entries) {
            if (entry == kLine) {
                menu->addSeparator();
            } else if (entry == kEveryView) {
                addViews(*menu, actions, views);
            } else if (QAction* action = actions.find(nameIn(row.group, entry))) {
                menu->addAction(action);
            }
        }
        addRest(*menu, actions, row.group);
    }
}

}  // namespace cohelix::ui
