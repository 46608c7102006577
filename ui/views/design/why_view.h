// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why the selected design is as it is: what limits it, where the cycles of its multipliers go,
// whether it fits its limits or another device and what would make it, what more of a resource
// would buy, and the selected layer under all cost models.

#include <QWidget>
#include <optional>

#include "ui/hub/design_why.h"

class QComboBox;
class QLabel;

namespace cohelix::ui {

class LossBars;

class WhyView : public QWidget {
    Q_OBJECT

public:
    explicit WhyView(QWidget* parent = nullptr);

    void setDesign(const DesignDetails& details);
    /// What was wanted of the design; one that is no longer shown, or was held against another
    /// device than the one that is now chosen, is dropped.
    void setWhy(const DesignWhy& why);
    void setLayer(int layer);

    /// The device that the design is held against; empty: its specification's limits.
    QString device() const;
    QComboBox& devices() const { return *m_devices; }
    LossBars& bars() const { return *m_bars; }
    QString limitText() const;
    QString fitText() const;
    QString boughtText() const;
    QString modelsText() const;

Q_SIGNALS:
    /// The neighbours of the shown design are to be priced. Only while the view is on the screen,
    /// once for each design and device.
    void whyWanted(const QString& device);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeContent();
    QWidget* makeFitHeader(QWidget* parent);
    void fillDevices();
    void want();
    void showWhy();
    void showBars();
    void showModels();
    bool hasFigures() const { return m_details && !m_details->cost.layers.empty(); }

    QLabel* m_limit;
    LossBars* m_bars;
    QComboBox* m_devices;
    QLabel* m_fit;
    QLabel* m_bought;
    QLabel* m_modelsTitle;
    QLabel* m_models;
    std::optional<DesignDetails> m_details;
    explain::Explanation m_explanation;
    std::optional<DesignWhy> m_why;
    int m_layer = -1;
    bool m_wanted = false;  ///< asked for, not there yet
};

}  // namespace cohelix::ui
