// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/design_view.h"

#include <QLabel>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "core/base/units.h"

#include "ui/views/design/accelerator_bars.h"
#include "ui/views/design/design_card.h"
#include "ui/views/design/mapping_view.h"
#include "ui/views/design/network_model.h"
#include "ui/views/design/network_view.h"

#include "tests/ui/support/fake_session.h"
#include "tests/ui/support/find.h"
#include "tests/ui/views/design/sample_design.h"

namespace cohelix::ui {
namespace {

TEST(DesignViewTest, EmptyItSaysHowToChooseADesign) {
    FakeWorld world;
    DesignView view(world.context);
    view.show();
    EXPECT_TRUE(view.isEmpty());
    const auto* hint = view.findChild<QLabel*>("designHint");
    EXPECT_TRUE(hint->isVisible());
    EXPECT_EQ(hint->text(), "Click a point in the Pareto plot or a row of the table");
    view.setDesign(test::held(test::fpgaDesign()));
    EXPECT_FALSE(hint->isVisible());
    view.clear();
    EXPECT_TRUE(hint->isVisible());
}

TEST(DesignViewTest, CardHasTheRowsFiguresWithGradeAndUnits) {
    auto design = test::fpgaDesign();
    FakeWorld world;
    DesignView view(world.context);
    view.setDesign(test::held(design));
    EXPECT_TRUE(labelText(view, "designTitle").contains("Design 7"));
    EXPECT_TRUE(labelText(view, "designAccuracy").contains("81.25 %"));
    EXPECT_TRUE(labelText(view, "designAccuracy").contains("supernet estimate"));
    for (const char* unit : {"FPS", "ms", "mJ", "mJ·ms"}) {
        EXPECT_TRUE(labelText(view, "designFigures").contains(unit)) << unit;
    }
    EXPECT_TRUE(labelText(view, "designFigures")
                    .contains(QString::fromStdString(base::fixed(design.cost.fps, 1))));
    EXPECT_EQ(find<ResourceBar>(view, "dsp").text().toStdString(),
              "DSP " + base::fixed(design.cost.dsp, 0) + " / 900");
    design.row.grade = model::AccuracyGrade::None;
    view.setDesign(test::held(design));
    EXPECT_TRUE(labelText(view, "designAccuracy").contains("no accuracy yet"));
}

TEST(DesignViewTest, AnAsicHasNoFpgaResources) {
    FakeWorld world;
    DesignView view(world.context);
    view.setDesign(test::held(test::asicDesign()));
    view.show();
    EXPECT_FALSE(find<ResourceBar>(view, "dsp").isVisible());
    EXPECT_FALSE(find<ResourceBar>(view, "bram18k").isVisible());
}

TEST(DesignViewTest, OneLayerIsSelectedInAllTabs) {
    FakeWorld world;
    DesignView view(world.context);
    view.resize(480, 800);
    const auto design = test::fpgaDesign();
    view.setDesign(test::held(design));
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    auto* tree = find<NetworkView>(view).findChild<QTreeView*>();
    const auto& model = static_cast<const NetworkModel&>(*tree->model());
    const auto index = model.index(model.rowOfLayer(3), 0);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, Qt::NoModifier,
                      tree->visualRect(index).center());
    EXPECT_EQ(find<MappingView>(view).layer(), 3);
    EXPECT_EQ(world.hub.selection().now().layer, design.network.layers[3].name);
    // Wherever it is selected.
    world.hub.selection().selectLayer(design.network.layers[5].name);
    EXPECT_EQ(find<NetworkView>(view).selectedLayer(), 5);
    EXPECT_EQ(find<MappingView>(view).layer(), 5);
}

TEST(DesignViewTest, TheSelectedLayerStaysByNameWhenTheDesignChanges) {
    FakeWorld world;
    DesignView view(world.context);
    const auto first = test::sampleDesign("fashion-mnist-zc706", 1);
    const auto second = test::sampleDesign("fashion-mnist-zc706", 99);
    ASSERT_NE(first.network.layers.size(), second.network.layers.size());
    view.setDesign(test::held(first));
    const auto& name = first.network.layers.back().name;
    world.hub.selection().selectLayer(name);
    view.setDesign(test::held(second));
    EXPECT_EQ(find<MappingView>(view).layer(), layerPlace(second.network, name));
    EXPECT_EQ(second.network.layers[static_cast<std::size_t>(find<MappingView>(view).layer())].name,
              name);
    // One that a network does not have is kept for the next.
    auto other = second;
    for (auto& layer : other.network.layers) layer.name += "'";
    view.setDesign(test::held(other));
    EXPECT_EQ(find<MappingView>(view).layer(), 0);
    view.setDesign(test::held(first));
    EXPECT_EQ(find<MappingView>(view).layer(), static_cast<int>(first.network.layers.size()) - 1);
}

TEST(DesignViewTest, FollowsTheSelection) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    const auto stored = world.session->report(run, {sampleDesign(run, 1, 0.8, 100)});
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 1; }));
    DesignView view(world.context);
    world.hub.selection().selectDesign(stored[0].id);
    ASSERT_TRUE(waitFor([&] { return !view.isEmpty(); }));
    EXPECT_TRUE(labelText(view, "designAccuracy").contains(QStringLiteral("80.00 %")));
    world.hub.selection().selectDesign(0);
    EXPECT_TRUE(view.isEmpty());
}

}  // namespace
}  // namespace cohelix::ui
