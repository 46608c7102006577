// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/devices/devices_tiled_fpga.h"

#include <algorithm>

#include "core/base/ceil_divide.h"

namespace cohelix::validate {
namespace {

using model::Dim;

double sizeOf(const model::Layer& layer, Dim dim) {
    return static_cast<double>(model::loopSize(layer, dim));
}

double kernelSteps(const model::Layer& layer) {
    return sizeOf(layer, Dim::R) * sizeOf(layer, Dim::S);
}

/// Input pixels along one axis under `outputs` outputs.
double patchSide(const model::Layer& layer, Dim kernel, double outputs) {
    return (outputs - 1) * layer.stride.along(kernel) +
           (sizeOf(layer, kernel) - 1) * layer.dilation.along(kernel) + 1;
}

/// Inputs, weights and outputs of one group.
double wordsOfGroup(const model::Layer& layer) {
    const double k = sizeOf(layer, Dim::K);
    const double c = sizeOf(layer, Dim::C);
    const double p = sizeOf(layer, Dim::P);
    const double q = sizeOf(layer, Dim::Q);
    return c * patchSide(layer, Dim::R, p) * patchSide(layer, Dim::S, q) +
           k * c * kernelSteps(layer) + k * p * q;
}

/// How many input pixels each tile reads along one side, those outside the map left out.
std::vector<double> patchSides(std::int64_t outputs, std::int64_t tile, const model::Layer& layer,
                               Dim kernel) {
    const double pad = (sizeOf(layer, kernel) - 1) * layer.dilation.along(kernel) / 2;
    const double last = static_cast<double>(outputs) * layer.stride.along(kernel);
    std::vector<double> sides;
    for (std::int64_t first = 0; first < outputs; first += tile) {
        const auto count = static_cast<double>(std::min(tile, outputs - first));
        const double from = static_cast<double>(first) * layer.stride.along(kernel) - pad;
        const double to = from + patchSide(layer, kernel, count);
        sides.push_back(std::max(1.0, std::min(to, last) - std::max(from, 0.0)));
    }
    return sides;
}

double roundsOf(const model::Layer& layer, const Convolvers& device) {
    return base::ceilDivided(model::loopSize(layer, Dim::K), device.outputChannels) *
           base::ceilDivided(model::loopSize(layer, Dim::C), device.inputChannels) * layer.groups;
}

double tileCycles(const Convolvers& device) {
    return static_cast<double>(device.tileSide) * static_cast<double>(device.tileSide);
}

}  // namespace

std::vector<DeviceConstant> constantsOf(const UnrolledLoops& device) {
    return {
        {"outputChannels", static_cast<double>(device.outputChannels), "Tm (FPGA 2015)"},
        {"inputChannels", static_cast<double>(device.inputChannels), "Tn (FPGA 2015)"},
        {"clockMegahertz", device.clockMegahertz, "MHz (FPGA 2015)"},
        {"restartCycles", device.restartCycles,
         "cycles to restart the arithmetic pipeline (the published count)"},
        {"memoryBytesPerCycle", device.memoryBytesPerCycle,
         "bytes a cycle of the board's DDR3-1600, 64 bits (VC707, UG885)"},
    };
}

double publishedCycles(const model::Layer& layer, const UnrolledLoops& device) {
    const double steps = base::ceilDivided(model::loopSize(layer, Dim::K), device.outputChannels) *
                         base::ceilDivided(model::loopSize(layer, Dim::C), device.inputChannels);
    const double restart = steps > 1 ? device.restartCycles : 0;
    return layer.groups * steps *
           (sizeOf(layer, Dim::P) * sizeOf(layer, Dim::Q) * kernelSteps(layer) + restart);
}

double measuredCycles(const model::Layer& layer, const UnrolledLoops& device) {
    constexpr double kBytesPerWord = 4;
    return publishedCycles(layer, device) +
           layer.groups * wordsOfGroup(layer) * kBytesPerWord / device.memoryBytesPerCycle;
}

std::vector<DeviceConstant> constantsOf(const Convolvers& device) {
    return {
        {"outputChannels", static_cast<double>(device.outputChannels),
         "output channels at a time (FPGA 2016)"},
        {"inputChannels", static_cast<double>(device.inputChannels),
         "input channels at a time (FPGA 2016)"},
        {"tileSide", static_cast<double>(device.tileSide),
         "rows and columns of a tile of outputs, as the published theoretical times imply"},
        {"clockMegahertz", device.clockMegahertz, "MHz (FPGA 2016)"},
        {"cyclesPerInputPixel", device.cyclesPerInputPixel,
         "cycles to stream one pixel of a tile's input patch", true},
    };
}

double theoreticalCycles(const model::Layer& layer, const Convolvers& device) {
    return roundsOf(layer, device) * tileCycles(device) *
           base::ceilDivided(model::loopSize(layer, Dim::P), device.tileSide) *
           base::ceilDivided(model::loopSize(layer, Dim::Q), device.tileSide);
}

double measuredCycles(const model::Layer& layer, const Convolvers& device) {
    const auto heights = patchSides(layer.size(Dim::P), device.tileSide, layer, Dim::R);
    const auto widths = patchSides(layer.size(Dim::Q), device.tileSide, layer, Dim::S);
    double cycles = 0;
    for (const double height : heights) {
        for (const double width : widths) {
            cycles += std::max(tileCycles(device), device.cyclesPerInputPixel * height * width);
        }
    }
    return roundsOf(layer, device) * cycles;
}

std::vector<DeviceConstant> constantsOf(const ChaiDnn& device) {
    return {
        {"dsps", static_cast<double>(device.dsps), "DSP slices that compute"},
        {"coreMegahertz", device.coreMegahertz, "clock of the core, MHz; DSPs have twice that"},
        {"bits", static_cast<double>(device.bits), "of weights and activations"},
        {"efficiency", device.efficiency, "share of the peak that arithmetic reaches", true},
        {"memoryGigabytesPerSecond", device.memoryGigabytesPerSecond,
         "10^9 bytes a second of inputs, weights and outputs", true},
    };
}

double milliseconds(const model::Layer& layer, const ChaiDnn& device) {
    constexpr std::int64_t kInputChannels = 4;
    // A DSP makes two products a core cycle: as many kernels and pixels as that leaves, the pixels
    // twice the kernels where they cannot be equal.
    const std::int64_t lanes = std::max<std::int64_t>(1, 2 * device.dsps / kInputChannels);
    std::int64_t kernels = 1;
    while (4 * kernels * kernels <= lanes) kernels *= 2;
    const std::int64_t pixels = std::max<std::int64_t>(1, lanes / kernels);
    const double productsPerLane = device.bits <= 6 ? 2 : 1;
    const std::int64_t outputs = layer.size(Dim::P) * layer.size(Dim::Q);
    const double cycles = layer.groups *
                          base::ceilDivided(model::loopSize(layer, Dim::K), kernels) *
                          base::ceilDivided(model::loopSize(layer, Dim::C), kInputChannels) *
                          base::ceilDivided(outputs, pixels) * kernelSteps(layer) / productsPerLane;
    const double arithmetic = cycles / device.efficiency / (device.coreMegahertz * 1e3);
    const double bytes = layer.groups * wordsOfGroup(layer) * static_cast<double>(device.bits) / 8;
    const double memory = bytes / (device.memoryGigabytesPerSecond * 1e6);
    return std::max(arithmetic, memory);
}

}  // namespace cohelix::validate
