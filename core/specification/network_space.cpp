// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/network_space.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace cohelix::spec {
namespace {

using model::Dim;
using model::Layer;
using model::LayerRole;

template <std::size_t N>
bool among(int value, const std::array<int, N>& allowed) {
    return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

/// Reads "<letter><number>" off the front of text, and an underscore behind it.
std::optional<int> takeNumber(std::string_view& text, char letter) {
    if (text.empty() || text.front() != letter) return std::nullopt;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.size() > 1 && text.front() == '_') text.remove_prefix(1);
    return value;
}

int strided(int size, int stride) { return (size + stride - 1) / stride; }

struct ConvolutionSizes {
    int inputs;   ///< channels
    int outputs;  ///< channels
    int height;   ///< of the inputs
    int width;
    int kernel = 1;
    int stride = 1;
};

Layer convolution(std::string name, LayerRole role, const ConvolutionSizes& sizes) {
    Layer layer;
    layer.name = std::move(name);
    layer.role = role;
    layer.size(Dim::K) = sizes.outputs;
    layer.size(Dim::C) = sizes.inputs;
    layer.size(Dim::R) = layer.size(Dim::S) = sizes.kernel;
    layer.size(Dim::P) = strided(sizes.height, sizes.stride);
    layer.size(Dim::Q) = strided(sizes.width, sizes.stride);
    layer.stride = sizes.stride;
    layer.border = model::borderAround(layer, (sizes.kernel - 1) / 2, sizes.height, sizes.width);
    return layer;
}

}  // namespace

std::optional<Operator> parseOperator(std::string_view text) {
    if (text == "skip") return Operator{0, 0, 1, true};
    const auto kernel = takeNumber(text, 'k');
    const auto expansion = kernel ? takeNumber(text, 'e') : std::nullopt;
    const auto groups = text.empty() ? std::optional(1) : takeNumber(text, 'g');
    if (!kernel || !expansion || !groups || !text.empty()) return std::nullopt;
    if (!among(*kernel, std::array{1, 3, 5, 7}) || !among(*groups, std::array{1, 2, 4}) ||
        *expansion < 1 || *expansion > 16) {
        return std::nullopt;
    }
    return Operator{*kernel, *expansion, *groups, false};
}

std::string toText(const Operator& op) {
    if (op.skip) return "skip";
    std::string text = "k" + std::to_string(op.kernel) + "_e" + std::to_string(op.expansion);
    if (op.groups > 1) text += "_g" + std::to_string(op.groups);
    return text;
}

std::vector<BlockShape> blockShapes(const NetworkSpace& space) {
    std::vector<BlockShape> shapes;
    int channels = space.stemChannels;
    int height = strided(space.input.height, space.stemStride);
    int width = strided(space.input.width, space.stemStride);
    for (const auto& stage : space.stages) {
        for (int block = 0; block < stage.blocks; ++block) {
            const int stride = block == 0 ? stage.stride : 1;
            shapes.push_back({channels, stage.channels, stride, height, width});
            channels = stage.channels;
            height = strided(height, stride);
            width = strided(width, stride);
        }
    }
    return shapes;
}

std::vector<hardware::Choice> networkChoices(const NetworkSpace& space) {
    std::vector<std::string> options;
    for (const auto& op : space.operators) options.push_back(toText(op));
    std::vector<hardware::Choice> choices;
    const int blocks = static_cast<int>(blockShapes(space).size());
    for (int block = 0; block < blocks; ++block) {
        choices.push_back(hardware::choiceOf({hardware::Knob::Kind::Operator, {}, block}, options));
    }
    return choices;
}

std::vector<Layer> blockLayers(const BlockShape& shape, const Operator& op, int block) {
    const std::string prefix = "block" + std::to_string(block) + ".";
    std::vector<Layer> layers;
    if (op.skip) {
        if (shape.keepsShape()) return layers;
        layers.push_back(convolution(prefix + "shortcut", LayerRole::Shortcut,
                                     {.inputs = shape.inputs,
                                      .outputs = shape.outputs,
                                      .height = shape.height,
                                      .width = shape.width,
                                      .stride = shape.stride}));
        layers.back().relu = true;
    } else {
        const int hidden = shape.inputs * op.expansion;
        Layer expand = convolution(prefix + "expand", LayerRole::Expand,
                                   {.inputs = shape.inputs,
                                    .outputs = hidden,
                                    .height = shape.height,
                                    .width = shape.width});
        expand.groups = op.groups;
        expand.relu = true;
        expand.shuffleGroups = op.groups;
        Layer depthwise = convolution(prefix + "depthwise", LayerRole::Depthwise,
                                      {.inputs = hidden,
                                       .outputs = hidden,
                                       .height = shape.height,
                                       .width = shape.width,
                                       .kernel = op.kernel,
                                       .stride = shape.stride});
        depthwise.groups = hidden;
        depthwise.relu = true;
        depthwise.input = 0;
        Layer project = convolution(prefix + "project", LayerRole::Project,
                                    {.inputs = hidden,
                                     .outputs = shape.outputs,
                                     .height = strided(shape.height, shape.stride),
                                     .width = strided(shape.width, shape.stride)});
        project.groups = op.groups;
        project.input = 1;
        if (shape.keepsShape()) project.addedTo = kBlockInput;
        layers = {expand, depthwise, project};
    }
    for (auto& layer : layers) layer.block = block;
    return layers;
}

model::Network buildNetwork(const NetworkSpace& space, std::span<const int> operators) {
    const auto shapes = blockShapes(space);
    assert(operators.size() == shapes.size());
    model::Network network;
    network.input = space.input;
    network.classes = space.classes;
    auto& layers = network.layers;

    layers.push_back(convolution("stem", LayerRole::Stem,
                                 {.inputs = space.input.channels,
                                  .outputs = space.stemChannels,
                                  .height = space.input.height,
                                  .width = space.input.width,
                                  .kernel = space.stemKernel,
                                  .stride = space.stemStride}));
    layers.back().relu = true;
    for (std::size_t block = 0; block < shapes.size(); ++block) {
        const auto& op = space.operators[static_cast<std::size_t>(operators[block])];
        network.operators.push_back(toText(op));
        const int first = static_cast<int>(layers.size());
        for (auto layer : blockLayers(shapes[block], op, static_cast<int>(block))) {
            layer.input += first;  // -1, the block's input, becomes the layer before it
            if (layer.addedTo == kBlockInput) {
                layer.addedTo = first - 1;
            } else if (layer.addedTo >= 0) {
                layer.addedTo += first;
            }
            layers.push_back(std::move(layer));
        }
    }
    const auto& last = layers.back();
    int channels = static_cast<int>(last.size(Dim::K));
    if (space.headChannels > 0) {
        Layer head = convolution("head", LayerRole::Head,
                                 {.inputs = channels,
                                  .outputs = space.headChannels,
                                  .height = static_cast<int>(last.size(Dim::P)),
                                  .width = static_cast<int>(last.size(Dim::Q))});
        head.input = static_cast<int>(layers.size()) - 1;
        head.relu = true;
        layers.push_back(std::move(head));
        channels = space.headChannels;
    }
    Layer classifier =
        convolution("classifier", LayerRole::Classifier,
                    {.inputs = channels, .outputs = space.classes, .height = 1, .width = 1});
    classifier.input = static_cast<int>(layers.size()) - 1;
    layers.push_back(std::move(classifier));
    return network;
}

}  // namespace cohelix::spec
