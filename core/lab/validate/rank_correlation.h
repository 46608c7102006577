// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How far two lists of figures agree in their order, whatever their scale.

#include <optional>
#include <span>

namespace cohelix::validate {

/// Spearman's rho: the linear correlation of ranks, equal values sharing the mean of their ranks.
/// Empty when the lists differ in length, have fewer than two entries, or one of them is constant
/// or holds a value that is not a number. O(n log n).
std::optional<double> spearman(std::span<const double> a, std::span<const double> b);

/// Kendall's tau-b: (concordant - discordant pairs) over the geometric mean of the pairs that
/// either list can tell apart. Empty as above. O(n log n), after Knight (JASA 1966).
std::optional<double> kendall(std::span<const double> a, std::span<const double> b);

}  // namespace cohelix::validate
