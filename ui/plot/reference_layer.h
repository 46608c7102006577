// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What is laid beside the project's designs in a Pareto plot: the true front as a line below all
// points, published figures as marks above them with their names where there is room.

#include <optional>

#include "ui/plot/marks.h"
#include "ui/plot/pareto_data.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

/// The look of a point of a series; `filled` as in ReferencePoint.
MarkLook referenceLook(const ReferenceSeries& series, bool filled, const Theme& theme);
/// The line of a true front.
QPen trueFrontPen(const Theme& theme);

class ReferenceLayer : public QCPLayerable {
public:
    enum class Part { Fronts, Published };

    ReferenceLayer(QCustomPlot& plot, const ParetoData& data, const Theme& theme, Part part);

    QPointF pixelOf(const ReferencePoint& point) const;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    void drawFront(QCPPainter& painter, const ReferenceSeries& series) const;
    void drawMarks(QCPPainter& painter) const;
    void drawNames(QCPPainter& painter) const;
    /// Where the name of a mark touches none of `taken`; nothing when every place does.
    std::optional<QRectF> placeFor(const QSizeF& size, const QPointF& mark,
                                   const std::vector<QRectF>& taken) const;

    const ParetoData& m_data;
    const Theme& m_theme;
    const ReferenceKind m_kind;
};

}  // namespace cohelix::ui
