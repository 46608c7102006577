// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/color_bar.h"

#include "ui/plot/figure_ticker.h"

namespace cohelix::ui {

namespace {

constexpr int kSteps = 64;
constexpr int kWidth = 12;

QCPColorGradient gradient() {
    QCPColorGradient result;
    result.clearColorStops();
    for (int i = 0; i <= kSteps; ++i) {
        const double share = static_cast<double>(i) / kSteps;
        result.setColorStopAt(share, scaleColor(share));
    }
    return result;
}

QCPColorScale& barOf(QCustomPlot& canvas) { return *canvas.findChild<QCPColorScale*>(); }

}  // namespace

void addColorBar(QCustomPlot& canvas) {
    auto& bar = *new QCPColorScale(&canvas);
    bar.setGradient(gradient());
    bar.setType(QCPAxis::atRight);
    bar.setBarWidth(kWidth);
    bar.axis()->setTicker(QSharedPointer<FigureTicker>::create(false));
    auto* margins = new QCPMarginGroup(&canvas);
    canvas.axisRect()->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
    bar.setMarginGroup(QCP::msTop | QCP::msBottom, margins);
    bar.setVisible(false);
}

void showColorBar(QCustomPlot& canvas, const QString& title, const QCPRange& range) {
    QCPColorScale& bar = barOf(canvas);
    const bool shown = !title.isEmpty();
    const bool inLayout = bar.layout() != nullptr;
    if (shown && !inLayout) canvas.plotLayout()->addElement(0, 1, &bar);
    if (!shown && inLayout) canvas.plotLayout()->take(&bar);
    if (!shown && inLayout) canvas.plotLayout()->simplify();
    bar.setVisible(shown);
    bar.setDataRange(range);
    bar.setLabel(title);
}

void themeColorBar(QCustomPlot& canvas, const Theme& theme) {
    QCPAxis* axis = barOf(canvas).axis();
    axis->setBasePen(QPen(theme.border, 1));
    axis->setTickPen(QPen(theme.border, 1));
    axis->setSubTickPen(QPen(theme.border, 1));
    axis->setLabelColor(theme.text);
    axis->setTickLabelColor(theme.mutedText);
    axis->setLabelFont(canvas.xAxis->labelFont());
    axis->setTickLabelFont(canvas.xAxis->tickLabelFont());
}

}  // namespace cohelix::ui
