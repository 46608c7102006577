// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/csv.h"
#include "core/base/units.h"
#include "core/lab/validate/compact_mapping.h"
#include "core/lab/validate/validation.h"
#include "core/nest/loop_nest.h"
#include "core/nest/presets.h"

namespace cohelix::validate {
namespace {

using base::Result;
using model::Dim;

constexpr std::int64_t kMostSize = std::int64_t{1} << 40;
constexpr std::size_t kMostDifferences = 10;

struct Row {
    model::Layer layer;
    model::Mapping mapping;
    nest::Hierarchy hierarchy;
    double cycles = 0;
    double energyMicrojoule = 0;
};

Result<Row> rowOf(const base::CsvTable& table, std::size_t index) {
    Row row;
    row.layer.name = table.where(index);
    std::optional<base::Error> error;
    const auto integer = [&](const std::string& column) -> std::int64_t {
        const auto value = table.integer(index, column, 1, kMostSize);
        if (!value && !error) error = value.error();
        return value ? *value : 1;
    };
    const auto number = [&](const std::string& column) {
        const auto value = table.number(index, column);
        if (!value && !error) error = value.error();
        return value ? *value : 0;
    };
    for (const Dim dim : model::kAllDims) row.layer.size(dim) = integer(std::string(word(dim)));
    // Timeloop's W goes with P and R, its H with Q and S; a table may give one for both.
    const auto perAxis = [&](const std::string& name) -> model::PerAxis {
        const auto step = [&](const char* axis) {
            return static_cast<int>(std::min<std::int64_t>(integer(name + axis), 1 << 20));
        };
        return {step(table.has(name + "_w") ? "_w" : "_h"), step("_h")};
    };
    row.layer.stride = perAxis("stride");
    row.layer.dilation = perAxis("dilation");
    row.hierarchy = nest::gemminiOf2022(integer("pe_dim"), integer("scratchpad_bytes"),
                                        integer("accumulator_words_per_column"));
    row.cycles = number("cycles");
    row.energyMicrojoule = number("energy_uJ");
    if (error) return *error;
    auto mapping = mappingFromCompact(table.text(index, "mapping"), table.where(index));
    if (!mapping) return mapping.error();
    row.mapping = std::move(*mapping);
    return row;
}

/// Whether two energies are the same to the digits that the table prints: six significant ones, or
/// six decimals where those are fewer. A tie may have been rounded either way.
bool sameToPrintedDigits(double ours, double theirs) {
    const double sixth = std::pow(10.0, std::floor(std::log10(theirs)) - 5);
    return std::abs(ours - theirs) <= std::max(sixth, 1e-6) * (0.5 + 1e-6);
}

}  // namespace

Result<Validation> timeloopGemmini(const std::filesystem::path& path) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = base::CsvTable::read(
        path, {"pe_dim", "scratchpad_bytes", "accumulator_words_per_column", "C", "K", "N", "P",
               "Q", "R", "S", "stride_h", "dilation_h", "mapping", "cycles", "energy_uJ"});
    if (!table) return table.error();
    Validation validation;
    validation.against = "Timeloop of 2022 on Gemmini-like accelerators: cycles and energy";
    validation.equal = 0;
    validation.worstRelativeError = 0;
    double sum = 0;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto row = rowOf(*table, i);
        if (!row) return row.error();
        const auto ours =
            nest::evaluateLoopNest(row->layer, row->mapping, row->hierarchy, nest::kTimeloop2022);
        if (!ours) return ours.error();
        const double microjoule = ours->energyPicojoule * 1e-6;
        const bool equal =
            ours->cycles == row->cycles && sameToPrintedDigits(microjoule, row->energyMicrojoule);
        const double error = std::max(std::abs(ours->cycles / row->cycles - 1),
                                      std::abs(microjoule / row->energyMicrojoule - 1));
        *validation.equal += equal ? 1 : 0;
        sum += error;
        *validation.worstRelativeError = std::max(*validation.worstRelativeError, error);
        if (!equal && validation.differences.size() < kMostDifferences) {
            validation.differences.push_back(table->where(i) + ": " + base::fixed(ours->cycles, 0) +
                                             " cycles for " + base::fixed(row->cycles, 0) + ", " +
                                             base::fixed(microjoule, 6) + " uJ for " +
                                             base::fixed(row->energyMicrojoule, 6));
        }
    }
    validation.rows = static_cast<std::int64_t>(table->rows());
    validation.meanRelativeError = table->rows() > 0 ? sum / static_cast<double>(table->rows()) : 0;
    validation.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return validation;
}

}  // namespace cohelix::validate
