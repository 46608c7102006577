// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Where the cycles of the multipliers go: a bar of 100 % for the design, each chunk and a layer,
// cut into what is reached and what is lost to each cause. Parts differ by colour, by hatching and
// by their place; a legend gives the figures of the first bar, a tool tip those of each.

#include <QWidget>
#include <array>
#include <vector>

#include "core/explain/explain.h"

namespace cohelix::ui {

struct LossBar {
    QString name;
    explain::UtilizationShares shares;
    friend bool operator==(const LossBar&, const LossBar&) = default;
};

/// Tenths of a percent of reached, shape mismatch, edge tiles, bandwidth stall and pipeline
/// imbalance, rounded such that they add up to 100.0 %.
std::array<int, 5> roundedShares(const explain::UtilizationShares& shares);
/// "reached", "shape mismatch", …: their names in that order.
const std::array<const char*, 5>& lossNames();

class LossBars : public QWidget {
    Q_OBJECT

public:
    explicit LossBars(QWidget* parent = nullptr);

    void setBars(std::vector<LossBar> bars);
    const std::vector<LossBar>& bars() const { return m_bars; }
    /// Name and every share, a line each.
    QString toolTipOf(std::size_t bar) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    int lineHeight() const;
    int nameWidth() const;
    QString legendText(std::size_t part) const;
    /// Where each entry of the legend begins, for this width; relative to the legend's top.
    std::array<QPoint, 5> legendPlaces(int width) const;
    void paintBar(QPainter& painter, const LossBar& bar, const QRectF& area) const;
    void paintLegend(QPainter& painter, int top) const;

    std::vector<LossBar> m_bars;
};

}  // namespace cohelix::ui
