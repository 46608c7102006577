// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/network_model.h"

#include <QFont>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/plain_text.h"
#include "ui/views/design/design_words.h"
#include "ui/views/design/layer_facts.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kMostLanes = 8;

QString headingOf(const model::Network& network, int block) {
    const auto& operators = network.operators;
    const auto name = block < static_cast<int>(operators.size())
                          ? fromStd(operators[static_cast<std::size_t>(block)])
                          : QString();
    return DesignWords::tr("Block %1 · %2").arg(block).arg(name);
}

/// A layer's name without the block's, which stands in the heading above it.
QString shortName(const model::Layer& layer) {
    const auto dot = layer.block >= 0 ? layer.name.find('.') : std::string::npos;
    return fromStd(dot == std::string::npos ? layer.name : layer.name.substr(dot + 1));
}

/// The first lane that is free from `row` on; the last one when all are taken.
std::size_t freeLane(const std::vector<int>& laneEnds, int row) {
    const auto free =
        std::find_if(laneEnds.begin(), laneEnds.end(), [row](int end) { return end <= row; });
    return std::min<std::size_t>(static_cast<std::size_t>(free - laneEnds.begin()), kMostLanes - 1);
}

}  // namespace

NetworkModel::NetworkModel(QObject* parent) : QAbstractTableModel(parent) {}

void NetworkModel::setNetwork(model::Network network) {
    beginResetModel();
    m_network = std::move(network);
    m_totalMacs = static_cast<double>(model::macs(m_network));
    buildRows();
    buildLanes();
    endResetModel();
}

void NetworkModel::buildRows() {
    m_rows.clear();
    if (m_network.layers.empty()) return;
    m_rows.push_back({NetworkRow::Kind::Image, -1, -1, DesignWords::tr("Image")});
    const int blocks = static_cast<int>(m_network.operators.size());
    int next = 0;
    const auto headingsUpTo = [&](int block) {
        for (; next <= block && next < blocks; ++next) {
            m_rows.push_back({NetworkRow::Kind::Heading, -1, next, headingOf(m_network, next)});
        }
    };
    bool blockSeen = false;
    for (std::size_t i = 0; i < m_network.layers.size(); ++i) {
        const auto& layer = m_network.layers[i];
        if (layer.block >= 0) {
            headingsUpTo(layer.block);
            blockSeen = true;
        } else if (blockSeen || layer.role == model::LayerRole::Head ||
                   layer.role == model::LayerRole::Classifier) {
            headingsUpTo(blocks - 1);
        }
        m_rows.push_back(
            {NetworkRow::Kind::Layer, static_cast<int>(i), layer.block, shortName(layer)});
    }
    headingsUpTo(blocks - 1);
}

void NetworkModel::buildLanes() {
    m_lanes.assign(m_rows.size(), {});
    std::vector<int> laneEnds;
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row) {
        const int layer = m_rows[static_cast<std::size_t>(row)].layer;
        if (layer < 0) continue;
        const int source = m_network.layers[static_cast<std::size_t>(layer)].addedTo;
        const int start = source < 0 ? -1 : rowOfLayer(source);
        if (start < 0 || start >= row) continue;
        const auto lane = freeLane(laneEnds, start);
        if (lane >= laneEnds.size()) laneEnds.resize(lane + 1, 0);
        laneEnds[lane] = row;
        const unsigned bit = 1U << lane;
        m_lanes[static_cast<std::size_t>(start)].leaves |= bit;
        m_lanes[static_cast<std::size_t>(row)].joins |= bit;
        for (int at = start; at <= row; ++at) {
            if (at > start) m_lanes[static_cast<std::size_t>(at)].above |= bit;
            if (at < row) m_lanes[static_cast<std::size_t>(at)].below |= bit;
        }
    }
    m_laneCount = static_cast<int>(laneEnds.size());
}

int NetworkModel::rowOfLayer(int layer) const {
    if (layer < 0) return -1;
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [layer](const NetworkRow& row) { return row.layer == layer; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int NetworkModel::layerOfRow(int row) const {
    return row < 0 || row >= rowCount() ? -1 : m_rows[static_cast<std::size_t>(row)].layer;
}

int NetworkModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NetworkModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

double NetworkModel::macsOf(const NetworkRow& row) const {
    double sum = 0;
    for (const auto& layer : m_network.layers) {
        const auto index = &layer - m_network.layers.data();
        const bool counted =
            row.kind == NetworkRow::Kind::Heading ? layer.block == row.block : index == row.layer;
        if (counted) sum += static_cast<double>(model::macs(layer));
    }
    return sum;
}

double NetworkModel::parametersOf(const NetworkRow& row) const {
    double sum = 0;
    for (const auto& layer : m_network.layers) {
        const auto index = &layer - m_network.layers.data();
        const bool counted =
            row.kind == NetworkRow::Kind::Heading ? layer.block == row.block : index == row.layer;
        if (counted) sum += static_cast<double>(model::parameters(layer));
    }
    return sum;
}

QString NetworkModel::layerText(const model::Layer& layer, int column) const {
    switch (column) {
        case Output: return outputShape(layer);
        case Kernel: return kernelText(layer);
        case Stride: return fromStd(perAxisText(layer.stride));
        default: return {};
    }
}

QString NetworkModel::cellText(const NetworkRow& row, int column) const {
    if (column == Name) return row.title;
    if (row.kind == NetworkRow::Kind::Image) {
        return column == Output ? shapeText(m_network.input.channels, m_network.input.height,
                                            m_network.input.width)
                                : QString();
    }
    const double macs = macsOf(row);
    if (row.kind == NetworkRow::Kind::Heading && macs == 0) {
        return column == Output ? DesignWords::tr("identity") : QString();
    }
    switch (column) {
        case Macs: return fromStd(base::prefixed(macs));
        case Parameters: return fromStd(base::prefixed(parametersOf(row)));
        case Share: return m_totalMacs > 0 ? percentText(macs / m_totalMacs) : QString();
        default: break;
    }
    if (row.layer < 0) return {};
    return layerText(m_network.layers[static_cast<std::size_t>(row.layer)], column);
}

QString NetworkModel::toolTip(const NetworkRow& row) const {
    if (row.kind == NetworkRow::Kind::Layer) {
        return layerToolTip(m_network, row.layer) +
               DesignWords::tr("\n%1 of the network's MACs").arg(cellText(row, Share));
    }
    if (row.kind == NetworkRow::Kind::Heading) {
        return DesignWords::tr("%1: %2 MACs, %3 parameters")
            .arg(row.title, fromStd(base::grouped(static_cast<std::int64_t>(macsOf(row)))),
                 fromStd(base::grouped(static_cast<std::int64_t>(parametersOf(row)))));
    }
    return DesignWords::tr("What the network reads: channels × rows × columns");
}

QVariant NetworkModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const auto& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole: return cellText(row, index.column());
        case Qt::ToolTipRole: return plainToolTip(toolTip(row));
        case Qt::TextAlignmentRole:
            return index.column() == Name ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                          : QVariant(Qt::AlignRight | Qt::AlignVCenter);
        case Qt::FontRole: {
            QFont font;
            font.setBold(row.kind == NetworkRow::Kind::Heading && index.column() != Output);
            return font;
        }
        case ShareRole: return m_totalMacs > 0 ? macsOf(row) / m_totalMacs : 0.0;
        case LanesRole: return QVariant::fromValue(m_lanes[static_cast<std::size_t>(index.row())]);
        case HeadingRole: return row.kind == NetworkRow::Kind::Heading;
        default: return {};
    }
}

QVariant NetworkModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    static const char* const kTitles[] = {"Layer", "Output", "Kernel", "Stride",
                                          "MACs",  "Params", "Share"};
    static const char* const kMeanings[] = {"Layers in execution order, by searchable block",
                                            "Output map: channels × rows × columns",
                                            "Kernel: rows × columns",
                                            "Stride of the kernel over rows and columns",
                                            "Multiply-accumulates of one image",
                                            "Trained parameters, batch normalisation included",
                                            "Share of the network's MACs"};
    if (section < 0 || section >= kColumns) return {};
    if (role == Qt::DisplayRole) return QString::fromUtf8(kTitles[section]);
    if (role == Qt::ToolTipRole) return QString::fromUtf8(kMeanings[section]);
    if (role == Qt::TextAlignmentRole) {
        return section == Name ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                               : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    }
    return {};
}

Qt::ItemFlags NetworkModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::NoItemFlags;
    return layerOfRow(index.row()) < 0 ? Qt::ItemIsEnabled
                                       : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

}  // namespace cohelix::ui
