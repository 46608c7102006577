// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/mapping_view.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "core/base/units.h"

#include "ui/views/design/mapping_array.h"
#include "ui/views/design/mapping_nest.h"
#include "ui/views/design/mapping_traffic.h"

#include "tests/ui/support/find.h"
#include "tests/ui/views/design/sample_design.h"

namespace cohelix::ui {
namespace {

QToolButton* buttonNamed(const QWidget& view, const QString& name) {
    for (auto* button : view.findChildren<QToolButton*>()) {
        if (button->accessibleName() == name) return button;
    }
    return nullptr;
}

TEST(MappingViewTest, ShowsEveryLoopOfEveryLayerWithItsTrips) {
    for (const auto& design : {test::fpgaDesign(), test::asicDesign()}) {
        MappingView view;
        view.setDesign(design);
        for (std::size_t layer = 0; layer < design.network.layers.size(); ++layer) {
            view.setLayer(static_cast<int>(layer));
            std::vector<model::Loop> wanted;
            for (const auto& level : design.cost.layers[layer].mapping.levels) {
                wanted.insert(wanted.end(), level.loops.begin(), level.loops.end());
            }
            std::vector<model::Loop> shown;
            for (const auto& line : find<MappingNest>(view).lines()) {
                if (line.kind != NestLine::Kind::Temporal && line.kind != NestLine::Kind::Spatial) {
                    continue;
                }
                EXPECT_EQ(line.depth, static_cast<int>(shown.size()));
                const auto dim = QString::fromStdString(std::string(word(line.loop.dim)));
                EXPECT_TRUE(line.text.contains(" " + dim.toLower() + " in 0.."));
                EXPECT_TRUE(line.text.endsWith(
                    QString::fromStdString(".." + base::grouped(line.loop.trips))));
                EXPECT_EQ(line.text.startsWith("parallel-for"),
                          line.loop.kind != model::LoopKind::Temporal);
                EXPECT_TRUE(line.toolTip.contains(
                    QString::fromStdString(std::string(dimMeaning(line.loop.dim)))));
                shown.push_back(line.loop);
            }
            EXPECT_EQ(shown, wanted);
        }
    }
}

TEST(MappingViewTest, NamesEachMemoryAndWhatItKeeps) {
    model::Mapping mapping;
    mapping.levels = {{"DRAM", {{model::Dim::K, 4, model::LoopKind::Temporal}}, {true, true, true}},
                      {"buffer", {}, {true, false, false}},
                      {"PE array", {}, {false, false, false}}};
    const auto lines = nestLines(mapping);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[0].note, "keeps weights, inputs, outputs");
    EXPECT_EQ(lines[2].text, "Buffer");
    EXPECT_TRUE(lines[2].note.startsWith("keeps weights"));
    EXPECT_TRUE(lines[3].note.startsWith("keeps nothing"));
    EXPECT_EQ(lines[4].kind, NestLine::Kind::Body);
    EXPECT_TRUE(nestLines({}).empty());
}

TEST(MappingViewTest, ArrayShowsTheUnrolledLoopsWithinTheChunksPes) {
    for (const auto& design : {test::fpgaDesign(), test::asicDesign()}) {
        MappingView view;
        view.setDesign(design);
        for (std::size_t layer = 0; layer < design.network.layers.size(); ++layer) {
            view.setLayer(static_cast<int>(layer));
            const auto used = model::spatialExtent(design.cost.layers[layer].mapping);
            const auto& grid = find<MappingArray>(view).grid();
            EXPECT_EQ(grid.usedRows, used.rows);
            EXPECT_EQ(grid.usedColumns, used.columns);
            EXPECT_GE(grid.rows, used.rows);
            EXPECT_GE(grid.columns, used.columns);
            EXPECT_EQ(find<MappingArray>(view).rowsText().isEmpty(), used.rows == 1);
            EXPECT_EQ(find<MappingArray>(view).columnsText().isEmpty(), used.columns == 1);
        }
    }
}

TEST(MappingViewTest, ButtonsStepThroughTheLayersAndStopAtTheEnds) {
    const auto design = test::fpgaDesign();
    MappingView view;
    view.setDesign(design);
    view.show();
    const QSignalSpy selected(&view, &MappingView::layerSelected);
    auto* next = buttonNamed(view, "Next layer");
    auto* previous = buttonNamed(view, "Previous layer");
    ASSERT_TRUE(next && previous);
    EXPECT_FALSE(previous->isEnabled());
    QTest::mouseClick(next, Qt::LeftButton);
    EXPECT_EQ(view.layer(), 1);
    ASSERT_EQ(selected.size(), 1);
    EXPECT_EQ(selected.front().front().toInt(), 1);
    QTest::mouseClick(previous, Qt::LeftButton);
    EXPECT_EQ(view.layer(), 0);
    view.setLayer(static_cast<int>(design.network.layers.size()) - 1);
    EXPECT_FALSE(next->isEnabled());
    EXPECT_EQ(selected.size(), 2) << "a layer set from outside must not be echoed";
}

TEST(MappingViewTest, ComboGoesToALayerByKey) {
    MappingView view;
    view.setDesign(test::fpgaDesign());
    view.show();
    const QSignalSpy selected(&view, &MappingView::layerSelected);
    auto* layers = view.findChild<QComboBox*>();
    layers->setFocus();
    QTest::keyClick(layers, Qt::Key_Down);
    ASSERT_EQ(selected.size(), 1);
    EXPECT_EQ(selected.front().front().toInt(), 1);
    EXPECT_EQ(view.layer(), 1);
}

TEST(MappingViewTest, FiguresAreThoseOfTheCost) {
    const auto design = test::fpgaDesign();
    MappingView view;
    view.setDesign(design);
    view.setLayer(2);
    const auto& cost = design.cost.layers[2];
    const auto text = labelText(view, "mappingFigures");
    EXPECT_TRUE(text.contains(QString::fromStdString(base::fixed(cost.cycles, 0) + " cycles")));
    EXPECT_TRUE(text.contains(QString::fromStdString(model::limitText(cost))));
    EXPECT_TRUE(text.contains(
        QString::fromStdString(base::fixed(cost.spatialUtilization * 100, 1) + " %")));
    EXPECT_TRUE(text.contains(
        QString::fromStdString(base::fixed(cost.temporalUtilization * 100, 1) + " %")));
}

TEST(MappingViewTest, TrafficHasBytesOfTheWordWidth) {
    MappingTraffic traffic;
    model::MemoryTraffic dram;
    dram.memory = "DRAM";
    dram.reads = {1024, 512, 0};
    dram.writes = {0, 0, 2048};
    model::MemoryTraffic buffer;
    buffer.memory = "buffer";
    buffer.writes = {1024, 512, 0};
    buffer.reads = {0, 0, 2048};
    buffer.tileWords = {100, 100, 56};
    buffer.capacityWords = 512;
    traffic.setTraffic({dram, buffer}, 16);
    EXPECT_EQ(traffic.numbersAt(0, model::Tensor::Weights), "↓ 2 KiB");
    EXPECT_EQ(traffic.numbersAt(0, model::Tensor::Outputs), "↑ 4 KiB");
    EXPECT_EQ(traffic.numbersAt(1, model::Tensor::Outputs), QString());
    EXPECT_EQ(traffic.holdsText(1), "holds 512 B of 1 KiB (50.0 %)");
    traffic.setTraffic({dram, buffer}, 8);
    EXPECT_EQ(traffic.numbersAt(0, model::Tensor::Inputs), "↓ 512 B");
}

TEST(MappingViewTest, ADesignWithoutFiguresPerLayerSaysSo) {
    auto design = test::fpgaDesign();
    design.cost.layers.clear();
    MappingView view;
    view.setDesign(design);
    EXPECT_TRUE(labelText(view, "mappingFigures").contains("no figures per layer"));
    EXPECT_TRUE(find<MappingNest>(view).lines().empty());
    EXPECT_FALSE(find<MappingArray>(view).isVisibleTo(&view))
        << "no figures of a mapping that is not known";
    EXPECT_FALSE(find<MappingTraffic>(view).isVisibleTo(&view));
    view.setDesign(test::fpgaDesign());
    EXPECT_TRUE(find<MappingArray>(view).isVisibleTo(&view));
    view.setDesign({});
    EXPECT_EQ(view.layer(), 0);
}

}  // namespace
}  // namespace cohelix::ui
