// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Designs as points: any figure against any other, with the fronts, the selected design, limits
// that can be dragged and references laid over them. The window and `cohelix plot` draw with the
// same class.

#include <functional>
#include <memory>
#include <optional>

#include "ui/plot/pareto_data.h"
#include "ui/plot/plot.h"

class QCPLegend;

namespace cohelix::ui {

class PointCloud;
class ParetoOverlay;
class ReferenceLayer;

enum class AxisKind { X, Y };

class ParetoPlot : public Plot {
    Q_OBJECT

public:
    explicit ParetoPlot(QWidget* parent = nullptr);
    ~ParetoPlot() override;

    /// Replaces the points. The user's zoom stays unless an axis now shows another figure.
    void setData(ParetoData data);
    const ParetoData& data() const { return m_data; }
    /// Rings a design, wherever it lies; 0: none.
    void setSelected(std::int64_t design);
    std::int64_t selected() const { return m_selected; }
    /// Rich text for the card of a design.
    void setHoverText(std::function<QString(std::int64_t)> text) { m_hoverText = std::move(text); }

    /// The bound shown as a line across an axis: the least that is wanted where larger is better,
    /// else the most.
    void setLimit(AxisKind axis, std::optional<double> value);
    std::optional<double> limit(AxisKind axis) const;

    /// Position on the canvas; nothing when there is no such design in the data.
    std::optional<QPointF> positionOf(std::int64_t design) const;
    /// The nearest design within reach of a position; 0: none.
    std::int64_t designAt(const QPointF& position) const;
    /// The nearest reference point within reach of a position; null: none. Good until setData().
    const ReferencePoint* referenceAt(const QPointF& position) const;
    QPointF positionOf(const ReferencePoint& point) const;

Q_SIGNALS:
    /// 0 for a click beside all points.
    void designClicked(std::int64_t design);
    /// A limit line was dropped.
    void limitDragged(AxisKind axis, double value);

protected:
    std::optional<PlotRanges> dataRanges() const override;
    void applyTheme() override;
    QString hoverText(const QPointF& position) const override;
    void clickedAt(const QPointF& position, Qt::KeyboardModifiers modifiers) override;
    bool dragStartedAt(const QPointF& position) override;
    void dragTo(const QPointF& position) override;
    void dragEnded() override;
    std::optional<Qt::CursorShape> dragCursor(const QPointF& position) const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void setUpAxes();
    void placeLegend();
    void setUpLegend();
    void setUpColorScale();
    void redrawOverlay();
    std::optional<AxisKind> limitAt(const QPointF& position) const;

    ParetoData m_data;
    // Owned by the canvas, as all its elements; from the lowest to the uppermost.
    ReferenceLayer* m_fronts;
    PointCloud* m_cloud;
    ReferenceLayer* m_published;
    ParetoOverlay* m_overlay;
    QCPLegend* m_referenceLegend;
    std::int64_t m_selected = 0;
    bool m_drawn = false;
    std::optional<double> m_limits[2];
    std::optional<AxisKind> m_dragged;
    std::function<QString(std::int64_t)> m_hoverText;
};

}  // namespace cohelix::ui
