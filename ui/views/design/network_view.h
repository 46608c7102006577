// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The network of a design, top to bottom: its blocks with the chosen operators, their layers with
// shape, MACs and parameters, and the skip connections. Choosing a layer by mouse or keyboard emits
// layerSelected().

#include <QWidget>

#include "core/model/network.h"

class QLabel;
class QTreeView;

namespace cohelix::ui {

class NetworkModel;

class NetworkView : public QWidget {
    Q_OBJECT

public:
    explicit NetworkView(QWidget* parent = nullptr);

    void setNetwork(const model::Network& network);
    /// Shows a layer as selected and scrolls to it; emits nothing. -1: none.
    void setSelectedLayer(int layer);
    int selectedLayer() const;

Q_SIGNALS:
    void layerSelected(int layer);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void shareOutWidth();
    void onCurrentChanged(const QModelIndex& current);

    QLabel* m_summary;
    QTreeView* m_tree;
    NetworkModel* m_model;
    bool m_quiet = false;
};

}  // namespace cohelix::ui
