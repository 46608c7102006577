// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/why_view.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <numeric>

#include <gtest/gtest.h>

#include "core/base/random.h"

#include "ui/views/design/loss_bars.h"
#include "ui/views/design/why_text.h"

#include "sample_design.h"

namespace cohelix::ui {
namespace {

/// On the screen, so that it asks for what it shows.
void show(WhyView& view) {
    view.resize(460, 900);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
}

TEST(WhyViewTest, SaysWhatLimitsTheDesignAndWhereItsCyclesGo) {
    for (const auto& design : {test::fpgaDesign(), test::asicDesign()}) {
        const auto why = explain::explanationOf(design.network, design.accelerator, design.cost);
        WhyView view;
        view.setDesign(design);
        view.setLayer(2);
        EXPECT_TRUE(
            view.limitText().contains(QString::fromStdString(why.bottleneck.text).toHtmlEscaped()));
        const auto& bars = view.bars().bars();
        ASSERT_EQ(bars.size(), 2 + design.accelerator.chunkCount());
        EXPECT_EQ(bars.front().shares, why.utilization);
        EXPECT_EQ(bars.back().name.toStdString(), design.network.layers[2].name);
        EXPECT_EQ(bars.back().shares, why.layers[2]);
    }
}

TEST(LossBarsTest, RoundedSharesAddUpToAHundred) {
    base::Random random(1, "shares");
    for (int trial = 0; trial < 1000; ++trial) {
        std::array<double, 5> parts = {};
        double sum = 0;
        for (auto& part : parts) sum += part = random.uniform();
        const explain::UtilizationShares shares = {parts[0] / sum, parts[1] / sum, parts[2] / sum,
                                                   parts[3] / sum, parts[4] / sum};
        const auto rounded = roundedShares(shares);
        ASSERT_EQ(std::accumulate(rounded.begin(), rounded.end(), 0), 1000);
        for (std::size_t i = 0; i < rounded.size(); ++i) {
            ASSERT_NEAR(rounded[i], 1000 * parts[i] / sum, 1 + 1e-9);
        }
    }
}

TEST(LossBarsTest, ALegendThatDoesNotFitIsWrapped) {
    LossBars bars;
    bars.setBars({{QStringLiteral("Design"), {.reached = 0.5, .bandwidthStall = 0.5}}});
    EXPECT_GT(bars.heightForWidth(260), bars.heightForWidth(1200));
    EXPECT_TRUE(bars.toolTipOf(0).contains(QStringLiteral("bandwidth stall: 50.0 %")));
}

TEST(WhyViewTest, AsksForTheNeighboursOnceForEachDesignAndDevice) {
    WhyView view;
    const QSignalSpy wanted(&view, &WhyView::whyWanted);
    const auto design = test::fpgaDesign();
    view.setDesign(design);
    EXPECT_EQ(wanted.size(), 0) << "nobody sees it yet";
    show(view);
    ASSERT_EQ(wanted.size(), 1);
    EXPECT_EQ(wanted[0][0].toString(), QString());
    EXPECT_TRUE(view.fitText().contains(QStringLiteral("Pricing")));
    view.hide();
    view.show();
    EXPECT_EQ(wanted.size(), 1);

    view.setWhy(explainDesign(design, {}));
    EXPECT_TRUE(view.fitText().contains(QStringLiteral("the limits of its specification")));
    EXPECT_TRUE(view.boughtText().contains(QStringLiteral("One more word a cycle from DRAM")));

    view.devices().setCurrentIndex(view.devices().findData(QStringLiteral("PYNQ-Z2")));
    ASSERT_EQ(wanted.size(), 2);
    EXPECT_EQ(wanted[1][0].toString(), QStringLiteral("PYNQ-Z2"));
    view.setWhy(explainDesign(design, {}));
    EXPECT_TRUE(view.fitText().contains(QStringLiteral("Pricing")))
        << "an answer to another question";
    view.setWhy(explainDesign(design, QStringLiteral("PYNQ-Z2")));
    EXPECT_TRUE(view.fitText().contains(QStringLiteral("PYNQ-Z2 (XC7Z020)")));
}

TEST(WhyViewTest, NamesWhatDoesNotFitAndTheSmallestChange) {
    const auto design = test::fpgaDesign();
    const auto why = explainDesign(design, QStringLiteral("PYNQ-Z2"));
    ASSERT_FALSE(why.why.excesses.empty()) << "the example design is too large for it";
    const auto text = fitHtml(why, design, {});
    for (const auto& excess : why.why.excesses) {
        EXPECT_TRUE(text.contains(QString::fromStdString(excess.text).toHtmlEscaped()));
    }
    EXPECT_TRUE(text.contains(why.why.fix ? QStringLiteral("Smallest single change")
                                          : QStringLiteral("No single change")));
    EXPECT_TRUE(boughtHtml(why).contains(QStringLiteral("First it has to fit")));
}

TEST(WhyViewTest, ShowsTheLayerUnderAllModels) {
    const auto design = test::fpgaDesign();
    WhyView view;
    view.setDesign(design);
    view.setLayer(1);
    for (const char* model :
         {"FPGA pipeline, as published", "FPGA pipeline, corrected", "loop nest, exact",
          "From as published to corrected", "From corrected to the loop nest"}) {
        EXPECT_TRUE(view.modelsText().contains(QLatin1String(model))) << model;
    }
    view.setDesign(test::asicDesign());
    view.setLayer(1);
    EXPECT_TRUE(view.modelsText().contains(QStringLiteral("loop-nest array")));
    EXPECT_TRUE(view.devices().isHidden()) << "an array has no other device to fit";
}

TEST(WhyViewTest, ADesignWithoutFiguresPerLayerSaysSo) {
    auto design = test::fpgaDesign();
    design.cost = {};
    WhyView view;
    const QSignalSpy wanted(&view, &WhyView::whyWanted);
    view.setDesign(design);
    view.setLayer(0);
    show(view);
    EXPECT_EQ(wanted.size(), 0);
    EXPECT_TRUE(view.limitText().contains(QStringLiteral("no figures per layer")));
    EXPECT_TRUE(view.bars().isHidden());
    view.setDesign(test::fpgaDesign());
    EXPECT_EQ(wanted.size(), 1);
    EXPECT_FALSE(view.bars().isHidden());
}

}  // namespace
}  // namespace cohelix::ui
