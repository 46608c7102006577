// SPDX-License-Identifier: GPL-3.0-or-later
// The actions of the window and the menus that hold them.
#include <QActionGroup>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>

#include "ui/hub/icons.h"
#include "ui/hub/plain_text.h"
#include "ui/shell/about.h"
#include "ui/shell/main_window.h"
#include "ui/shell/recent_files.h"
#include "ui/views/designs/designs_view.h"
#include "ui/views/front/pareto_view.h"
#include "ui/views/runs/steer_view.h"

namespace cohelix::ui {

namespace {

QKeySequence keys(const char* text) { return QKeySequence(QString::fromLatin1(text)); }

}  // namespace

void MainWindow::buildActions() {
    buildFileActions();
    buildSearchActions();
    buildViewActions();
    m_actions.add(QStringLiteral("help.about"), tr("&About Cohelix"), keys("Shift+F1"),
                  [this] { showAbout(this); });
}

void MainWindow::buildFileActions() {
    m_actions.add(
        QStringLiteral("file.new"), tr("&New"), QKeySequence::New, [this] { newProject(); },
        QStringLiteral("new"));
    m_actions.add(
        QStringLiteral("file.open"), tr("&Open…"), QKeySequence::Open, [this] { chooseFile(); },
        QStringLiteral("open"));
    m_actions.add(QStringLiteral("file.rescue"), tr("Res&cue a damaged project…"), {},
                  [this] { rescueFile(); });
    m_actions.add(
        QStringLiteral("file.saveAs"), tr("Save &As…"), keys("Ctrl+Shift+S"), [this] { saveAs(); },
        QStringLiteral("save"));
    m_actions.add(
        QStringLiteral("file.exportFront"), tr("Export &front as picture…"), keys("Ctrl+E"),
        [this] { m_pareto->exportPlot(); }, QStringLiteral("export"));
    m_actions.add(QStringLiteral("file.exportDesigns"), tr("Export &designs as CSV…"),
                  keys("Ctrl+Shift+E"), [this] { m_designs->exportCsv(ExportScope::Filtered); });
    m_actions.add(QStringLiteral("file.quit"), tr("&Quit"), keys("Ctrl+Q"), [this] { close(); });

    QAction* undo = m_hub.edits().undoStack().createUndoAction(this, tr("Undo"));
    QAction* redo = m_hub.edits().undoStack().createRedoAction(this, tr("Redo"));
    m_actions.adopt(QStringLiteral("edit.undo"), undo, QKeySequence::Undo);
    m_actions.adopt(QStringLiteral("edit.redo"), redo, keys("Ctrl+Shift+Z"));
    m_actions.add(QStringLiteral("edit.copyRows"), tr("&Copy selected designs"),
                  keys("Ctrl+Shift+C"), [this] { m_designs->copySelected(); });
    m_actions.add(QStringLiteral("edit.clearFilter"), tr("Show &all designs"),
                  keys("Ctrl+Backspace"), [this] { m_hub.filter().clear(); });
}

void MainWindow::buildSearchActions() {
    m_actions.add(
        QStringLiteral("search.start"), tr("&Start"), keys("F5"), [this] { startSearch(); },
        QStringLiteral("start"));
    m_actions.add(
        QStringLiteral("search.pause"), tr("&Pause"), keys("F6"),
        [this] {
            m_hub.control().canUnpause() ? m_hub.control().unpause() : m_hub.control().pause();
        },
        QStringLiteral("pause"));
    m_actions.add(
        QStringLiteral("search.stop"), tr("S&top"), keys("Shift+F5"),
        [this] { m_hub.control().stop(); }, QStringLiteral("stop"));
    m_actions.add(QStringLiteral("search.resume"), tr("&Go on with the last run"), keys("F7"),
                  [this] {
                      if (!m_hub.projection().runs().empty())
                          m_hub.control().resume(m_hub.projection().runs().back().id);
                  });
    m_actions.add(QStringLiteral("search.steer"), tr("St&eer the run…"), keys("F8"),
                  [this] { showSteering(); });
    m_actions.add(QStringLiteral("search.steerApply"), tr("&Apply the edited steering"),
                  keys("Ctrl+F8"), [this] { m_steer->applyEdits(); });
    m_actions.add(QStringLiteral("search.steerByPlot"),
                  tr("Make the plot's &limit lines hard limits"), keys("Shift+F8"),
                  [this] { m_hub.steering().askForLimitsOf(m_hub.filter().current()); });
    m_actions.add(QStringLiteral("search.trueFront"), tr("&Compute true front…"), keys("Ctrl+T"),
                  [this] { askForTrueFront(); });
}

void MainWindow::buildViewActions() {
    m_actions.add(QStringLiteral("view.commands"), tr("&Command palette…"), keys("Ctrl+Shift+P"),
                  [this] { showPalette(); });
    m_actions.add(
        QStringLiteral("view.fit"), tr("&Fit the plot"), keys("Ctrl+0"),
        [this] { m_pareto->plot().fit(); }, QStringLiteral("fit"));
    const ParetoReferences& references = m_pareto->references();
    m_actions.adopt(QStringLiteral("view.published"), &references.publishedAction(),
                    keys("Ctrl+R"));
    for (QAction* group : references.groupActions()) {
        m_actions.adopt(QStringLiteral("view.published.") + group->data().toString(), group);
    }
    m_actions.add(QStringLiteral("view.resetLayout"), tr("Reset la&yout"), {},
                  [this] { arrangeDocks(); });
}

void MainWindow::buildMenus() {
    const auto action = [this](const char* name) {
        return m_actions.find(QString::fromLatin1(name));
    };
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(action("file.new"));
    buildPresetMenu(*file);
    file->addAction(action("file.open"));
    QMenu* recent = file->addMenu(tr("Open &recent"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecentMenu(*recent); });
    file->addAction(action("file.rescue"));
    file->addSeparator();
    file->addAction(action("file.saveAs"));
    file->addAction(action("file.exportFront"));
    file->addAction(action("file.exportDesigns"));
    file->addSeparator();
    file->addAction(action("file.quit"));

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    for (const char* name : {"edit.undo", "edit.redo", "edit.copyRows", "edit.clearFilter"}) {
        edit->addAction(action(name));
    }
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const char* name : {"view.spaces", "view.steer", "view.runs", "view.design",
                             "view.designs", "view.log", "view.searchBar"}) {
        view->addAction(action(name));
    }
    view->addSeparator();
    view->addAction(action("view.fit"));
    view->addMenu(&m_pareto->references().menu());
    buildThemeMenu(*view);
    view->addAction(action("view.resetLayout"));
    view->addSeparator();
    view->addAction(action("view.commands"));

    QMenu* search = menuBar()->addMenu(tr("&Search"));
    for (const char* name : {"search.start", "search.pause", "search.stop", "search.resume"}) {
        search->addAction(action(name));
    }
    search->addSeparator();
    for (const char* name : {"search.steer", "search.steerApply", "search.steerByPlot"}) {
        search->addAction(action(name));
    }
    search->addAction(action("search.trueFront"));
    menuBar()->addMenu(tr("&Help"))->addAction(action("help.about"));
}

QMenu* MainWindow::buildPresetMenu(QMenu& parent) {
    QMenu* menu = parent.addMenu(tr("New from &preset"));
    menu->setToolTipsVisible(true);
    for (const spec::Preset& preset : spec::presets()) {
        QAction* action =
            m_actions.add(QStringLiteral("file.preset.") + QString::fromStdString(preset.name),
                          tr("New from preset: %1").arg(QString::fromStdString(preset.name)), {},
                          [this, name = preset.name] { openPreset(name); });
        action->setToolTip(QString::fromStdString(preset.summary));
        menu->addAction(action);
    }
    return menu;
}

QMenu* MainWindow::buildThemeMenu(QMenu& parent) {
    QMenu* menu = parent.addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    const auto add = [&](const char* name, const QString& text, ThemeChoice choice) {
        QAction* action = m_actions.add(QString::fromLatin1(name), text, {},
                                        [this, choice] { setTheme(choice); });
        action->setCheckable(true);
        action->setChecked(m_settings.value(QStringLiteral("theme"), 0).toInt() ==
                           static_cast<int>(choice));
        group->addAction(action);
        menu->addAction(action);
    };
    add("view.theme.system", tr("Theme of the &system"), ThemeChoice::System);
    add("view.theme.light", tr("&Light theme"), ThemeChoice::Light);
    add("view.theme.dark", tr("&Dark theme"), ThemeChoice::Dark);
    return menu;
}

void MainWindow::fillRecentMenu(QMenu& menu) {
    menu.clear();
    for (const QString& path : recentFiles(m_settings)) {
        if (!QFileInfo::exists(path)) continue;
        menu.addAction(menuText(path), this, [this, path] { openPath(path); });
    }
    if (menu.isEmpty()) menu.addAction(tr("None yet"))->setEnabled(false);
    menu.addSeparator();
    menu.addAction(tr("Clear this list"), this, [this] { clearRecentFiles(m_settings); });
}

void MainWindow::updateActions() {
    const auto enable = [this](const char* name, bool on) {
        m_actions.find(QString::fromLatin1(name))->setEnabled(on);
    };
    const Document& document = m_hub.document();
    const bool open = document.isOpen() && !document.busy();
    enable("search.start", m_hub.control().canStart());
    enable("search.pause", m_hub.control().canPause() || m_hub.control().canUnpause());
    enable("search.stop", m_hub.control().canStop());
    enable("search.resume", !m_hub.projection().runs().empty() &&
                                m_hub.control().canResume(m_hub.projection().runs().back().id));
    enable("search.steerApply", m_hub.control().canStop());
    enable("search.steerByPlot", m_hub.control().canStop());
    enable("search.trueFront", m_hub.references().canCompute());
    enable("file.new", !document.busy());
    enable("file.open", !document.busy());
    enable("file.rescue", !document.busy());
    enable("file.saveAs", open);
    enable("file.exportFront", open);
    enable("file.exportDesigns", open);
    QAction* pause = m_actions.find(QStringLiteral("search.pause"));
    pause->setText(m_hub.control().canUnpause() ? tr("&Resume") : tr("&Pause"));
    pause->setIcon(
        lineIcon(m_hub.control().canUnpause() ? QStringLiteral("start") : QStringLiteral("pause")));
}

}  // namespace cohelix::ui
