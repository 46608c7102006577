// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/accelerator_view.h"

#include <QTest>
#include <numeric>

#include "ui/views/design/accelerator_bars.h"
#include "ui/views/design/accelerator_card.h"
#include "ui/views/design/accelerator_facts.h"
#include "ui/views/design/accelerator_flow.h"
#include "ui/views/design/layer_facts.h"
#include "ui/views/design/layer_grid.h"

#include "sample_design.h"

namespace cohelix::ui {
namespace {

QString factNamed(const std::vector<Fact>& facts, const QString& label) {
    for (const auto& fact : facts) {
        if (fact.label == label) return fact.value;
    }
    return {};
}

TEST(AcceleratorViewTest, ACardForEachChunkInPipelineOrderWithTheSlowestMarked) {
    for (const auto& design : {test::fpgaDesign(), test::asicDesign()}) {
        AcceleratorView view;
        view.setDesign(design);
        const auto& cards = view.findChild<AcceleratorFlow*>()->cards();
        ASSERT_EQ(cards.size(), design.accelerator.chunkCount());
        int marked = 0;
        for (std::size_t i = 0; i < cards.size(); ++i) {
            const auto& card = cards[i]->content();
            EXPECT_EQ(card.name.toStdString(), design.accelerator.chunkName(i));
            EXPECT_EQ(card.cycles, design.cost.chunks[i].cycles);
            if (!card.slowest) continue;
            ++marked;
            for (const auto& chunk : design.cost.chunks) EXPECT_LE(chunk.cycles, card.cycles);
        }
        EXPECT_EQ(marked, 1);
    }
}

TEST(AcceleratorViewTest, CardsDoNotOverlapAtAnyWidth) {
    AcceleratorView view;
    view.setDesign(test::sampleDesign("dna-cifar10-zc706"));
    for (const int width : {320, 480, 900, 1600}) {
        view.resize(width, 700);
        view.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
        const auto* flow = view.findChild<AcceleratorFlow*>();
        const auto& cards = flow->cards();
        for (std::size_t i = 0; i < cards.size(); ++i) {
            EXPECT_LE(cards[i]->geometry().bottom(), flow->height());
            for (std::size_t j = 0; j < i; ++j) {
                EXPECT_FALSE(cards[i]->geometry().intersects(cards[j]->geometry()))
                    << width << " pixels: chunks " << i << " and " << j;
            }
        }
    }
}

TEST(AcceleratorFactsTest, APipelineChunkSaysItsTilesAndResources) {
    const auto design = test::fpgaDesign();
    const auto& chunk = design.accelerator.pipeline.front();
    const auto facts = chunkFacts(design.accelerator, design.cost, 0);
    const auto tile = factNamed(facts, "Loop tile");
    for (const int size : {chunk.loop.rows, chunk.loop.columns, chunk.loop.outputs}) {
        EXPECT_TRUE(tile.contains(QString::number(size))) << tile.toStdString();
    }
    EXPECT_EQ(factNamed(facts, "Layers"), QString::number(design.cost.chunks[0].layers));
    EXPECT_EQ(factNamed(facts, "Word"), QStringLiteral("%1 bits").arg(chunk.bits));
}

TEST(AcceleratorFactsTest, ALoopNestChunkSaysItsOrdersAndMemories) {
    const auto design = test::asicDesign();
    const auto facts = chunkFacts(design.accelerator, design.cost, 0);
    QString order;
    for (const auto dim : design.accelerator.arrays[0].dramOrder) {
        order += (order.isEmpty() ? "" : " ") + QString::fromStdString(std::string(word(dim)));
    }
    EXPECT_EQ(factNamed(facts, "DRAM order"), order);
    EXPECT_TRUE(factNamed(facts, "Register file").endsWith("per PE"));
}

TEST(ArrayShapeTest, IsWhatTheChunkUnrolls) {
    const auto design = test::asicDesign();
    for (std::size_t i = 0; i < design.accelerator.arrays.size(); ++i) {
        const auto& spatial = design.accelerator.arrays[i].spatial;
        const auto pes =
            std::accumulate(spatial.begin(), spatial.end(), std::int64_t{1}, std::multiplies<>());
        const auto shape = arrayShape(design.accelerator, design.cost, i);
        EXPECT_EQ(shape.rows * shape.columns, pes);
    }
    EXPECT_EQ(arrayShape(design.accelerator, design.cost, 99), ArrayShape{});
}

TEST(ArrayShapeTest, HasThePesThatUtilizationIsAShareOf) {
    for (const char* preset : {"fashion-mnist-zc706", "dna-cifar10-zc706", "dna-cifar10-asic"}) {
        for (int option = 0; option < 4; ++option) {
            auto design = test::sampleDesign(preset, option);
            std::vector<int> chunks;
            for (const auto& layer : design.cost.layers) chunks.push_back(layer.chunk);
            design.accelerator =
                hardware::fittedAccelerator(design.network, design.accelerator, chunks);
            for (const auto& layer : design.cost.layers) {
                const auto shape = arrayShape(design.accelerator, design.cost,
                                              static_cast<std::size_t>(layer.chunk));
                const auto used = model::spatialExtent(layer.mapping);
                const auto inUse = static_cast<double>(used.rows * used.columns);
                const auto pes = static_cast<double>(shape.pes);
                if (layer.cycles <= 0) continue;
                EXPECT_LE(inUse, pes) << preset;
                EXPECT_LE(layer.spatialUtilization, inUse / pes + 1e-9) << preset;
            }
        }
    }
}

TEST(ResourceBarTest, StacksTheChunksAgainstTheLimit) {
    ResourceBar bar("DSP");
    bar.resize(400, bar.sizeHint().height());
    bar.setShares({{"first", 300, 0}, {"second", 100, 1}}, 800);
    EXPECT_EQ(bar.text(), "DSP 400 / 800");
    EXPECT_FALSE(bar.beyondLimit());
    const int middle = bar.height() - 6;
    EXPECT_TRUE(bar.shareAt({75, middle}).startsWith("first: 300"));
    EXPECT_TRUE(bar.shareAt({175, middle}).startsWith("second: 100"));
    EXPECT_EQ(bar.shareAt({350, middle}), QString());
    bar.setShares({{"first", 900, 0}}, 800);
    EXPECT_TRUE(bar.beyondLimit());
}

TEST(PeGridTest, LargeArraysAreScaledDownAndNoneIsLost) {
    const QRectF area(0, 0, 240, 120);
    for (const PeGrid grid : {PeGrid{4, 4, 4, 4}, PeGrid{1, 1000, 1, 900}, PeGrid{300, 70, 1, 1}}) {
        const auto layout = fitPeGrid(grid, area, 20);
        EXPECT_TRUE(area.contains(layout.area));
        EXPECT_GE(layout.cellRows * layout.rowsPerCell, grid.rows);
        EXPECT_GE(layout.cellColumns * layout.columnsPerCell, grid.columns);
        EXPECT_LT((layout.cellRows - 1) * layout.rowsPerCell, grid.rows);
        EXPECT_GE(layout.area.width() / static_cast<double>(layout.cellColumns), 5.99);
    }
}

}  // namespace
}  // namespace cohelix::ui
