// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The cost models held against published results: each function reads one of the tables that
// the READMEs of the room and of core/nest name and says how far the model is from it. Plain
// functions, any thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/lab/validate/devices/devices_dpu.h"
#include "core/lab/validate/devices/devices_pixel_array.h"
#include "core/nest/loop_nest.h"

namespace cohelix::validate {

/// One figure of the model beside the one it is held against, in the same unit.
struct Comparison {
    std::string what;  ///< "alexnet Conv_0, 32x32"
    double ours = 0;
    double theirs = 0;
    std::string group = {};  ///< of the table's rows that belong together: "32x32"; may be empty
    friend bool operator==(const Comparison&, const Comparison&) = default;
};

/// Figures that a comparison does not have stay empty.
struct Validation {
    std::string against;
    std::int64_t rows = 0;
    std::optional<std::int64_t> equal;         ///< rows that agree in every figure compared
    std::optional<std::int64_t> flagged;       ///< of these, compared in part, as the table asks
    std::optional<double> worstRelativeError;  ///< |ours / theirs - 1|
    std::optional<double> meanRelativeError;
    std::optional<double> spearman;
    std::optional<double> kendall;
    double seconds = 0;
    /// In words: the first few rows that are not equal, or, of measured tables, the furthest.
    std::vector<std::string> differences;
    std::vector<std::string> notes;       ///< figures of parts of the table, and what is left out
    std::string unit;                     ///< of `comparisons`
    std::string theirs = "measured";      ///< what the other figure of `comparisons` is
    std::vector<Comparison> comparisons;  ///< of measured tables: what errors and ranks are of
};

/// Timeloop's results on Gemmini-like accelerators (timeloop_gemmini.csv): cycles, and energy to
/// six significant digits, under the convention timeloop-2022.
base::Result<Validation> timeloopGemmini(const std::filesystem::path& path);

/// Timeloop's counts of single cases (timeloop_cases.json) under timeloop-2025: reads, fills and
/// updates of each level and tensor, cycles and energy; a flagged case by weights and outputs.
/// Where a case has counts of a walk over all elements, `exact` must equal those too.
base::Result<Validation> timeloopCases(const std::filesystem::path& path);

// Real hardware. Errors and rank correlations are of `comparisons`; README.md says
// what was calibrated. Each function takes any file with the columns of the table that it names.

/// Measured layers of an FPGA accelerator in several sizes (fpga_layers.csv): nanoseconds.
/// Errors and ranks are of the convolutions; fully connected layers are in the notes, `flagged`.
/// Size and clock of `device` come from the rows, its other constants stay.
base::Result<Validation> fpgaLayers(const std::filesystem::path& path,
                                    const validate::PixelArray& device = {});

/// Measured networks on the ZCU102's DPU (accel_nasbench.csv): milliseconds. `equal` rows are those
/// whose parameter count comes out exactly; a row without a latency is `flagged`.
base::Result<Validation> accelNasbench(const std::filesystem::path& path,
                                       const validate::Dpu& device = {});

/// The layers of the Eyeriss chip (eyeriss_alexnet.csv, eyeriss_vgg16.csv): milliseconds of
/// processing. AlexNet by the chip's own mappings, other layers by the fastest that fits. Buffer
/// and DRAM traffic beside the chip's are in the notes.
base::Result<Validation> eyeriss(const std::filesystem::path& path);

/// Mappings simulated at register-transfer level (gemmini_rtl.csv, gemmini_rtl_16x16.csv): cycles
/// of the loop-nest model with that architecture as data. Where the table has Timeloop's cycles
/// too, `equal` counts the rows where ours are the same, and Timeloop's distance is in the notes.
base::Result<Validation> gemminiRtl(const std::filesystem::path& path,
                                    const nest::Convention& convention = nest::kTimeloop2022);

/// Zhang et al., FPGA 2015 (zhang2015_alexnet.csv): measured milliseconds; `equal` layers are those
/// whose published cycle count comes out exactly.
base::Result<Validation> zhang2015(const std::filesystem::path& path);

/// Qiu et al., FPGA 2016 (qiu2016_vgg16.csv): measured milliseconds of the convolution stages;
/// `equal` are those whose published theoretical time comes out, `flagged` the rows not predicted.
base::Result<Validation> qiu2016(const std::filesystem::path& path);

/// CHaiDNN on the ZCU102 (chaidnn_zu9.csv): frames a second without fully connected layers.
base::Result<Validation> chaidnn(const std::filesystem::path& path);

/// The tables by the names that the command line uses.
struct Table {
    const char* name;     ///< "timeloop-gemmini"
    const char* summary;  ///< what is compared with what
    base::Result<Validation> (*validate)(const std::filesystem::path& path);
};
std::span<const Table> tables();

/// {"rows", "equal", "flagged", "worst_relative_error", …}, those that apply; differences and
/// notes; a final newline.
std::string toJsonText(const Validation& validation);

}  // namespace cohelix::validate
