// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Drawing of a PE array: a cell for each PE where there is room, otherwise for a block of PEs;
// PEs in use filled, idle ones hatched.

#include <QPainter>
#include <QPalette>
#include <cstdint>

namespace cohelix::ui {

struct PeGrid {
    std::int64_t rows = 1;
    std::int64_t columns = 1;
    std::int64_t usedRows = 1;     ///< 0 … rows
    std::int64_t usedColumns = 1;  ///< 0 … columns
};

/// How a grid fits an area.
struct PeGridLayout {
    QRectF area;  ///< what the cells cover, at the area's top left
    std::int64_t rowsPerCell = 1;
    std::int64_t columnsPerCell = 1;
    std::int64_t cellRows = 1;
    std::int64_t cellColumns = 1;
};
/// Square cells of at most `mostSide` and at least 6 pixels.
PeGridLayout fitPeGrid(const PeGrid& grid, const QRectF& area, qreal mostSide);

void drawPeGrid(QPainter& painter, const PeGrid& grid, const PeGridLayout& layout,
                const QColor& fill, const QPalette& palette);

}  // namespace cohelix::ui
