// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What lies above the points and changes often: the ring of the selected design and the limit
// lines. It has a buffered layer of its own, so that the points need not be drawn again.

#include <optional>

#include "ui/plot/pareto_data.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

struct Theme;

class ParetoOverlay : public QCPLayerable {
public:
    ParetoOverlay(QCustomPlot& plot, const ParetoData& data, const Theme& theme);

    std::optional<QPointF> selected;  ///< in figures of the axes
    std::optional<double> limitX;
    std::optional<double> limitY;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    void drawLimit(QCPPainter& painter, const ParetoAxis& axis, double value, bool vertical) const;
    void drawSelected(QCPPainter& painter) const;

    const ParetoData& m_data;
    const Theme& m_theme;
};

}  // namespace cohelix::ui
