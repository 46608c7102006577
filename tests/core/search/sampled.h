// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A preset's network with one operator everywhere, and accelerators drawn from its space.

#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/space/specification.h"

namespace cohelix::search {

inline space::Specification specification(const std::string& name) {
    return space::preset(name).value();
}

inline model::Network networkOf(const space::Specification& spec, int op) {
    return space::buildNetwork(spec.network,
                               std::vector<int>(space::blockShapes(spec.network).size(), op));
}

inline std::vector<int> randomChoices(const space::Specification& spec, base::Random& random) {
    std::vector<int> picked;
    for (const auto& choice : space::acceleratorChoices(spec.accelerator)) {
        picked.push_back(static_cast<int>(random.below(choice.options.size())));
    }
    return space::canonicalChoices(spec.accelerator, picked);
}

}  // namespace cohelix::search
