// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Where the views stand in the window: first by the table of views, then as the user left them. A
// stored layout or size that does not fit the screen is not forced into it, and a view that a
// stored layout does not know joins those of its place.

#include <QMainWindow>
#include <QSettings>
#include <vector>

#include "ui/shell/view_table.h"

class QDockWidget;

namespace cohelix::ui {

class WindowLayout {
public:
    /// All must outlive it. Gives the window its first size.
    WindowLayout(QMainWindow& window, Actions& actions, QSettings& settings);

    /// Gives a view its dock, or the bar its toolbar, with an action that shows and hides it.
    void add(const ViewRow& row, QWidget* view);
    /// Every view where the table says.
    void arrange();
    /// As it was when it was saved; docks can only be arranged once the window has its size.
    void restore();
    void save() const;

private:
    struct Placed {
        Place place;
        QDockWidget* dock;
    };
    std::vector<QDockWidget*> docksAt(Place place) const;
    void arrangeNarrow();
    void arrangeWide();
    /// Where the window's inside may lie for its frame to be on the screen.
    QRect roomOnScreen() const;
    void fitScreen();

    QMainWindow& m_window;
    Actions& m_actions;
    QSettings& m_settings;
    std::vector<Placed> m_docks;
};

}  // namespace cohelix::ui
