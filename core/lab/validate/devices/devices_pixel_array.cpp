// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/devices/devices_pixel_array.h"

#include <algorithm>

#include "core/base/ceil_divide.h"

namespace cohelix::validate {
namespace {

/// Offset in its channel of the input pixel nearest to the place that a kernel position asks for.
std::int64_t offsetOf(const PaddedConvolution& layer, std::int64_t row, std::int64_t column) {
    return std::clamp<std::int64_t>(row, 0, layer.inputRows - 1) * layer.inputColumns +
           std::clamp<std::int64_t>(column, 0, layer.inputColumns - 1);
}

/// Bytes of one input channel that are read for output pixels `first` to `last`: all between the
/// first and the last that they touch, as whole bursts.
std::int64_t readBytes(const PaddedConvolution& layer, std::int64_t first, std::int64_t last,
                       std::int64_t burst) {
    const std::int64_t from =
        offsetOf(layer, first / layer.outputColumns * layer.strideRows - layer.padAbove,
                 first % layer.outputColumns * layer.strideColumns - layer.padLeft);
    const std::int64_t to = offsetOf(
        layer,
        last / layer.outputColumns * layer.strideRows - layer.padAbove + layer.kernelRows - 1,
        last % layer.outputColumns * layer.strideColumns - layer.padLeft + layer.kernelColumns - 1);
    // A tile that wraps into the next row of outputs may end left of where it began.
    return (std::max(from, to) / burst - std::min(from, to) / burst + 1) * burst;
}

double cyclesPerBeat(const PixelArray& device) {
    return device.clockMegahertz / device.busMegahertz;
}

/// The array is filled and drained along both sides; its last tile is written with nothing behind.
double startOf(const PixelArray& device) {
    return device.startCycles + static_cast<double>(2 * (device.channels + device.pixels)) +
           static_cast<double>(device.channels) * cyclesPerBeat(device);
}

}  // namespace

std::vector<DeviceConstant> constantsOf(const PixelArray& device) {
    return {
        {"channels", static_cast<double>(device.channels), "output channels at a time"},
        {"pixels", static_cast<double>(device.pixels), "output pixels at a time"},
        {"clockMegahertz", device.clockMegahertz, "clock of the array, MHz"},
        {"busBytes", device.busBytes, "bytes of a beat of the memory bus (512 bits)"},
        {"busMegahertz", device.busMegahertz, "clock of the memory bus, MHz", true},
        {"burstBytes", static_cast<double>(device.burstBytes),
         "bytes at whose multiples reads begin and end", true},
        {"channelGroup", static_cast<double>(device.channelGroup),
         "input channels are padded to a multiple of this", true},
        {"tileCycles", device.tileCycles, "cycles lost between two tiles", true},
        {"startCycles", device.startCycles, "cycles from the command to the first product", true},
    };
}

double PixelArrayTiming::cycles() const { return std::max({compute, reading, writing}) + start; }

PixelArrayTiming timeOnPixelArray(const PaddedConvolution& layer, const PixelArray& device) {
    const std::int64_t outputs = layer.outputRows * layer.outputColumns;
    const auto channelTiles =
        static_cast<double>(base::ceilDivide(layer.outputChannels, device.channels));
    double tiles = 0;
    double bytes = 0;
    double beats = 0;
    for (std::int64_t first = 0; first < outputs; first += device.pixels) {
        const std::int64_t last = std::min(first + device.pixels, outputs) - 1;
        ++tiles;
        bytes += static_cast<double>(readBytes(layer, first, last, device.burstBytes));
        beats += static_cast<double>(
            base::ceilDivide(last - first + 1, static_cast<std::int64_t>(device.busBytes)));
    }
    const double steps =
        static_cast<double>(base::ceilDivide(layer.inputChannels, device.channelGroup)) *
        static_cast<double>(device.channelGroup) * static_cast<double>(layer.kernelRows) *
        static_cast<double>(layer.kernelColumns);
    PixelArrayTiming timing;
    timing.compute = channelTiles * tiles * (steps + device.tileCycles);
    timing.reading = channelTiles * static_cast<double>(layer.inputChannels) * bytes /
                     device.busBytes * cyclesPerBeat(device);
    timing.writing =
        channelTiles * static_cast<double>(device.channels) * beats * cyclesPerBeat(device);
    timing.start = startOf(device);
    return timing;
}

PixelArrayTiming timeFullyConnected(std::int64_t outputs, std::int64_t inputs,
                                    const PixelArray& device) {
    PixelArrayTiming timing;
    timing.reading = static_cast<double>(outputs) * static_cast<double>(inputs) / device.busBytes *
                     cyclesPerBeat(device);
    timing.start = device.startCycles;
    return timing;
}

}  // namespace cohelix::validate
