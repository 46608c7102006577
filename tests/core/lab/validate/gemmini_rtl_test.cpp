// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/lab/validate/tables.h"

namespace cohelix::validate {
namespace {

const std::string kHeader =
    "pe_dim,scratchpad_bytes,accumulator_words_per_column,C,K,N,P,Q,R,S,stride_h,dilation_h,"
    "mapping,rtl_cycles\n";

TEST(GemminiRtl, TheSmallArrayEqualsTimeloopInEveryRowAndRanksAsItDoes) {
    COHELIX_NEEDS_TABLE(path, "gemmini_rtl_16x16.csv");
    const auto result = gemminiRtl(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 118);
    EXPECT_EQ(result->equal, result->rows);
    EXPECT_GT(*result->spearman, 0.96);
    EXPECT_LT(*result->meanRelativeError, 0.27);
}

TEST(GemminiRtl, TheLargeArrayIsRankedAsTimeloopRanksIt) {
    COHELIX_NEEDS_TABLE(path, "gemmini_rtl.csv");
    const auto result = gemminiRtl(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 645);
    EXPECT_FALSE(result->equal) << "the table has no cycles of Timeloop's";
    EXPECT_NEAR(*result->spearman, 0.890, 0.001);
    EXPECT_NEAR(*result->meanRelativeError, 0.779, 0.001);
}

TEST(GemminiRtl, CountingExactlyIsNoFurtherOff) {
    for (const char* name : {"gemmini_rtl.csv", "gemmini_rtl_16x16.csv"}) {
        COHELIX_NEEDS_TABLE(path, name);
        const auto exact = gemminiRtl(path, nest::kExact);
        ASSERT_TRUE(exact.ok()) << base::toText(exact.error());
        const auto counted = gemminiRtl(path);
        EXPECT_GT(*exact->spearman, *counted->spearman - 0.01) << name;
        EXPECT_LT(*exact->meanRelativeError, *counted->meanRelativeError + 0.01) << name;
    }
}

TEST(GemminiRtl, RefusesMalformedRowsWithTheirPlace) {
    const std::string mapping = "L3[WIO] K8 - L2[WI] K16X - L1[O] C4 P8 C16X - L0[W] P16";
    const auto rowOf = [](const std::string& text) {
        return kHeader + "16,110592,256,64,128,1,128,1,1,1,1,1," + text + ",8874\n";
    };
    const auto good = gemminiRtl(tableOf(rowOf(mapping)));
    ASSERT_TRUE(good.ok()) << base::toText(good.error());
    EXPECT_EQ(good->comparisons[0].ours, 4096);
    expectRefused(gemminiRtl(tableOf(rowOf("L3[WIO] K8 Z3"))), "line 2");
    expectRefused(gemminiRtl(tableOf(rowOf("L3[WIO] K8"))), "line 2");
    EXPECT_FALSE(gemminiRtl(tableOf(kHeader))->meanRelativeError) << "of no rows there is none";
    expectRefused(gemminiRtl(tableOf("C,K,N,P,Q,R,S\n")), "no column");
}

}  // namespace
}  // namespace cohelix::validate
