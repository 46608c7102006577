// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The window: puts the views into docks, binds them to the hub, and owns the actions. It decides
// nothing about searches or files itself.

#include <QMainWindow>
#include <QSettings>
#include <functional>

#include "ui/hub/hub.h"
#include "ui/hub/theme.h"
#include "ui/shell/actions.h"

class QMenu;

namespace cohelix::ui {

class DesignsView;
class DesignView;
class MessageBar;
class ParetoView;
class RunBar;
class RunsView;
class SpacesView;
class SteerView;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// Both must outlive the window.
    MainWindow(Hub& hub, QSettings& settings, QWidget* parent = nullptr);

    /// Opens a project (.cohelix) or a specification (.json); asks first when a search runs.
    void openPath(const QString& path);
    /// An untitled project with the example's specification, so that Start works at once.
    void openExample();
    /// An untitled project with a shipped specification.
    void openPreset(const std::string& name);

    /// Replaces the dialogue that asks whether a search may be stopped, or a file replaced.
    void setConfirm(std::function<bool(const QString& question)> confirm);
    /// Replaces the dialogue that asks for a folder; an empty answer is none.
    void setChooseFolder(std::function<QString(const QString& title)> choose);

    const Actions& actions() const { return m_actions; }
    MessageBar& messageBar() const { return *m_messages; }
    MessageBar& readOnlyBanner() const { return *m_banner; }
    ParetoView& pareto() const { return *m_pareto; }
    DesignsView& designs() const { return *m_designs; }
    DesignView& design() const { return *m_design; }
    SpacesView& spaces() const { return *m_spaces; }
    SteerView& steer() const { return *m_steer; }

protected:
    bool event(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildCentre();
    void buildDocks();
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* view,
                         Qt::DockWidgetArea area, const QKeySequence& shortcut);
    void bindViews();
    void arrangeDocks();
    QDockWidget& dock(const char* name) const;
    /// Where the window's inside may lie for its frame to be on the screen.
    QRect roomOnScreen() const;
    void fitScreen();
    void restoreLayout();
    void saveLayout();

    // menus.cpp
    void buildActions();
    void buildFileActions();
    void buildSearchActions();
    void buildViewActions();
    void buildMenus();
    void fillRecentMenu(QMenu& menu);
    QMenu* buildPresetMenu(QMenu& parent);
    QMenu* buildThemeMenu(QMenu& parent);

    void newProject();
    void chooseFile();
    void saveAs();
    void rescueFile();
    /// Refuses where the form or the text show something else than what would be searched with.
    void startSearch();
    /// Goes on with a run whose pictures have moved: where they were last time, or where the user
    /// says they are.
    void resumeElsewhere(std::int64_t run, const QString& tried, const Message& error);
    QString chooseFolder(const QString& title);
    void setTheme(ThemeChoice choice);
    void restoreReferences();
    void askForTrueFront();
    void showPalette();
    /// Asks `question` where a search runs, and where the project would be lost; otherwise yes.
    bool mayLeaveProject(const QString& question);
    bool confirmed(const QString& title, const QString& question);
    void updateActions();
    void updateTitle();
    /// Closes the project, then the window.
    void leave();
    void showSteering();

    Hub& m_hub;
    QSettings& m_settings;
    Actions m_actions;
    std::function<bool(const QString&)> m_confirm;
    std::function<QString(const QString&)> m_chooseFolder;
    MessageBar* m_messages = nullptr;
    MessageBar* m_banner = nullptr;
    ParetoView* m_pareto = nullptr;
    DesignsView* m_designs = nullptr;
    DesignView* m_design = nullptr;
    SpacesView* m_spaces = nullptr;
    RunsView* m_runs = nullptr;
    SteerView* m_steer = nullptr;
    bool m_arranged = false;
    bool m_leaving = false;  ///< closes as soon as the project has
};

}  // namespace cohelix::ui
