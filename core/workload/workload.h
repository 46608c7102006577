// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Published networks as lists of layers for the cost models and the mapper: the convolutions and
// matrix products that do the work, with the counts by which each can be checked. Pooling,
// activations, normalisation and additions are no layers here. Plain functions, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/layer.h"

namespace cohelix::workload {

/// A network as work to do. Layers are in order of execution, for one image (one text); their
/// trainer's facts (input, addedTo, relu, shuffleGroups) are left as they are by default.
struct Workload {
    std::string name;
    std::string source;  ///< paper, and the variant where there are several
    std::vector<model::Layer> layers;
    /// Trained parameters of the whole network: weights, biases, normalisation, embeddings.
    std::int64_t parameters = 0;
    friend bool operator==(const Workload&, const Workload&) = default;
};

/// Multiply-accumulates of all layers.
std::int64_t macs(const Workload& workload);

/// What a layer of this shape does in a network: depthwise; classifier where it is a product with
/// a vector; expand or project where its kernel is 1 x 1; else stem.
model::LayerRole roleByShape(const model::Layer& layer);

struct WorkloadName {
    std::string_view name;     ///< "resnet50"; "nasbench201:" where a text must follow
    std::string_view meaning;  ///< "ResNet-50, ImageNet, 224 x 224"
};
/// All that workload() knows, letter case ignored.
const std::vector<WorkloadName>& workloadNames();

/// "alexnet", "vgg16", "resnet18", "resnet50", "mobilenetv2", "efficientnet-b0", "fbnet-c-like",
/// "proxylessnas-mobile-like", "bert-base" (128 tokens), "bert-base:384", "nasbench201:6111",
/// "nasbench201:|conv3x3~0|+|…|", "nasbench-macro:10220212". Errors: another name; an index, cell
/// or digits that are none.
base::Result<Workload> workload(std::string_view name);

/// BERT-base with so many tokens, 1 … 512.
base::Result<Workload> bertBase(std::int64_t tokens);

/// The operators of NAS-Bench-201 by their short names, in the order of its indices' digits.
const std::vector<std::string_view>& nasBench201Operators();
inline constexpr std::size_t kNasBench201Edges = 6;
/// The text of a cell from the operator of each edge, and back; nothing for a text that is no cell.
std::string nasBench201Text(const std::vector<int>& operators);
std::optional<std::vector<int>> nasBench201Edges(std::string_view cell);

/// The network of a NAS-Bench-201 cell, node by node: "|conv3x3~0|+|none~0|skip~1|+|…|",
/// with the operators' short names (none, skip, conv1x1, conv3x3, pool3x3) or the benchmark's own
/// (nor_conv_3x3, skip_connect, avg_pool_3x3). Errors: a text that is no cell of three nodes.
/// `pixels` on a side of the images: 32 for CIFAR, 16 for ImageNet16-120.
base::Result<Workload> nasBench201(std::string_view cell, std::int64_t pixels = 32,
                                   std::int64_t classes = 10);
/// The cell of an index of the benchmark, 0 … 15,624, with the short names.
base::Result<std::string> nasBench201Cell(std::int64_t index);

/// The CIFAR-10 network of NAS-Bench-Macro from its eight digits: 0 identity, 1 MobileNetV2 block
/// with kernel 3 and expansion 3, 2 with kernel 5 and expansion 6.
base::Result<Workload> nasBenchMacro(std::string_view digits);

}  // namespace cohelix::workload
