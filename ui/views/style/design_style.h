// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the design views add to the theme: colours of tensors, loops and chunks, bars, hatching and
// how numbers are written. Colours follow from the palette alone; what a colour says is always said
// by text or shape too.

#include <QColor>
#include <QLabel>
#include <QPainter>
#include <QPalette>
#include <QString>
#include <cstdint>
#include <string_view>

#include "core/model/layer.h"
#include "core/model/mapping.h"

#include "ui/hub/text.h"
#include "ui/hub/theme.h"

namespace cohelix::ui {

QColor tensorColor(model::Tensor tensor, const QPalette& palette);
QColor loopColor(model::LoopKind kind, const QPalette& palette);
/// A chunk's colour; repeats after eight.
QColor chunkColor(int chunk, const QPalette& palette);
/// The empty part of a bar.
QColor trackColor(const QPalette& palette);

/// A horizontal bar filled to `share` (0..1, clipped) of its width.
void drawBar(QPainter& painter, const QRectF& area, double share, const QColor& fill,
             const QPalette& palette);
/// A bold line above a part of a view.
QLabel* heading(const QString& text, QWidget* parent);

/// The hatching of what is there but unused.
void drawHatched(QPainter& painter, const QRectF& area, const QPalette& palette);

/// 0.756 -> "75.6 %".
QString percentText(double share, int decimals = 1);
/// "8.10 M cycles"; "512 cycles".
QString quantity(double value, const char* unit);
/// "1,234".
QString wholeNumber(std::int64_t value);
/// "1 layer", "12 layers".
QString counted(std::int64_t count, const char* one, const char* many);

}  // namespace cohelix::ui
