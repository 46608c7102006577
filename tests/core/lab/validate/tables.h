// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the tests of core/lab/validate share: tables of the data folder, tables written on the spot.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/lab/validate/validation.h"

/// Skips the test, loudly, where the data folder is absent.
#define COHELIX_NEEDS_TABLE(path, name)                             \
    const auto path = std::filesystem::path(COHELIX_DATA) / (name); \
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "NOT CHECKED: " << path << " is absent"

namespace cohelix::validate {

inline std::string text(const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
}

/// A file with this content, of this process.
inline std::filesystem::path tableOf(const std::string& content) {
    const auto path = std::filesystem::path(::testing::TempDir()) /
                      ("cohelix-table-" + std::to_string(::getpid()) + ".csv");
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

inline void expectRefused(const base::Result<Validation>& result, const std::string& names) {
    ASSERT_FALSE(result.ok());
    EXPECT_NE(base::toText(result.error()).find(names), std::string::npos)
        << base::toText(result.error());
}

}  // namespace cohelix::validate
