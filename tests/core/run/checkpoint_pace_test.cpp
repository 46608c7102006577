// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/checkpoint_pace.h"

#include <gtest/gtest.h>

namespace cohelix::run {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSmall = 1'000'000;
constexpr std::size_t kLarge = 90'000'000;

class Pace : public testing::Test {
protected:
    CheckpointPace::Clock::time_point start;
    CheckpointPace pace{start};
};

TEST_F(Pace, ASmallStateIsWrittenOnceAMinute) {
    EXPECT_FALSE(pace.isDue(start + 59s));
    EXPECT_TRUE(pace.isDue(start + 60s));
    pace.measured(kSmall);
    EXPECT_TRUE(pace.isDue(start + 60s));
    pace.wrote(start + 60s, start + 60s + 10ms);
    EXPECT_FALSE(pace.isDue(start + 119s));
    EXPECT_TRUE(pace.isDue(start + 121s));
}

TEST_F(Pace, ALargeStateWaitsUntilItsBytesAreAffordableTheFirstOneToo) {
    pace.measured(kLarge);
    EXPECT_FALSE(pace.isDue(start + 359s));
    EXPECT_TRUE(pace.isDue(start + 361s));
}

TEST_F(Pace, WritingTakesAHundredthOfTheTime) {
    pace.wrote(start, start + 3s);
    EXPECT_FALSE(pace.isDue(start + 3s + 299s));
    EXPECT_TRUE(pace.isDue(start + 3s + 301s));
}

TEST_F(Pace, NeverWritesMoreThanItsBudget) {
    for (const std::size_t bytes : {kSmall, 20 * kSmall, kLarge, 8 * kLarge}) {
        CheckpointPace each(start);
        double written = 0;
        for (auto now = start; now < start + 2h; now += 1s) {
            if (!each.isDue(now)) continue;
            each.measured(bytes);
            if (!each.isDue(now, bytes)) continue;
            written += static_cast<double>(bytes);
            each.wrote(now, now);
        }
        EXPECT_LE(written / 120, CheckpointPace::kBytesPerMinute);
        EXPECT_GT(written, 0);
    }
}

}  // namespace
}  // namespace cohelix::run
