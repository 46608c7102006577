// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Asks the cost models about a design, in the background: where its cycles go, why it is as it is,
// and one of its layers under all models. Of each kind of question a later one replaces one that is
// still open. Lives on the UI thread; no call blocks.

#include <QObject>
#include <QString>
#include <functional>
#include <memory>

#include "core/explain/side_by_side.h"

#include "ui/hub/design_why.h"
#include "ui/hub/latest.h"

namespace cohelix::ui {

class Explainer : public QObject {
    Q_OBJECT

public:
    using Details = std::shared_ptr<const DesignDetails>;
    using SideBySide = base::Result<explain::SideBySide>;

    /// What answers, on the worker's thread. The design has figures per layer.
    struct Models {
        std::function<explain::Explanation(const DesignDetails&)> explanation;
        std::function<DesignWhy(const DesignDetails&, const QString& device)> why;
        std::function<SideBySide(const DesignDetails&, int layer)> sideBySide;
    };
    static Models costModels();

    /// The worker must outlive it.
    explicit Explainer(Worker& worker, Models models = costModels(), QObject* parent = nullptr);

    void askExplanation(const Details& details);
    /// Held against a device by name; empty: the limits of the design's specification.
    void askWhy(const Details& details, const QString& device);
    /// A layer of a pipeline.
    void askSideBySide(const Details& details, int layer);

Q_SIGNALS:
    // Each says again what was asked about.
    void explanationFound(const Details& details, const explain::Explanation& explanation);
    void whyFound(const Details& details, const DesignWhy& why);
    void sideBySideFound(const Details& details, int layer, const SideBySide& sideBySide);

private:
    Models m_models;
    Latest m_explanations;
    Latest m_whys;
    Latest m_sideBySides;
};

}  // namespace cohelix::ui
