// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The pixel-array FPGA accelerator of Chen and Wu (FPGA 2023, poster; wkid-neu/cnn_accel): an
// array of M output channels x P output pixels takes one input channel and one kernel position a
// cycle. Pixels of an output map are taken in raster order, P at a time, across its rows. Inputs
// and outputs go through a memory bus with a clock of its own, one port each for reading and
// writing, so that arithmetic, reading and writing hide each other.

#include <cstdint>
#include <vector>

#include "core/lab/validate/devices/device_constant.h"

namespace cohelix::validate {

struct PixelArray {
    std::int64_t channels = 32;  ///< M, output channels at a time
    std::int64_t pixels = 32;    ///< P, output pixels at a time
    double clockMegahertz = 400;

    double busBytes = 64;           ///< a beat of the memory bus (512 bits)
    double busMegahertz = 250;      ///< calibrated: 64 bytes at 250 MHz are 16 GB/s
    std::int64_t burstBytes = 16;   ///< calibrated: reads begin and end at multiples of this
    std::int64_t channelGroup = 4;  ///< calibrated: input channels are padded to a multiple
    double tileCycles = 4;          ///< calibrated: lost between two tiles of M x P
    double startCycles = 130;       ///< calibrated: from the command to the first product
};

std::vector<DeviceConstant> constantsOf(const PixelArray& device);

/// A convolution of one image as the device sees it; sizes in pixels, one byte each. All sizes,
/// strides and kernels at least 1, pads at least 0.
struct PaddedConvolution {
    std::int64_t outputChannels = 1;
    std::int64_t inputChannels = 1;
    std::int64_t inputRows = 1;
    std::int64_t inputColumns = 1;
    std::int64_t kernelRows = 1;
    std::int64_t kernelColumns = 1;
    std::int64_t strideRows = 1;
    std::int64_t strideColumns = 1;
    std::int64_t padAbove = 0;
    std::int64_t padLeft = 0;
    std::int64_t outputRows = 1;
    std::int64_t outputColumns = 1;
    friend bool operator==(const PaddedConvolution&, const PaddedConvolution&) = default;
};

/// Clock cycles of a layer, and what they are made of.
struct PixelArrayTiming {
    double compute = 0;  ///< of the array, pauses between tiles included
    double reading = 0;  ///< inputs, again for each M output channels
    double writing = 0;  ///< outputs: a bus beat or more for each row of P pixels
    double start = 0;    ///< filling and draining the array, writing its last tile
    double cycles() const;
};

PixelArrayTiming timeOnPixelArray(const PaddedConvolution& layer, const PixelArray& device);

/// A fully connected layer: its weights cross the bus once, and nothing hides them.
PixelArrayTiming timeFullyConnected(std::int64_t outputs, std::int64_t inputs,
                                    const PixelArray& device);

}  // namespace cohelix::validate
