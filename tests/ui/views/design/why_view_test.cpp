// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/why_view.h"

#include <QComboBox>
#include <QSemaphore>
#include <QTest>
#include <mutex>
#include <numeric>

#include <gtest/gtest.h>

#include "core/base/random.h"

#include "ui/views/design/loss_bars.h"
#include "ui/views/design/why_text.h"

#include "tests/ui/support/fake_session.h"
#include "tests/ui/support/find.h"
#include "tests/ui/views/design/sample_design.h"

namespace cohelix::ui {
namespace {

/// The cost models, which note what they are asked and can be held up.
class Models {
public:
    Explainer::Models get() {
        auto models = Explainer::costModels();
        models.explanation = [this, ask = models.explanation](const DesignDetails& details) {
            note("explanation");
            return ask(details);
        };
        models.why = [this, ask = models.why](const DesignDetails& details, const QString& device) {
            note("why " + device.toStdString());
            return ask(details, device);
        };
        models.sideBySide = [this, ask = models.sideBySide](const DesignDetails& details,
                                                            int layer) {
            note("layer " + std::to_string(layer));
            return ask(details, layer);
        };
        return models;
    }
    std::vector<std::string> asked() const {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }
    void holdUp() { m_free.acquire(m_free.available()); }
    void goOn() { m_free.release(kMany); }

private:
    static constexpr int kMany = 1000;
    void note(const std::string& what) {
        {
            const std::lock_guard lock(m_mutex);
            m_asked.push_back(what);
        }
        m_free.acquire();
    }

    mutable std::mutex m_mutex;
    std::vector<std::string> m_asked;
    QSemaphore m_free{kMany};
};

class WhyViewTest : public testing::Test {
protected:
    ~WhyViewTest() override { models.goOn(); }

    /// On the screen, so that it asks for what it shows.
    void show() {
        view.resize(460, 900);
        view.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    }
    /// On a busy machine the neighbours of a design take their time.
    bool answered() {
        constexpr int kTimes = 12;
        const auto open = [this](const char* name) {
            return labelText(view, name).contains(QStringLiteral("…"));
        };
        for (int i = 0; i < kTimes; ++i) {
            if (waitFor([&] { return !open("whyLimit") && !open("whyFit") && !open("whyModels"); }))
                return true;
        }
        return false;
    }

    Models models;
    Worker worker{QStringLiteral("cost models")};
    Explainer explainer{worker, models.get()};
    WhyView view{explainer};
};

TEST_F(WhyViewTest, SaysWhatLimitsTheDesignAndWhereItsCyclesGo) {
    show();
    for (const auto& design : {test::fpgaDesign(), test::asicDesign()}) {
        const auto why = explain::explanationOf(design.network, design.accelerator, design.cost);
        view.setDesign(test::held(design));
        view.setLayer(2);
        ASSERT_TRUE(answered());
        EXPECT_TRUE(labelText(view, "whyLimit")
                        .contains(QString::fromStdString(why.bottleneck.text).toHtmlEscaped()));
        const auto whole = models.get().why(design, {});
        EXPECT_TRUE(whole.problem.isEmpty());
        EXPECT_TRUE(labelText(view, "whyLimit")
                        .contains(QString::fromStdString(whole.why.relief()).toHtmlEscaped()));
        const auto& bars = find<LossBars>(view).bars();
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

TEST_F(WhyViewTest, AsksOnceForEachDesignAndDeviceAndOnlyWhileItIsSeen) {
    using Asked = std::vector<std::string>;
    view.setDesign(test::held(test::fpgaDesign()));
    QTest::qWait(20);
    EXPECT_EQ(models.asked(), Asked{}) << "nobody sees it yet";
    show();
    ASSERT_TRUE(answered());
    EXPECT_EQ(models.asked(), (Asked{"explanation", "why "}));
    EXPECT_TRUE(
        labelText(view, "whyFit").contains(QStringLiteral("the limits of its specification")));
    EXPECT_TRUE(
        labelText(view, "whyBought").contains(QStringLiteral("One more word a cycle from DRAM")));
    view.hide();
    view.show();
    find<QComboBox>(view).setCurrentIndex(
        find<QComboBox>(view).findData(QStringLiteral("PYNQ-Z2")));
    EXPECT_TRUE(labelText(view, "whyFit").contains(QStringLiteral("Pricing")));
    ASSERT_TRUE(answered());
    EXPECT_TRUE(labelText(view, "whyFit").contains(QStringLiteral("PYNQ-Z2 (XC7Z020)")));
    EXPECT_EQ(models.asked(), (Asked{"explanation", "why ", "why PYNQ-Z2"}));
}

TEST_F(WhyViewTest, TheWindowDoesNotWaitForAnswersAndTheLastQuestionCounts) {
    models.holdUp();
    show();
    const auto design = test::fpgaDesign();
    view.setDesign(test::held(design));
    ASSERT_TRUE(waitFor([this] { return models.asked().size() == 1; }));
    for (int layer = 0; layer < 5; ++layer) view.setLayer(layer);
    find<QComboBox>(view).setCurrentIndex(
        find<QComboBox>(view).findData(QStringLiteral("PYNQ-Z2")));
    QPalette dark = view.palette();
    dark.setColor(QPalette::Base, Qt::black);
    view.setPalette(dark);
    // The models are still at the first question, and the window is alive.
    bool alive = false;
    QMetaObject::invokeMethod(
        &view, [&alive] { alive = true; }, Qt::QueuedConnection);
    ASSERT_TRUE(waitFor([&alive] { return alive; }));
    EXPECT_EQ(models.asked().size(), 1u);
    EXPECT_TRUE(labelText(view, "whyLimit").contains(QStringLiteral("Looking for it…")));
    EXPECT_TRUE(labelText(view, "whyFit").contains(QStringLiteral("Pricing its neighbours…")));
    EXPECT_TRUE(labelText(view, "whyModels").contains(QStringLiteral("Comparing the models…")));
    models.goOn();
    ASSERT_TRUE(answered());
    EXPECT_EQ(models.asked(), (std::vector<std::string>{"explanation", "layer 4", "why PYNQ-Z2"}));
    // A design that came meanwhile is not answered with another one's figures.
    models.holdUp();
    auto other = design;
    view.setDesign(test::held(other));
    ASSERT_TRUE(waitFor([this] { return models.asked().size() == 4; }));
    other.cost = {};
    view.setDesign(test::held(other));
    models.goOn();
    QTest::qWait(50);
    EXPECT_TRUE(labelText(view, "whyLimit").contains(QStringLiteral("no figures per layer")));
}

TEST(WhyTextTest, NamesWhatDoesNotFitAndTheSmallestChange) {
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

TEST_F(WhyViewTest, ShowsTheLayerUnderAllModels) {
    show();
    view.setDesign(test::held(test::fpgaDesign()));
    view.setLayer(1);
    ASSERT_TRUE(answered());
    for (const char* model :
         {"FPGA pipeline, as published", "FPGA pipeline, corrected", "loop nest, exact",
          "From as published to corrected", "From corrected to the loop nest"}) {
        EXPECT_TRUE(labelText(view, "whyModels").contains(QLatin1String(model))) << model;
    }
    view.setDesign(test::held(test::asicDesign()));
    view.setLayer(1);
    EXPECT_TRUE(labelText(view, "whyModels").contains(QStringLiteral("loop-nest array")));
    EXPECT_TRUE(find<QComboBox>(view).isHidden()) << "an array has no other device to fit";
}

TEST_F(WhyViewTest, ADesignWithoutFiguresPerLayerSaysSo) {
    auto design = test::fpgaDesign();
    design.cost = {};
    view.setDesign(test::held(design));
    view.setLayer(0);
    show();
    EXPECT_TRUE(models.asked().empty());
    EXPECT_TRUE(labelText(view, "whyLimit").contains(QStringLiteral("no figures per layer")));
    EXPECT_TRUE(find<LossBars>(view).isHidden());
    view.setDesign(test::held(test::fpgaDesign()));
    ASSERT_TRUE(answered());
    EXPECT_FALSE(find<LossBars>(view).isHidden());
}

}  // namespace
}  // namespace cohelix::ui
