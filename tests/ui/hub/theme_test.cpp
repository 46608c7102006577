// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/theme.h"

#include <cmath>

#include <gtest/gtest.h>

namespace cohelix::ui {
namespace {

double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

/// Contrast ratio of WCAG 2.1.
double contrast(const QColor& first, const QColor& second) {
    const double a = luminance(first) + 0.05;
    const double b = luminance(second) + 0.05;
    return std::max(a, b) / std::min(a, b);
}

TEST(Theme, FollowsThePalette) {
    EXPECT_FALSE(themeOf(lightPalette()).dark);
    EXPECT_TRUE(themeOf(darkPalette()).dark);
}

TEST(Theme, TextsCanBeReadOnTheBackground) {
    for (const Theme& theme : {themeOf(lightPalette()), themeOf(darkPalette())}) {
        EXPECT_GE(contrast(theme.text, theme.background), 7) << theme.dark;
        EXPECT_GE(contrast(theme.mutedText, theme.background), 4.5) << theme.dark;
        EXPECT_GE(contrast(theme.error, theme.background), 4.5) << theme.dark;
        EXPECT_GE(contrast(theme.warning, theme.background), 4.5) << theme.dark;
        EXPECT_GE(contrast(theme.selection, theme.background), 3) << theme.dark;
        EXPECT_GE(contrast(theme.accent, theme.background), 3) << theme.dark;
    }
}

TEST(Theme, TheScaleGetsBrighterAllTheWayAndTakesAnyNumber) {
    double last = -1;
    for (int i = 0; i <= 20; ++i) {
        const double now = luminance(scaleColor(i / 20.0));
        EXPECT_GT(now, last) << i;
        last = now;
    }
    EXPECT_EQ(scaleColor(-3), scaleColor(0));
    EXPECT_EQ(scaleColor(7), scaleColor(1));
    EXPECT_EQ(scaleColor(std::nan("")), scaleColor(0));
}

TEST(Theme, TextOnAColourStandsOut) {
    for (int i = 0; i <= 20; ++i) {
        const QColor color = scaleColor(i / 20.0);
        EXPECT_GE(contrast(textOn(color), color), 4.5) << i;
    }
}

}  // namespace
}  // namespace cohelix::ui
