// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/pareto.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cohelix::model {
namespace {

/// Chooses from a front by ascending merit: its two ends, then always the point farthest in
/// log(merit) from all that are taken.
std::vector<std::size_t> spread(std::span<const Point> points, std::vector<std::size_t> sorted,
                                std::size_t count) {
    if (count == 0) return {};
    std::vector<std::size_t> taken = {sorted.front()};
    if (count > 1 && sorted.size() > 1) taken.push_back(sorted.back());
    while (taken.size() < count) {
        std::size_t farthest = sorted.front();
        double best = -1;
        for (const std::size_t index : sorted) {
            double nearest = std::numeric_limits<double>::infinity();
            for (const std::size_t other : taken) {
                nearest = std::min(nearest, std::fabs(std::log(points[index].merit) -
                                                      std::log(points[other].merit)));
            }
            if (std::find(taken.begin(), taken.end(), index) == taken.end() && nearest > best) {
                best = nearest;
                farthest = index;
            }
        }
        taken.push_back(farthest);
    }
    return taken;
}

}  // namespace

bool dominates(const Point& a, const Point& b) {
    return a.accuracy >= b.accuracy && a.merit >= b.merit && !(a == b);
}

std::vector<std::size_t> front(std::span<const Point> points) {
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (points[a].merit != points[b].merit) return points[a].merit > points[b].merit;
        return points[a].accuracy > points[b].accuracy;
    });
    std::vector<std::size_t> kept;
    double best = -std::numeric_limits<double>::infinity();
    for (const std::size_t index : order) {
        if (points[index].accuracy <= best) continue;
        best = points[index].accuracy;
        kept.push_back(index);
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
}

double hypervolume(std::span<const Point> points, const Point& reference) {
    double area = 0;
    double reached = reference.merit;
    for (const std::size_t i : front(points)) {  // by ascending merit, so by descending accuracy
        const double width = points[i].merit - reached;
        const double height = points[i].accuracy - reference.accuracy;
        if (width <= 0 || height <= 0) continue;
        area += width * height;
        reached = points[i].merit;
    }
    return area;
}

double igdPlus(std::span<const Point> found, std::span<const Point> known, const Point& unit) {
    if (found.empty() || known.empty()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    for (const auto& target : known) {
        double nearest = std::numeric_limits<double>::infinity();
        for (const auto& point : found) {
            const double accuracy = std::max(0.0, target.accuracy - point.accuracy) / unit.accuracy;
            const double merit = std::max(0.0, target.merit - point.merit) / unit.merit;
            nearest = std::min(nearest, std::hypot(accuracy, merit));
        }
        sum += nearest;
    }
    return sum / static_cast<double>(known.size());
}

std::vector<std::size_t> spreadSelection(std::span<const Point> points, std::size_t count) {
    std::vector<std::size_t> left(points.size());
    std::iota(left.begin(), left.end(), 0U);
    std::vector<std::size_t> selected;
    while (selected.size() < count && !left.empty()) {
        std::vector<Point> rest;
        for (const std::size_t index : left) rest.push_back(points[index]);
        std::vector<std::size_t> layer;
        for (const std::size_t index : front(rest)) layer.push_back(left[index]);
        const std::size_t wanted = count - selected.size();
        for (const std::size_t index :
             layer.size() > wanted ? spread(points, layer, wanted) : layer) {
            selected.push_back(index);
        }
        std::erase_if(left, [&](std::size_t index) {
            return std::find(layer.begin(), layer.end(), index) != layer.end();
        });
    }
    return selected;
}

}  // namespace cohelix::model
