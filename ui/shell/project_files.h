// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Opening, making, saving and leaving projects as the user does it: the dialogues that ask for
// files, the question before a search is stopped or a project lost, and the list of recent files.

#include <QObject>
#include <QSettings>
#include <functional>
#include <string>

#include "ui/hub/actions.h"
#include "ui/hub/hub.h"

class QMenu;
class QWidget;

namespace cohelix::ui {

class ProjectFiles : public QObject {
    Q_OBJECT

public:
    /// All must outlive it; dialogues stand before `window`.
    ProjectFiles(Hub& hub, QSettings& settings, QWidget& window);

    /// Offers all of it as actions, which can be used when they would do something.
    void offer(Actions& actions);

    /// Opens a project (.cohelix) or a specification (.json); asks first when a search runs.
    void open(const QString& path);
    /// An untitled project with the example's specification, so that Start works at once.
    void openExample();
    /// An untitled project with a shipped specification.
    void openPreset(const std::string& name);

    void chooseAndOpen();
    void saveAs();
    void rescue();

    /// Asks `question` where a search runs, and where the project would be lost; otherwise yes.
    bool mayLeave(const QString& question);
    /// Replaces the dialogue that asks whether a search may be stopped, or a file replaced.
    void setConfirm(std::function<bool(const QString& question)> confirm);

private:
    void offerPresets(Actions& actions);
    void offerRecent(Actions& actions);
    void fillRecent(QMenu& menu);
    bool confirmed(const QString& title, const QString& question);

    Hub& m_hub;
    QSettings& m_settings;
    QWidget& m_window;
    std::function<bool(const QString&)> m_confirm;
};

}  // namespace cohelix::ui
