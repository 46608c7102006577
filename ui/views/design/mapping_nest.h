// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The loop nest as indented lines. Temporal loops are plain text behind a thin rule, spatial loops
// stand in a box with a double bar, memories are headings with a coloured dot for each tensor they
// keep.

#include <QWidget>
#include <vector>

#include "ui/views/design/mapping_lines.h"

namespace cohelix::ui {

class MappingNest : public QWidget {
    Q_OBJECT

public:
    explicit MappingNest(QWidget* parent = nullptr);

    void setMapping(const model::Mapping& mapping);
    const std::vector<NestLine>& lines() const { return m_lines; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    int lineHeight() const;
    int indentOf(const NestLine& line) const;
    void drawMemory(QPainter& painter, const NestLine& line, const QRectF& area) const;
    void drawLoop(QPainter& painter, const NestLine& line, const QRectF& area) const;

    std::vector<NestLine> m_lines;
    model::Mapping m_mapping;
};

}  // namespace cohelix::ui
