// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/units.h"
#include "core/lab/validate/compact_mapping.h"
#include "core/lab/validate/measured.h"
#include "core/lab/validate/rank_correlation.h"
#include "core/nest/loop_nest.h"
#include "core/nest/presets.h"

namespace cohelix::validate {
namespace {

using base::Result;

constexpr std::int64_t kMostSize = std::int64_t{1} << 40;
constexpr std::int64_t kMostStride = 1 << 20;

struct Row {
    model::Layer layer;
    model::Mapping mapping;
    nest::Hierarchy hierarchy;
    double rtlCycles = 0;
    double timeloopCycles = 0;  ///< 0: the table does not give them
};

/// The two tables name the same things differently.
struct Columns {
    std::string stride, dilation, peDim, scratchpad, accumulator, mapping, rtlCycles, timeloop;
};

Columns columnsOf(const base::CsvTable& table) {
    if (table.has("gemmini_rtl_cycles")) {
        return {"stride",
                {},
                "mesh_x",
                "scratchpad_entries",
                "accumulator_entries_per_instance",
                "mapping_outer_to_inner",
                "gemmini_rtl_cycles",
                "timeloop_cycles"};
    }
    return {"stride_h", "dilation_h", "pe_dim", "scratchpad_bytes", "accumulator_words_per_column",
            "mapping",  "rtl_cycles", {}};
}

Result<base::CsvTable> tableOf(const std::filesystem::path& path) {
    std::vector<std::string> needed = {"C", "K", "N", "P", "Q", "R", "S"};
    const auto table = base::CsvTable::read(path, needed);
    if (!table) return table.error();
    const Columns columns = columnsOf(*table);
    for (const auto& column :
         {columns.stride, columns.dilation, columns.peDim, columns.scratchpad, columns.accumulator,
          columns.mapping, columns.rtlCycles, columns.timeloop}) {
        if (!column.empty()) needed.push_back(column);
    }
    return base::CsvTable::read(path, needed);
}

Result<Row> rowOf(const base::CsvTable& table, const Columns& columns, std::size_t index) {
    RowReader reader(table, index);
    Row row;
    row.layer.name = table.where(index);
    for (const auto dim : model::kAllDims) {
        row.layer.size(dim) = reader.integer(std::string(word(dim)), 1, kMostSize);
    }
    // Timeloop's W goes with P and R, its H with Q and S; a table may give one for both.
    const auto perAxis = [&](const std::string& name, const std::string& ofRows) {
        const auto columnSteps = static_cast<int>(reader.integer(name, 1, kMostStride));
        return table.has(ofRows)
                   ? model::PerAxis{static_cast<int>(reader.integer(ofRows, 1, kMostStride)),
                                    columnSteps}
                   : model::PerAxis{columnSteps};
    };
    row.layer.stride = perAxis(columns.stride, "stride_w");
    if (!columns.dilation.empty()) {
        row.layer.dilation = perAxis(columns.dilation, "dilation_w");
    }
    row.hierarchy = nest::gemminiOf2022(reader.integer(columns.peDim, 1, kMostStride),
                                        reader.integer(columns.scratchpad, 1, kMostSize),
                                        reader.integer(columns.accumulator, 1, kMostSize));
    row.rtlCycles = reader.positive(columns.rtlCycles);
    if (!columns.timeloop.empty()) row.timeloopCycles = reader.positive(columns.timeloop);
    if (reader.error()) return *reader.error();
    auto mapping = mappingFromCompact(table.text(index, columns.mapping), table.where(index));
    if (!mapping) return mapping.error();
    row.mapping = std::move(*mapping);
    return row;
}

/// Half of the ratios theirs / ours lie below it.
double medianRatio(std::span<const Comparison> comparisons) {
    std::vector<double> ratios;
    for (const auto& comparison : comparisons)
        ratios.push_back(comparison.theirs / comparison.ours);
    if (ratios.empty()) return 0;
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::ranges::nth_element(ratios, middle);
    return *middle;
}

std::string agreementInWords(const std::string& whose, std::span<const Comparison> comparisons) {
    std::vector<double> ours;
    std::vector<double> theirs;
    for (const auto& comparison : comparisons) {
        ours.push_back(comparison.ours);
        theirs.push_back(comparison.theirs);
    }
    return whose + ": " + errorsInWords(comparisons) + "; RTL takes " +
           base::fixed(medianRatio(comparisons), 2) + " times as long (median); Spearman " +
           correlationInWords(spearman(ours, theirs)) + ", Kendall " +
           correlationInWords(kendall(ours, theirs));
}

}  // namespace

Result<Validation> gemminiRtl(const std::filesystem::path& path,
                              const nest::Convention& convention) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = tableOf(path);
    if (!table) return table.error();
    const Columns columns = columnsOf(*table);
    Validation validation;
    validation.against = "RTL simulation of Gemmini: cycles, under " + std::string(convention.name);
    validation.unit = "cycles";
    validation.theirs = "simulated";
    validation.rows = static_cast<std::int64_t>(table->rows());
    if (!columns.timeloop.empty()) validation.equal = 0;
    std::vector<Comparison> timeloop;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto row = rowOf(*table, columns, i);
        if (!row) return row.error();
        const auto ours =
            nest::evaluateLoopNest(row->layer, row->mapping, row->hierarchy, convention);
        if (!ours) return ours.error();
        validation.comparisons.push_back({table->where(i), ours->cycles, row->rtlCycles});
        if (columns.timeloop.empty()) continue;
        *validation.equal += ours->cycles == row->timeloopCycles ? 1 : 0;
        timeloop.push_back({table->where(i), row->timeloopCycles, row->rtlCycles});
    }
    validation.notes.push_back(agreementInWords("the loop nest", validation.comparisons));
    if (!columns.timeloop.empty()) {
        validation.notes.push_back(agreementInWords("Timeloop's own", timeloop));
        validation.notes.push_back("the two are equal in " + base::grouped(*validation.equal) +
                                   " of " + base::grouped(validation.rows) + " rows");
    }
    conclude(validation, begin);
    return validation;
}

}  // namespace cohelix::validate
