// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/convergence/convergence_curve.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace cohelix::ui {

namespace {

/// Percent, as the search saw it.
std::optional<double> accuracyOf(const store::DesignRow& row) {
    if (row.grade == model::AccuracyGrade::None) return std::nullopt;
    return 100 * row.supernetAccuracy.value_or(row.accuracy);
}

std::optional<double> valueOf(const store::DesignRow& row, Column column) {
    return column == Column::Accuracy ? accuracyOf(row) : columnValue(row, column);
}

/// The best value of one column so far.
class BestSoFar {
public:
    explicit BestSoFar(Column column) : m_column(column) {}

    /// Nothing where the design does not make it better.
    std::optional<double> add(const store::DesignRow& row) {
        const auto value = valueOf(row, m_column);
        if (!value) return std::nullopt;
        if (m_best && (largerIsBetter(m_column) ? *value <= *m_best : *value >= *m_best)) {
            return std::nullopt;
        }
        m_best = value;
        return value;
    }

private:
    Column m_column;
    std::optional<double> m_best;
};

class AreaSoFar {
public:
    explicit AreaSoFar(double leastAccuracy) : m_least(leastAccuracy) {}

    std::optional<double> add(const store::DesignRow& row) {
        const auto accuracy = accuracyOf(row);
        const double before = m_front.area();
        if (accuracy) m_front.add(*accuracy - m_least, row.fps);
        if (m_front.area() <= before) return std::nullopt;
        return m_front.area();
    }
    double area() const { return m_front.area(); }

private:
    double m_least;
    FrontArea m_front;
};

double leastAccuracy(const std::vector<store::DesignRow>& designs) {
    double least = std::numeric_limits<double>::infinity();
    for (const store::DesignRow& row : designs) {
        const auto accuracy = row.within ? accuracyOf(row) : std::nullopt;
        if (accuracy) least = std::min(least, *accuracy);
    }
    return least;
}

/// Follows each run with a copy of `start`.
template <typename Follower>
std::vector<RunCurve> follow(const std::vector<store::DesignRow>& designs, const Follower& start) {
    struct Followed {
        RunCurve curve;
        Follower follower;
    };
    std::map<std::int64_t, Followed> runs;
    for (const store::DesignRow& row : designs) {
        auto& [curve, follower] = runs.try_emplace(row.run, Followed{{}, start}).first->second;
        curve.run = row.run;
        ++curve.designs;
        const auto better = row.within ? follower.add(row) : std::nullopt;
        if (!better) continue;
        curve.lastBetter = curve.designs;
        curve.points.emplace_back(static_cast<double>(curve.designs), *better);
    }
    std::vector<RunCurve> curves;
    for (auto& [run, followed] : runs) {
        RunCurve& curve = followed.curve;
        if (!curve.points.empty() && curve.lastBetter < curve.designs) {
            curve.points.emplace_back(static_cast<double>(curve.designs), curve.points.back().y());
        }
        curves.push_back(std::move(curve));
    }
    return curves;
}

}  // namespace

void FrontArea::add(double accuracy, double fps) {
    if (!(accuracy > 0) || !(fps > 0)) return;
    auto right = m_front.lower_bound(fps);
    if (right != m_front.end() && right->second >= accuracy) return;  // that one is better
    // To the left, as far as the point stands out above the front.
    double height = right == m_front.end() ? 0 : right->second;
    double edge = fps;
    if (right != m_front.end() && right->first == fps) right = m_front.erase(right);
    for (;;) {
        const bool any = right != m_front.begin();
        const auto left = any ? std::prev(right) : m_front.end();
        const double next = any ? left->first : 0;
        m_area += (edge - next) * (accuracy - height);
        if (!any || left->second >= accuracy) break;
        height = left->second;
        edge = next;
        right = m_front.erase(left);
    }
    m_front.emplace_hint(right, fps, accuracy);
}

std::vector<RunCurve> convergence(const std::vector<store::DesignRow>& designs,
                                  std::optional<Column> column) {
    if (column) return follow(designs, BestSoFar(*column));
    const AreaSoFar start(leastAccuracy(designs));
    AreaSoFar all = start;
    for (const store::DesignRow& row : designs) {
        if (row.within) all.add(row);
    }
    auto curves = follow(designs, start);
    for (RunCurve& curve : curves) {
        for (QPointF& point : curve.points) point.setY(100 * point.y() / all.area());
    }
    return curves;
}

}  // namespace cohelix::ui
