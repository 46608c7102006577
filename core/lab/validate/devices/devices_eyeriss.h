// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The Eyeriss chip (Chen et al., JSSC 2017) and its row-stationary mappings: a column of R PEs
// works on one row of outputs, each PE on one kernel row; partial sums go up the column. Nothing
// in it is calibrated.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/lab/validate/devices/device_constant.h"
#include "core/model/layer.h"

namespace cohelix::validate {

/// Words of 16 bits.
struct Eyeriss {
    std::int64_t rows = 12;
    std::int64_t columns = 14;
    double clockMegahertz = 200;
    std::int64_t inputWordsPerPe = 12;  ///< of inputs in a PE
    std::int64_t weightWordsPerPe = 224;
    std::int64_t sumsPerPe = 24;
    double bufferBytes = 100 * 1024;  ///< for inputs and partial sums
    double sumWordsPerCycle = 4;      ///< 64 bits each way between buffer and array
};

std::vector<DeviceConstant> constantsOf(const Eyeriss& device);

/// The parameters of a pass, as JSSC 2017 names them.
struct RowStationaryMapping {
    std::int64_t filters = 1;        ///< m, of a pass
    std::int64_t images = 1;         ///< n, of a pass
    std::int64_t outputRows = 1;     ///< e, of a pass: columns that work side by side
    std::int64_t filtersPerPe = 1;   ///< p
    std::int64_t channelsPerPe = 1;  ///< q
    std::int64_t channelGroups = 1;  ///< r, on different PEs
    std::int64_t filterGroups = 1;   ///< t, on different PEs
    friend bool operator==(const RowStationaryMapping&, const RowStationaryMapping&) = default;
};

struct RowStationaryResult {
    double cycles = 0;  ///< processing, without waiting for DRAM
    std::int64_t activePes = 0;
    double bufferBytes = 0;  ///< inputs read, partial sums written and read
    double dramBytes = 0;    ///< uncompressed
};

/// A layer, its whole batch and all groups. A pass is images * filters / (p * t) rounds. In a
/// round each PE makes a row of outputs, q * S * p steps each; every PE of a column begins one
/// output after the one below it, and a round is no shorter than its partial sums need on their
/// way. Errors name the layer: the mapping does not fit the array, a PE's memories or the buffer.
base::Result<RowStationaryResult> runOnEyeriss(const model::Layer& layer,
                                               const RowStationaryMapping& mapping,
                                               const Eyeriss& device = {});

/// What the chip used for the five convolutions of AlexNet, recognised by their shapes; of other
/// layers nothing was published. CONV3 reports the buffer traffic of CONV4's mapping, not of its
/// own.
std::optional<RowStationaryMapping> publishedEyerissMapping(const model::Layer& layer);

/// The mapping of the fewest cycles, among equals of the least buffer traffic. It tries p of 1, 2,
/// 4, 8, 12, 16 and 24, m of p * t times a power of two, and all else.
base::Result<RowStationaryMapping> fastestEyerissMapping(const model::Layer& layer,
                                                         const Eyeriss& device = {});

}  // namespace cohelix::validate
