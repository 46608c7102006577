// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The figures of a design at a glance: its number, accuracy with its grade, FPS, latency, energy,
// EDP, and its resources against the limits.

#include <QWidget>

#include "ui/hub/design_details.h"

class QLabel;

namespace cohelix::ui {

class ResourceBar;

class DesignCard : public QWidget {
    Q_OBJECT

public:
    explicit DesignCard(QWidget* parent = nullptr);

    void setDesign(const DesignDetails& details);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showTexts();

    DesignDetails m_details;
    QLabel* m_title;
    QLabel* m_accuracy;
    QLabel* m_figures;
    ResourceBar* m_dsp;
    ResourceBar* m_bram;
};

}  // namespace cohelix::ui
