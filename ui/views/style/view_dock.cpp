// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/style/view_dock.h"

#include <QAction>
#include <QDockWidget>

namespace cohelix::ui {

namespace {

QDockWidget* dockOf(QWidget& view) {
    for (QWidget* around = view.parentWidget(); around; around = around->parentWidget()) {
        if (auto* dock = qobject_cast<QDockWidget*>(around)) return dock;
    }
    return nullptr;
}

}  // namespace

void raiseView(QWidget& view) {
    QDockWidget* dock = dockOf(view);
    if (dock && dock->toggleViewAction()->isChecked()) dock->raise();
}

void openView(QWidget& view) {
    QDockWidget* dock = dockOf(view);
    if (!dock) return;
    dock->show();
    dock->raise();
}

}  // namespace cohelix::ui
