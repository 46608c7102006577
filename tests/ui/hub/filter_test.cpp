// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/filter.h"

#include <gtest/gtest.h>

namespace cohelix::ui {
namespace {

store::DesignRow row(std::int64_t run, double fps, bool front) {
    store::DesignRow result;
    result.id = 1;
    result.run = run;
    result.fps = fps;
    result.front = front;
    return result;
}

TEST(FilterStack, EachPartTakesDesignsAway) {
    FilterStack stack;
    EXPECT_TRUE(accepts(stack.current(), row(1, 50, false)));
    stack.setFrontOnly(true);
    EXPECT_FALSE(accepts(stack.current(), row(1, 50, false)));
    EXPECT_TRUE(accepts(stack.current(), row(1, 50, true)));
    stack.setRun(2);
    EXPECT_FALSE(accepts(stack.current(), row(1, 50, true)));
    EXPECT_TRUE(accepts(stack.current(), row(2, 50, true)));
    stack.setLimit({Column::Fps, 60.0, std::nullopt});
    EXPECT_FALSE(accepts(stack.current(), row(2, 50, true)));
    EXPECT_TRUE(accepts(stack.current(), row(2, 60, true)));
}

TEST(FilterStack, AnUnknownFigurePassesNoLimit) {
    Filter filter;
    filter.limits = {{Column::Accuracy, 10.0, std::nullopt}};
    EXPECT_FALSE(accepts(filter, row(1, 50, true)));
}

TEST(FilterStack, ChipsNameThePartsAndTakeThemAway) {
    FilterStack stack;
    stack.setFrontOnly(true);
    stack.setLimit({Column::Fps, 60.0, std::nullopt});
    stack.setLimit({Column::Dsp, std::nullopt, 900.0});
    ASSERT_EQ(stack.chips().size(), 3);
    EXPECT_TRUE(stack.chips()[1].contains(QStringLiteral("FPS ≥ 60")));
    EXPECT_TRUE(stack.chips()[2].contains(QStringLiteral("DSP ≤ 900")));
    stack.removeChip(1);
    EXPECT_FALSE(stack.limit(Column::Fps));
    EXPECT_TRUE(stack.limit(Column::Dsp));
    stack.removeChip(0);
    EXPECT_FALSE(stack.current().frontOnly);
}

TEST(FilterStack, EachChangeCanBeTakenBack) {
    FilterStack stack;
    stack.setFrontOnly(true);
    stack.setRun(3);
    stack.goBack();
    EXPECT_TRUE(stack.current().frontOnly);
    EXPECT_FALSE(stack.current().run);
    stack.goBack();
    EXPECT_TRUE(stack.empty());
    EXPECT_FALSE(stack.canGoBack());
}

TEST(FilterStack, SaysOnlyWhatChanged) {
    FilterStack stack;
    int changes = 0;
    QObject::connect(&stack, &FilterStack::changed, [&changes] { ++changes; });
    stack.setFrontOnly(false);
    stack.setLimit({Column::Fps, std::nullopt, std::nullopt});
    EXPECT_EQ(changes, 0);
    stack.setFrontOnly(true);
    EXPECT_EQ(changes, 1);
}

}  // namespace
}  // namespace cohelix::ui
