// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/heat_map.h"

#include <algorithm>
#include <cmath>

#include "ui/plot/color_bar.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

namespace {

/// Longest list of labels that is drawn whole; longer ones are thinned out.
constexpr int kMostLabels = 48;

/// Labels at 0.5, 1.5, …; `last` counts down where the axis runs upwards.
QSharedPointer<QCPAxisTicker> labelTicker(const QStringList& labels, bool downwards) {
    auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    const qsizetype every = labels.size() / kMostLabels + 1;
    for (qsizetype i = 0; i < labels.size(); i += every) {
        const double at =
            downwards ? static_cast<double>(labels.size() - i) - 0.5 : static_cast<double>(i) + 0.5;
        ticker->addTick(at, labels[i]);
    }
    return ticker;
}

}  // namespace

/// Draws the cells; a layer element of its own because QCPColorMap knows neither text nor gaps.
class HeatMap::Cells : public QCPLayerable {
public:
    Cells(QCustomPlot& plot, const HeatMap& map) : QCPLayerable(&plot, "main"), m_map(map) {}

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override {
        applyAntialiasingHint(painter, false, QCP::aePlottables);
    }
    QRect clipRect() const override { return mParentPlot->axisRect()->rect(); }

    void draw(QCPPainter* painter) override {
        const HeatMapData& data = m_map.m_data;
        const int columns = static_cast<int>(data.columns.size());
        for (int row = 0; row < static_cast<int>(data.rows.size()); ++row) {
            for (int column = 0; column < columns; ++column) {
                drawCell(*painter, data.cells[static_cast<std::size_t>(row * columns + column)],
                         cellRect(row, column));
            }
        }
        drawFrame(*painter);
    }

private:
    QRectF cellRect(int row, int column, int width = 1) const {
        const double top = static_cast<double>(m_map.m_data.rows.size()) - row;
        const QCPAxis* x = mParentPlot->xAxis;
        const QCPAxis* y = mParentPlot->yAxis;
        return QRectF(QPointF(x->coordToPixel(column), y->coordToPixel(top)),
                      QPointF(x->coordToPixel(column + width), y->coordToPixel(top - 1)));
    }

    void drawCell(QCPPainter& painter, const HeatCell& cell, const QRectF& area) const {
        const bool known = std::isfinite(cell.value);
        const double span = m_map.m_data.high - m_map.m_data.low;
        const double share = span > 0 ? (cell.value - m_map.m_data.low) / span : 0;
        const QColor fill = known ? scaleColor(share) : m_map.theme().panel;
        const double gap = area.width() > 8 && area.height() > 8 ? 1 : 0;
        painter.fillRect(area.adjusted(gap, gap, -gap, -gap), fill);
        if (cell.text.isEmpty()) return;
        painter.setFont(mParentPlot->xAxis->tickLabelFont());
        const QRectF needed = painter.boundingRect(area, Qt::AlignCenter, cell.text);
        if (needed.width() > area.width() - 4 || needed.height() > area.height()) return;
        painter.setPen(known ? textOn(fill) : m_map.theme().mutedText);
        painter.drawText(area, Qt::AlignCenter, cell.text);
    }

    void drawFrame(QCPPainter& painter) const {
        const auto [row, column] = m_map.m_selected;
        const int columns = static_cast<int>(m_map.m_data.columns.size());
        if (row < 0 || row >= static_cast<int>(m_map.m_data.rows.size()) || column >= columns) {
            return;
        }
        painter.setPen(QPen(m_map.theme().selection, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(column < 0 ? cellRect(row, 0, columns) : cellRect(row, column));
    }

    const HeatMap& m_map;
};

HeatMap::HeatMap(QWidget* parent) : Plot(parent), m_cells(new Cells(canvas(), *this)) {
    canvas().xAxis->grid()->setVisible(false);
    canvas().yAxis->grid()->setVisible(false);
    addColorBar(canvas());
    HeatMap::applyTheme();
}

void HeatMap::setData(HeatMapData data) {
    Q_ASSERT(data.cells.size() == static_cast<std::size_t>(data.rows.size() * data.columns.size()));
    m_data = std::move(data);
    m_selected = {-1, -1};
    labelAxes();
    showScale();
    dataChanged();
}

void HeatMap::labelAxes() {
    canvas().xAxis->setTicker(labelTicker(m_data.columns, false));
    canvas().yAxis->setTicker(labelTicker(m_data.rows, true));
    const bool longLabels = std::any_of(m_data.columns.begin(), m_data.columns.end(),
                                        [](const QString& label) { return label.size() > 6; });
    canvas().xAxis->setTickLabelRotation(longLabels ? -35 : 0);
    canvas().xAxis->setSubTicks(false);
    canvas().yAxis->setSubTicks(false);
    setAxisTitles(m_data.columnTitle, m_data.rowTitle);
}

void HeatMap::showScale() {
    const QString title = m_data.cells.empty() ? QString() : m_data.scaleTitle;
    showColorBar(canvas(), title, QCPRange(m_data.low, m_data.high));
}

void HeatMap::setSelected(int row, int column) {
    m_selected = {row, column};
    queueReplot();
}

std::optional<std::pair<int, int>> HeatMap::cellAt(const QPointF& position) const {
    if (!canvas().axisRect()->rect().contains(position.toPoint())) return std::nullopt;
    const double x = canvas().xAxis->pixelToCoord(position.x());
    const double y =
        static_cast<double>(m_data.rows.size()) - canvas().yAxis->pixelToCoord(position.y());
    if (x < 0 || y < 0 || x >= static_cast<double>(m_data.columns.size()) ||
        y >= static_cast<double>(m_data.rows.size())) {
        return std::nullopt;
    }
    return std::pair(static_cast<int>(y), static_cast<int>(x));
}

std::optional<PlotRanges> HeatMap::dataRanges() const {
    if (m_data.cells.empty()) return std::nullopt;
    return PlotRanges{0, static_cast<double>(m_data.columns.size()), 0,
                      static_cast<double>(m_data.rows.size())};
}

void HeatMap::applyTheme() {
    Plot::applyTheme();
    themeColorBar(canvas(), theme());
}

QString HeatMap::hoverText(const QPointF& position) const {
    const auto cell = cellAt(position);
    if (!cell) return {};
    const auto columns = static_cast<int>(m_data.columns.size());
    return m_data.cells[static_cast<std::size_t>(cell->first * columns + cell->second)].hover;
}

void HeatMap::clickedAt(const QPointF& position, Qt::KeyboardModifiers) {
    if (const auto cell = cellAt(position)) Q_EMIT cellClicked(cell->first, cell->second);
}

}  // namespace cohelix::ui
