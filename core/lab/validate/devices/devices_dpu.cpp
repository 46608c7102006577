// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/devices/devices_dpu.h"

#include "core/base/ceil_divide.h"

namespace cohelix::validate {
namespace {

double convolutionCycles(const DpuOperation& operation, const Dpu& device) {
    const auto kernel = static_cast<double>(operation.kernel);
    const double steps = base::ceilDivided(operation.channels, device.outputChannels) *
                         base::ceilDivided(operation.inputChannels, device.inputChannels) *
                         base::ceilDivided(operation.rows, device.pixels) *
                         static_cast<double>(operation.columns) * kernel * kernel;
    return steps / device.convolutionEfficiency;
}

double depthwiseCycles(const DpuOperation& operation, const Dpu& device) {
    const auto kernel = static_cast<double>(operation.kernel);
    return base::ceilDivided(operation.channels, device.outputChannels) *
           base::ceilDivided(operation.rows, device.depthwisePixels) *
           static_cast<double>(operation.columns) * kernel * kernel;
}

double squeezeExciteCycles(const DpuOperation& operation, const Dpu& device) {
    const auto channels = static_cast<double>(operation.channels);
    const double map =
        channels * static_cast<double>(operation.rows) * static_cast<double>(operation.columns);
    const double rowGroups = base::ceilDivided(operation.rows, device.pixels);
    const double words = rowGroups * static_cast<double>(operation.columns) *
                         base::ceilDivided(operation.channels, device.outputChannels);
    const double readings = words <= device.bankWords ? 1 : rowGroups;
    return map * readings / device.poolBytesPerCycle + channels * device.gateCyclesPerChannel;
}

}  // namespace

std::vector<DeviceConstant> constantsOf(const Dpu& device) {
    return {
        {"pixels", static_cast<double>(device.pixels), "output pixels at a time (PG338)"},
        {"inputChannels", static_cast<double>(device.inputChannels),
         "input channels at a time (PG338)"},
        {"outputChannels", static_cast<double>(device.outputChannels),
         "output channels at a time (PG338)"},
        {"depthwisePixels", static_cast<double>(device.depthwisePixels),
         "output pixels at a time of a depthwise convolution (PG338: half)"},
        {"clockMegahertz", device.clockMegahertz, "clock on the ZCU102, MHz (UG1354)"},
        {"startMilliseconds", device.startMilliseconds,
         "milliseconds of a run that no operation accounts for", true},
        {"convolutionEfficiency", device.convolutionEfficiency,
         "share of the convolution engine's peak that is reached", true},
        {"poolBytesPerCycle", device.poolBytesPerCycle,
         "bytes a cycle at which a map is read for its global mean", true},
        {"gateCyclesPerChannel", device.gateCyclesPerChannel,
         "cycles a channel for the small layers and the gate of squeeze-excite", true},
        {"bankWords", device.bankWords,
         "words of a bank of map memory; a larger map is read again and again", true},
    };
}

double cyclesOnDpu(const DpuOperation& operation, const Dpu& device) {
    switch (operation.work) {
        case DpuWork::Convolution: return convolutionCycles(operation, device);
        case DpuWork::Depthwise: return depthwiseCycles(operation, device);
        case DpuWork::SqueezeExcite: return squeezeExciteCycles(operation, device);
    }
    return 0;
}

double millisecondsOnDpu(std::span<const DpuOperation> operations, const Dpu& device) {
    double cycles = 0;
    for (const auto& operation : operations) cycles += cyclesOnDpu(operation, device);
    return device.startMilliseconds + cycles / (device.clockMegahertz * 1e3);
}

}  // namespace cohelix::validate
