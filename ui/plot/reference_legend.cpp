// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/reference_legend.h"

#include <algorithm>
#include <array>

#include "ui/plot/reference_layer.h"

namespace cohelix::ui {

namespace {

constexpr int kMarkWidth = 22;
constexpr int kSpace = 6;
/// Entries give way to the plot: what does not fit is shortened.
constexpr int kLeastWidth = 60;
constexpr int kWiderThanAnyScreen = 100'000;

class ReferenceEntry : public QCPAbstractLegendItem {
public:
    ReferenceEntry(QCPLegend* legend, const ReferenceSeries& series, const Theme& theme)
        : QCPAbstractLegendItem(legend),
          m_filledName(series.filledName),
          m_hollowName(series.hollowName),
          m_source(series.source),
          m_isFront(series.kind == ReferenceKind::TrueFront),
          m_filled(referenceLook(series, true, theme)),
          m_hollow(referenceLook(series, false, theme)),
          m_linePen(trueFrontPen(theme)) {}

protected:
    void draw(QCPPainter* painter) override {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setFont(mFont);
        double left = mRect.left();
        if (m_isFront) {
            painter->setPen(m_linePen);
            const double y = mRect.center().y() + 0.5;
            painter->drawLine(QLineF(left, y, left + kMarkWidth, y));
        }
        left = drawPart(*painter, left, m_filled, m_filledName);
        if (!m_hollowName.isEmpty()) left = drawPart(*painter, left, m_hollow, m_hollowName);
        const QFontMetricsF metrics(mFont);
        const double room = std::max(0.0, mRect.right() - left);
        painter->setPen(mTextColor);
        painter->drawText(QRectF(left, mRect.top(), room, mRect.height()),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                          metrics.elidedText(m_source, Qt::ElideRight, room));
    }

    QSize minimumOuterSizeHint() const override {
        return {kLeastWidth, QFontMetrics(mFont).height() + 4};
    }

private:
    /// Draws a mark and what it is; where the next part begins.
    double drawPart(QPainter& painter, double left, const MarkLook& look,
                    const QString& name) const {
        drawMark(painter, QPointF(left + kMarkWidth / 2.0, mRect.center().y() + 0.5), look);
        painter.setPen(mTextColor);
        const double width = QFontMetricsF(mFont).horizontalAdvance(name);
        painter.drawText(QRectF(left + kMarkWidth + 3, mRect.top(), width, mRect.height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, name);
        return left + kMarkWidth + 3 + width + kSpace;
    }

    QString m_filledName;
    QString m_hollowName;
    QString m_source;
    bool m_isFront;
    MarkLook m_filled;
    MarkLook m_hollow;
    QPen m_linePen;
};

}  // namespace

QCPLegend& addReferenceLegend(QCustomPlot& canvas, int row) {
    auto* legend = new QCPLegend;
    auto& layout = *canvas.plotLayout();
    layout.insertRow(row);
    layout.addElement(row, 0, legend);
    layout.setRowStretchFactor(row, 0.001);
    legend->setLayer(QStringLiteral("legend"));
    legend->setRowSpacing(1);
    // As wide as the plot: else it would hold the axes below it to its own width.
    legend->setMaximumSize(kWiderThanAnyScreen, QWIDGETSIZE_MAX);
    legend->setVisible(false);
    return *legend;
}

void fillReferenceLegend(QCPLegend& legend, const ParetoData& data, const Theme& theme) {
    legend.clearItems();
    const QCPLegend& pattern = *legend.parentPlot()->legend;
    legend.setBrush(pattern.brush());
    legend.setBorderPen(pattern.borderPen());
    legend.setTextColor(pattern.textColor());
    legend.setFont(pattern.font());
    for (const ReferenceSeries& series : data.references) {
        auto* entry = new ReferenceEntry(&legend, series, theme);
        entry->setFont(legend.font());
        entry->setTextColor(legend.textColor());
        legend.addItem(entry);
    }
    const bool any = !data.references.empty();
    legend.setVisible(any);
    legend.setMargins(any ? QMargins(6, 3, 8, 3) : QMargins());
}

}  // namespace cohelix::ui
