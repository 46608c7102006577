// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Everything about the selected design: a card with its figures over tabs for its network, its
// accelerator, the mapping of each layer, the utilization and why it is as it is. One layer is
// selected in all tabs, and in every other view.

#include <QWidget>

#include "ui/hub/view_context.h"

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
    explicit DesignView(const ViewContext& context, QWidget* parent = nullptr);

    void setDesign(const std::shared_ptr<const DesignDetails>& details);
    /// Shows no design, and how to choose one.
    void clear();
    bool isEmpty() const;

private:
    void followDetails();
    void showLayer();
    void onLayerSelected(int layer);

    Selection& m_selection;
    const Inspection& m_inspection;
    QStackedWidget* m_stack;
    DesignCard* m_card;
    QTabWidget* m_tabs;
    NetworkView* m_network;
    AcceleratorView* m_accelerator;
    MappingView* m_mapping;
    UtilizationView* m_utilization;
    WhyView* m_why;
    model::Network m_shown;
};

}  // namespace cohelix::ui
