// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A table of coloured cells with labelled rows and columns, a text in each cell where there is
// room, and a colour scale with its unit. Row 0 is at the top.

#include <QStringList>
#include <limits>
#include <utility>
#include <vector>

#include "ui/plot/plot.h"

namespace cohelix::ui {

struct HeatCell {
    double value = std::numeric_limits<double>::quiet_NaN();  ///< not a number: an empty cell
    QString text;                                             ///< drawn where it fits
    QString hover;  ///< rich text of the card; empty: none
};

struct HeatMapData {
    QStringList rows;
    QStringList columns;
    std::vector<HeatCell> cells;  ///< row by row; rows.size() * columns.size() of them
    QString rowTitle;
    QString columnTitle;
    QString scaleTitle;  ///< what the colour means, with its unit; empty: no scale is drawn
    double low = 0;      ///< value at the dark end of the scale
    double high = 1;     ///< value at the bright end
};

class HeatMap : public Plot {
    Q_OBJECT

public:
    explicit HeatMap(QWidget* parent = nullptr);

    /// Replaces everything. Precondition: the number of cells fits the labels.
    void setData(HeatMapData data);
    const HeatMapData& data() const { return m_data; }
    /// Frames a cell, or a whole row with column -1; row -1 frames nothing.
    void setSelected(int row, int column);
    /// Row and column at a position (pixels of the canvas); nothing outside the cells.
    std::optional<std::pair<int, int>> cellAt(const QPointF& position) const;

Q_SIGNALS:
    void cellClicked(int row, int column);

protected:
    std::optional<PlotRanges> dataRanges() const override;
    void applyTheme() override;
    QString hoverText(const QPointF& position) const override;
    void clickedAt(const QPointF& position, Qt::KeyboardModifiers modifiers) override;

private:
    class Cells;
    void labelAxes();
    void showScale();

    HeatMapData m_data;
    Cells* m_cells;
    std::pair<int, int> m_selected = {-1, -1};
};

}  // namespace cohelix::ui
