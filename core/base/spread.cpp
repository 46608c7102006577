// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/spread.h"

#include <algorithm>
#include <cassert>

namespace cohelix::base {

Spread spreadOf(std::vector<double> values) {
    assert(!values.empty());
    std::sort(values.begin(), values.end());
    const auto n = values.size();
    return {(values[(n - 1) / 2] + values[n / 2]) / 2, values.front(), values.back()};
}

}  // namespace cohelix::base
