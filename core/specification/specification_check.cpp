// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/specification_check.h"

#include <algorithm>
#include <array>

#include "core/base/units.h"
#include "core/model/pipeline_device.h"

namespace cohelix::spec {
namespace {

using base::Error;
using base::Result;
using model::DeviceKind;

bool isPipeline(const Specification& spec) {
    return spec.accelerator.kind == model::Template::ChunkPipeline;
}

/// A limit on something that a device has so many of.
struct ResourceLimit {
    const char* field;
    std::optional<double> limit;
    int available;
    const char* unit;
};

std::array<ResourceLimit, 2> limitedResources(const Specification& spec) {
    return {{{"/limits/dsp", spec.limits.dsp, spec.device.dsp, "DSP slices"},
             {"/limits/bram18k", spec.limits.bram18k, spec.device.bram18k, "block RAMs"}}};
}

Result<void> checkResourceLimit(const Specification& spec, const ResourceLimit& resource) {
    if (!resource.limit) return {};
    const std::string unit = resource.unit;
    if (!isPipeline(spec)) {
        return Error{resource.field,
                     "the loop-nest template has no " + unit + ": this limit would mean nothing",
                     "Leave it out; /accelerator/budget bounds PEs and memories"};
    }
    if (*resource.limit <= resource.available) return {};
    return Error{resource.field,
                 "the limit is " + base::exact(*resource.limit) + " " + unit + "; the device " +
                     spec.device.name + " has " + std::to_string(resource.available),
                 "Lower it, leave it out (then what the device has is the limit), or choose a "
                 "larger /device"};
}

Result<void> checkPower(const Specification& spec) {
    if (!isPipeline(spec) || spec.device.powerWatt > 0) return {};
    return Error{"/device/power_watt",
                 "the energy of a pipeline is the device's power times the period: with 0 W that "
                 "of every design would be 0",
                 "Give the power of the board, or leave it out for 7 W (an estimate)"};
}

Result<void> checkDevice(const Specification& spec) {
    const auto& device = spec.device;
    if (device.kind == DeviceKind::Fpga) return {};
    if (isPipeline(spec)) return model::checkPipelineDevice(device, "/device");
    const std::array<std::pair<const char*, int>, 5> resources = {
        {{"dsp", device.dsp},
         {"bram18k", device.bram18k},
         {"lut", device.lut},
         {"uram", device.uram},
         {"flip_flops", device.flipFlops}}};
    for (const auto& [name, count] : resources) {
        if (count == 0) continue;
        return Error{"/device/" + std::string(name), "an ASIC has none of these",
                     "Leave it out, or say that it is an fpga"};
    }
    return {};
}

/// Fields that are read and would change nothing.
Result<void> checkMeaning(const Specification& spec) {
    const auto& space = spec.accelerator;
    if (!isPipeline(spec)) return {};
    if (space.doubleBufferedWeights && model::publishedFormulas(space.fpgaModel)) {
        return Error{"/accelerator/double_buffered_weights",
                     "the form " + std::string(word(space.fpgaModel)) +
                         " counts no second copy of the weights: this would mean nothing",
                     "Use false, or the form corrected"};
    }
    if (spec.search.layerMapping == LayerMapping::Proven) {
        return Error{"/search/layer_mapping",
                     "layers of the chunk pipeline are laid out by the chunks' tiles: proven would "
                     "mean nothing",
                     "Use tiles, or the loop-nest template"};
    }
    return {};
}

Result<void> checkImages(const Specification& spec) {
    const auto& network = spec.network;
    const std::string kind(word(spec.dataSet.kind));
    const auto facts = factsOf(spec.dataSet.kind);
    if (facts.classes > 0 && network.classes != facts.classes) {
        return Error{"/network/classes",
                     "the network has " + base::grouped(network.classes) + " classes, " + kind +
                         " has " + std::to_string(facts.classes),
                     "Change /network/classes or the data set"};
    }
    const auto& input = network.input;
    if (facts.channels > 0 && input.channels != facts.channels) {
        return Error{"/network/input/channels",
                     "images of " + kind + " have " + std::to_string(facts.channels) +
                         (facts.channels == 1 ? " channel" : " channels") +
                         ", the network's input " + std::to_string(input.channels),
                     "Change /network/input or the data set"};
    }
    if (spec.dataSet.kind == DataSetKind::ImageFolder && input.channels != 1 &&
        input.channels != 3) {
        return Error{"/network/input/channels",
                     "pictures have 1 or 3 channels, the network's input has " +
                         std::to_string(input.channels),
                     "Use 3, or 1 for grey"};
    }
    if (facts.fixedSide && (input.height != facts.side || input.width != facts.side)) {
        const auto side = std::to_string(facts.side);
        return Error{input.height != facts.side ? "/network/input/height" : "/network/input/width",
                     "images of " + kind + " are " + side + " x " + side +
                         " pixels, the network's input is " + std::to_string(input.height) + " x " +
                         std::to_string(input.width),
                     "Change /network/input or the data set"};
    }
    if (spec.dataSet.cropPadding >= std::min(input.height, input.width)) {
        return Error{"/data_set/crop_padding",
                     "a crop after padding by " + std::to_string(spec.dataSet.cropPadding) +
                         " pixels need hold nothing of an image of " +
                         std::to_string(input.height) + " x " + std::to_string(input.width),
                     "Use less than the shorter side"};
    }
    return {};
}

Result<void> checkWeights(const NetworkSpace& space) {
    std::int64_t weights = 0;
    int block = 0;
    for (const auto& shape : blockShapes(space)) {
        for (const auto& op : space.operators) {
            for (const auto& layer : blockLayers(shape, op, block)) {
                weights += model::words(layer, model::Tensor::Weights);
            }
        }
        ++block;
    }
    if (weights <= kMostWeights) return {};
    return Error{"/network/stages",
                 "the operators of all blocks have " + base::grouped(weights) +
                     " weights together; a supernet holds " + base::grouped(kMostWeights) +
                     " at most",
                 "Use fewer channels, blocks or operators, or smaller expansions"};
}

}  // namespace

DataSetFacts factsOf(DataSetKind kind) {
    switch (kind) {
        case DataSetKind::FashionMnist:
        case DataSetKind::Mnist: return {1, 28, false, 10};
        case DataSetKind::Cifar10: return {3, 32, true, 10};
        case DataSetKind::Cifar100: return {3, 32, true, 100};
        case DataSetKind::ImageFolder: break;
    }
    return {};
}

Result<void> checkLimits(const Specification& spec) {
    for (const auto& resource : limitedResources(spec)) {
        if (auto fits = checkResourceLimit(spec, resource); !fits) return fits;
    }
    return checkPower(spec);
}

Result<void> checkSound(const Specification& spec) {
    if (auto sound = checkImages(spec); !sound) return sound;
    if (auto sound = checkWeights(spec.network); !sound) return sound;
    if (auto sound = checkDevice(spec); !sound) return sound;
    if (auto sound = checkLimits(spec); !sound) return sound;
    return checkMeaning(spec);
}

}  // namespace cohelix::spec
