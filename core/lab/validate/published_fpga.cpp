// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/base/units.h"
#include "core/lab/validate/devices/devices_tiled_fpga.h"
#include "core/lab/validate/measured.h"
#include "core/lab/validate/published_networks.h"

namespace cohelix::validate {
namespace {

using base::Result;

constexpr std::int64_t kMostSize = 1 << 16;

/// Both halves of AlexNet's groups, as that table has every layer.
constexpr int kGroups = 2;

struct ZhangRow {
    model::Layer layer;
    validate::UnrolledLoops device;
    double publishedCycles = 0;  ///< of one group
    double milliseconds = 0;     ///< of both
};

Result<ZhangRow> zhangRowOf(const base::CsvTable& table, std::size_t index) {
    RowReader reader(table, index);
    const auto size = [&](const char* column) { return reader.integer(column, 1, kMostSize); };
    ZhangRow row;
    row.layer =
        squareConvolution(size("M_out_per_group") * kGroups, size("N_in_per_group") * kGroups,
                          size("output_EF"), size("K"), static_cast<int>(size("stride")), kGroups);
    row.device.outputChannels = size("cross_layer_Tm");
    row.device.inputChannels = size("cross_layer_Tn");
    row.publishedCycles = reader.positive("cross_layer_cycles_one_group_derived");
    row.milliseconds = reader.positive("measured_ms_both_groups");
    if (reader.error()) return *reader.error();
    return row;
}

/// "CONV3 (3 layers)": 3. 0 where it is no stage of VGG-16.
std::size_t stageOf(const std::string& text) {
    const bool single = text.size() > 5 && text.starts_with("CONV") && text[5] == ' ';
    return single && text[4] >= '1' && text[4] <= '5' ? static_cast<std::size_t>(text[4] - '0') : 0;
}

struct StageTimes {
    double theoreticalMs = 0;
    double measuredMs = 0;
};

StageTimes timesOf(const std::vector<model::Layer>& stage, const validate::Convolvers& device) {
    StageTimes times;
    for (const auto& layer : stage) {
        times.theoreticalMs += theoreticalCycles(layer, device) / (device.clockMegahertz * 1e3);
        times.measuredMs += measuredCycles(layer, device) / (device.clockMegahertz * 1e3);
    }
    return times;
}

struct ChaiRow {
    std::vector<model::Layer> layers;
    validate::ChaiDnn device;
    double framesPerSecond = 0;
};

/// "300/600": the core's clock.
Result<double> coreClock(const RowReader& reader) {
    const std::string text = reader.text("clock_MHz_core_over_dsp");
    const auto slash = text.find('/');
    const auto core = base::CsvTable::parse("MHz\n" + text.substr(0, slash), "clock", {"MHz"});
    if (slash != std::string::npos && core && core->rows() == 1) {
        const auto value = core->number(0, "MHz");
        if (value && *value >= 1 && *value <= 1e5) return *value;
    }
    return reader.refuse("'" + text + "' is no pair of clocks like 250/500");
}

Result<ChaiRow> chaiRowOf(const base::CsvTable& table, std::size_t index) {
    RowReader reader(table, index);
    ChaiRow row;
    row.layers = convolutionsOf(reader.text("network"));
    row.device.dsps = reader.integer("compute_dsps", 1, kMostSize);
    row.device.bits = reader.integer("bits", 1, 64);
    row.framesPerSecond = reader.positive("fps_without_fc");
    if (reader.error()) return *reader.error();
    if (row.layers.empty()) {
        return reader.refuse("the layers of '" + reader.text("network") + "' are not known");
    }
    const auto clock = coreClock(reader);
    if (!clock) return clock.error();
    row.device.coreMegahertz = *clock;
    return row;
}

}  // namespace

Result<Validation> zhang2015(const std::filesystem::path& path) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = base::CsvTable::read(
        path,
        {"layer", "N_in_per_group", "M_out_per_group", "output_EF", "K", "stride", "cross_layer_Tm",
         "cross_layer_Tn", "cross_layer_cycles_one_group_derived", "measured_ms_both_groups"});
    if (!table) return table.error();
    Validation validation;
    validation.against = "AlexNet on a VX485T (Zhang et al., FPGA 2015): measured time";
    validation.unit = "ms";
    validation.rows = static_cast<std::int64_t>(table->rows());
    validation.equal = 0;
    double cycles = 0;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto row = zhangRowOf(*table, i);
        if (!row) return row.error();
        const double oneGroup = publishedCycles(row->layer, row->device) / kGroups;
        cycles += oneGroup;
        *validation.equal += oneGroup == row->publishedCycles ? 1 : 0;
        validation.comparisons.push_back(
            {table->text(i, "layer"),
             measuredCycles(row->layer, row->device) / (row->device.clockMegahertz * 1e3),
             row->milliseconds});
    }
    validation.notes = {"the published count comes out exactly in " +
                        base::grouped(*validation.equal) + " of " + base::grouped(validation.rows) +
                        " layers (equal); their sum is " + base::fixed(cycles, 0) +
                        " cycles a group"};
    conclude(validation, begin);
    return validation;
}

Result<Validation> qiu2016(const std::filesystem::path& path) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = base::CsvTable::read(path, {"stage", "theoretical_ms", "measured_ms"});
    if (!table) return table.error();
    const validate::Convolvers device;
    const auto stages = vgg16Stages();
    Validation validation;
    validation.against = "VGG-16 on a ZC706 (Qiu et al., FPGA 2016): measured time of the stages";
    validation.unit = "ms";
    validation.rows = static_cast<std::int64_t>(table->rows());
    validation.equal = 0;
    validation.flagged = 0;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const std::size_t stage = stageOf(table->text(i, "stage"));
        if (stage == 0) {
            ++*validation.flagged;
            validation.notes.push_back(table->text(i, "stage") + ": not predicted");
            continue;
        }
        RowReader reader(*table, i);
        const double theoretical = reader.positive("theoretical_ms");
        const double measured = reader.positive("measured_ms");
        if (reader.error()) return *reader.error();
        const StageTimes ours = timesOf(stages[stage - 1], device);
        // The table has two decimals.
        const bool equal = std::abs(ours.theoreticalMs - theoretical) < 0.0051;
        *validation.equal += equal ? 1 : 0;
        validation.comparisons.push_back({table->text(i, "stage"), ours.measuredMs, measured});
    }
    double total = 0;
    for (const auto& comparison : validation.comparisons) total += comparison.ours;
    validation.notes.push_back("the predicted stages together: " + base::fixed(total, 2) + " ms");
    validation.notes.push_back("the published theoretical time comes out in " +
                               base::grouped(*validation.equal) + " of " +
                               std::to_string(validation.comparisons.size()) + " stages (equal)");
    conclude(validation, begin);
    return validation;
}

Result<Validation> chaidnn(const std::filesystem::path& path) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = base::CsvTable::read(
        path, {"network", "compute_dsps", "clock_MHz_core_over_dsp", "bits", "fps_without_fc"});
    if (!table) return table.error();
    Validation validation;
    validation.against = "CHaiDNN v2 on a ZCU102, without fully connected layers: frames a second";
    validation.unit = "frames/s";
    validation.rows = static_cast<std::int64_t>(table->rows());
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto row = chaiRowOf(*table, i);
        if (!row) return row.error();
        double total = 0;
        for (const auto& layer : row->layers) total += milliseconds(layer, row->device);
        validation.comparisons.push_back({table->text(i, "network") + ", " +
                                              std::to_string(row->device.dsps) + " DSPs, " +
                                              std::to_string(row->device.bits) + " bits",
                                          1e3 / total, row->framesPerSecond});
    }
    validation.notes = {"fully connected layers run on the processor and are not predicted"};
    conclude(validation, begin);
    return validation;
}

}  // namespace cohelix::validate
