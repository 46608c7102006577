// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/mapping_view.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/units.h"

#include "ui/views/design/design_words.h"
#include "ui/views/design/layer_facts.h"
#include "ui/views/design/mapping_array.h"
#include "ui/views/design/mapping_nest.h"
#include "ui/views/design/mapping_traffic.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

QToolButton* stepButton(Qt::ArrowType arrow, const QString& toolTip, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setArrowType(arrow);
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QString tableRow(const QString& label, const QString& value, const QString& color) {
    return QStringLiteral(
               "<tr><td style=\"color:%3; padding-right:12px\">%1</td>"
               "<td>%2</td></tr>")
        .arg(label, value, color);
}

/// Why PEs stand idle, in words.
QString spatialCause(const ArrayShape& shape, const model::Mapping& mapping, double utilization) {
    const auto used = model::spatialExtent(mapping);
    const auto inUse = used.rows * used.columns;
    if (inUse < shape.pes) {
        const double unrolled = static_cast<double>(inUse) / static_cast<double>(shape.pes);
        return DesignWords::tr("%1 of %2 unrolled")
                   .arg(fromStd(base::grouped(inUse)), counted(shape.pes, "PE", "PEs")) +
               (utilization < unrolled - 0.0005
                    ? DesignWords::tr(", the rest lost at the edges of tiles")
                    : QString());
    }
    if (utilization < 0.9995) return DesignWords::tr("lost at the edges of tiles");
    return DesignWords::tr("every PE works");
}

}  // namespace

MappingView::MappingView(QWidget* parent)
    : QWidget(parent),
      m_layers(new QComboBox(this)),
      m_previous(stepButton(Qt::LeftArrow, tr("Previous layer"), this)),
      m_next(stepButton(Qt::RightArrow, tr("Next layer"), this)),
      m_figures(new QLabel(this)),
      m_nest(new MappingNest(this)),
      m_array(new MappingArray(this)),
      m_traffic(new MappingTraffic(this)) {
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(makeContent());
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->widget()->setBackgroundRole(QPalette::Base);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeader());
    layout->addWidget(scroll, 1);
    connect(m_layers, &QComboBox::activated, this, &MappingView::goTo);
    connect(m_previous, &QToolButton::clicked, this, [this] { goTo(m_layer - 1); });
    connect(m_next, &QToolButton::clicked, this, [this] { goTo(m_layer + 1); });
}

QWidget* MappingView::makeHeader() {
    auto* header = new QWidget(this);
    m_layers->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_layers->setAccessibleName(tr("Layer"));
    auto* layout = new QHBoxLayout(header);
    layout->setContentsMargins(8, 6, 8, 4);
    layout->addWidget(new QLabel(tr("Layer"), header));
    layout->addWidget(m_layers, 1);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    return header;
}

QWidget* MappingView::makeContent() {
    m_figures->setTextFormat(Qt::RichText);
    m_figures->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_figures->setObjectName(QStringLiteral("mappingFigures"));
    m_figures->setWordWrap(true);
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 4, 8, 8);
    layout->setSpacing(4);
    layout->addWidget(m_figures);
    layout->addWidget(makePictures(content));
    layout->addStretch(1);
    return content;
}

QWidget* MappingView::makePictures(QWidget* content) {
    m_pictures = new QWidget(content);
    auto* layout = new QVBoxLayout(m_pictures);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(heading(tr("Loop nest"), m_pictures));
    layout->addWidget(m_nest);
    layout->addWidget(heading(tr("PE array"), m_pictures));
    layout->addWidget(m_array);
    auto* title = heading(tr("Traffic of one image batch"), m_pictures);
    title->setToolTip(tr("Widths are proportional to bytes; all arrows have one scale"));
    layout->addWidget(title);
    layout->addWidget(m_traffic);
    return m_pictures;
}

void MappingView::setDesign(const DesignDetails& details) {
    m_details = details;
    const QSignalBlocker quiet(m_layers);
    m_layers->clear();
    for (const auto& layer : details.network.layers) {
        m_layers->addItem(QStringLiteral("%1  (%2)").arg(fromStd(layer.name), outputShape(layer)));
    }
    m_layer = std::clamp(m_layer, 0, std::max(m_layers->count() - 1, 0));
    showLayer();
}

void MappingView::setLayer(int layer) {
    if (layer < 0 || layer >= m_layers->count() || layer == m_layer) return;
    m_layer = layer;
    showLayer();
}

void MappingView::goTo(int layer) {
    if (layer < 0 || layer >= m_layers->count() || layer == m_layer) return;
    setLayer(layer);
    Q_EMIT layerSelected(layer);
}

void MappingView::showLayer() {
    const QSignalBlocker quiet(m_layers);
    m_layers->setCurrentIndex(m_layer);
    m_previous->setEnabled(m_layer > 0);
    m_next->setEnabled(m_layer + 1 < m_layers->count());
    const auto index = static_cast<std::size_t>(m_layer);
    const bool known = index < m_details.cost.layers.size();
    const model::LayerCost cost = known ? m_details.cost.layers[index] : model::LayerCost{};
    const auto chunk = static_cast<std::size_t>(std::max(cost.chunk, 0));
    m_nest->setMapping(cost.mapping);
    m_array->setArray(arrayShape(m_details.accelerator, m_details.cost, chunk), cost.mapping,
                      cost.chunk);
    m_traffic->setTraffic(cost.traffic, chunkBits(m_details.accelerator, chunk));
    m_pictures->setVisible(known);
    if (known) {
        showFigures(cost);
    } else {
        m_figures->setText(tr("This design has no figures per layer."));
    }
}

void MappingView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) showLayer();
}

void MappingView::showFigures(const model::LayerCost& cost) {
    const auto chunk = static_cast<std::size_t>(std::max(cost.chunk, 0));
    const bool named = chunk < m_details.accelerator.chunkCount();
    const auto name = named ? chunkLabel(m_details.accelerator, chunk).toHtmlEscaped()
                            : QString::number(chunk + 1);
    const double ms = m_details.accelerator.clockMhz > 0
                          ? cost.cycles / (m_details.accelerator.clockMhz * 1e3)
                          : 0;
    const auto muted = themeOf(palette()).mutedText.name();
    QString rows =
        tableRow(tr("Chunk"), QStringLiteral("%1 · %2").arg(cost.chunk + 1).arg(name), muted);
    rows += tableRow(tr("Time"),
                     DesignWords::tr("%1 cycles = %2 ms, the largest part of it %3")
                         .arg(fromStd(base::fixed(cost.cycles, 0)), fromStd(base::fixed(ms, 3)),
                              fromStd(model::limitText(cost)).toHtmlEscaped()),
                     muted);
    rows += tableRow(tr("Spatial utilization"),
                     QStringLiteral("%1: %2").arg(
                         percentText(cost.spatialUtilization),
                         spatialCause(arrayShape(m_details.accelerator, m_details.cost, chunk),
                                      cost.mapping, cost.spatialUtilization)),
                     muted);
    rows += tableRow(
        tr("Temporal utilization"),
        DesignWords::tr("%1: PEs wait %2 of the time")
            .arg(percentText(cost.temporalUtilization), percentText(1 - cost.temporalUtilization)),
        muted);
    if (cost.energyPicojoule > 0) {
        const auto microjoule = fromStd(base::fixed(cost.energyPicojoule * 1e-6, 3));
        rows += tableRow(tr("Energy"), microjoule + QStringLiteral(" µJ"), muted);
    }
    m_figures->setText(QStringLiteral("<table cellspacing=\"0\">%1</table>").arg(rows));
}

}  // namespace cohelix::ui
