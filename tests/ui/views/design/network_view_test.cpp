// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/network_view.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include "ui/views/design/network_model.h"

#include "sample_design.h"

namespace cohelix::ui {
namespace {

class NetworkViewTest : public testing::Test {
protected:
    void SetUp() override {
        m_view.resize(480, 600);
        m_view.setNetwork(m_design.network);
        m_view.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&m_view));
    }

    QTreeView& tree() { return *m_view.findChild<QTreeView*>(); }
    QModelIndex indexOfLayer(int layer) {
        const auto& model = static_cast<const NetworkModel&>(*tree().model());
        return model.index(model.rowOfLayer(layer), 0);
    }
    void click(const QModelIndex& index) {
        tree().scrollTo(index);
        QTest::mouseClick(tree().viewport(), Qt::LeftButton, Qt::NoModifier,
                          tree().visualRect(index).center());
    }

    DesignDetails m_design = test::fpgaDesign();
    NetworkView m_view;
};

TEST_F(NetworkViewTest, ClickOnALayerSelectsIt) {
    const QSignalSpy selected(&m_view, &NetworkView::layerSelected);
    const int last = static_cast<int>(m_design.network.layers.size()) - 1;
    for (const int layer : {0, 3, last}) {
        click(indexOfLayer(layer));
        ASSERT_FALSE(selected.isEmpty());
        EXPECT_EQ(selected.last().front().toInt(), layer);
        EXPECT_EQ(m_view.selectedLayer(), layer);
    }
    EXPECT_EQ(selected.size(), 3);
}

TEST_F(NetworkViewTest, ClickOnAHeadingSelectsNoLayer) {
    const QSignalSpy selected(&m_view, &NetworkView::layerSelected);
    const auto& model = static_cast<const NetworkModel&>(*tree().model());
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.layerOfRow(row) < 0) click(model.index(row, 0));
    }
    EXPECT_TRUE(selected.isEmpty());
}

TEST_F(NetworkViewTest, ArrowKeysReachTheNextLayer) {
    m_view.setSelectedLayer(0);
    const QSignalSpy selected(&m_view, &NetworkView::layerSelected);
    tree().setFocus();
    while (selected.isEmpty() && tree().currentIndex().row() + 1 < tree().model()->rowCount()) {
        QTest::keyClick(&tree(), Qt::Key_Down);
    }
    ASSERT_EQ(selected.size(), 1);
    EXPECT_EQ(selected.front().front().toInt(), 1);
}

TEST_F(NetworkViewTest, SelectionFromOutsideIsShownAndNotEchoed) {
    const QSignalSpy selected(&m_view, &NetworkView::layerSelected);
    m_view.setSelectedLayer(5);
    EXPECT_EQ(m_view.selectedLayer(), 5);
    m_view.setSelectedLayer(-1);
    EXPECT_EQ(m_view.selectedLayer(), -1);
    EXPECT_TRUE(selected.isEmpty());
}

TEST_F(NetworkViewTest, EveryColumnFitsANarrowDock) {
    int width = 0;
    for (int column = 0; column < NetworkModel::kColumns; ++column) {
        width += tree().columnWidth(column);
    }
    EXPECT_LE(width, tree().viewport()->width());
}

TEST(NetworkModelTest, LayersAndHeadingsStandInOrder) {
    const auto design = test::fpgaDesign();
    NetworkModel model;
    model.setNetwork(design.network);
    int nextLayer = 0;
    int nextBlock = 0;
    for (const auto& row : model.rows()) {
        if (row.kind == NetworkRow::Kind::Heading) {
            EXPECT_EQ(row.block, nextBlock++);
        } else if (row.kind == NetworkRow::Kind::Layer) {
            EXPECT_EQ(row.layer, nextLayer++);
            const auto& layer = design.network.layers[static_cast<std::size_t>(row.layer)];
            if (layer.block >= 0) {
                EXPECT_EQ(layer.block, nextBlock - 1);
            }
        }
    }
    EXPECT_EQ(nextLayer, static_cast<int>(design.network.layers.size()));
    EXPECT_EQ(nextBlock, static_cast<int>(design.network.operators.size()));
}

TEST(NetworkModelTest, SharesOfTheLayersAddUpToOne) {
    NetworkModel model;
    model.setNetwork(test::fpgaDesign().network);
    double layers = 0;
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.layerOfRow(row) < 0) continue;
        layers += model.index(row, NetworkModel::Share).data(NetworkModel::ShareRole).toDouble();
    }
    EXPECT_NEAR(layers, 1, 1e-12);
}

TEST(NetworkModelTest, SkipConnectionsRunFromTheirSourceToTheirSum) {
    const auto design = test::fpgaDesign();
    NetworkModel model;
    model.setNetwork(design.network);
    const auto lanesAt = [&](int layer) {
        return model.index(model.rowOfLayer(layer), 0)
            .data(NetworkModel::LanesRole)
            .value<SkipLanes>();
    };
    int skips = 0;
    for (std::size_t i = 0; i < design.network.layers.size(); ++i) {
        const int layer = static_cast<int>(i);
        const int source = design.network.layers[i].addedTo;
        EXPECT_EQ(lanesAt(layer).joins != 0, source >= 0);
        if (source < 0) continue;
        ++skips;
        const unsigned lane = lanesAt(layer).joins;
        EXPECT_TRUE(lanesAt(source).leaves & lane);
        for (int between = source + 1; between < layer; ++between) {
            EXPECT_TRUE(lanesAt(between).above & lane);
            EXPECT_TRUE(lanesAt(between).below & lane);
        }
    }
    EXPECT_GT(skips, 0);
}

TEST(NetworkModelTest, AnEmptyNetworkHasNoRows) {
    NetworkModel model;
    model.setNetwork({});
    EXPECT_EQ(model.rowCount(), 0);
}

}  // namespace
}  // namespace cohelix::ui
