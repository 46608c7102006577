// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/selection.h"

#include <QSignalSpy>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

using Designs = std::vector<std::int64_t>;

class SelectionTest : public testing::Test {
protected:
    void SetUp() override {
        const std::int64_t run = world.openWithRun();
        std::vector<store::DesignRow> rows;
        for (int i = 0; i < 4; ++i) rows.push_back(sampleDesign(run, i, 0.8, 100 + i));
        for (const auto& row : world.session->report(run, rows)) ids.push_back(row.id);
        ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 4; }));
    }

    FakeWorld world;
    Selection& selection = world.hub.selection();
    Designs ids;
};

TEST_F(SelectionTest, HoldsDesignsInOrderEachOnceAndOnlyThoseThatAreThere) {
    const QSignalSpy primary(&selection, &Selection::primaryChanged);
    const QSignalSpy designs(&selection, &Selection::designsChanged);
    selection.selectDesigns({ids[2], 999, ids[0], ids[2], 0});
    EXPECT_EQ(selection.now().designs, (Designs{ids[2], ids[0]}));
    EXPECT_EQ(selection.primary(), ids[2]);
    selection.selectDesigns({ids[2], ids[1]});
    EXPECT_EQ(primary.size(), 1) << "the primary one is still the same";
    EXPECT_EQ(designs.size(), 2);
    selection.selectDesigns({ids[2], ids[1]});
    EXPECT_EQ(designs.size(), 2) << "nothing changed";
    selection.selectDesign(0);
    EXPECT_EQ(selection.primary(), 0);
    EXPECT_EQ(primary.size(), 2);
}

TEST_F(SelectionTest, TheFirstPinIsTheBaselineUnlessAnotherIsChosen) {
    EXPECT_EQ(selection.now().baseline, 0);
    selection.setPinned(ids[1], true);
    selection.setPinned(ids[0], true);
    selection.setPinned(ids[1], true);
    selection.setPinned(999, true);
    EXPECT_EQ(selection.now().pins, (Designs{ids[1], ids[0]}));
    EXPECT_EQ(selection.now().baseline, ids[1]);
    selection.setBaseline(ids[0]);
    EXPECT_EQ(selection.now().baseline, ids[0]);
    selection.setBaseline(ids[3]);
    EXPECT_EQ(selection.now().baseline, ids[0]) << "that is no pin";
    selection.setPinned(ids[0], false);
    EXPECT_EQ(selection.now().baseline, ids[1]);
    selection.setPinned(ids[1], false);
    EXPECT_EQ(selection.now().baseline, 0);
}

TEST_F(SelectionTest, ARunIsOneOfTheProjects) {
    const std::int64_t run = world.hub.projection().runs().back().id;
    selection.selectRun(run);
    EXPECT_EQ(selection.now().run, run);
    selection.selectRun(run + 1);
    EXPECT_FALSE(selection.now().run);
}

TEST_F(SelectionTest, AllOfItStaysInACopyAndNoneInAnotherProject) {
    selection.selectDesigns({ids[3], ids[1]});
    selection.setPinned(ids[2], true);
    selection.selectRun(world.hub.projection().runs().back().id);
    selection.selectLayer("stem");
    const Selected before = selection.now();
    world.session->setState(*before.run, store::RunState::Stopped);
    ASSERT_TRUE(waitFor([&] { return !world.hub.projection().activeRun(); }));
    const QString copy = world.file(QStringLiteral("copy.cohelix"));
    world.hub.document().saveAs(copy);
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == copy; }));
    EXPECT_EQ(selection.now(), before);
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().empty(); }));
    EXPECT_EQ(selection.now(), Selected{});
}

}  // namespace
}  // namespace cohelix::ui
