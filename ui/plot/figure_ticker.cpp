// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/figure_ticker.h"

#include <array>
#include <cmath>

#include "core/base/units.h"

namespace cohelix::ui {

namespace {

constexpr double kPrefixFrom = 1e5;
/// Narrower logarithmic ranges are labelled in even steps.
constexpr double kNarrow = 4;

}  // namespace

QString tickText(double value) {
    if (std::abs(value) >= kPrefixFrom) return QString::fromStdString(base::prefixed(value));
    return QLocale(QLocale::English).toString(value, 'g', 6);
}

QVector<double> FigureTicker::createTickVector(double tickStep, const QCPRange& range) {
    if (!m_logarithmic || range.lower <= 0 || range.upper / range.lower < kNarrow) {
        return QCPAxisTicker::createTickVector(tickStep, range);
    }
    QVector<double> ticks;
    const int first = static_cast<int>(std::floor(std::log10(range.lower)));
    const int last = static_cast<int>(std::ceil(std::log10(range.upper)));
    const bool wide = last - first > 4;
    for (int exponent = first; exponent <= last; ++exponent) {
        for (const double digit : std::array{1.0, 2.0, 5.0}) {
            if (!wide || digit == 1.0) ticks << digit * std::pow(10.0, exponent);
        }
    }
    return ticks;
}

int FigureTicker::getSubTickCount(double tickStep) {
    return m_logarithmic ? 0 : QCPAxisTicker::getSubTickCount(tickStep);
}

QString FigureTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    // What rounding leaves of a zero would be written as 1e-17.
    return tickText(std::abs(tick) < 1e-12 ? 0 : tick);
}

}  // namespace cohelix::ui
