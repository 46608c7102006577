// SPDX-License-Identifier: GPL-3.0-or-later
// Published figures and true fronts over the plot, as the user meets them.
#include <QSettings>
#include <fstream>

#include <gtest/gtest.h>

#include "core/specification/accelerator_presets.h"

#include "ui/shell/main_window.h"
#include "ui/shell/message_bar.h"
#include "ui/views/front/pareto_view.h"
#include "ui/views/front/true_front_dialog.h"

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

/// The whole of NAS-Bench-Macro with made accuracies: deeper networks are more accurate.
std::string madeTable(const QString& path) {
    std::ofstream table(path.toStdString());
    table << "arch,acc_mean\n";
    for (int index = 0; index < 6561; ++index) {
        std::string arch(8, '0');
        int depth = 0;
        for (int place = 7, rest = index; place >= 0; --place, rest /= 3) {
            arch[static_cast<std::size_t>(place)] = static_cast<char>('0' + rest % 3);
            depth += rest % 3;
        }
        table << arch << ',' << 80 + depth << '\n';
    }
    return path.toStdString();
}

store::ReferenceFront madeFront() {
    store::ReferenceFront front;
    front.networkSpace = "nasbench-macro";
    front.source = "made for a test";
    front.acceleratorSpace = "wide";
    front.accelerator = "{}";
    front.limits.dsp = 900;
    front.limits.bram18k = 700;
    front.leastAccuracy = 0.85;
    front.designs = {{{800, 600}, "22222222", {1, 2}, 300, 0.94},
                     {{400, 200}, "00000000", {0}, 1700, 0.88}};
    return front;
}

/// For what is computed: it runs at low priority, so a busy machine may take its time.
bool waitLong(const std::function<bool()>& done) {
    constexpr int kTimes = 12;
    for (int i = 0; i < kTimes; ++i) {
        if (waitFor(done)) return true;
    }
    return false;
}

class ReferencesTest : public testing::Test {
protected:
    ReferencesTest()
        : settings(world.file(QStringLiteral("settings.ini")), QSettings::IniFormat),
          window(world.hub, settings) {
        window.show();
    }

    QAction* action(const char* name) const {
        return window.findChild<QAction*>(QString::fromLatin1(name));
    }
    MessageBar& messages() const { return *window.findChild<MessageBar*>("messages"); }
    ParetoView& pareto() const { return *window.findChild<ParetoView*>(); }
    ParetoPlot& plot() const { return *window.findChild<ParetoPlot*>(); }
    const std::vector<ReferenceSeries>& shown() const { return plot().data().references; }
    tables::FrontRequest request() {
        tables::FrontRequest wanted;
        wanted.table = madeTable(world.file(QStringLiteral("macro.csv")));
        wanted.space = "r1";
        return wanted;
    }
    References& references() { return world.hub.references(); }

    FakeWorld world;
    QSettings settings;
    MainWindow window;
};

TEST_F(ReferencesTest, PublishedFiguresAreHiddenUntilAskedFor) {
    world.openWithRun();
    EXPECT_TRUE(shown().empty());
    EXPECT_FALSE(action("view.published")->isChecked());
    action("view.published")->trigger();
    ASSERT_EQ(shown().size(), 1u);
    EXPECT_EQ(shown()[0].points.size(), 8u);
    EXPECT_TRUE(shown()[0].source.contains(QStringLiteral("authors' figure files, October 2020")));
    for (const ReferencePoint& point : shown()[0].points) {
        EXPECT_TRUE(point.card.contains(QStringLiteral("authors' figure files, October 2020")))
            << "no figure without its grade";
        EXPECT_TRUE(point.card.contains(QStringLiteral("dsp_tradeoff_fpga.svg")));
    }
    action("view.published")->trigger();
    EXPECT_TRUE(shown().empty());
}

TEST_F(ReferencesTest, GroupsAreChosenOneByOneAndRemembered) {
    action("view.published.imagenet-fpga-mixed")->trigger();
    action("view.published.dsp-sweep")->trigger();
    ASSERT_EQ(shown().size(), 2u);
    EXPECT_NE(shown()[0].shape, shown()[1].shape);
    EXPECT_TRUE(action("view.published")->isChecked());

    action("view.published")->trigger();
    EXPECT_TRUE(shown().empty());
    action("view.published")->trigger();
    EXPECT_EQ(shown().size(), 2u) << "those chosen last";

    MainWindow again(world.hub, settings);
    EXPECT_EQ(again.findChild<ParetoView*>()->references().shownGroups(),
              (QStringList{QStringLiteral("imagenet-fpga-mixed"), QStringLiteral("dsp-sweep")}));
}

TEST_F(ReferencesTest, TheyAreShownOnlyWhereTheAxesFit) {
    action("view.published")->trigger();
    ParetoOptions options;
    options.x = Column::LatencyMs;
    pareto().setOptions(options);
    EXPECT_TRUE(shown().empty());
    options.x = Column::Fps;
    pareto().setOptions(options);
    EXPECT_EQ(shown().size(), 1u);
    EXPECT_FALSE(action("view.published.cifar10-asic")->isEnabled())
        << "its axis is an energy-delay product";
    EXPECT_TRUE(action("view.published.cifar10-asic")->toolTip().contains(QStringLiteral("EDP")));
}

TEST_F(ReferencesTest, AProjectOfATrueFrontAloneOpensAndShowsIt) {
    const QString path = world.file(QStringLiteral("front.cohelix"));
    {
        const auto project = store::Project::create(path.toStdString());
        ASSERT_TRUE(project);
        ASSERT_TRUE((*project)->putReferenceFront(madeFront()));
    }
    window.projects().open(path);
    ASSERT_TRUE(waitFor([&] { return shown().size() == 1; }));
    EXPECT_EQ(shown()[0].kind, ReferenceKind::TrueFront);
    EXPECT_EQ(shown()[0].points.size(), 2u);
    EXPECT_TRUE(shown()[0].source.contains(QStringLiteral("nasbench-macro on wide")));
    EXPECT_TRUE(plot().emptyText().isEmpty());
    EXPECT_FALSE(action("search.start")->isEnabled()) << "there is nothing to search with";
    window.projects().openExample();
    EXPECT_TRUE(waitFor([&] { return shown().empty(); }));
}

TEST_F(ReferencesTest, ATrueFrontIsComputedKeptAndShown) {
    EXPECT_FALSE(action("search.trueFront")->isEnabled()) << "no project is open";
    world.openWithRun();
    EXPECT_TRUE(action("search.trueFront")->isEnabled());
    references().compute(request());
    EXPECT_TRUE(references().progress());
    EXPECT_FALSE(action("search.trueFront")->isEnabled());
    ASSERT_TRUE(waitLong([&] { return shown().size() == 1; }));
    EXPECT_FALSE(references().progress());
    EXPECT_GT(shown()[0].points.size(), 3u);
    EXPECT_FALSE(shown()[0].source.contains(QStringLiteral("hypervolume")))
        << "the run is of other spaces: it is simply shown";
    std::size_t kept = 0;
    world.session->call([&](store::Project& project) { kept = project.referenceFronts()->size(); });
    EXPECT_EQ(kept, 1u);
}

TEST_F(ReferencesTest, ACancelledComputationLeavesNothing) {
    world.openWithRun();
    references().compute(request());
    references().cancel();
    ASSERT_TRUE(waitLong([&] { return !references().progress(); }));
    EXPECT_TRUE(references().fronts().empty());
    EXPECT_TRUE(references().canCompute());
    EXPECT_TRUE(messages().isVisible());
}

TEST_F(ReferencesTest, WhatIsWrongWithATableIsSaid) {
    world.openWithRun();
    auto wrong = request();
    wrong.table = "/no/such/table.csv";
    references().compute(wrong);
    ASSERT_TRUE(waitLong([&] { return !references().progress(); }));
    EXPECT_TRUE(messages().isVisible());
    EXPECT_TRUE(references().fronts().empty());
}

TEST_F(ReferencesTest, ARunOfTheSameSpacesIsMeasuredAgainstTheFront) {
    const auto wanted = request();
    auto specification = *spec::preset("dna-cifar10-zc706");
    tables::TabularSpace macro;
    macro.name = wanted.benchmark;
    specification.network = *tables::networkSpaceOf(macro);
    specification.accelerator = *spec::acceleratorPreset(wanted.space);
    specification.accelerator.fpgaModel = wanted.model;
    specification.limits = {};
    specification.limits.dsp = wanted.limits.dsp;
    specification.limits.bram18k = wanted.limits.bram18k;
    world.hub.document().create(world.file(QStringLiteral("same.cohelix")), specification);
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    world.hub.control().start();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
    references().compute(wanted);
    ASSERT_TRUE(waitLong([&] { return references().fronts().size() == 1; }));
    const auto front = references().fronts()[0];
    EXPECT_FALSE(references().coverage(front, world.hub.projection().designs()))
        << "the run has no design yet";

    store::DesignRow row;
    row.choices.network = std::vector<int>(8, 0);
    row.choices.accelerator = front.designs.front().accelerator;
    row.grade = model::AccuracyGrade::Tabulated;
    row.accuracy = front.designs.front().accuracy;
    row.fps = front.designs.front().fps;
    const std::int64_t run = world.hub.projection().activeRun()->id;
    world.session->report(run, {row});
    ASSERT_TRUE(
        waitFor([&] { return shown()[0].source.contains(QStringLiteral("of its hypervolume")); }));
    const auto coverage = references().coverage(front, world.hub.projection().designs());
    ASSERT_TRUE(coverage);
    EXPECT_EQ(coverage->run, run);
    EXPECT_GT(coverage->share, 0);
    EXPECT_LT(coverage->share, 1);
}

TEST(TrueFrontDialogTest, AsksForWhatIsMissingAndGivesBackWhatWasSaid) {
    tables::FrontRequest wanted;
    wanted.table = "cells.csv";
    wanted.benchmark = "nasbench201";
    wanted.dataSet = "imagenet16-120";
    wanted.space = "r2-wide";
    wanted.model = model::FpgaModel::Corrected;
    wanted.limits.dsp = 450;
    wanted.limits.bram18k = 300;
    EXPECT_EQ(TrueFrontDialog(wanted).request(), wanted);

    wanted.benchmark = "trained";
    wanted.specification = std::make_shared<const spec::Specification>();
    EXPECT_EQ(TrueFrontDialog(wanted).request(), wanted);
}

}  // namespace
}  // namespace cohelix::ui
