// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/units.h"
#include "core/lab/validate/devices/devices_eyeriss.h"
#include "core/lab/validate/measured.h"

namespace cohelix::validate {
namespace {

using base::Result;
using model::Dim;

constexpr std::int64_t kMostSize = 1 << 16;

struct Row {
    model::Layer layer;
    double milliseconds = 0;
    double bufferMegabytes = 0;
    double dramMegabytes = 0;
    std::int64_t activePes = 0;
};

/// The table of AlexNet gives kernel, stride and groups; that of VGG-16 does not: 3, 1 and 1.
Result<Row> rowOf(const base::CsvTable& table, std::size_t index) {
    RowReader reader(table, index);
    const auto size = [&](const std::string& column) {
        return reader.integer(column, 1, kMostSize);
    };
    const bool grouped = table.has("groups");
    Row row;
    row.layer.name = table.where(index);
    row.layer.groups = grouped ? static_cast<int>(size("groups")) : 1;
    row.layer.stride = grouped ? static_cast<int>(size("stride")) : 1;
    row.layer.size(Dim::N) = size("batch");
    row.layer.size(Dim::K) = size(grouped ? "M_total" : "M");
    row.layer.size(Dim::C) = size(grouped ? "C_per_group" : "C") * row.layer.groups;
    row.layer.size(Dim::P) = row.layer.size(Dim::Q) = size("output_EF");
    row.layer.size(Dim::R) = row.layer.size(Dim::S) = grouped ? size("filter_RS") : 3;
    row.milliseconds = reader.positive("processing_latency_ms");
    row.bufferMegabytes = reader.positive("glb_access_MB");
    row.dramMegabytes = reader.positive("dram_access_MB");
    row.activePes = size("active_pes");
    if (reader.error()) return *reader.error();
    if (row.layer.size(Dim::C) > kMostSize)
        return reader.refuse("it has more than 65,536 channels");
    return row;
}

std::vector<std::string> neededColumns(bool grouped) {
    std::vector<std::string> columns = {"layer",      "batch",         "processing_latency_ms",
                                        "active_pes", "glb_access_MB", "dram_access_MB",
                                        "output_EF"};
    const std::vector<std::string> more =
        grouped ? std::vector<std::string>{"filter_RS", "stride", "C_per_group", "M_total"}
                : std::vector<std::string>{"C", "M"};
    columns.insert(columns.end(), more.begin(), more.end());
    return columns;
}

Result<base::CsvTable> tableOf(const std::filesystem::path& path) {
    const auto table = base::CsvTable::read(path, {"layer"});
    if (!table) return table.error();
    return base::CsvTable::read(path, neededColumns(table->has("groups")));
}

/// "m 96, n 1, e 7, p 16, q 1, r 1, t 2"
std::string inWords(const validate::RowStationaryMapping& mapping) {
    const auto part = [](const char* name, std::int64_t size) {
        return std::string(name) + " " + std::to_string(size);
    };
    return part("m", mapping.filters) + part(", n", mapping.images) +
           part(", e", mapping.outputRows) + part(", p", mapping.filtersPerPe) +
           part(", q", mapping.channelsPerPe) + part(", r", mapping.channelGroups) +
           part(", t", mapping.filterGroups);
}

std::string besideTheChip(const std::string& name, const Row& row, bool published,
                          const validate::RowStationaryMapping& mapping,
                          const validate::RowStationaryResult& ours) {
    const auto beside = [](double mine, double theirs) {
        return base::fixed(mine, 1) + " MB for " + base::fixed(theirs, 1);
    };
    return name + " (" + inWords(mapping) + (published ? "; the chip's own" : "; the fastest") +
           "): buffer " + beside(ours.bufferBytes * 1e-6, row.bufferMegabytes) + ", DRAM " +
           beside(ours.dramBytes * 1e-6, row.dramMegabytes) + " (compressed on the chip), " +
           std::to_string(ours.activePes) + " PEs for " + std::to_string(row.activePes);
}

/// The least time that the partial-sum bus needs for the buffer traffic that the chip reports,
/// half of it each way, or the arithmetic of the fastest mapping where that is longer. It needs no
/// mapping of the chip's, and shows what its mapping of large maps waits for.
Comparison boundByTraffic(const Comparison& comparison, const Row& row,
                          const validate::Eyeriss& device) {
    constexpr double kBytesPerWord = 2;
    const double cycles = row.bufferMegabytes * 1e6 / 2 / kBytesPerWord / device.sumWordsPerCycle;
    return {comparison.what, std::max(comparison.ours, cycles / device.clockMegahertz * 1e-3),
            comparison.theirs};
}

}  // namespace

Result<Validation> eyeriss(const std::filesystem::path& path) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = tableOf(path);
    if (!table) return table.error();
    const validate::Eyeriss device;
    Validation validation;
    validation.against = "the Eyeriss chip (JSSC 2017): processing latency";
    validation.unit = "ms";
    validation.rows = static_cast<std::int64_t>(table->rows());
    std::vector<Comparison> bounds;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto row = rowOf(*table, i);
        if (!row) return row.error();
        const auto published = validate::publishedEyerissMapping(row->layer);
        const auto mapping = published ? Result<validate::RowStationaryMapping>(*published)
                                       : validate::fastestEyerissMapping(row->layer, device);
        if (!mapping) return mapping.error();
        const auto ours = validate::runOnEyeriss(row->layer, *mapping, device);
        if (!ours) return ours.error();
        const std::string name = table->text(i, "layer");
        validation.comparisons.push_back(
            {name, ours->cycles / device.clockMegahertz * 1e-3, row->milliseconds});
        bounds.push_back(boundByTraffic(validation.comparisons.back(), *row, device));
        validation.notes.push_back(
            besideTheChip(name, *row, published.has_value(), *mapping, *ours));
    }
    validation.notes.push_back("with the partial-sum bus at the chip's own buffer traffic: " +
                               errorsInWords(bounds));
    conclude(validation, begin);
    return validation;
}

}  // namespace cohelix::validate
