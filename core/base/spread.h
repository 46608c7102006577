// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Median and range of repeated runs.

#include <vector>

namespace cohelix::base {

struct Spread {
    double median = 0;
    double least = 0;
    double most = 0;
};
/// The spread of at least one value; values may be infinite. The median of an even number is the
/// mean of the middle two.
Spread spreadOf(std::vector<double> values);

}  // namespace cohelix::base
