// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Everything about the selected design: a card with its figures over tabs for its network, its
// accelerator, the mapping of each layer, the utilization and why it is as it is. One layer is
// selected in all tabs.

#include <QWidget>

#include "ui/hub/design_details.h"

class QStackedWidget;
class QTabWidget;

namespace cohelix::ui {

class AcceleratorView;
class DesignCard;
class MappingView;
class NetworkView;
class UtilizationView;
class WhyView;

class DesignView : public QWidget {
    Q_OBJECT

public:
    explicit DesignView(QWidget* parent = nullptr);

    /// Shows a design. The selected layer stays where the new network has one of that name.
    void setDesign(const DesignDetails& details);
    /// Shows no design, and how to choose one.
    void clear();
    bool isEmpty() const;

    int selectedLayer() const { return m_layer; }
    void setSelectedLayer(int layer);

    DesignCard& card() const { return *m_card; }
    NetworkView& network() const { return *m_network; }
    AcceleratorView& accelerator() const { return *m_accelerator; }
    MappingView& mapping() const { return *m_mapping; }
    UtilizationView& utilization() const { return *m_utilization; }
    WhyView& why() const { return *m_why; }
    QTabWidget& tabs() const { return *m_tabs; }

Q_SIGNALS:
    void layerSelected(int layer);

private:
    void onLayerSelected(int layer);
    int layerNamed(const std::string& name) const;

    QStackedWidget* m_stack;
    DesignCard* m_card;
    QTabWidget* m_tabs;
    NetworkView* m_network;
    AcceleratorView* m_accelerator;
    MappingView* m_mapping;
    UtilizationView* m_utilization;
    WhyView* m_why;
    model::Network m_shown;
    int m_layer = -1;
};

}  // namespace cohelix::ui
