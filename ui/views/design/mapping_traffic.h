// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What moves between the memories while one layer is executed: a box for each memory with what it
// holds against its capacity, and under it an arrow for each tensor and direction whose width is
// proportional to the bytes moved, with the number beside it. Every arrow has the same scale.
// Downwards goes what a memory is read for; upwards only outputs go, which is what is written into
// the memory. Where the cost model counts nothing below the innermost memory, nothing is drawn.

#include <QWidget>
#include <vector>

#include "core/model/design.h"

namespace cohelix::ui {

class MappingTraffic : public QWidget {
    Q_OBJECT

public:
    explicit MappingTraffic(QWidget* parent = nullptr);

    void setTraffic(std::vector<model::MemoryTraffic> traffic, int bits);
    /// "↓ 1.23 MiB" and "↑ 512 B", a line each: the numbers of one tensor under one memory.
    QString numbersAt(std::size_t memory, model::Tensor tensor) const;
    /// "holds 12.0 KiB of 108 KiB (11.1 %)".
    QString holdsText(std::size_t memory) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    double bytes(double words) const { return words * m_bits / 8; }
    double down(std::size_t memory, model::Tensor tensor) const;
    double up(std::size_t memory, model::Tensor tensor) const;
    bool movesBelow(std::size_t memory) const;
    int boxHeight() const;
    int gapHeight() const;
    void drawMemory(QPainter& painter, std::size_t memory, const QRectF& box) const;
    void drawArrows(QPainter& painter, std::size_t memory, const QRectF& gap) const;
    void drawArrow(QPainter& painter, double words, bool down, qreal x, const QRectF& gap,
                   const QColor& color) const;

    std::vector<model::MemoryTraffic> m_traffic;
    int m_bits = 16;
    double m_most = 0;
};

}  // namespace cohelix::ui
