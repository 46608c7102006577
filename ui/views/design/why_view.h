// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why the selected design is as it is: what limits it, where the cycles of its multipliers go,
// whether it fits its limits or another device and what would make it, what more of a resource
// would buy, and the selected layer under all cost models. All of it is asked of the explainer, and
// only while the view is on the screen; until an answer comes, its place says so.

#include <QWidget>
#include <memory>
#include <optional>

#include "ui/hub/explainer.h"

class QComboBox;
class QLabel;

namespace cohelix::ui {

class LossBars;

class WhyView : public QWidget {
    Q_OBJECT

public:
    /// `explainer` must outlive it.
    explicit WhyView(Explainer& explainer, QWidget* parent = nullptr);

    void setDesign(const Explainer::Details& details);
    void setLayer(int layer);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeContent();
    QWidget* makeFitHeader(QWidget* parent);
    /// The device that the design is held against; empty: its specification's limits.
    QString device() const;
    void fillDevices();
    /// Asks for what is not known yet of the design, the device and the layer.
    void ask();
    void askModels();
    void takeExplanation(const Explainer::Details& of, const explain::Explanation& explanation);
    void takeWhy(const Explainer::Details& of, const DesignWhy& why);
    void takeModels(const Explainer::Details& of, int layer, const Explainer::SideBySide& models);
    void showLimit();
    void showWhy();
    void showBars();
    void showModels();
    bool hasLayer() const;
    bool hasFigures() const { return m_details && !m_details->cost.layers.empty(); }

    /// A layer under all models.
    struct Models {
        int layer = 0;
        Explainer::SideBySide sides;
    };

    Explainer& m_explainer;
    QLabel* m_limit;
    LossBars* m_bars;
    QComboBox* m_devices;
    QLabel* m_fit;
    QLabel* m_bought;
    QLabel* m_modelsTitle;
    QLabel* m_modelsText;
    Explainer::Details m_details;
    std::optional<explain::Explanation> m_explanation;
    std::optional<DesignWhy> m_why;
    std::optional<Models> m_models;  ///< stays until that of another layer comes
    int m_layer = -1;
    bool m_explanationAsked = false;
    bool m_whyAsked = false;
    int m_layerAsked = -1;
};

}  // namespace cohelix::ui
