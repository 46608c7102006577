// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json_text.h"

#include <algorithm>

#include "core/base/unicode.h"

namespace cohelix::base {

std::string jsonText(const Json& json, int indent) {
    std::string text = json.dump(indent, ' ', false, Json::error_handler_t::replace);
    const auto plain = [](char c) { return static_cast<unsigned char>(c) < 0x7F; };
    return std::all_of(text.begin(), text.end(), plain) ? text : visibleJson(text);
}

}  // namespace cohelix::base
