// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include <gtest/gtest.h>

#include "core/lab/validate/validation.h"

namespace cohelix::validate {
namespace {

std::string text(const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
}

TEST(Timeloop, GeminisTableOf2022IsEqualInEveryRow) {
    const auto path = std::filesystem::path(COHELIX_DATA) / "timeloop_gemmini.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "NOT CHECKED: " << path << " is absent";
    const auto result = timeloopGemmini(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 14515);
    EXPECT_EQ(result->equal, result->rows) << text(result->differences);
    RecordProperty("seconds", std::to_string(result->seconds));
}

TEST(Timeloop, CasesOf2025AreEqualToTheWord) {
    const auto path = std::filesystem::path(COHELIX_DATA) / "timeloop_cases.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "NOT CHECKED: " << path << " is absent";
    const auto result = timeloopCases(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 122);
    EXPECT_EQ(result->equal, result->rows) << text(result->differences);
}

}  // namespace
}  // namespace cohelix::validate
