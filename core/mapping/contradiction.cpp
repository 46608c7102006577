// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/contradiction.h"

#include <vector>

namespace cohelix::mapping {

std::string contradiction(const nest::Hierarchy& hierarchy, Constraints constraints,
                          const std::function<bool(const Constraints&)>& isFeasible,
                          const std::function<bool(const Constraints&)>& isSurely) {
    std::vector<std::string> needed;
    // What is not needed for the contradiction is left out for good.
    for (const auto& statement : statementsOf(hierarchy, constraints)) {
        auto without = constraints;
        statement.leave(without);
        if (isFeasible(without)) {
            needed.push_back("'" + statement.text + "'");
        } else {
            constraints = std::move(without);
        }
    }
    if (needed.empty() || isSurely(constraints)) return {};
    if (needed.size() == 1) return needed.front() + " cannot be obeyed";
    std::string text;
    for (std::size_t i = 0; i < needed.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == needed.size() ? " and " : ", ") + needed[i];
    }
    return text + " cannot be obeyed together";
}

}  // namespace cohelix::mapping
