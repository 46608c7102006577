// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// AMD's DPUCZDX8G, size B4096, as three cores of it sit on the ZCU102 (product guide PG338; clock
// after UG1354): a convolution engine of 8 pixels x 16 input x 16 output channels, and an engine
// for depthwise convolutions and pooling with half as many pixels. A network is executed operation
// by operation; the latency is that of one image on one core.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/lab/validate/devices/device_constant.h"

namespace cohelix::validate {

struct Dpu {
    std::int64_t pixels = 8;
    std::int64_t inputChannels = 16;
    std::int64_t outputChannels = 16;
    std::int64_t depthwisePixels = 4;  ///< PG338: half the pixels
    double clockMegahertz = 281;       ///< UG1354, ZCU102

    double startMilliseconds = 0.58;      ///< calibrated: a run, whatever the network
    double convolutionEfficiency = 0.42;  ///< calibrated: of the convolution engine's peak
    double poolBytesPerCycle = 19;        ///< calibrated: a map read for its global mean
    double gateCyclesPerChannel = 52;     ///< calibrated: small layers and gate of squeeze-excite
    double bankWords = 2048;              ///< calibrated: of each of as many banks as pixels
};

std::vector<DeviceConstant> constantsOf(const Dpu& device);

enum class DpuWork : std::uint8_t {
    Convolution,  ///< also a fully connected layer: one pixel
    Depthwise,
    SqueezeExcite  ///< global mean, two layers of one pixel, gate; `channels` of the gated map
};

/// An operation on one image. `rows` and `columns` are of its output; kernels are square.
struct DpuOperation {
    std::string name;
    DpuWork work = DpuWork::Convolution;
    std::int64_t channels = 1;       ///< output channels
    std::int64_t inputChannels = 1;  ///< of a convolution
    std::int64_t rows = 1;
    std::int64_t columns = 1;
    std::int64_t kernel = 1;
    friend bool operator==(const DpuOperation&, const DpuOperation&) = default;
};

/// Clock cycles of one operation. Squeeze-excite reads a map that the banks cannot hold again for
/// each group of rows that the pixels cover; a word of a bank is one pixel of 16 channels.
double cyclesOnDpu(const DpuOperation& operation, const Dpu& device);

/// One image through all operations, the start of the run included.
double millisecondsOnDpu(std::span<const DpuOperation> operations, const Dpu& device);

}  // namespace cohelix::validate
