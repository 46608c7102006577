// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/model/design.h"
#include "core/model/device.h"

namespace cohelix::model {
namespace {

TEST(Layer, CountsOfADepthwiseAndAStridedConvolution) {
    Layer layer;
    layer.size(Dim::K) = layer.size(Dim::C) = layer.groups = 32;
    layer.size(Dim::P) = layer.size(Dim::Q) = 14;
    layer.size(Dim::R) = layer.size(Dim::S) = 5;
    layer.stride = 2;
    EXPECT_TRUE(layer.depthwise());
    EXPECT_EQ(macs(layer), 32 * 14 * 14 * 25);
    EXPECT_EQ(words(layer, Tensor::Weights), 32 * 25);
    EXPECT_EQ(words(layer, Tensor::Inputs), 32 * 31 * 31);
    EXPECT_EQ(words(layer, Tensor::Outputs), 32 * 14 * 14);
    EXPECT_EQ(parameters(layer), 32 * 25 + 2 * 32);
}

TEST(Layer, StridesOfRowsAndColumnsMayDiffer) {
    Layer layer;
    layer.size(Dim::P) = 10;
    layer.size(Dim::Q) = 20;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    layer.stride = {2, 1};
    layer.dilation = {1, 4};
    EXPECT_EQ(words(layer, Tensor::Inputs), (9 * 2 + 2 + 1) * (19 + 2 * 4 + 1));
    EXPECT_EQ(perAxisText(layer.stride), "2 x 1");
    EXPECT_EQ(perAxisText(7), "7");
}

TEST(Layer, ZerosAroundTheInputsAreNoWords) {
    Layer layer;  // the first convolution of ResNet-18
    layer.size(Dim::C) = 3;
    layer.size(Dim::P) = layer.size(Dim::Q) = 112;
    layer.size(Dim::R) = layer.size(Dim::S) = 7;
    layer.stride = 2;
    EXPECT_EQ(words(layer, Tensor::Inputs), 3 * 229 * 229);
    layer.border = borderAround(layer, 3, 224, 224);
    EXPECT_EQ(layer.border, (Border{3, 2}));  // the last row of zeros is not touched
    EXPECT_EQ(words(layer, Tensor::Inputs), 3 * 224 * 224);
    EXPECT_EQ(evenBorder(layer), layer.border);
    EXPECT_EQ(words(withZerosAsWords(layer), Tensor::Inputs), 3 * 229 * 229);
    // A row more than the kernel reaches is no word either; zeros alone are no inputs.
    EXPECT_EQ(borderAround(layer, 3, 230, 224).after, (PerAxis{0, 2}));
    EXPECT_EQ(borderAround(layer, 229, 224, 0), Border{});
}

TEST(Mapping, LoopNestTellsSpatialFromTemporal) {
    const Mapping mapping = {{{"DRAM", {{Dim::K, 4, LoopKind::Temporal}}, {true, true, true}},
                              {"PE array", {{Dim::C, 8, LoopKind::Rows}}, {false, false, false}}}};
    EXPECT_EQ(loopNestText(mapping),
              "// DRAM: weights inputs outputs\n"
              "for k in 0..4\n"
              "  // PE array:\n"
              "  parallel-for c in 0..8  // PE rows\n"
              "    multiply-accumulate\n");
    EXPECT_EQ(compactText(mapping), "DRAM[K4] PE array[C8:rows]");
    EXPECT_EQ(spatialExtent(mapping), (SpatialExtent{8, 1}));
}

TEST(DesignKey, RoundTripAndRefusal) {
    const DesignChoices choices = {{3, 0, 12}, {0, 7}};
    EXPECT_EQ(keyOf(choices), "3.0.12|0.7");
    EXPECT_EQ(choicesFromKey("3.0.12|0.7"), choices);
    EXPECT_EQ(choicesFromKey("|"), DesignChoices());
    for (const char* bad : {"", "1.2", "1.|2", "1|-2", "1..2|3", "a|1", "1|2|3", "99999999999|1"}) {
        EXPECT_FALSE(choicesFromKey(bad)) << bad;
    }
}

TEST(Devices, AreFoundInAnyLetterCase) {
    ASSERT_TRUE(findDevice("zc706"));
    EXPECT_EQ(findDevice("zc706")->dsp, 900);
    EXPECT_EQ(findDevice("ZCU102")->bram18k, 1824);
    EXPECT_FALSE(findDevice("ZC70"));
    for (const auto& device : devices()) EXPECT_FALSE(device.source.empty()) << device.name;
}

TEST(Devices, HaveWhatTheirDataSheetsSay) {
    struct Part {
        const char* name;
        int dsp, bram18k, lut, uram;
    };
    for (const auto& part : {Part{"ZC706", 900, 1090, 218600, 0},
                             {"ZCU102", 2520, 1824, 274080, 0},
                             {"Ultra96", 360, 432, 70560, 0},
                             {"PYNQ-Z2", 220, 280, 53200, 0},
                             {"VC709", 3600, 2940, 433200, 0},
                             {"KV260", 1248, 288, 117120, 64},
                             {"Alveo-U250", 12288, 5376, 1728000, 1280},
                             {"ZC706-authors", 900, 700, 218600, 0}}) {
        const auto device = findDevice(part.name);
        ASSERT_TRUE(device) << part.name;
        EXPECT_EQ(device->dsp, part.dsp) << part.name;
        EXPECT_EQ(device->bram18k, part.bram18k) << part.name;
        EXPECT_EQ(device->lut, part.lut) << part.name;
        EXPECT_EQ(device->uram, part.uram) << part.name;
        EXPECT_EQ(device->flipFlops, 2 * part.lut) << part.name;  // two beside each table
    }
    for (const int node : {65, 40, 28}) {
        EXPECT_EQ(findDevice("ASIC-" + std::to_string(node) + "nm")->nodeNm, node);
    }
}

}  // namespace
}  // namespace cohelix::model
