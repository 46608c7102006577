// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/near_name.h"

#include <algorithm>
#include <vector>

#include "core/base/same_name.h"

namespace cohelix::interop {
namespace {

constexpr std::size_t kLong = 10;  ///< letters of a name in which two may be wrong

bool alike(char a, char b) { return base::lowerCase(a) == base::lowerCase(b); }

/// Letters to add, drop, replace or exchange with their neighbour, case aside.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) rows[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t other = alike(a[i - 1], b[j - 1]) ? 0 : 1;
            rows[i][j] =
                std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + other});
            const bool exchanged =
                i > 1 && j > 1 && alike(a[i - 1], b[j - 2]) && alike(a[i - 2], b[j - 1]);
            if (exchanged) rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows[a.size()][b.size()];
}

}  // namespace

std::string nearName(const std::string& name, const std::set<std::string>& known) {
    if (known.contains(name)) return {};
    std::string nearest;
    std::size_t least = name.size() >= kLong ? 3 : 2;
    for (const auto& each : known) {
        if (each.size() > name.size() + 2 || name.size() > each.size() + 2) continue;
        const auto far = distance(name, each);
        if (far >= least) continue;
        least = far;
        nearest = each;
    }
    return nearest;
}

}  // namespace cohelix::interop
