// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/views/design_style.h"
#include "ui/views/network_delegates.h"
#include "ui/views/network_model.h"

namespace cohelix::ui {

NetworkView::NetworkView(QWidget* parent)
    : QWidget(parent),
      m_summary(new QLabel(this)),
      m_tree(new QTreeView(this)),
      m_model(new NetworkModel(this)) {
    m_summary->setObjectName(QStringLiteral("networkSummary"));
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(6, 4, 6, 0);
    m_tree->setModel(m_model);
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAccessibleName(tr("Layers of the network"));
    m_tree->setItemDelegateForColumn(NetworkModel::Name,
                                     new NetworkNameDelegate(*m_model, m_tree));
    m_tree->setItemDelegateForColumn(NetworkModel::Share, new NetworkShareDelegate(m_tree));
    m_tree->header()->setSectionsMovable(false);
    m_tree->header()->setMinimumSectionSize(32);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_summary);
    layout->addWidget(m_tree, 1);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &NetworkView::onCurrentChanged);
}

void NetworkView::setNetwork(const model::Network& network) {
    m_quiet = true;
    m_model->setNetwork(network);
    m_quiet = false;
    for (int column = 0; column < NetworkModel::Share; ++column) {
        m_tree->resizeColumnToContents(column);
    }
    const auto layers = static_cast<std::int64_t>(network.layers.size());
    m_summary->setText(QStringLiteral("%1, %2, %3, %4")
                           .arg(counted(layers, "layer", "layers"),
                                quantity(static_cast<double>(model::macs(network)), "MACs"),
                                quantity(static_cast<double>(model::parameters(network)),
                                         "parameters"),
                                counted(network.classes, "class", "classes")));
}

void NetworkView::setSelectedLayer(int layer) {
    m_quiet = true;
    const int row = m_model->rowOfLayer(layer);
    if (row < 0) {
        m_tree->setCurrentIndex({});
    } else {
        m_tree->setCurrentIndex(m_model->index(row, NetworkModel::Name));
    }
    m_quiet = false;
}

int NetworkView::selectedLayer() const {
    const auto current = m_tree->currentIndex();
    return current.isValid() ? m_model->layerOfRow(current.row()) : -1;
}

void NetworkView::onCurrentChanged(const QModelIndex& current) {
    const int layer = current.isValid() ? m_model->layerOfRow(current.row()) : -1;
    if (!m_quiet && layer >= 0) Q_EMIT layerSelected(layer);
}

}  // namespace cohelix::ui
