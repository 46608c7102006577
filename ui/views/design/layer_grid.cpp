// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/layer_grid.h"

#include <algorithm>
#include <cmath>

#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr qreal kLeastSide = 6;

std::int64_t divideUp(std::int64_t value, std::int64_t by) { return (value + by - 1) / by; }

/// PEs behind one cell so that at most `cells` of them stand beside one another.
std::int64_t pesPerCell(std::int64_t pes, std::int64_t cells) {
    return divideUp(pes, std::max<std::int64_t>(cells, 1));
}

/// Share of the PEs [first, first + count) of a line that are in use.
double usedShare(std::int64_t first, std::int64_t count, std::int64_t pes, std::int64_t used) {
    const auto end = std::min(first + count, pes);
    const auto busy = std::clamp<std::int64_t>(used - first, 0, end - first);
    return end > first ? static_cast<double>(busy) / static_cast<double>(end - first) : 0;
}

}  // namespace

PeGridLayout fitPeGrid(const PeGrid& grid, const QRectF& area, qreal mostSide) {
    PeGridLayout layout;
    layout.columnsPerCell =
        pesPerCell(grid.columns, static_cast<std::int64_t>(area.width() / kLeastSide));
    layout.rowsPerCell =
        pesPerCell(grid.rows, static_cast<std::int64_t>(area.height() / kLeastSide));
    layout.cellColumns = divideUp(grid.columns, layout.columnsPerCell);
    layout.cellRows = divideUp(grid.rows, layout.rowsPerCell);
    const qreal side =
        std::floor(std::min({mostSide, area.width() / static_cast<qreal>(layout.cellColumns),
                             area.height() / static_cast<qreal>(layout.cellRows)}));
    layout.area = QRectF(area.topLeft(), QSizeF(side * static_cast<qreal>(layout.cellColumns),
                                                side * static_cast<qreal>(layout.cellRows)));
    return layout;
}

void drawPeGrid(QPainter& painter, const PeGrid& grid, const PeGridLayout& layout,
                const QColor& fill, const QPalette& palette) {
    const auto theme = themeOf(palette);
    const qreal side = layout.area.width() / static_cast<qreal>(layout.cellColumns);
    drawHatched(painter, layout.area, palette);
    for (std::int64_t row = 0; row < layout.cellRows; ++row) {
        const double high =
            usedShare(row * layout.rowsPerCell, layout.rowsPerCell, grid.rows, grid.usedRows);
        for (std::int64_t column = 0; column < layout.cellColumns; ++column) {
            const double wide = usedShare(column * layout.columnsPerCell, layout.columnsPerCell,
                                          grid.columns, grid.usedColumns);
            const QRectF cell(layout.area.left() + side * static_cast<qreal>(column),
                              layout.area.top() + side * static_cast<qreal>(row), side, side);
            painter.fillRect(QRectF(cell.topLeft(), QSizeF(side * wide, side * high)), fill);
            painter.setPen(QPen(theme.background, 1));
            painter.drawRect(cell);
        }
    }
    painter.setPen(QPen(theme.border, 1));
    painter.drawRect(layout.area);
}

}  // namespace cohelix::ui
