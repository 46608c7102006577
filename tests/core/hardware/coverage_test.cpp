// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/coverage.h"

#include <limits>

#include <gtest/gtest.h>

namespace cohelix::hardware {
namespace {

TEST(Coverage, WorkOfOneKindAndReasonStandsTogether) {
    Coverage coverage{.pricedMacs = 100, .unpriced = {}};
    EXPECT_TRUE(coverage.complete());
    EXPECT_EQ(coverage.countedMacs(), 100);
    leaveOut(coverage.unpriced, {"LSTM", "recurrent", {"a"}, 7});
    leaveOut(coverage.unpriced, {"LSTM", "recurrent", {"b"}, 5});
    leaveOut(coverage.unpriced, {"LSTM", "recurrent", {"c"}, {}});
    leaveOut(coverage.unpriced, {"GRU", "recurrent", {"d"}, 3});
    ASSERT_EQ(coverage.unpriced.size(), 3U);
    EXPECT_EQ(coverage.unpriced[0], (UnpricedWork{"LSTM", "recurrent", {"a", "b"}, 12}));
    EXPECT_EQ(coverage.unpriced[1].macs, std::nullopt);
    EXPECT_FALSE(coverage.complete());
    EXPECT_EQ(coverage.countedMacs(), 115);
    EXPECT_EQ(coverage.openNodes(), 1U);
}

TEST(Coverage, CountsPast64BitsAsTheMost) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(addedMacs(kMost - 1, 1), kMost);
    EXPECT_EQ(addedMacs(kMost, kMost), kMost);
    Coverage coverage{.pricedMacs = kMost - 5, .unpriced = {}};
    leaveOut(coverage.unpriced, {"Conv", "large", {"a"}, std::int64_t{1} << 62});
    leaveOut(coverage.unpriced, {"Conv", "large", {"b"}, std::int64_t{1} << 62});
    EXPECT_EQ(coverage.unpriced[0].macs, kMost);
    EXPECT_EQ(coverage.countedMacs(), kMost);
}

// What the authors did not count of their networks is not counted by their forms.
TEST(Coverage, OfAFormNamesWhatItLeavesOut) {
    model::Network network;
    for (const auto role :
         {model::LayerRole::Stem, model::LayerRole::Project, model::LayerRole::Classifier}) {
        auto& layer = network.layers.emplace_back();
        layer.name = word(role);
        layer.role = role;
        layer.size(model::Dim::K) = 10 + static_cast<int>(role);
    }
    EXPECT_TRUE(coverageOf(network, model::FpgaModel::Corrected).complete());
    const auto published = coverageOf(network, model::FpgaModel::AsPublished);
    EXPECT_EQ(published.pricedMacs, network.layers[1].size(model::Dim::K));
    EXPECT_EQ(published.countedMacs(), model::macs(network));
    ASSERT_EQ(published.unpriced.size(), 2U);
    EXPECT_EQ(published.unpriced[0].op, "stem");
    EXPECT_EQ(published.unpriced[1].op, "classifier");
    EXPECT_EQ(published.unpriced[1].reason, "the form as-published does not count it");
}

TEST(Coverage, ReasonsOnBothSidesLeaveNoBound) {
    Coverage coverage;
    EXPECT_TRUE(coverage.exact());
    bound(coverage.bounded, {"LSTM", "waits", {"a"}, true, false});
    EXPECT_EQ(coverage.costSide(), Side::AtLeast);
    EXPECT_EQ(opposite(coverage.costSide()), Side::AtMost);
    EXPECT_EQ(coverage.macsSide(), Side::Exact);
    bound(coverage.bounded, {"Loop", "may end", {"b"}, false, true});
    bound(coverage.bounded, {"Loop", "may end", {"c"}, false, true});
    ASSERT_EQ(coverage.bounded.size(), 2U);
    EXPECT_EQ(coverage.costSide(), Side::Either);
    EXPECT_EQ(coverage.macsSide(), Side::AtMost);
    EXPECT_EQ(coverage.ofLayer("c").costSide(), Side::AtMost);
    EXPECT_TRUE(coverage.ofLayer("d").exact());
    EXPECT_TRUE(coverage.complete());
    EXPECT_FALSE(coverage.exact());

    leaveOut(coverage.unpriced, {"matrix product", "no chunk", {"b", "c"}, 5});
    dropUnpricedBounds(coverage);
    ASSERT_EQ(coverage.bounded.size(), 1U) << "what is left out bounds nothing";
    EXPECT_EQ(coverage.bounded[0].op, "LSTM");
}

}  // namespace
}  // namespace cohelix::hardware
