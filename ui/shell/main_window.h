// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The window: makes the views of the table, gives them their places and the actions their menus,
// and says what the hub's parts have to say. It knows no view, and decides nothing about searches
// or files.

#include <QMainWindow>
#include <QSettings>
#include <span>

#include "ui/hub/actions.h"
#include "ui/hub/hub.h"
#include "ui/shell/moved_pictures.h"
#include "ui/shell/project_files.h"
#include "ui/shell/view_table.h"
#include "ui/shell/window_layout.h"

namespace cohelix::ui {

class MessageBar;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// All must outlive the window.
    MainWindow(Hub& hub, QSettings& settings, std::span<const ViewRow> views = viewTable());

    ProjectFiles& projects() { return m_projects; }
    MovedPictures& pictures() { return m_pictures; }

protected:
    bool event(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildViews(std::span<const ViewRow> views);
    void buildActions();
    void followDocument();
    void showMessages();
    void showPalette();
    void updateTitle();
    /// Closes the project, then the window.
    void leave();

    Hub& m_hub;
    QSettings& m_settings;
    Actions m_actions;
    ProjectFiles m_projects;
    MovedPictures m_pictures;
    WindowLayout m_layout;
    MessageBar* m_messages = nullptr;
    MessageBar* m_banner = nullptr;
    bool m_arranged = false;
    bool m_leaving = false;  ///< closes as soon as the project has
};

}  // namespace cohelix::ui
