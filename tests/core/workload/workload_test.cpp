// SPDX-License-Identifier: GPL-3.0-or-later
//
// Published parameter and multiply-accumulate counts, each with its source.

#include "core/workload/workload.h"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "core/base/csv.h"

namespace cohelix::workload {
namespace {

using model::Dim;

const std::filesystem::path kData = COHELIX_DATA;

Workload known(std::string_view name) {
    auto result = workload(name);
    EXPECT_TRUE(result.ok()) << base::toText(result.error());
    return result.ok() ? *result : Workload{};
}

const model::Layer& layerOf(const Workload& network, const std::string& name) {
    for (const auto& layer : network.layers) {
        if (layer.name == name) return layer;
    }
    throw std::runtime_error(network.name + " has no " + name);
}

struct Published {
    const char* name;
    std::int64_t parameters;
    double millionMacs;  ///< of convolutions and matrix products
    double within;       ///< half of the last published digit
    const char* source;
    std::size_t layers;
};

TEST(Workload, InputsAreWhatTheImagesHold) {
    const auto network = known("resnet18");
    const auto inputs = [&](const char* name) {
        return words(layerOf(network, name), model::Tensor::Inputs);
    };
    EXPECT_EQ(inputs("conv1"), 3 * 224 * 224);
    EXPECT_EQ(inputs("layer1.0.conv1"), 64 * 56 * 56);
    EXPECT_EQ(inputs("layer2.0.conv1"), 64 * 56 * 56);
    EXPECT_EQ(inputs("layer4.1.conv2"), 512 * 7 * 7);
    // The kernel of the last 1 x 1 convolution with stride 2 does not reach the last row.
    EXPECT_EQ(inputs("layer4.0.shortcut"), 256 * 13 * 13);
    EXPECT_EQ(words(layerOf(known("alexnet"), "conv1"), model::Tensor::Inputs), 3 * 227 * 227);
}

class PublishedCounts : public testing::TestWithParam<Published> {};

TEST_P(PublishedCounts, AreReproduced) {
    const auto& published = GetParam();
    const auto network = known(published.name);
    EXPECT_EQ(network.parameters, published.parameters) << published.source;
    EXPECT_NEAR(static_cast<double>(macs(network)) * 1e-6, published.millionMacs, published.within)
        << published.source;
    EXPECT_EQ(network.layers.size(), published.layers);
}

INSTANTIATE_TEST_SUITE_P(
    Networks, PublishedCounts,
    testing::Values(
        Published{"alexnet", 60965224, 724, 0.5,
                  "parameters: the Caffe model zoo's bvlc_alexnet; MACs: Sze et al., Proc. IEEE "
                  "2017, table II (666 M + 58.6 M)",
                  8},
        Published{"vgg16", 138357544, 15470, 5, "torchvision: vgg16, 15.47 GFLOPS", 16},
        Published{"resnet18", 11689512, 1814, 0.5, "torchvision: resnet18, 1.814 GFLOPS", 21},
        Published{"resnet50", 25557032, 4089, 0.5, "torchvision: resnet50, 4.089 GFLOPS", 54},
        Published{"mobilenetv2", 3504872, 301, 0.5, "torchvision: mobilenet_v2, 0.301 GFLOPS", 53},
        Published{"efficientnet-b0", 5288548, 386, 0.5,
                  "torchvision: efficientnet_b0, 0.386 GFLOPS", 82},
        Published{
            "fbnet-c-like", 5572200, 375, 10,
            "parameters: imgclsmob, FBNet-Cb; MACs: the paper's table, 375 M, which ours pass "
            "by 10 M (2.7 %)",
            66},
        Published{
            "proxylessnas-mobile-like", 4080512, 320, 0.5,
            "parameters: imgclsmob, ProxylessNAS Mobile; MACs: the authors' repository, 320 M", 62},
        Published{"bert-base", 109482240, 11250, 100,
                  "parameters: Hugging Face's bert-base-uncased; MobileBERT (ACL 2020), table 4: "
                  "22.5 B FLOPs at 128 tokens, two a MAC",
                  97}),
    [](const auto& each) {
        std::string name = each.param.name;
        std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
        return name;
    });

TEST(Workload, LayersHaveNamesOfTheirOwnAndSizesThatFit) {
    for (const char* name :
         {"alexnet", "vgg16", "resnet18", "resnet50", "mobilenetv2", "efficientnet-b0",
          "fbnet-c-like", "proxylessnas-mobile-like", "bert-base", "bert-base:384", "nasbench201:1",
          "nasbench-macro:21012012"}) {
        const auto network = known(name);
        EXPECT_FALSE(network.source.empty());
        std::set<std::string> names;
        for (const auto& layer : network.layers) {
            EXPECT_TRUE(names.insert(layer.name).second) << name << ": " << layer.name;
            EXPECT_EQ(layer.size(Dim::C) % layer.groups, 0) << layer.name;
            EXPECT_EQ(layer.size(Dim::K) % layer.groups, 0) << layer.name;
            for (const Dim dim : model::kAllDims) EXPECT_GE(layer.size(dim), 1) << layer.name;
        }
    }
}

TEST(Workload, EyerissTableHasTheSameLayersOfAlexNet) {
    const auto path = kData / "eyeriss_alexnet.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
    const auto table = base::CsvTable::read(path, {"layer", "batch", "computed_macs"});
    ASSERT_TRUE(table.ok()) << base::toText(table.error());
    const auto network = known("alexnet");
    const std::int64_t most = std::int64_t{1} << 40;
    for (std::size_t row = 0; row < table->rows(); ++row) {
        const auto& layer = network.layers[row];
        EXPECT_EQ(macs(layer) * *table->integer(row, "batch", 1, 100),
                  *table->integer(row, "computed_macs", 0, most))
            << layer.name;
        EXPECT_EQ(layer.size(Dim::C) / layer.groups, *table->integer(row, "C_per_group", 1, most));
        EXPECT_EQ(layer.size(Dim::K), *table->integer(row, "M_total", 1, most));
        EXPECT_EQ(layer.size(Dim::P), *table->integer(row, "output_EF", 1, most));
        EXPECT_EQ(layer.size(Dim::R), *table->integer(row, "filter_RS", 1, most));
        EXPECT_EQ(layer.stride, *table->integer(row, "stride", 1, most));
    }
    EXPECT_EQ(table->rows(), 5U);
}

TEST(Workload, BertsAttentionIsOneGroupAHead) {
    const auto network = known("bert-base:384");
    const auto& scores = layerOf(network, "block3.scores");
    EXPECT_EQ(loopSize(scores, Dim::G), 12);
    EXPECT_EQ(loopSize(scores, Dim::C), 64);
    EXPECT_EQ(loopSize(scores, Dim::K), 384);
    EXPECT_EQ(scores.size(Dim::P), 384);
    const auto& context = layerOf(network, "block3.context");
    EXPECT_EQ(loopSize(context, Dim::C), 384);
    EXPECT_EQ(loopSize(context, Dim::K), 64);
    // Parameters do not depend on the length of the text.
    EXPECT_EQ(network.parameters, known("bert-base").parameters);
}

TEST(NasBenchMacro, AllNetworksHaveThePublishedCounts) {
    const auto path = kData / "nasbench_macro.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
    const auto table = base::CsvTable::read(path, {"arch", "params", "flops"});
    ASSERT_TRUE(table.ok()) << base::toText(table.error());
    const std::int64_t most = std::int64_t{1} << 40;
    for (std::size_t row = 0; row < table->rows(); ++row) {
        const auto network = nasBenchMacro(table->text(row, "arch"));
        ASSERT_TRUE(network.ok()) << base::toText(network.error());
        ASSERT_EQ(network->parameters, *table->integer(row, "params", 0, most)) << network->name;
        ASSERT_EQ(macs(*network), *table->integer(row, "flops", 0, most)) << network->name;
    }
    EXPECT_EQ(table->rows(), 6561U);
}

TEST(NasBench201, IndexGivesThePublishedCell) {
    const auto path = kData / "nasbench201.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
    const auto table = base::CsvTable::read(path, {"index", "cell"});
    ASSERT_TRUE(table.ok()) << base::toText(table.error());
    std::set<std::string> cells;
    for (std::size_t row = 0; row < table->rows(); ++row) {
        const auto cell = nasBench201Cell(*table->integer(row, "index", 0, 15624));
        ASSERT_EQ(*cell, table->text(row, "cell")) << table->where(row);
        cells.insert(*cell);
    }
    EXPECT_EQ(cells.size(), 15625U);
}

TEST(NasBench201, CountsReachThePublishedEnds) {
    // The benchmark's own figures for CIFAR-10: 0.073306 … 1.531546 million parameters and
    // 7.78305 … 220.11969 million FLOPs; it counts an addition for each of the ten biases.
    const auto all = known(
        "nasbench201:|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|"
        "nor_conv_3x3~1|nor_conv_3x3~2|");
    EXPECT_EQ(all.parameters, 1531546);
    EXPECT_EQ(macs(all) + 10, 220119690);
    const auto none = known("nasbench201:|none~0|+|none~0|none~1|+|none~0|none~1|none~2|");
    EXPECT_EQ(none.parameters, 73306);
    EXPECT_EQ(macs(none) + 10, 7783050);
}

TEST(NasBench201, EveryCellHasTheCountsOfItsConvolutions) {
    // Parameters and FLOPs are linear in the numbers of 3 x 3 and 1 x 1 convolutions: at every
    // stage five of each edge, 48,608 and 5,600 parameters.
    for (std::int64_t index = 0; index < 15625; index += 13) {
        const auto cell = *nasBench201Cell(index);
        const auto network = nasBench201(cell);
        ASSERT_TRUE(network.ok());
        const auto count = [&](std::string_view name) {
            std::int64_t found = 0;
            for (auto at = cell.find(name); at != std::string::npos; at = cell.find(name, at + 1)) {
                ++found;
            }
            return found;
        };
        const auto large = count("conv3x3");
        const auto small = count("conv1x1");
        ASSERT_EQ(network->parameters, 73306 + 5 * (48608 * large + 5600 * small));
        ASSERT_EQ(macs(*network), 7783040 + 15 * (2359296 * large + 262144 * small));
        ASSERT_EQ(network->name, "nasbench201:" + cell);
    }
}

TEST(Workload, RefusesWhatItDoesNotKnow) {
    const auto refused = [](std::string_view name) {
        const auto result = workload(name);
        EXPECT_FALSE(result.ok()) << name;
        return result.ok() ? std::string() : base::toText(result.error());
    };
    EXPECT_NE(refused("resnet51").find("Use one of: alexnet"), std::string::npos);
    EXPECT_NE(refused("").find("no such network"), std::string::npos);
    EXPECT_NE(refused("resnet50:3").find("no such network"), std::string::npos);
    EXPECT_NE(refused("bert-base:0").find("1 to 512"), std::string::npos);
    EXPECT_NE(refused("bert-base:99999999999999999999").find("no number"), std::string::npos);
    EXPECT_NE(refused("bert-base:12a").find("no number"), std::string::npos);
    EXPECT_NE(refused("nasbench201:15625").find("15,624"), std::string::npos);
    EXPECT_NE(refused("nasbench201:-1").find("15,624"), std::string::npos);
    EXPECT_NE(refused("nasbench201:|conv3x3~0|+|none~0|").find("no cell"), std::string::npos);
    EXPECT_NE(
        refused("nasbench201:|conv7x7~0|+|none~0|none~1|+|none~0|none~1|none~2|").find("no cell"),
        std::string::npos);
    EXPECT_NE(
        refused("nasbench201:|none~0|+|none~0|none~1|+|none~0|none~1|none~2||").find("no cell"),
        std::string::npos);
    EXPECT_NE(refused("nasbench-macro:1022021").find("eight digits"), std::string::npos);
    EXPECT_NE(refused("nasbench-macro:10220213").find("eight digits"), std::string::npos);
}

}  // namespace
}  // namespace cohelix::workload
