// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/columns.h"

#include <gtest/gtest.h>

namespace cohelix::ui {
namespace {

TEST(Columns, EveryColumnHasANameAndAMeaning) {
    for (int i = 0; i < kColumns; ++i) {
        EXPECT_FALSE(columnName(static_cast<Column>(i)).isEmpty()) << i;
        EXPECT_FALSE(columnHelp(static_cast<Column>(i)).isEmpty()) << i;
    }
}

TEST(Columns, TitlesCarryUnits) {
    EXPECT_EQ(columnTitle(Column::Accuracy), QStringLiteral("Accuracy (%)"));
    EXPECT_EQ(columnTitle(Column::LatencyMs), QStringLiteral("Latency (ms)"));
    EXPECT_EQ(columnTitle(Column::EnergyMj), QStringLiteral("Energy (mJ)"));
    EXPECT_EQ(columnTitle(Column::Dsp), QStringLiteral("DSP"));
}

TEST(Columns, AccuracyIsPercentAndUnknownWithoutAGrade) {
    store::DesignRow row;
    row.accuracy = 0.8912;
    EXPECT_FALSE(columnValue(row, Column::Accuracy));
    EXPECT_EQ(columnText(row, Column::Accuracy), QStringLiteral("–"));
    row.grade = model::AccuracyGrade::TrainedFromScratch;
    EXPECT_DOUBLE_EQ(*columnValue(row, Column::Accuracy), 89.12);
    EXPECT_EQ(columnText(row, Column::Accuracy), QStringLiteral("89.12"));
}

TEST(Columns, FiguresAreWrittenForReading) {
    EXPECT_EQ(valueText(12345, Column::Fps), QStringLiteral("12,345"));
    EXPECT_EQ(valueText(42.84, Column::Fps), QStringLiteral("42.8"));
    EXPECT_EQ(valueText(0.1234, Column::LatencyMs), QStringLiteral("0.123"));
    EXPECT_EQ(valueText(880, Column::Dsp), QStringLiteral("880"));
}

TEST(Columns, UnknownFiguresSortLast) {
    store::DesignRow known;
    known.grade = model::AccuracyGrade::SupernetEstimate;
    known.accuracy = 0.9;
    const store::DesignRow unknown;
    EXPECT_TRUE(columnLess(known, unknown, Column::Accuracy));
    EXPECT_FALSE(columnLess(unknown, known, Column::Accuracy));
}

}  // namespace
}  // namespace cohelix::ui
