// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/devices/devices_eyeriss.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/base/ceil_divide.h"

namespace cohelix::validate {
namespace {

using model::Dim;

constexpr double kWordBytes = 2;
constexpr std::int64_t kMostSize = 1 << 16;

/// A layer as the chip sees it: sizes of one group.
struct Shape {
    std::int64_t images, filters, channels, rows, columns, kernelRows, kernelColumns, groups;
    std::int64_t rowStride, inputColumns;
};

Shape shapeOf(const model::Layer& layer) {
    return {.images = layer.size(Dim::N),
            .filters = layer.size(Dim::K) / layer.groups,
            .channels = layer.size(Dim::C) / layer.groups,
            .rows = layer.size(Dim::P),
            .columns = layer.size(Dim::Q),
            .kernelRows = layer.size(Dim::R),
            .kernelColumns = layer.size(Dim::S),
            .groups = layer.groups,
            .rowStride = layer.stride.rows,
            .inputColumns = (layer.size(Dim::Q) - 1) * layer.stride.columns + layer.size(Dim::S)};
}

/// Input rows under so many rows of outputs.
std::int64_t inputRows(const Shape& shape, std::int64_t rows) {
    return (rows - 1) * shape.rowStride + shape.kernelRows;
}

/// How many blocks of R x e PEs the array holds; a block wider than the array is folded.
std::int64_t blocksOnArray(const Shape& shape, std::int64_t rows, const Eyeriss& device) {
    const std::int64_t strips = base::ceilDivide(rows, device.columns);
    const std::int64_t side = strips > 1 ? 1 : device.columns / rows;
    return device.rows / (shape.kernelRows * strips) * side;
}

/// Why a mapping cannot be; empty where it can.
std::string obstacle(const Shape& shape, const RowStationaryMapping& mapping,
                     const Eyeriss& device) {
    for (const std::int64_t size :
         {mapping.filters, mapping.images, mapping.outputRows, mapping.filtersPerPe,
          mapping.channelsPerPe, mapping.channelGroups, mapping.filterGroups}) {
        if (size < 1 || size > kMostSize) return "a size of the mapping is out of range";
    }
    if (mapping.channelGroups * mapping.filterGroups >
        blocksOnArray(shape, mapping.outputRows, device)) {
        return "its blocks do not fit the array";
    }
    const std::int64_t inputs = mapping.channelsPerPe * shape.kernelColumns;
    if (inputs > device.inputWordsPerPe) return "its inputs overflow a PE";
    if (mapping.filtersPerPe * inputs > device.weightWordsPerPe) return "its weights overflow a PE";
    if (mapping.filtersPerPe > device.sumsPerPe) return "its partial sums overflow a PE";
    const double sums = static_cast<double>(mapping.images) * static_cast<double>(mapping.filters) *
                        static_cast<double>(mapping.outputRows * shape.columns);
    const double patch =
        static_cast<double>(mapping.images * mapping.channelsPerPe * mapping.channelGroups) *
        static_cast<double>(inputRows(shape, mapping.outputRows) * shape.inputColumns);
    if (kWordBytes * (sums + patch) > device.bufferBytes) return "a pass overflows the buffer";
    return {};
}

/// What all passes with `rows` rows of outputs take.
RowStationaryResult passesOf(const Shape& shape, const RowStationaryMapping& mapping,
                             std::int64_t rows, std::int64_t count, const Eyeriss& device) {
    const auto times = [](std::int64_t whole, std::int64_t part) {
        return static_cast<double>(base::ceilDivide(whole, part));
    };
    const double passes = static_cast<double>(count) * static_cast<double>(shape.groups) *
                          times(shape.filters, mapping.filters) *
                          times(shape.channels, mapping.channelsPerPe * mapping.channelGroups) *
                          times(shape.images, mapping.images);
    const double sendings = times(mapping.filters, mapping.filtersPerPe * mapping.filterGroups);
    const double rounds = sendings * static_cast<double>(mapping.images);
    const auto stepsPerOutput =
        static_cast<double>(mapping.filtersPerPe * mapping.channelsPerPe * shape.kernelColumns);
    const double stepsPerRound =
        stepsPerOutput * static_cast<double>(shape.columns + shape.kernelRows - 1);
    const auto sums = static_cast<double>(mapping.images * mapping.filters * rows * shape.columns);
    const auto inputs =
        static_cast<double>(mapping.images * mapping.channelsPerPe * mapping.channelGroups *
                            inputRows(shape, rows) * shape.inputColumns);
    RowStationaryResult result;
    result.cycles = passes * std::max(rounds * stepsPerRound, sums / device.sumWordsPerCycle);
    result.bufferBytes = passes * kWordBytes * (2 * sums + sendings * inputs);
    result.dramBytes = passes * kWordBytes * inputs;
    return result;
}

RowStationaryResult run(const Shape& shape, const RowStationaryMapping& mapping,
                        const Eyeriss& device) {
    const std::int64_t whole = shape.rows / mapping.outputRows;
    const std::int64_t rest = shape.rows % mapping.outputRows;
    RowStationaryResult total;
    for (const auto& [rows, count] :
         {std::pair{mapping.outputRows, whole}, std::pair{rest, std::int64_t{rest > 0}}}) {
        if (count == 0) continue;
        const auto part = passesOf(shape, mapping, rows, count, device);
        total.cycles += part.cycles;
        total.bufferBytes += part.bufferBytes;
        total.dramBytes += part.dramBytes;
    }
    const double weights = static_cast<double>(shape.filters * shape.channels * shape.groups) *
                           static_cast<double>(shape.kernelRows * shape.kernelColumns);
    const double outputs = static_cast<double>(shape.images * shape.filters * shape.groups) *
                           static_cast<double>(shape.rows * shape.columns);
    const auto weightFetches =
        static_cast<double>(base::ceilDivide(shape.rows, mapping.outputRows) *
                            base::ceilDivide(shape.images, mapping.images));
    total.dramBytes += kWordBytes * (weights * weightFetches + outputs);
    total.activePes =
        shape.kernelRows * mapping.outputRows * mapping.channelGroups * mapping.filterGroups;
    return total;
}

std::optional<base::Error> refuseLayer(const model::Layer& layer) {
    const auto bad = [](std::int64_t size) { return size < 1 || size > kMostSize; };
    if (std::ranges::any_of(layer.sizes, bad) || bad(layer.stride.rows) ||
        bad(layer.stride.columns) || bad(layer.groups)) {
        return base::Error{layer.name, "a size of the layer is not from 1 to 65,536", {}};
    }
    if (layer.size(Dim::K) % layer.groups != 0 || layer.size(Dim::C) % layer.groups != 0) {
        return base::Error{layer.name, "its groups do not divide its channels", {}};
    }
    return std::nullopt;
}

/// Calls `visit` with each mapping that may fit.
template <typename Visit>
void forMappings(const Shape& shape, const Eyeriss& device, const Visit& visit) {
    constexpr std::array<std::int64_t, 7> kFiltersPerPe = {1, 2, 4, 8, 12, 16, 24};
    const std::int64_t mostRows = std::min(shape.rows, device.rows * device.columns);
    RowStationaryMapping mapping;
    for (auto& e = mapping.outputRows; e <= mostRows; ++e) {
        const std::int64_t blocks = blocksOnArray(shape, e, device);
        for (auto& r = mapping.channelGroups = 1; r <= std::min(blocks, shape.channels); ++r) {
            for (auto& t = mapping.filterGroups = 1; t <= blocks / r; ++t) {
                const std::int64_t mostChannels = device.inputWordsPerPe / shape.kernelColumns;
                for (auto& q = mapping.channelsPerPe = 1; q <= mostChannels; ++q) {
                    for (const std::int64_t p : kFiltersPerPe) {
                        mapping.filtersPerPe = p;
                        for (auto& m = mapping.filters = p * t; m < shape.filters + p * t; m *= 2) {
                            for (auto& n = mapping.images = 1;
                                 n <= shape.images && obstacle(shape, mapping, device).empty();
                                 ++n) {
                                visit(mapping);
                            }
                        }
                    }
                }
            }
        }
    }
}

}  // namespace

std::vector<DeviceConstant> constantsOf(const Eyeriss& device) {
    return {
        {"rows", static_cast<double>(device.rows), "rows of PEs (JSSC 2017)"},
        {"columns", static_cast<double>(device.columns), "columns of PEs (JSSC 2017)"},
        {"clockMegahertz", device.clockMegahertz, "core clock, MHz (JSSC 2017)"},
        {"inputWordsPerPe", static_cast<double>(device.inputWordsPerPe), "JSSC 2017"},
        {"weightWordsPerPe", static_cast<double>(device.weightWordsPerPe), "JSSC 2017"},
        {"sumsPerPe", static_cast<double>(device.sumsPerPe), "JSSC 2017"},
        {"bufferBytes", device.bufferBytes,
         "buffer for inputs and partial sums, 100 of 108 KiB (JSSC 2017)"},
        {"sumWordsPerCycle", device.sumWordsPerCycle,
         "words of partial sums a cycle and direction, 64 bits (JSSC 2017)"},
    };
}

base::Result<RowStationaryResult> runOnEyeriss(const model::Layer& layer,
                                               const RowStationaryMapping& mapping,
                                               const Eyeriss& device) {
    if (auto error = refuseLayer(layer)) return *error;
    const Shape shape = shapeOf(layer);
    if (auto why = obstacle(shape, mapping, device); !why.empty()) {
        return base::Error{layer.name, why, "Choose a smaller mapping"};
    }
    return run(shape, mapping, device);
}

std::optional<RowStationaryMapping> publishedEyerissMapping(const model::Layer& layer) {
    struct Entry {
        std::int64_t filters, channels, rows, kernel, groups;
        RowStationaryMapping mapping;
    };
    // AlexNet's convolutions in order (JSSC 2017).
    static constexpr std::array<Entry, 5> kEntries = {{
        {96, 3, 55, 11, 1, {96, 1, 7, 16, 1, 1, 2}},
        {256, 96, 27, 5, 2, {64, 1, 27, 16, 2, 1, 1}},
        {384, 256, 13, 3, 1, {64, 4, 13, 16, 4, 1, 4}},
        {384, 384, 13, 3, 2, {64, 4, 13, 16, 3, 2, 2}},
        {256, 384, 13, 3, 2, {64, 4, 13, 16, 3, 2, 2}},
    }};
    for (const auto& entry : kEntries) {
        if (layer.size(Dim::K) == entry.filters && layer.size(Dim::C) == entry.channels &&
            layer.size(Dim::P) == entry.rows && layer.size(Dim::Q) == entry.rows &&
            layer.size(Dim::R) == entry.kernel && layer.size(Dim::S) == entry.kernel &&
            layer.groups == entry.groups) {
            RowStationaryMapping mapping = entry.mapping;
            mapping.images = std::min(mapping.images, layer.size(Dim::N));
            return mapping;
        }
    }
    return std::nullopt;
}

base::Result<RowStationaryMapping> fastestEyerissMapping(const model::Layer& layer,
                                                         const Eyeriss& device) {
    if (auto error = refuseLayer(layer)) return *error;
    const Shape shape = shapeOf(layer);
    std::optional<RowStationaryMapping> best;
    RowStationaryResult least;
    forMappings(shape, device, [&](const RowStationaryMapping& mapping) {
        const auto result = run(shape, mapping, device);
        if (!best || result.cycles < least.cycles ||
            (result.cycles == least.cycles && result.bufferBytes < least.bufferBytes)) {
            best = mapping;
            least = result;
        }
    });
    if (!best) return base::Error{layer.name, "no row-stationary mapping of it fits the chip", {}};
    return *best;
}

}  // namespace cohelix::validate
