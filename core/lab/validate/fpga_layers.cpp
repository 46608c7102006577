// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "core/lab/validate/devices/devices_pixel_array.h"
#include "core/lab/validate/measured.h"

namespace cohelix::validate {
namespace {

using base::Result;

constexpr std::int64_t kMostSize = 1 << 20;
constexpr std::int64_t kMostPixels = 1 << 24;  ///< of a map: 4,096 x 4,096

struct Row {
    std::string type;
    std::string design;
    validate::PixelArray device;
    validate::PaddedConvolution layer;
    double nanoseconds = 0;
};

Result<Row> rowOf(const base::CsvTable& table, std::size_t index,
                  const validate::PixelArray& device) {
    RowReader reader(table, index);
    const auto size = [&](const char* column) { return reader.integer(column, 1, kMostSize); };
    const auto pad = [&](const char* column) { return reader.integer(column, 0, kMostSize); };
    Row row;
    row.device = device;
    row.type = reader.text("type");
    row.device.channels = size("M");
    row.device.pixels = size("P");
    row.device.clockMegahertz = reader.positive("clock_MHz");
    row.design = std::to_string(row.device.channels) + "x" + std::to_string(row.device.pixels);
    row.layer = {.outputChannels = size("out_channels"),
                 .inputChannels = size("in_channels"),
                 .inputRows = size("in_h"),
                 .inputColumns = size("in_w"),
                 .kernelRows = size("kh"),
                 .kernelColumns = size("kw"),
                 .strideRows = size("stride_h"),
                 .strideColumns = size("stride_w"),
                 .padAbove = pad("pad_u"),
                 .padLeft = pad("pad_l"),
                 .outputRows = size("out_h"),
                 .outputColumns = size("out_w")};
    row.nanoseconds = reader.positive("latency_ns");
    if (reader.error()) return *reader.error();
    if (row.type != "Conv" && row.type != "Fc") {
        return reader.refuse("there is no type '" + row.type + "'; it is Conv or Fc");
    }
    if (row.layer.outputRows * row.layer.outputColumns > kMostPixels) {
        return reader.refuse("an output map has more than 16,777,216 pixels");
    }
    return row;
}

double nanosecondsOf(const Row& row) {
    const auto timing = row.type == "Fc"
                            ? validate::timeFullyConnected(row.layer.outputChannels,
                                                           row.layer.inputChannels, row.device)
                            : validate::timeOnPixelArray(row.layer, row.device);
    return timing.cycles() / row.device.clockMegahertz * 1e3;
}

}  // namespace

Result<Validation> fpgaLayers(const std::filesystem::path& path,
                              const validate::PixelArray& device) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = base::CsvTable::read(
        path, {"network", "layer", "type", "M", "P", "clock_MHz", "out_channels", "in_channels",
               "in_h", "in_w", "kh", "kw", "stride_h", "stride_w", "pad_l", "pad_u", "out_h",
               "out_w", "latency_ns"});
    if (!table) return table.error();
    Validation validation;
    validation.against = "measured layers of an FPGA accelerator (FPGA 2023): latency";
    validation.unit = "ns";
    validation.rows = static_cast<std::int64_t>(table->rows());
    std::map<std::string, std::vector<Comparison>> bySize;
    std::vector<Comparison> fullyConnected;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto row = rowOf(*table, i, device);
        if (!row) return row.error();
        const Comparison comparison{
            table->text(i, "network") + " " + table->text(i, "layer") + ", " + row->design,
            nanosecondsOf(*row), row->nanoseconds, row->design};
        if (row->type == "Fc") {
            fullyConnected.push_back(comparison);
        } else {
            bySize[row->design].push_back(comparison);
            validation.comparisons.push_back(comparison);
        }
    }
    for (const auto& [design, comparisons] : bySize) {
        validation.notes.push_back("convolutions, " + design + ": " + errorsInWords(comparisons));
    }
    validation.flagged = static_cast<std::int64_t>(fullyConnected.size());
    validation.notes.push_back("fully connected, not in the errors: " +
                               errorsInWords(fullyConnected));
    conclude(validation, begin);
    return validation;
}

}  // namespace cohelix::validate
