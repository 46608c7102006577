// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/space/choice.h"

#include <algorithm>
#include <cmath>

namespace cohelix::space {

bool contains(const std::vector<Choice>& choices, std::span<const int> options) {
    return std::equal(options.begin(), options.end(), choices.begin(), choices.end(),
                      [](int option, const Choice& choice) {
                          return option >= 0 && option < static_cast<int>(choice.options.size());
                      });
}

double log10Size(const std::vector<Choice>& choices) {
    double sum = 0;
    for (const auto& choice : choices) sum += std::log10(static_cast<double>(choice.options.size()));
    return sum;
}

}  // namespace cohelix::space
