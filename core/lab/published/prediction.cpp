// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/published/prediction.h"

#include <algorithm>
#include <array>

#include "core/base/same_name.h"
#include "core/optimum/exact_accelerator.h"
#include "core/specification/accelerator_presets.h"

namespace cohelix::lab {
namespace {

/// The rule R2: the first block of each of its groups, and how many blocks it knows.
constexpr std::array kGroupsOfR2 = {0, 5, 9, 13, 17};
constexpr int kBlocksOfR2 = 22;
constexpr std::string_view kWide = "wide-imagenet";

/// Two networks and their names in the authors' figures.
struct SameNetwork {
    std::string_view ours;
    std::string_view theirs;
};
constexpr std::array kSame = {SameNetwork{"fbnet-c-like", "FBNet-C"},
                              SameNetwork{"proxylessnas-mobile-like", "ProxylessNAS-Mobile"},
                              SameNetwork{"efficientnet-b0", "EfficientNet-B0"}};

/// The rule R1 of the authors' ImageNet space with longer lists.
hardware::AcceleratorSpace wideImageNet() {
    auto space = *spec::acceleratorPreset("r1-imagenet");
    for (auto& chunk : space.pipeline) {
        const bool large = chunk.layers.mapAtLeast.has_value();
        chunk.rows = chunk.columns =
            large ? std::vector{56, 28, 14, 7, 4, 2, 1} : std::vector{14, 7, 4, 2, 1};
        chunk.outputs = {128, 64, 32, 16, 8, 4, 2, 1};
        if (chunk.role == model::ChunkRole::Standard) chunk.inputs = chunk.outputs;
    }
    return space;
}

/// The part of a name before its last dot; empty where there is none.
std::string blockName(const model::Layer& layer) {
    const auto dot = layer.name.rfind('.');
    return dot == std::string::npos ? std::string() : layer.name.substr(0, dot);
}

/// Layers that follow one another and belong together: blocks by name, or where layers have no
/// such names each convolution. Stem, head and classifier of a network of blocks belong to none.
std::vector<std::vector<std::size_t>> blocksOf(const std::vector<model::Layer>& layers) {
    const bool named = std::any_of(layers.begin(), layers.end(), [](const model::Layer& layer) {
        return !blockName(layer).empty();
    });
    std::vector<std::vector<std::size_t>> blocks;
    std::string last;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto name = blockName(layers[i]);
        if (named ? name.empty() : layers[i].role == model::LayerRole::Classifier) continue;
        if (!named || name != last) blocks.emplace_back();
        blocks.back().push_back(i);
        last = name;
    }
    return blocks;
}

/// published::Group of each block: by output rows, those of 14 in halves.
std::vector<std::size_t> groupsOfR2(const std::vector<std::int64_t>& rows) {
    const auto isFourteen = [](std::int64_t r) { return r >= 14 && r < 28; };
    const auto fourteens = std::count_if(rows.begin(), rows.end(), isFourteen);
    std::int64_t seen = 0;
    std::vector<std::size_t> groups;
    for (const auto r : rows) {
        if (isFourteen(r)) {
            groups.push_back(2 * seen++ < fourteens ? 2 : 3);
        } else {
            groups.push_back(r >= 56 ? 0 : r >= 28 ? 1 : 4);
        }
    }
    return groups;
}

base::Result<std::vector<model::Network>> networksOf(const std::vector<std::string>& names) {
    std::vector<model::Network> networks;
    for (const auto& name : names) {
        const auto found = workload::workload(name);
        if (!found) return found.error();
        networks.push_back(networkOf(*found));
    }
    return networks;
}

Prediction predictionOf(const optimum::ExactAccelerators& exact, const optimum::Load& load) {
    Prediction prediction;
    const auto best = exact.best(load, optimum::Aim::Period);
    if (!best || best->periodCycles <= 0) return prediction;
    prediction.periodCycles = best->periodCycles;
    prediction.fps = exact.space().clockMhz * 1e6 / best->periodCycles;
    prediction.dsp = best->dsp;
    prediction.bram18k = best->bram18k;
    return prediction;
}

/// One space at one bit width, for all networks.
base::Result<std::vector<Prediction>> predictOn(const PredictionSettings& settings,
                                                const std::string& spaceName, int bits,
                                                const std::vector<model::Network>& networks,
                                                base::Executor& executor) {
    auto space = predictionSpace(spaceName);
    if (!space) return space.error();
    space->fpgaModel = settings.model;
    space->clockMhz = settings.clockMhz;
    for (auto& chunk : space->pipeline) chunk.bits = {bits};
    auto exact = optimum::ExactAccelerators::create(*space, settings.limits, &executor);
    if (!exact) return exact.error();
    exact->prepare(networks);
    std::vector<Prediction> predictions;
    for (std::size_t i = 0; i < networks.size(); ++i) {
        predictions.push_back(predictionOf(*exact, *exact->loadOf(networks[i])));
        predictions.back().network = settings.networks[i];
        predictions.back().space = spaceName;
        predictions.back().bits = bits;
        predictions.back().coverage = hardware::coverageOf(networks[i], settings.model);
    }
    return predictions;
}

}  // namespace

PredictionSettings defaultPrediction() {
    PredictionSettings settings;
    settings.networks = {"mobilenetv2",     "fbnet-c-like", "proxylessnas-mobile-like",
                         "efficientnet-b0", "resnet18",     "vgg16"};
    settings.spaces = {predictionSpaces().begin(), predictionSpaces().end()};
    settings.bits = {16, 8};
    settings.limits = {900, 700};
    return settings;
}

const std::vector<std::string_view>& predictionSpaces() {
    static const std::vector<std::string_view> names = {"r1-imagenet", "r2-imagenet", kWide};
    return names;
}

base::Result<hardware::AcceleratorSpace> predictionSpace(std::string_view name) {
    const auto& names = predictionSpaces();
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        return base::Error{std::string(name), "there is no such accelerator space for 224 pixels",
                           "Use r1-imagenet, r2-imagenet or wide-imagenet"};
    }
    return name == kWide ? wideImageNet() : spec::acceleratorPreset(name);
}

model::Network networkOf(const workload::Workload& workload) {
    model::Network network;
    network.input = {3, 224, 224};
    network.layers = workload.layers;
    const auto blocks = blocksOf(network.layers);
    std::vector<std::int64_t> rows;
    for (const auto& block : blocks) {
        rows.push_back(network.layers[block.back()].size(model::Dim::P));
    }
    const auto groups = groupsOfR2(rows);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        for (const auto i : blocks[b]) network.layers[i].block = kGroupsOfR2[groups[b]];
    }
    network.operators.assign(kBlocksOfR2, {});
    return network;
}

std::vector<Counterpart> counterpartsOf(std::string_view network) {
    std::vector<Counterpart> found;
    for (const auto& same : kSame) {
        if (!base::sameName(same.ours, network)) continue;
        for (const published::Group& group : published::groups()) {
            for (const published::Figure& figure : group.figures) {
                if (figure.design == same.theirs) found.push_back({&group, &figure});
            }
        }
    }
    return found;
}

base::Result<std::vector<Prediction>> predict(const PredictionSettings& settings,
                                              base::Executor& executor) {
    for (const int bits : settings.bits) {
        if (bits != 16 && bits != 8 && bits != 4) {
            return base::Error{std::to_string(bits) + " bit", "the chunks have no such precision",
                               "Use 16, 8 or 4"};
        }
    }
    const auto networks = networksOf(settings.networks);
    if (!networks) return networks.error();
    std::vector<Prediction> all;
    for (const int bits : settings.bits) {
        std::vector<std::vector<Prediction>> ofSpaces;
        for (const auto& space : settings.spaces) {
            auto predictions = predictOn(settings, space, bits, *networks, executor);
            if (!predictions) return predictions.error();
            ofSpaces.push_back(std::move(*predictions));
        }
        for (std::size_t i = 0; i < networks->size(); ++i) {
            for (auto& predictions : ofSpaces) all.push_back(std::move(predictions[i]));
        }
    }
    return all;
}

}  // namespace cohelix::lab
