// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

namespace cohelix::base {

std::string toText(const Error& error) {
    std::string text = error.where.empty() ? error.what : error.where + ": " + error.what;
    if (!error.advice.empty()) text += ". " + error.advice;
    return text;
}

}  // namespace cohelix::base
