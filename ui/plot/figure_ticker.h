// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Ticks that read as figures: thousands separated, prefixes for the very large, and 1-2-5 steps on
// a logarithmic axis, so that a range of less than a decade is labelled too.

#include <QString>

#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

/// "0.5", "12,500", "3.2 M".
QString tickText(double value);

class FigureTicker : public QCPAxisTicker {
public:
    explicit FigureTicker(bool logarithmic) : m_logarithmic(logarithmic) {}

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    int getSubTickCount(double tickStep) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar,
                         int precision) override;

private:
    bool m_logarithmic;
};

}  // namespace cohelix::ui
