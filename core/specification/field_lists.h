// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Fields that are lists of words. Private to the room.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/json.h"

namespace cohelix::spec {

/// "operators/2".
inline std::string element(std::string_view list, std::size_t index) {
    return std::string(list) + "/" + std::to_string(index);
}

/// The text of each item.
inline base::Json textsOf(const auto& items, const auto& text) {
    base::Json list = base::Json::array();
    for (const auto& item : items) list.push_back(text(item));
    return list;
}

}  // namespace cohelix::spec
