// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/same_name.h"

#include <gtest/gtest.h>

namespace cohelix::base {
namespace {

TEST(SameName, IgnoresTheCaseOfLettersAndNothingElse) {
    EXPECT_TRUE(sameName("Eyeriss", "EYERISS"));
    EXPECT_TRUE(sameName("", ""));
    EXPECT_FALSE(sameName("A1", "A10"));
    EXPECT_FALSE(sameName("r1_wide", "r1-wide"));
    EXPECT_FALSE(sameName("[", "{")) << "32 apart, as letters of two cases are";
    EXPECT_EQ(lowerCase("NAS-Bench201:|Conv3x3~0|"), "nas-bench201:|conv3x3~0|");
}

}  // namespace
}  // namespace cohelix::base
