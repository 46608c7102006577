// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "core/base/json.h"

namespace cohelix::interop {

inline base::Json json(const std::string& text) {
    auto parsed = base::parseJson(text, "test");
    EXPECT_TRUE(parsed.ok()) << base::toText(parsed.error());
    return parsed.ok() ? *parsed : base::Json();
}

/// The error's text has `text` in it.
template <typename T>
void expectRefused(const base::Result<T>& result, const std::string& text) {
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_NE(base::toText(result.error()).find(text), std::string::npos)
        << base::toText(result.error());
}

}  // namespace cohelix::interop
