// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The running search at a glance: its buttons, its phase, how far it is and how long it will take.

#include <QWidget>

#include "ui/hub/view_context.h"

class QLabel;
class QProgressBar;

namespace cohelix::ui {

class RunBar : public QWidget {
    Q_OBJECT

public:
    explicit RunBar(const ViewContext& context, QWidget* parent = nullptr);

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
