// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A network as the rows of a table: the image, a heading for each searchable block with its chosen
// operator and sums, and the block's layers. Skip connections are cut into the pieces that run
// through each row, so that a delegate can draw them.

#include <QAbstractTableModel>
#include <vector>

#include "core/model/network.h"

namespace cohelix::ui {

struct NetworkRow {
    enum class Kind { Image, Heading, Layer };
    Kind kind = Kind::Layer;
    int layer = -1;  ///< Kind::Layer
    int block = -1;  ///< Kind::Heading: the searchable block, or -1
    QString title;
};

/// The pieces of skip connections in one row, a bit for each lane.
struct SkipLanes {
    unsigned above = 0;   ///< lanes with a line from the row's top to its middle
    unsigned below = 0;   ///< lanes with a line from its middle to its bottom
    unsigned leaves = 0;  ///< lanes that begin here
    unsigned joins = 0;   ///< lanes that end here: their map is added to this layer's output
    friend bool operator==(const SkipLanes&, const SkipLanes&) = default;
};

class NetworkModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Output, Kernel, Stride, Macs, Parameters, Share, kColumns };
    enum Role {
        ShareRole = Qt::UserRole,  ///< double, of the network's MACs
        LanesRole,                 ///< SkipLanes
        HeadingRole                ///< bool
    };

    explicit NetworkModel(QObject* parent = nullptr);

    void setNetwork(model::Network network);
    const model::Network& network() const { return m_network; }
    const std::vector<NetworkRow>& rows() const { return m_rows; }
    int rowOfLayer(int layer) const;
    /// -1 where the row is no layer.
    int layerOfRow(int row) const;
    int laneCount() const { return m_laneCount; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void buildRows();
    void buildLanes();
    QString cellText(const NetworkRow& row, int column) const;
    QString layerText(const model::Layer& layer, int column) const;
    QString toolTip(const NetworkRow& row) const;
    double macsOf(const NetworkRow& row) const;
    double parametersOf(const NetworkRow& row) const;

    model::Network m_network;
    std::vector<NetworkRow> m_rows;
    std::vector<SkipLanes> m_lanes;
    int m_laneCount = 0;
    double m_totalMacs = 0;
};

}  // namespace cohelix::ui

Q_DECLARE_METATYPE(cohelix::ui::SkipLanes)
