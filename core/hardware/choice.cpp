// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/choice.h"

#include <cmath>

namespace cohelix::hardware {

double log10Size(const std::vector<Choice>& choices) {
    double sum = 0;
    for (const auto& choice : choices) {
        sum += std::log10(static_cast<double>(choice.options.size()));
    }
    return sum;
}

}  // namespace cohelix::hardware
