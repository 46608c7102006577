// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/design_view.h"

#include <QLabel>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/views/design/accelerator_view.h"
#include "ui/views/design/design_card.h"
#include "ui/views/design/mapping_view.h"
#include "ui/views/design/network_view.h"
#include "ui/views/design/utilization_view.h"
#include "ui/views/design/why_view.h"
#include "ui/views/style/view_dock.h"

namespace cohelix::ui {

DesignView::DesignView(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_selection(context.hub.selection()),
      m_inspection(context.hub.inspection()),
      m_stack(new QStackedWidget(this)),
      m_card(new DesignCard(this)),
      m_tabs(new QTabWidget(this)),
      m_network(new NetworkView(this)),
      m_accelerator(new AcceleratorView(this)),
      m_mapping(new MappingView(this)),
      m_utilization(new UtilizationView(this)),
      m_why(new WhyView(context.hub.explainer(), this)) {
    auto* hint = new QLabel(tr("Click a point in the Pareto plot or a row of the table"), this);
    hint->setObjectName(QStringLiteral("designHint"));
    hint->setAlignment(Qt::AlignCenter);
    hint->setWordWrap(true);
    hint->setMargin(24);
    hint->setForegroundRole(QPalette::PlaceholderText);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_network, tr("Network"));
    m_tabs->addTab(m_accelerator, tr("Accelerator"));
    m_tabs->addTab(m_mapping, tr("Mapping"));
    m_tabs->addTab(m_utilization, tr("Utilization"));
    m_tabs->addTab(m_why, tr("Why"));
    auto* page = new QWidget(this);
    auto* inside = new QVBoxLayout(page);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(2);
    inside->addWidget(m_card);
    inside->addWidget(m_tabs, 1);
    m_stack->addWidget(hint);
    m_stack->addWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_network, &NetworkView::layerSelected, this, &DesignView::onLayerSelected);
    connect(m_mapping, &MappingView::layerSelected, this, &DesignView::onLayerSelected);
    connect(m_utilization, &UtilizationView::layerSelected, this, &DesignView::onLayerSelected);
    connect(&m_selection, &Selection::layerChanged, this, &DesignView::showLayer);
    connect(&m_inspection, &Inspection::changed, this, &DesignView::followDetails);
    connect(&m_selection, &Selection::primaryChanged, this, [this](std::int64_t design) {
        if (design != 0) raiseView(*this);
    });
    followDetails();
}

void DesignView::followDetails() {
    if (const auto details = m_inspection.details()) {
        setDesign(details);
    } else if (m_selection.primary() == 0) {
        // While the details of another design are being read, the last one stays.
        clear();
    }
}

void DesignView::setDesign(const std::shared_ptr<const DesignDetails>& details) {
    m_shown = details->network;
    m_card->setDesign(*details);
    m_network->setNetwork(details->network);
    m_accelerator->setDesign(*details);
    m_mapping->setDesign(*details);
    m_utilization->setDesign(*details);
    m_why->setDesign(details);
    showLayer();
    m_stack->setCurrentIndex(1);
}

void DesignView::clear() {
    m_stack->setCurrentIndex(0);
    m_shown = {};
}

bool DesignView::isEmpty() const { return m_stack->currentIndex() == 0; }

void DesignView::showLayer() {
    if (m_shown.layers.empty()) return;
    const int layer = layerPlace(m_shown, m_selection.now().layer);
    m_network->setSelectedLayer(layer);
    m_mapping->setLayer(layer);
    m_utilization->setSelectedLayer(layer);
    m_why->setLayer(layer);
}

void DesignView::onLayerSelected(int layer) {
    m_selection.selectLayer(m_shown.layers[static_cast<std::size_t>(layer)].name);
}

}  // namespace cohelix::ui
