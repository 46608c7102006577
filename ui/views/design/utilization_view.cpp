// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/utilization_view.h"

#include <QCoreApplication>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>

#include "core/base/units.h"

#include "ui/views/design/design_words.h"
#include "ui/views/design/layer_facts.h"
#include "ui/views/design/utilization_bars.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kRowHeight = 19;
constexpr int kAxesHeight = 60;

QString chunkTitle(const DesignDetails& details, std::size_t chunk) {
    return QStringLiteral("%1 %2").arg(chunk + 1).arg(chunkLabel(details.accelerator, chunk));
}

HeatCell cellOf(const DesignDetails& details, std::size_t layer) {
    const auto& cost = details.cost.layers[layer];
    HeatCell cell;
    cell.value = cost.utilization() * 100;
    cell.text = fromStd(base::fixed(cell.value, 0));
    const auto chunk = static_cast<std::size_t>(cost.chunk);
    cell.hover =
        DesignWords::tr(
            "<b>%1</b> on %2<br>utilization %3<br>spatial %4, temporal %5<br>"
            "%6 cycles, spent on %7")
            .arg(fromStd(details.network.layers[layer].name).toHtmlEscaped(),
                 chunkTitle(details, chunk).toHtmlEscaped(), percentText(cost.utilization()),
                 percentText(cost.spatialUtilization), percentText(cost.temporalUtilization),
                 fromStd(base::fixed(cost.cycles, 0)),
                 fromStd(model::limitText(cost)).toHtmlEscaped());
    return cell;
}

QString summaryOf(const DesignDetails& details) {
    const int slowest = slowestChunk(details.cost);
    if (slowest < 0 || static_cast<std::size_t>(slowest) >= details.accelerator.chunkCount()) {
        return DesignWords::tr("This design has no figures per layer.");
    }
    const auto& chunk = details.cost.chunks[static_cast<std::size_t>(slowest)];
    if (details.accelerator.dramGigabytesPerSecond > 0 &&
        details.cost.periodCycles > chunk.cycles) {
        return DesignWords::tr(
                   "<b>%1 FPS</b>: the DRAM that all chunks share needs %2 cycles per "
                   "image and sets the period; all chunks wait for it.")
            .arg(fromStd(base::fixed(details.cost.fps, 1)),
                 fromStd(base::fixed(details.cost.periodCycles, 0)));
    }
    return DesignWords::tr(
               "<b>%1 FPS</b>: chunk <b>%2</b> needs %3 cycles per image and sets the "
               "period; faster chunks wait for it.")
        .arg(fromStd(base::fixed(details.cost.fps, 1)),
             chunkTitle(details, static_cast<std::size_t>(slowest)).toHtmlEscaped(),
             fromStd(base::fixed(chunk.cycles, 0)));
}

}  // namespace

HeatMapData utilizationData(const DesignDetails& details) {
    HeatMapData data;
    const auto chunks = details.accelerator.chunkCount();
    const auto layers = std::min(details.network.layers.size(), details.cost.layers.size());
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        data.columns << QString::number(chunk + 1);
    }
    for (std::size_t layer = 0; layer < layers; ++layer) {
        data.rows << fromStd(details.network.layers[layer].name);
    }
    data.cells.resize(layers * chunks);
    for (std::size_t layer = 0; layer < layers; ++layer) {
        const int chunk = details.cost.layers[layer].chunk;
        if (chunk < 0 || static_cast<std::size_t>(chunk) >= chunks) continue;
        data.cells[layer * chunks + static_cast<std::size_t>(chunk)] = cellOf(details, layer);
    }
    data.columnTitle = DesignWords::tr("Chunk, in the order above");
    data.scaleTitle = DesignWords::tr("Utilization of the chunk's PEs (%)");
    data.low = 0;
    data.high = 100;
    return data;
}

UtilizationView::UtilizationView(QWidget* parent)
    : QWidget(parent),
      m_scroll(new QScrollArea(this)),
      m_summary(new QLabel(this)),
      m_bars(new UtilizationBars(this)),
      m_map(new HeatMap(this)) {
    m_summary->setWordWrap(true);
    m_summary->setObjectName(QStringLiteral("utilizationSummary"));
    for (auto* part : m_map->findChildren<QWidget*>()) part->installEventFilter(this);
    auto* content = new QWidget(this);
    auto* inside = new QVBoxLayout(content);
    inside->setContentsMargins(8, 6, 8, 8);
    inside->setSpacing(6);
    inside->addWidget(m_summary);
    inside->addWidget(m_bars);
    inside->addWidget(m_map, 1);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    content->setBackgroundRole(QPalette::Base);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_scroll);
    connect(m_map, &HeatMap::cellClicked, this, [this](int row, int) {
        setSelectedLayer(row);
        Q_EMIT layerSelected(row);
    });
}

void UtilizationView::setDesign(const DesignDetails& details) {
    m_summary->setText(summaryOf(details));
    std::vector<ChunkLoad> loads;
    const int slowest = slowestChunk(details.cost);
    const auto chunks = std::min(details.cost.chunks.size(), details.accelerator.chunkCount());
    for (std::size_t i = 0; i < chunks; ++i) {
        loads.push_back({chunkTitle(details, i), details.cost.chunks[i].cycles, static_cast<int>(i),
                         static_cast<int>(i) == slowest});
    }
    m_bars->setLoads(std::move(loads), details.cost.periodCycles);
    auto cells = utilizationData(details);
    m_map->setMinimumHeight(kAxesHeight + kRowHeight * static_cast<int>(cells.rows.size()));
    m_map->setEmptyText(cells.rows.isEmpty() ? tr("No figures per layer") : QString());
    m_map->setData(std::move(cells));
}

void UtilizationView::setSelectedLayer(int layer) { m_map->setSelected(layer, -1); }

bool UtilizationView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::Wheel) return QWidget::eventFilter(watched, event);
    // The wheel scrolls the page; with Ctrl it reaches the map and zooms.
    if (static_cast<QWheelEvent*>(event)->modifiers() & Qt::ControlModifier) return false;
    QCoreApplication::sendEvent(m_scroll->verticalScrollBar(), event);
    return true;
}

}  // namespace cohelix::ui
