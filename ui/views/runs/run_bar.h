// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The running search at a glance: its buttons, its phase, how far it is and how long it will take.

#include <QWidget>

#include "ui/hub/hub.h"

class QAction;
class QLabel;
class QProgressBar;

namespace cohelix::ui {

/// The actions behind the buttons; they belong to somebody else.
struct RunActions {
    QAction* start = nullptr;
    QAction* pause = nullptr;
    QAction* stop = nullptr;
};

class RunBar : public QWidget {
    Q_OBJECT

public:
    RunBar(Hub& hub, const RunActions& actions, QWidget* parent = nullptr);

    QString phaseText() const;

private:
    void refresh();
    void showIdle();
    void showActive(const store::RunRow& active);
    QString timeText(const run::Progress& progress) const;

    Hub& m_hub;
    QLabel* m_phase;
    QProgressBar* m_bar;
    QLabel* m_time;
};

}  // namespace cohelix::ui
