// SPDX-License-Identifier: GPL-3.0-or-later
// Names that look like HTML are shown as they are written, wherever a design is shown.
#include <QAbstractItemModel>
#include <QLabel>
#include <QTreeView>

#include "ui/hub/plain_text.h"
#include "ui/views/design/accelerator_view.h"
#include "ui/views/design/design_card.h"
#include "ui/views/design/layer_facts.h"
#include "ui/views/design/mapping_view.h"
#include "ui/views/design/network_view.h"
#include "ui/views/design/utilization_view.h"
#include "ui/views/design/why_view.h"

#include "tests/ui/support/fake_session.h"
#include "tests/ui/support/find.h"
#include "tests/ui/views/design/sample_design.h"

namespace cohelix::ui {
namespace {

constexpr const char* kName = "<img src='file:///x'><b>name</b>";

DesignDetails hostileDesign() {
    auto details = test::fpgaDesign();
    for (auto& chunk : details.accelerator.pipeline) chunk.name = kName;
    for (auto& chunk : details.specification.accelerator.pipeline) chunk.name = kName;
    for (auto& layer : details.network.layers) layer.name = kName + layer.name;
    for (auto& layer : details.cost.layers) {
        for (auto& traffic : layer.traffic) traffic.memory = kName;
        if (!layer.traffic.empty()) layer.limit = {model::TimeLimit::Kind::Bandwidth, 0};
    }
    return details;
}

/// Labels that would read the name as HTML.
void expectPlain(const QWidget& view) {
    for (const auto* label : view.findChildren<QLabel*>()) {
        if (label->textFormat() == Qt::PlainText) continue;
        EXPECT_FALSE(label->text().contains(QStringLiteral("<img"))) << label->text().toStdString();
    }
    for (const auto* widget : view.findChildren<QWidget*>()) {
        EXPECT_FALSE(widget->toolTip().contains(QStringLiteral("<img")))
            << widget->toolTip().toStdString();
    }
}

TEST(PlainNames, AreNeverTakenForHtml) {
    const auto design = hostileDesign();
    const auto check = [&](auto& view) {
        view.setDesign(design);
        expectPlain(view);
    };
    AcceleratorView accelerator;
    check(accelerator);
    MappingView mapping;
    check(mapping);
    UtilizationView utilization;
    check(utilization);
    Worker worker(QStringLiteral("cost models"));
    Explainer explainer(worker);
    WhyView why(explainer);
    why.show();
    why.setDesign(std::make_shared<const DesignDetails>(design));
    why.setLayer(0);
    // On a busy machine the neighbours of a design take their time.
    const auto priced = [&why] {
        return labelText(why, "whyBought").contains(QStringLiteral("<p"));
    };
    for (int i = 0; i < 12 && !priced(); ++i) waitFor(priced);
    ASSERT_TRUE(priced());
    expectPlain(why);
    DesignCard card;
    check(card);
    NetworkView network;
    network.setNetwork(design.network);
    const auto* rows = network.findChild<QTreeView*>()->model();
    int layers = 0;
    for (int row = 0; row < rows->rowCount(); ++row) {
        const auto toolTip = rows->data(rows->index(row, 0), Qt::ToolTipRole).toString();
        EXPECT_FALSE(toolTip.contains(QStringLiteral("<img"))) << toolTip.toStdString();
        layers += toolTip.contains(QStringLiteral("&lt;img")) ? 1 : 0;
    }
    EXPECT_GT(layers, 0);
}

TEST(PlainNames, StandOnOneLine) {
    EXPECT_EQ(oneLine(QStringLiteral("a\nb\tc\x1f")), QStringLiteral("a\\nb\\tc\\u001f"));
    auto details = test::fpgaDesign();
    ASSERT_FALSE(details.accelerator.pipeline.empty());
    details.accelerator.pipeline[0].name = "first\nsecond";
    EXPECT_EQ(chunkLabel(details.accelerator, 0), QStringLiteral("first\\nsecond"));
    AcceleratorView view;
    view.setDesign(details);
    int cards = 0;
    for (const auto* card : view.findChildren<QWidget*>()) {
        EXPECT_FALSE(card->accessibleName().contains('\n'));
        cards += card->accessibleName().contains(QStringLiteral("first\\nsecond")) ? 1 : 0;
    }
    EXPECT_GT(cards, 0);
}

TEST(PlainNames, InToolTipsStayAsTheyAre) {
    EXPECT_EQ(plainToolTip(QStringLiteral("3 < 4\nand more")), QStringLiteral("3 < 4\nand more"));
    EXPECT_TRUE(plainToolTip(QStringLiteral("<b>x</b>")).contains(QStringLiteral("&lt;b&gt;")));
}

}  // namespace
}  // namespace cohelix::ui
