// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/mapping_array.h"

#include <QPainter>
#include <QStringList>
#include <algorithm>

#include "core/base/units.h"

#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr qreal kGridHeight = 132;
constexpr qreal kMostSide = 22;

/// "K 8 × C 2": the loops of one kind.
QString unrolled(const model::Mapping& mapping, model::LoopKind kind) {
    QStringList parts;
    for (const auto& level : mapping.levels) {
        for (const auto& loop : level.loops) {
            if (loop.kind != kind) continue;
            parts << QStringLiteral("%1 %2").arg(fromStd(word(loop.dim)), wholeNumber(loop.trips));
        }
    }
    return parts.join(QStringLiteral(" × "));
}

}  // namespace

MappingArray::MappingArray(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void MappingArray::setArray(const ArrayShape& shape, const model::Mapping& mapping, int chunk) {
    const auto used = model::spatialExtent(mapping);
    m_grid = {std::max(shape.rows, used.rows), std::max(shape.columns, used.columns), used.rows,
              used.columns};
    m_pes = std::max(shape.pes, used.rows * used.columns);
    m_rowsText = unrolled(mapping, model::LoopKind::Rows);
    m_columnsText = unrolled(mapping, model::LoopKind::Columns);
    m_chunk = chunk;
    setAccessibleName(caption());
    setToolTip(caption());
    updateGeometry();
    update();
}

QString MappingArray::caption() const {
    return DesignWords::tr("%1 of %2 in use: %3 × %4 of %5 × %6 places (rows × columns)")
        .arg(wholeNumber(m_grid.usedRows * m_grid.usedColumns), counted(m_pes, "PE", "PEs"),
             wholeNumber(m_grid.usedRows), wholeNumber(m_grid.usedColumns),
             wholeNumber(m_grid.rows), wholeNumber(m_grid.columns));
}

QSize MappingArray::sizeHint() const {
    const qreal rows = std::min<qreal>(static_cast<qreal>(m_grid.rows) * kMostSide, kGridHeight);
    return {260, static_cast<int>(std::max<qreal>(rows, 24)) + 4 * (fontMetrics().height() + 4)};
}

QSize MappingArray::minimumSizeHint() const { return {180, sizeHint().height()}; }

void MappingArray::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const auto theme = themeOf(palette());
    const int line = fontMetrics().height() + 4;
    painter.setPen(theme.text);
    const auto text = [&](const QRectF& area, const QString& words) {
        painter.drawText(
            area, Qt::AlignLeft | Qt::AlignVCenter,
            fontMetrics().elidedText(words, Qt::ElideRight, static_cast<int>(area.width())));
    };
    text(QRectF(0, 0, width(), line), caption());
    const auto ink = [&](const QString& loops, model::LoopKind kind) {
        return loops.isEmpty() ? theme.mutedText : loopColor(kind, palette());
    };
    painter.setPen(ink(m_columnsText, model::LoopKind::Columns));
    text(QRectF(0, line, width(), line), m_columnsText.isEmpty()
                                             ? tr("→ nothing on the columns")
                                             : tr("→ columns: %1").arg(m_columnsText));
    painter.setPen(ink(m_rowsText, model::LoopKind::Rows));
    text(QRectF(0, 2 * line, width(), line),
         m_rowsText.isEmpty() ? tr("↓ nothing on the rows") : tr("↓ rows: %1").arg(m_rowsText));
    const QRectF area(0.5, 3 * line + 2.5, width() - 2, height() - 4 * line - 4);
    const auto layout = fitPeGrid(m_grid, area, kMostSide);
    drawPeGrid(painter, m_grid, layout, chunkColor(m_chunk, palette()), palette());
    painter.setPen(theme.mutedText);
    QStringList legend;
    if (m_grid.usedRows * m_grid.usedColumns < m_grid.rows * m_grid.columns) {
        legend << tr("hatched: idle");
    }
    if (layout.rowsPerCell * layout.columnsPerCell > 1) {
        legend << tr("one cell stands for %1 × %2 PEs")
                      .arg(layout.rowsPerCell)
                      .arg(layout.columnsPerCell);
    }
    text(QRectF(0, height() - line, width(), line), legend.join(QStringLiteral("; ")));
}

}  // namespace cohelix::ui
