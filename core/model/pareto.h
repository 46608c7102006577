// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Pareto fronts of points with two figures, both to be maximised.

#include <cstddef>
#include <span>
#include <vector>

namespace cohelix::model {

struct Point {
    double accuracy = 0;
    double merit = 0;  ///< the objective's metric, turned so that larger is better
    friend bool operator==(const Point&, const Point&) = default;
};

/// True when a is at least as good as b in both and better in one.
bool dominates(const Point& a, const Point& b);

/// Indices of the points that none dominates, by ascending merit; of equal points the first.
std::vector<std::size_t> front(std::span<const Point> points);

/// Area that the points cover above the reference point, in the product of both units. Points that
/// are not better than the reference in both figures add nothing.
double hypervolume(std::span<const Point> points, const Point& reference);

/// IGD+ (Ishibuchi et al., EMO 2015): the mean over the points of a known front of the distance to
/// the nearest point found, where only what is worse counts; each figure divided by its unit. Not a
/// number when one of them is empty.
double igdPlus(std::span<const Point> found, std::span<const Point> known, const Point& unit);

/// `count` indices for a closer look: the front first; when it is larger, both its ends and points
/// spread evenly over log(merit); when it is smaller, the fronts of what is left. merit > 0.
std::vector<std::size_t> spreadSelection(std::span<const Point> points, std::size_t count);

}  // namespace cohelix::model
