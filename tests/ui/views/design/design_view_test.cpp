// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/design_view.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "core/base/units.h"

#include "ui/views/design/accelerator_bars.h"
#include "ui/views/design/design_card.h"
#include "ui/views/design/mapping_view.h"
#include "ui/views/design/network_model.h"
#include "ui/views/design/network_view.h"

#include "sample_design.h"

namespace cohelix::ui {
namespace {

TEST(DesignViewTest, EmptyItSaysHowToChooseADesign) {
    DesignView view;
    view.show();
    EXPECT_TRUE(view.isEmpty());
    const auto* hint = view.findChild<QLabel*>("designHint");
    EXPECT_TRUE(hint->isVisible());
    EXPECT_EQ(hint->text(), "Click a point in the Pareto plot or a row of the table");
    view.setDesign(test::fpgaDesign());
    EXPECT_FALSE(hint->isVisible());
    view.clear();
    EXPECT_TRUE(hint->isVisible());
}

TEST(DesignViewTest, CardHasTheRowsFiguresWithGradeAndUnits) {
    auto design = test::fpgaDesign();
    DesignView view;
    view.setDesign(design);
    EXPECT_TRUE(view.card().titleText().contains("Design 7"));
    EXPECT_TRUE(view.card().titleText().contains("81.25 %"));
    EXPECT_TRUE(view.card().titleText().contains("supernet estimate"));
    for (const char* unit : {"FPS", "ms", "mJ", "mJ·ms"}) {
        EXPECT_TRUE(view.card().figuresText().contains(unit)) << unit;
    }
    EXPECT_TRUE(view.card().figuresText().contains(
        QString::fromStdString(base::fixed(design.cost.fps, 1))));
    EXPECT_EQ(view.card().dspBar().text().toStdString(),
              "DSP " + base::fixed(design.cost.dsp, 0) + " / 900");
    design.row.grade = model::AccuracyGrade::None;
    view.setDesign(design);
    EXPECT_TRUE(view.card().titleText().contains("no accuracy yet"));
}

TEST(DesignViewTest, AnAsicHasNoFpgaResources) {
    DesignView view;
    view.setDesign(test::asicDesign());
    view.show();
    EXPECT_FALSE(view.card().dspBar().isVisible());
    EXPECT_FALSE(view.card().bramBar().isVisible());
}

TEST(DesignViewTest, OneLayerIsSelectedInAllTabs) {
    DesignView view;
    view.resize(480, 800);
    view.setDesign(test::fpgaDesign());
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    const QSignalSpy selected(&view, &DesignView::layerSelected);
    auto* tree = view.network().findChild<QTreeView*>();
    const auto& model = static_cast<const NetworkModel&>(*tree->model());
    const auto index = model.index(model.rowOfLayer(3), 0);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, Qt::NoModifier,
                      tree->visualRect(index).center());
    EXPECT_EQ(view.mapping().layer(), 3);
    EXPECT_EQ(view.selectedLayer(), 3);
    ASSERT_EQ(selected.size(), 1);
    view.setSelectedLayer(5);
    EXPECT_EQ(view.network().selectedLayer(), 5);
    EXPECT_EQ(view.mapping().layer(), 5);
    EXPECT_EQ(selected.size(), 1);
}

TEST(DesignViewTest, TheSelectedLayerStaysByNameWhenTheDesignChanges) {
    DesignView view;
    const auto first = test::sampleDesign("fashion-mnist-zc706", 1);
    const auto second = test::sampleDesign("fashion-mnist-zc706", 99);
    view.setDesign(first);
    const int last = static_cast<int>(first.network.layers.size()) - 1;
    view.setSelectedLayer(last);
    view.setDesign(second);
    const auto& name = first.network.layers[static_cast<std::size_t>(last)].name;
    EXPECT_EQ(second.network.layers[static_cast<std::size_t>(view.selectedLayer())].name, name);
    EXPECT_EQ(view.mapping().layer(), view.selectedLayer());
}

}  // namespace
}  // namespace cohelix::ui
