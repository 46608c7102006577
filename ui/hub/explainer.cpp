// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/explainer.h"

#include <utility>

namespace cohelix::ui {

namespace {

explain::Explanation explanationOf(const DesignDetails& details) {
    return explain::explanationOf(details.network, details.accelerator, details.cost);
}

Explainer::SideBySide sideBySideOf(const DesignDetails& details, int layer) {
    const auto place = static_cast<std::size_t>(layer);
    const auto chunk = static_cast<std::size_t>(details.cost.layers[place].chunk);
    return explain::compareModels(details.network.layers[place],
                                  details.accelerator.pipeline[chunk]);
}

}  // namespace

Explainer::Models Explainer::costModels() { return {explanationOf, explainDesign, sideBySideOf}; }

Explainer::Explainer(Worker& worker, Models models, QObject* parent)
    : QObject(parent),
      m_models(std::move(models)),
      m_explanations(worker, this),
      m_whys(worker, this),
      m_sideBySides(worker, this) {}

void Explainer::askExplanation(const Details& details) {
    m_explanations.ask(
        [details, ask = m_models.explanation] { return ask(*details); },
        [this, details](const auto& answer) { Q_EMIT explanationFound(details, answer); });
}

void Explainer::askWhy(const Details& details, const QString& device) {
    m_whys.ask([details, device, ask = m_models.why] { return ask(*details, device); },
               [this, details](const auto& answer) { Q_EMIT whyFound(details, answer); });
}

void Explainer::askSideBySide(const Details& details, int layer) {
    m_sideBySides.ask([details, layer, ask = m_models.sideBySide] { return ask(*details, layer); },
                      [this, details, layer](const auto& answer) {
                          Q_EMIT sideBySideFound(details, layer, answer);
                      });
}

}  // namespace cohelix::ui
