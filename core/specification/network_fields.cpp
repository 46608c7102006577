// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/network_fields.h"

#include <algorithm>

#include "core/specification/field_lists.h"
#include "core/specification/field_visitors.h"

namespace cohelix::spec {
namespace {

using base::Json;
using base::JsonReader;

constexpr int kMostChannels = 8192;
constexpr int kMostBlocks = 512;

template <typename Visitor, typename T>
void stageFields(Visitor& v, T& stage) {
    v.integer("channels", stage.channels, {1, kMostChannels},
              {"output channels of the stage's blocks, 1 to 8,192; all operators of all blocks "
               "have at most 1,073,741,824 weights together"});
    v.integer("blocks", stage.blocks, {1, kMostBlocks}, {"searchable blocks in the stage"});
    v.integer("stride", stage.stride, {1, 4}, {"stride of the stage's first block", "pixels"});
}

/// Groups must divide the channels of every block that could use them.
void checkGroups(const NetworkSpace& space, JsonReader& json) {
    for (const auto& shape : blockShapes(space)) {
        for (std::size_t i = 0; i < space.operators.size(); ++i) {
            const auto& op = space.operators[i];
            if (shape.inputs % op.groups == 0 && shape.outputs % op.groups == 0) continue;
            json.fail(element("operators", i),
                      std::to_string(op.groups) + " groups do not divide the " +
                          std::to_string(shape.inputs) + " to " + std::to_string(shape.outputs) +
                          " channels of a block",
                      "Use channel counts that the groups divide");
        }
    }
}

std::vector<Operator> readOperators(JsonReader& json) {
    std::vector<Operator> operators;
    const auto names = json.texts("operators");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto op = parseOperator(names[i]);
        if (!op) {
            json.fail(element("operators", i), "'" + names[i] + "' is no operator",
                      "Write k3_e6 (kernel 1, 3, 5 or 7, expansion 1 to 16), k3_e6_g2 (2 or 4 "
                      "groups in the 1x1 convolutions), or skip");
            return operators;
        }
        if (std::find(operators.begin(), operators.end(), *op) != operators.end()) {
            json.fail(element("operators", i), "'" + names[i] + "' stands there twice");
        }
        operators.push_back(*op);
    }
    return operators;
}

int blocksIn(const NetworkSpace& space) {
    int blocks = 0;
    for (const auto& stage : space.stages) blocks += stage.blocks;
    return blocks;
}

}  // namespace

template <typename Visitor, typename T>
void dataSetFields(Visitor& v, T& data) {
    v.word(
        "kind", data.kind,
        {.meaning = "fashion-mnist, mnist, cifar10, cifar100 or image-folder", .label = "Images"});
    v.text(
        "path", data.path, "",
        {.meaning =
             "folder with the files; where it is not there, the folder of that name or of the kind "
             "in $COHELIX_DATASETS; empty: the usual places",
         .label = "Folder"});
    v.number("validation_fraction", data.validationFraction, {0.001, 0.9}, 0.1,
             {.meaning = "share of the training images held out for choosing designs",
              .unit = "share",
              .shortUnit = ""});
    v.integer("crop_padding", data.cropPadding, {0, 64}, 0,
              {"augmentation: random crop after padding each side", "pixels"});
    v.flag("flip", data.flip,
           {.meaning = "augmentation: random horizontal flip", .label = "Random flip"});
}

template <typename Visitor, typename T>
void networkFields(Visitor& v, T& space) {
    v.object("input", [&](auto& input) {
        input.integer("channels", space.input.channels, {1, 64}, {"channels of an image"});
        input.integer("height", space.input.height, {1, kMostPixels},
                      {"rows of an image", "pixels"});
        input.integer("width", space.input.width, {1, kMostPixels},
                      {"columns of an image", "pixels"});
    });
    v.integer("classes", space.classes, {2, 65535}, {"number of labels: those of the data set"});
    v.object("stem", [&](auto& stem) {
        stem.integer("channels", space.stemChannels, {1, kMostChannels},
                     {"output channels of the first convolution, 1 to 8,192"});
        stem.integer("kernel", space.stemKernel, {1, 7}, {"its kernel size, odd", "pixels"});
        stem.integer("stride", space.stemStride, {1, 4}, {"its stride", "pixels"});
        if constexpr (Visitor::kReads) {
            if (space.stemKernel % 2 == 0) {
                stem.json().fail("kernel", "must be odd: 1, 3, 5 or 7");
            }
        }
    });
    v.objects("stages", space.stages, [](auto& inner, auto&& stage) { stageFields(inner, stage); });
    if constexpr (Visitor::kReads) {
        const int blocks = blocksIn(space);
        if (space.stages.empty() || blocks > kMostBlocks) {
            v.json().fail("stages", "there must be 1 to 512 searchable blocks, but there are " +
                                        std::to_string(blocks));
        }
        space.operators = readOperators(v.json());
    } else if constexpr (Visitor::kExplains) {
        v.say("operators",
              {"what each block may be: k<kernel>_e<expansion>[_g<groups>] (1x1 convolution, "
               "depthwise convolution, 1x1 convolution) or skip"});
    } else {
        v.json()["operators"] =
            textsOf(space.operators, [](const Operator& op) { return toText(op); });
    }
    v.integer("head_channels", space.headChannels, {0, kMostChannels}, 0,
              {.meaning = "1x1 convolution before pooling, up to 8,192; 0: none",
               .unit = "channels",
               .shortUnit = ""});
    if constexpr (Visitor::kReads) {
        if (blocksIn(space) <= kMostBlocks) checkGroups(space, v.json());
    }
}

template void dataSetFields(ReadsFields&, DataSetSpec&);
template void dataSetFields(WritesFields&, const DataSetSpec&);
template void dataSetFields(ExplainsFields&, const DataSetSpec&);

template void networkFields(ReadsFields&, NetworkSpace&);
template void networkFields(WritesFields&, const NetworkSpace&);
template void networkFields(ExplainsFields&, const NetworkSpace&);

}  // namespace cohelix::spec
