// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The core's texts are UTF-8.

#include <QString>
#include <string_view>

namespace cohelix::ui {

inline QString fromStd(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

}  // namespace cohelix::ui
