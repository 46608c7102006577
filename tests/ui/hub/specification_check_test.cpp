// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/specification_check.h"

#include <QSemaphore>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

TEST(SpecificationCheckTest, SaysWhatNoDesignCanKeepUntilItIsCorrected) {
    FakeWorld world;
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    EXPECT_FALSE(world.hub.check().problem());
    auto tight = world.hub.edits().specification();
    tight.limits.dsp = 1;
    world.hub.edits().edit(tight, QStringLiteral("limit"));
    ASSERT_TRUE(waitFor([&] { return world.hub.check().problem().has_value(); }));
    EXPECT_NE(world.hub.check().problem()->what.find("DSP"), std::string::npos);
    world.hub.edits().undoStack().undo();
    EXPECT_TRUE(waitFor([&] { return !world.hub.check().problem(); }));
}

TEST(SpecificationCheckTest, LooksInTheBackgroundAndOnlyAtTheLastEdit) {
    FakeWorld world;
    Worker worker(QStringLiteral("cost models"));
    QSemaphore free;
    std::atomic<int> looks = 0;
    SpecificationCheck check(world.hub.edits(), worker,
                             [&](const spec::Specification& spec) -> base::Result<void> {
                                 ++looks;
                                 free.acquire();
                                 return base::Error{"seed", std::to_string(spec.seed), {}};
                             });
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return looks == 1; }));
    auto next = world.hub.edits().specification();
    for (next.seed = 100; next.seed < 110; ++next.seed) {
        world.hub.edits().edit(next, QStringLiteral("seed"));
    }
    EXPECT_FALSE(check.problem()) << "nobody waited for it";
    free.release(100);
    ASSERT_TRUE(waitFor([&] { return check.problem().has_value(); }));
    EXPECT_EQ(check.problem()->what, "109");
    EXPECT_EQ(looks, 2);
}

}  // namespace
}  // namespace cohelix::ui
