// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/network_view.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/views/design/network_delegates.h"
#include "ui/views/design/network_model.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kLeastName = 120;
constexpr int kLeastShare = 56;

}  // namespace

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
    m_tree->setItemDelegateForColumn(NetworkModel::Name, new NetworkNameDelegate(*m_model, m_tree));
    m_tree->setItemDelegateForColumn(NetworkModel::Share, new NetworkShareDelegate(m_tree));
    m_tree->header()->setSectionsMovable(false);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setMinimumSectionSize(32);
    m_tree->viewport()->installEventFilter(this);

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
    shareOutWidth();
    const auto layers = static_cast<std::int64_t>(network.layers.size());
    m_summary->setText(
        QStringLiteral("%1, %2, %3, %4")
            .arg(counted(layers, "layer", "layers"),
                 quantity(static_cast<double>(model::macs(network)), "MACs"),
                 quantity(static_cast<double>(model::parameters(network)), "parameters"),
                 counted(network.classes, "class", "classes")));
}

void NetworkView::shareOutWidth() {
    int left = m_tree->viewport()->width() - kLeastShare;
    for (int column = NetworkModel::Name + 1; column < NetworkModel::Share; ++column) {
        m_tree->resizeColumnToContents(column);
        left -= m_tree->columnWidth(column);
    }
    m_tree->resizeColumnToContents(NetworkModel::Name);
    const int wanted = m_tree->columnWidth(NetworkModel::Name);
    const int name = std::max(std::min(wanted, left), kLeastName);
    m_tree->setColumnWidth(NetworkModel::Name, name);
    m_tree->setColumnWidth(NetworkModel::Share, kLeastShare + std::max(left - name, 0));
}

bool NetworkView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) shareOutWidth();
    return QWidget::eventFilter(watched, event);
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
