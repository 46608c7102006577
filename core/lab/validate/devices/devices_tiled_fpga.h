// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Three published FPGA accelerators that execute a convolution tile by tile: Zhang et al. (FPGA
// 2015, VX485T), Qiu et al. (FPGA 2016, ZC706) and Xilinx' CHaiDNN v2 (ZCU102). Layers are of one
// image; sizes from 1 to 65,536.

#include <cstdint>
#include <vector>

#include "core/lab/validate/devices/device_constant.h"
#include "core/model/layer.h"

namespace cohelix::validate {

/// Zhang et al.: Tm output x Tn input channels a cycle, 32-bit floating point. Nothing calibrated.
struct UnrolledLoops {
    std::int64_t outputChannels = 64;  ///< Tm
    std::int64_t inputChannels = 7;    ///< Tn
    double clockMegahertz = 100;
    double restartCycles = 20;         ///< of the arithmetic pipeline, each step
    double memoryBytesPerCycle = 128;  ///< DDR3-1600, 64 bits: 12.8 GB/s (VC707, UG885)
};

std::vector<DeviceConstant> constantsOf(const UnrolledLoops& device);

/// The published count, of all groups: steps of output and input channels, each P * Q * R * S
/// cycles and a restart of the pipeline; a layer of a single step has none.
double publishedCycles(const model::Layer& layer, const UnrolledLoops& device);
/// With its one overhead: each word of the layer crosses the memory bus once where no arithmetic
/// hides it.
double measuredCycles(const model::Layer& layer, const UnrolledLoops& device);

/// Qiu et al.: 2 output x 64 input channels of 3x3 convolvers over tiles of 28 x 28 outputs, as the
/// theoretical times that they published imply.
struct Convolvers {
    std::int64_t outputChannels = 2;
    std::int64_t inputChannels = 64;
    std::int64_t tileSide = 28;
    double clockMegahertz = 150;
    double cyclesPerInputPixel = 1.33;  ///< calibrated: streaming a tile's input patch
};

std::vector<DeviceConstant> constantsOf(const Convolvers& device);

/// The published theoretical count: every tile takes its full side squared.
double theoreticalCycles(const model::Layer& layer, const Convolvers& device);
/// A tile takes no less than streaming its input patch, which is a kernel wider than its outputs.
double measuredCycles(const model::Layer& layer, const Convolvers& device);

/// CHaiDNN: kernels x pixels x 4 input channels a core cycle; DSPs have twice the core's clock and
/// do two multiplications at once with 6 bits. Words are packed in memory.
struct ChaiDnn {
    std::int64_t dsps = 1024;  ///< that compute: 128, 256, 512 or 1024
    double coreMegahertz = 250;
    std::int64_t bits = 8;                ///< 6 or 8
    double efficiency = 0.56;             ///< calibrated: of the peak, where arithmetic limits
    double memoryGigabytesPerSecond = 2;  ///< calibrated: of the port for maps and weights
};

std::vector<DeviceConstant> constantsOf(const ChaiDnn& device);

/// Milliseconds of a layer: arithmetic or memory, whichever is longer.
double milliseconds(const model::Layer& layer, const ChaiDnn& device);

}  // namespace cohelix::validate
