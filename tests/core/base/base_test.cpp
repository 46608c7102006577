// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/base/executor.h"
#include "core/base/random.h"
#include "core/base/units.h"

namespace cohelix::base {
namespace {

TEST(Random, StreamsAreNamedBySeedPurposeAndCounters) {
    const auto first = [](Random random) { return random.next(); };
    EXPECT_EQ(first({1, "weights", 2, 3}), first({1, "weights", 2, 3}));
    EXPECT_NE(first({1, "weights", 2, 3}), first({2, "weights", 2, 3}));
    EXPECT_NE(first({1, "weights", 2, 3}), first({1, "order", 2, 3}));
    EXPECT_NE(first({1, "weights", 2, 3}), first({1, "weights", 3, 2}));
}

TEST(Random, MomentsAreThoseOfTheDistributions) {
    Random random(7, "moments");
    constexpr int kDraws = 200000;
    double uniform = 0, normal = 0, square = 0, gumbel = 0;
    for (int i = 0; i < kDraws; ++i) {
        uniform += random.uniform();
        const double n = random.normal();
        normal += n;
        square += n * n;
        gumbel += random.gumbel();
    }
    EXPECT_NEAR(uniform / kDraws, 0.5, 0.004);
    EXPECT_NEAR(normal / kDraws, 0, 0.012);
    EXPECT_NEAR(square / kDraws, 1, 0.02);
    EXPECT_NEAR(gumbel / kDraws, 0.5772156649, 0.015);
}

TEST(Random, BelowIsUniform) {
    Random random(7, "below");
    std::array<int, 6> counts = {};
    for (int i = 0; i < 60000; ++i) ++counts[random.below(6)];
    for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
}

TEST(Random, PermutationHoldsEveryNumberOnce) {
    auto order = permutation(1000, {3, "order"});
    EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
    std::sort(order.begin(), order.end());
    for (std::uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(order[i], i);
}

TEST(Executor, DoesEveryItemOnceOnAnyNumberOfThreads) {
    for (const int threads : {1, 2, 5}) {
        Executor executor(threads);
        for (int round = 0; round < 50; ++round) {
            std::vector<std::atomic<int>> done(37);
            executor.forEach(done.size(), [&](std::size_t i) { ++done[i]; });
            for (const auto& count : done) ASSERT_EQ(count, 1);
        }
    }
}

/// In a process of its own, in which no more thread can be started.
int workWithoutMoreThreads() {
    rlimit none{0, 0};
    setrlimit(RLIMIT_NPROC, &none);
    rlimit memory{256 << 20, 256 << 20};  // which root is held to as well
    setrlimit(RLIMIT_AS, &memory);
    Executor executor(kMostThreads);
    if (executor.threads() < 1 || executor.threads() >= kMostThreads) return 1;
    std::atomic<int> done = 0;
    executor.forEach(37, [&](std::size_t) { ++done; });
    return done == 37 ? 0 : 2;
}

TEST(Executor, WorksWithTheThreadsThatCouldBeStarted) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers need more memory than it leaves";
#endif
    EXPECT_EXIT(std::_Exit(workWithoutMoreThreads()), testing::ExitedWithCode(0), "");
}

TEST(Executor, ANumberOfThreadsThatCannotBeIsOneACore) {
    EXPECT_EQ(usableThreads(3), 3);
    for (const int wanted : {-1, 0, kMostThreads + 1, 1'000'000}) {
        EXPECT_EQ(usableThreads(wanted), availableCores());
    }
}

TEST(Executor, RethrowsTheLowestItemsExceptionAfterAllHaveEnded) {
    Executor executor(3);
    std::atomic<int> ended = 0;
    try {
        executor.forEach(20, [&](std::size_t i) {
            ++ended;
            if (i >= 5) throw std::runtime_error(std::to_string(i));
        });
        FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "5");
    }
    EXPECT_EQ(ended, 20);
    executor.forEach(3, [&](std::size_t) { ++ended; });
    EXPECT_EQ(ended, 23) << "it works on after an exception";
}

TEST(Units, AreReadable) {
    EXPECT_EQ(grouped(1234567), "1,234,567");
    EXPECT_EQ(grouped(-1000), "-1,000");
    EXPECT_EQ(fixed(1234.5, 2), "1,234.50");
    EXPECT_EQ(fixed(std::nan(""), 2), "-");
    EXPECT_EQ(prefixed(98.4e6), "98.4 M");
    EXPECT_EQ(prefixed(512), "512");
    EXPECT_EQ(prefixed(999.7), "1.00 k");
    EXPECT_EQ(bytes(108 * 1024), "108 KiB");
    EXPECT_EQ(clockTime(41), "0:41");
    EXPECT_EQ(clockTime(3723), "1:02:03");
    EXPECT_EQ(clockTime(-1), "-");
    EXPECT_EQ(std::stod(exact(0.1)), 0.1);
    EXPECT_EQ(fixed(std::numeric_limits<double>::max(), 0).size(), 411U);
}

}  // namespace
}  // namespace cohelix::base
