// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Drawing points by shape. Many points of one look are stamped from a small picture; vector formats
// get true outlines.

#include <QColor>
#include <QPainter>
#include <QPixmap>
#include <map>
#include <tuple>

#include "ui/hub/theme.h"

namespace cohelix::ui {

struct MarkLook {
    Shape shape = Shape::Circle;
    double size = 7;  ///< pixels across
    QColor color;
    QColor outline;       ///< of filled shapes; invalid: none
    bool hollow = false;  ///< a line of `color` with nothing in it
};

void drawMark(QPainter& painter, const QPointF& center, const MarkLook& look);

class MarkStamps {
public:
    /// `vectors`: the device keeps outlines, so nothing is stamped.
    MarkStamps(QPainter& painter, bool vectors);
    void draw(const QPointF& center, const MarkLook& look);

private:
    using Key = std::tuple<int, int, QRgb, QRgb, bool>;
    const QPixmap& stampOf(const MarkLook& look);

    QPainter& m_painter;
    bool m_vectors;
    double m_ratio;
    std::map<Key, QPixmap> m_stamps;
};

}  // namespace cohelix::ui
