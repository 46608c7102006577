// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A preset's network with one operator everywhere, and accelerators drawn from its space.

#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/specification/specification.h"

namespace cohelix::search {

inline spec::Specification specification(const std::string& name) {
    return spec::preset(name).value();
}

inline model::Network networkOf(const spec::Specification& spec, int op) {
    return spec::buildNetwork(spec.network,
                              std::vector<int>(spec::blockShapes(spec.network).size(), op));
}

inline std::vector<int> randomChoices(const spec::Specification& spec, base::Random& random) {
    std::vector<int> picked;
    for (const auto& choice : hardware::acceleratorChoices(spec.accelerator)) {
        picked.push_back(static_cast<int>(random.below(choice.options.size())));
    }
    return canonicalChoices(spec.accelerator, picked);
}

}  // namespace cohelix::search
