// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_layout.h"

#include <QDockWidget>
#include <QScreen>
#include <QStyle>
#include <QToolBar>
#include <algorithm>

namespace cohelix::ui {

namespace {

/// Raised when docks are renamed, so that an old layout is not applied to new docks.
constexpr int kLayoutVersion = 2;
/// Width in pixels from which the sides of the centre get a column each.
constexpr int kThreeColumns = 1250;
/// In which the widest row of the specification's form stands in full.
constexpr int kLeftWidth = 350;
/// Where the screen has room for it.
constexpr QSize kFirstSize(1440, 900);

Qt::DockWidgetArea areaOf(Place place) {
    switch (place) {
        case Place::Right: return Qt::RightDockWidgetArea;
        case Place::Bottom: return Qt::BottomDockWidgetArea;
        default: return Qt::LeftDockWidgetArea;
    }
}

/// Behind one another, the first in front.
void stack(QMainWindow& window, const std::vector<QDockWidget*>& docks) {
    for (std::size_t i = 1; i < docks.size(); ++i) window.tabifyDockWidget(docks[i - 1], docks[i]);
    if (docks.size() > 1) docks.front()->raise();
}

}  // namespace

WindowLayout::WindowLayout(QMainWindow& window, Actions& actions, QSettings& settings)
    : m_window(window), m_actions(actions), m_settings(settings) {
    window.setDockNestingEnabled(true);
    window.setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks |
                          QMainWindow::AllowTabbedDocks);
    window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    window.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    window.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    window.resize(kFirstSize.boundedTo(roomOnScreen().size()));
}

void WindowLayout::add(const ViewRow& row, QWidget* view) {
    const QString id = QString::fromLatin1(row.id);
    const QKeySequence shortcut(QString::fromLatin1(row.shortcut));
    if (row.place == Place::Bar) {
        QToolBar* bar = m_window.addToolBar(titleOf(row));
        bar->setObjectName(id);
        bar->setMovable(false);
        bar->addWidget(view);
        return m_actions.adopt(QStringLiteral("view.") + id, bar->toggleViewAction(), shortcut);
    }
    auto* dock = new QDockWidget(titleOf(row), &m_window);
    dock->setObjectName(id);
    dock->setWidget(view);
    m_window.addDockWidget(areaOf(row.place), dock);
    m_actions.adopt(QStringLiteral("view.") + id, dock->toggleViewAction(), shortcut);
    m_docks.push_back({row.place, dock});
}

std::vector<QDockWidget*> WindowLayout::docksAt(Place place) const {
    std::vector<QDockWidget*> docks;
    for (const Placed& placed : m_docks) {
        if (placed.place == place) docks.push_back(placed.dock);
    }
    return docks;
}

void WindowLayout::arrange() {
    for (const Placed& placed : m_docks) {
        placed.dock->setFloating(false);
        placed.dock->show();
        m_window.addDockWidget(areaOf(placed.place), placed.dock);
    }
    const auto bottom = docksAt(Place::Bottom);
    stack(m_window, bottom);
    // Three columns need room; in a narrow window the sides share one.
    m_window.width() < kThreeColumns ? arrangeNarrow() : arrangeWide();
    if (bottom.empty()) return;
    m_window.resizeDocks({bottom.front()}, {m_window.height() * 30 / 100}, Qt::Vertical);
}

void WindowLayout::arrangeNarrow() {
    std::vector<QDockWidget*> side = docksAt(Place::Left);
    for (QDockWidget* dock : docksAt(Place::Right)) side.push_back(dock);
    if (side.empty()) return;
    stack(m_window, side);
    m_window.resizeDocks({side.front()}, {m_window.width() * 42 / 100}, Qt::Horizontal);
}

void WindowLayout::arrangeWide() {
    const auto left = docksAt(Place::Left);
    const auto right = docksAt(Place::Right);
    stack(m_window, left);
    stack(m_window, right);
    if (left.empty() || right.empty()) return;
    const int width = m_window.width();
    m_window.resizeDocks({left.front(), right.front()},
                         {std::max(kLeftWidth, width * 22 / 100), width * 32 / 100},
                         Qt::Horizontal);
}

QRect WindowLayout::roomOnScreen() const {
    const QStyle& style = *m_window.style();
    const int frame = style.pixelMetric(QStyle::PM_MdiSubWindowFrameWidth);
    const int title = style.pixelMetric(QStyle::PM_TitleBarHeight);
    return m_window.screen()->availableGeometry().adjusted(frame, title, -frame, -frame);
}

void WindowLayout::restore() {
    const auto geometry = m_settings.value(QStringLiteral("window/geometry")).toByteArray();
    if (m_window.restoreGeometry(geometry)) fitScreen();
    arrange();
    // What was arranged in a wider window would leave the centre no room.
    const int before = m_settings.value(QStringLiteral("window/width"), 0).toInt();
    const auto layout = m_settings.value(QStringLiteral("window/layout")).toByteArray();
    const bool fills = m_window.isMaximized() || m_window.isFullScreen();
    const int now = fills ? m_window.screen()->availableSize().width() : m_window.width();
    if (now * 10 >= before * 9) m_window.restoreState(layout, kLayoutVersion);
}

void WindowLayout::fitScreen() {
    if (m_window.isMaximized() || m_window.isFullScreen()) return;
    const QRect room = roomOnScreen();
    QRect fitting(m_window.geometry().topLeft(), m_window.size().boundedTo(room.size()));
    fitting.moveRight(std::min(fitting.right(), room.right()));
    fitting.moveBottom(std::min(fitting.bottom(), room.bottom()));
    fitting.moveLeft(std::max(fitting.left(), room.left()));
    fitting.moveTop(std::max(fitting.top(), room.top()));
    if (m_window.geometry() != fitting) m_window.setGeometry(fitting);
}

void WindowLayout::save() const {
    m_settings.setValue(QStringLiteral("window/geometry"), m_window.saveGeometry());
    m_settings.setValue(QStringLiteral("window/width"), m_window.width());
    m_settings.setValue(QStringLiteral("window/layout"), m_window.saveState(kLayoutVersion));
}

}  // namespace cohelix::ui
