// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/why_view.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <utility>

#include "ui/views/design/layer_facts.h"
#include "ui/views/design/loss_bars.h"
#include "ui/views/design/why_text.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

QLabel* paragraph(const char* name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::RichText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setWordWrap(true);
    return label;
}

}  // namespace

WhyView::WhyView(Explainer& explainer, QWidget* parent)
    : QWidget(parent),
      m_explainer(explainer),
      m_limit(paragraph("whyLimit", this)),
      m_bars(new LossBars(this)),
      m_devices(new QComboBox(this)),
      m_fit(paragraph("whyFit", this)),
      m_bought(paragraph("whyBought", this)),
      m_modelsTitle(heading({}, this)),
      m_modelsText(paragraph("whyModels", this)) {
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(makeContent());
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    scroll->widget()->setBackgroundRole(QPalette::Base);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    connect(m_devices, &QComboBox::currentIndexChanged, this, [this] {
        m_why.reset();
        m_whyAsked = false;
        showWhy();
        ask();
    });
    connect(&explainer, &Explainer::explanationFound, this, &WhyView::takeExplanation);
    connect(&explainer, &Explainer::whyFound, this, &WhyView::takeWhy);
    connect(&explainer, &Explainer::sideBySideFound, this, &WhyView::takeModels);
}

QWidget* WhyView::makeContent() {
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 2, 8, 8);
    layout->setSpacing(4);
    layout->addWidget(heading(tr("What limits it"), content));
    layout->addWidget(m_limit);
    auto* cycles = heading(tr("Where the multipliers' cycles go, %"), content);
    cycles->setToolTip(
        tr("What each multiplier could do in a period is 100 %; of a layer, in its "
           "own time"));
    layout->addWidget(cycles);
    layout->addWidget(m_bars);
    layout->addWidget(makeFitHeader(content));
    layout->addWidget(m_fit);
    auto* bought = heading(tr("What more would buy"), content);
    bought->setToolTip(
        tr("One more of a resource, and the best single step of each chunk's "
           "choices within the limits"));
    layout->addWidget(bought);
    layout->addWidget(m_bought);
    layout->addWidget(m_modelsTitle);
    layout->addWidget(m_modelsText);
    layout->addStretch(1);
    return content;
}

QWidget* WhyView::makeFitHeader(QWidget* parent) {
    auto* header = new QWidget(parent);
    auto* layout = new QHBoxLayout(header);
    layout->setContentsMargins(0, 4, 0, 0);
    auto* title = heading(tr("Does it fit"), header);
    title->setContentsMargins(0, 0, 0, 0);
    m_devices->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_devices->setAccessibleName(tr("Hold it against"));
    m_devices->setToolTip(tr("Hold the design against its own limits or against another device"));
    layout->addWidget(title);
    layout->addWidget(m_devices, 1);
    return header;
}

/// The specification's limits, then every device of its kind. An array has no other device to fit.
void WhyView::fillDevices() {
    const QString former = device();
    const QSignalBlocker blocker(m_devices);
    m_devices->clear();
    m_devices->addItem(tr("its specification's limits"), QString());
    if (m_details->accelerator.isPipeline()) {
        for (const auto& device : model::devices()) {
            if (device.kind != model::DeviceKind::Fpga) continue;
            m_devices->addItem(fromStd(device.name + " (" + device.part + ")"),
                               fromStd(device.name));
        }
    }
    m_devices->setCurrentIndex(std::max(0, m_devices->findData(former)));
    m_devices->setVisible(m_devices->count() > 1);
}

void WhyView::setDesign(const Explainer::Details& details) {
    m_details = details;
    m_explanation.reset();
    m_why.reset();
    m_models.reset();
    m_explanationAsked = m_whyAsked = false;
    m_layer = m_layerAsked = -1;
    fillDevices();
    showLimit();
    showBars();
    showWhy();
    showModels();
    ask();
}

void WhyView::setLayer(int layer) {
    m_layer = layer;
    showBars();
    showModels();
    ask();
}

void WhyView::ask() {
    if (!isVisible() || !hasFigures()) return;
    if (!std::exchange(m_explanationAsked, true)) m_explainer.askExplanation(m_details);
    if (!std::exchange(m_whyAsked, true)) m_explainer.askWhy(m_details, device());
    askModels();
}

void WhyView::askModels() {
    if (!hasLayer() || !m_details->accelerator.isPipeline()) return;
    if (std::exchange(m_layerAsked, m_layer) != m_layer) {
        m_explainer.askSideBySide(m_details, m_layer);
    }
}

void WhyView::takeExplanation(const Explainer::Details& of,
                              const explain::Explanation& explanation) {
    if (of != m_details) return;
    m_explanation = explanation;
    showLimit();
    showBars();
}

void WhyView::takeWhy(const Explainer::Details& of, const DesignWhy& why) {
    if (of != m_details || why.device != device()) return;
    m_why = why;
    showLimit();
    showWhy();
}

void WhyView::takeModels(const Explainer::Details& of, int layer,
                         const Explainer::SideBySide& models) {
    if (of != m_details) return;
    m_models = Models{layer, models};
    showModels();
}

bool WhyView::hasLayer() const {
    return hasFigures() && m_layer >= 0 &&
           m_layer < static_cast<int>(m_details->cost.layers.size());
}

void WhyView::showLimit() {
    if (!hasFigures()) {
        m_limit->setText(tr("This design has no figures per layer."));
    } else if (!m_explanation) {
        m_limit->setText(tr("Looking for it…"));
    } else {
        auto text = fromStd(m_explanation->bottleneck.text) + QLatin1Char('.');
        const auto relief = m_why ? fromStd(m_why->why.relief()) : QString();
        if (!relief.isEmpty()) text += QLatin1Char(' ') + relief + QLatin1Char('.');
        m_limit->setText(text.toHtmlEscaped());
    }
}

void WhyView::showWhy() {
    m_devices->setEnabled(hasFigures());
    if (!hasFigures()) {
        m_fit->setText(tr("Not known without them."));
        m_bought->setText(tr("Not known without them."));
    } else if (!m_why) {
        m_fit->setText(tr("Pricing its neighbours…"));
        m_bought->setText(tr("Pricing its neighbours…"));
    } else if (!m_why->problem.isEmpty()) {
        m_fit->setText(m_why->problem.toHtmlEscaped());
        m_bought->setText(m_why->problem.toHtmlEscaped());
    } else {
        m_fit->setText(fitHtml(*m_why, *m_details, palette()));
        m_bought->setText(boughtHtml(*m_why));
    }
}

void WhyView::showBars() {
    std::vector<LossBar> bars;
    if (m_explanation) {
        bars.push_back({tr("Design"), m_explanation->utilization});
        for (std::size_t c = 0; c < m_explanation->chunks.size(); ++c) {
            bars.push_back(
                {QStringLiteral("%1 %2").arg(c + 1).arg(chunkLabel(m_details->accelerator, c)),
                 m_explanation->chunks[c]});
        }
        const auto layer = static_cast<std::size_t>(m_layer);
        if (m_layer >= 0 && layer < m_explanation->layers.size()) {
            bars.push_back(
                {fromStd(m_details->network.layers[layer].name), m_explanation->layers[layer]});
        }
    }
    m_bars->setVisible(!bars.empty());
    m_bars->setBars(std::move(bars));
}

void WhyView::showModels() {
    const bool compared = hasFigures() && m_details->accelerator.isPipeline();
    // Until the next layer is there the last one stays, under its own name.
    const int layer = compared && m_models ? m_models->layer : m_layer;
    m_modelsTitle->setVisible(hasLayer());
    m_modelsText->setVisible(hasLayer());
    if (!hasLayer()) return;
    const auto& name = m_details->network.layers[static_cast<std::size_t>(layer)].name;
    m_modelsTitle->setText(tr("Layer %1 under all models").arg(fromStd(name)));
    if (!compared) {
        m_modelsText->setText(noModelsHtml());
    } else if (m_models) {
        m_modelsText->setText(modelsHtml(m_models->sides, palette()));
    } else {
        m_modelsText->setText(tr("Comparing the models…"));
    }
}

QString WhyView::device() const { return m_devices->currentData().toString(); }

void WhyView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    ask();
}

void WhyView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !m_details) return;
    showWhy();
    showModels();
}

}  // namespace cohelix::ui
