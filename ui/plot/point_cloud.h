// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The designs of a Pareto plot as one element of QCustomPlot: dominated designs below, then the
// fronts as staircases, then their members. Above some thousand dominated designs in sight these
// become a density picture, so that drawing stays short however many there are.

#include <vector>

#include "ui/plot/marks.h"
#include "ui/plot/pareto_data.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

/// Dominated designs in sight up to which each is drawn by itself.
inline constexpr std::size_t kMostSinglePoints = 5000;

/// The look of a point by grade and place; `color` is the series colour of the front.
MarkLook markLook(model::AccuracyGrade grade, bool front, const Theme& theme, const QColor& color);
/// Colour of a run's front.
QColor runColor(std::int64_t run, const Theme& theme);

class PointCloud : public QCPLayerable {
public:
    PointCloud(QCustomPlot& plot, const ParetoData& data, const Theme& theme);

    QPointF pixelOf(const ParetoPoint& point) const;
    QCPRange colorRange() const { return m_colorRange; }
    /// To be called after the data changed.
    void refresh();

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    void drawDominated(QCPPainter& painter, MarkStamps& stamps) const;
    void drawDensity(QCPPainter& painter, const std::vector<const ParetoPoint*>& points) const;
    void drawStairs(QCPPainter& painter) const;
    void drawFront(MarkStamps& stamps) const;
    MarkLook lookOf(const ParetoPoint& point) const;
    QColor scaled(double value) const;

    const ParetoData& m_data;
    const Theme& m_theme;
    QCPRange m_colorRange;
    std::vector<const ParetoPoint*> m_front;  ///< by run and x
};

}  // namespace cohelix::ui
