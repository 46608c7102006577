// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/style/design_style.h"

#include <algorithm>
#include <cmath>

#include "core/base/units.h"

namespace cohelix::ui {
namespace {

QColor pick(const QPalette& palette, const char* onLight, const char* onDark) {
    return QColor(QLatin1String(isDark(palette) ? onDark : onLight));
}

}  // namespace

QColor tensorColor(model::Tensor tensor, const QPalette& palette) {
    switch (tensor) {
        case model::Tensor::Weights: return pick(palette, "#c77700", "#f0a63a");
        case model::Tensor::Inputs: return pick(palette, "#1f77b4", "#6cb8f0");
        case model::Tensor::Outputs: return pick(palette, "#00805c", "#3ec79b");
    }
    return palette.color(QPalette::Text);
}

QColor loopColor(model::LoopKind kind, const QPalette& palette) {
    switch (kind) {
        case model::LoopKind::Temporal: return palette.color(QPalette::Text);
        case model::LoopKind::Rows: return pick(palette, "#8a3ffc", "#c19bff");
        case model::LoopKind::Columns: return pick(palette, "#b0006d", "#ff8fce");
    }
    return palette.color(QPalette::Text);
}

QColor chunkColor(int chunk, const QPalette& palette) {
    const auto& series = themeOf(palette).series;
    return series[static_cast<std::size_t>(std::max(chunk, 0)) % series.size()];
}

QColor trackColor(const QPalette& palette) { return themeOf(palette).grid; }

void drawBar(QPainter& painter, const QRectF& area, double share, const QColor& fill,
             const QPalette& palette) {
    painter.fillRect(area, trackColor(palette));
    QRectF full = area;
    full.setWidth(area.width() * std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0));
    painter.fillRect(full, fill);
}

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setContentsMargins(0, 6, 0, 0);
    return label;
}

void drawHatched(QPainter& painter, const QRectF& area, const QPalette& palette) {
    painter.fillRect(area, palette.color(QPalette::Base));
    painter.fillRect(area, QBrush(themeOf(palette).border, Qt::BDiagPattern));
}

QString percentText(double share, int decimals) {
    return fromStd(base::fixed(share * 100, decimals)) + QStringLiteral(" %");
}

QString quantity(double value, const char* unit) {
    return fromStd(base::prefixed(value)) + QLatin1Char(' ') + QLatin1String(unit);
}

QString wholeNumber(std::int64_t value) { return fromStd(base::grouped(value)); }

QString counted(std::int64_t count, const char* one, const char* many) {
    return fromStd(base::counted(count, one, many));
}

}  // namespace cohelix::ui
