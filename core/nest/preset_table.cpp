// SPDX-License-Identifier: GPL-3.0-or-later
// The accelerators of presets(), one function each.
#include <algorithm>
#include <initializer_list>
#include <vector>

#include "core/base/same_name.h"
#include "core/nest/energy_table.h"
#include "core/nest/presets.h"
#include "core/nest/technology.h"

namespace cohelix::nest {
namespace {

using model::Dim;
using model::Tensor;
using Keeps = std::array<bool, model::kTensors>;

constexpr double kKibibyte = 1024;
constexpr Keeps kEverything = {true, true, true};
constexpr Keeps kWeights = {true, false, false};
constexpr Keeps kInputs = {false, true, false};
constexpr Keeps kOutputs = {false, false, true};
constexpr Keeps kOperands = {true, true, false};
constexpr Keeps kAllButWeights = {false, true, true};

/// A level whose bandwidth out and in are apart.
MemoryLevel memory(const char* name, double words, Keeps keeps, double picojoule,
                   double readWordsPerCycle = 0, double writeWordsPerCycle = 0) {
    MemoryLevel level{.name = name,
                      .capacityWords = words,
                      .readWordsPerCycle = readWordsPerCycle,
                      .writeWordsPerCycle = writeWordsPerCycle,
                      .mayKeep = keeps};
    level.setAccess(picojoule);
    return level;
}

/// The multipliers' register for weights, and the one behind it that takes the next.
MemoryLevel weightRegister(double picojoule) {
    auto level = memory("register", 2, kWeights, picojoule);
    level.doubleBuffered = true;
    return level;
}

/// As Timeloop takes all memories: tiles change without a wait.
void refillInPlace(std::vector<MemoryLevel>& levels) {
    for (auto& level : levels) level.refillsInPlace = true;
}

/// A dataflow that keeps in each memory all that it may keep, with nothing unrolled yet.
Dataflow keepingAll(const char* name, const Hierarchy& hierarchy) {
    Dataflow dataflow{.name = name};
    for (const auto& level : hierarchy.levels) dataflow.levels.push_back({.keeps = level.mayKeep});
    return dataflow;
}

const EnergyTable& horowitz() {
    static const EnergyTable kTable = *findEnergyTable("horowitz-45nm");
    return kTable;
}

double sram45(double bytes, int bits) { return sramAccess(horowitz(), bytes, bits).picojoule; }
double dram45(int bits) { return dramAccess(horowitz(), bits).picojoule; }

Preset gemmini() {
    Preset preset{.summary = "16 x 16 systolic array, weights stationary, 8 bit",
                  .hierarchy = gemminiOf2022(16, 256 * 1024, 1024),
                  .bits = 8,
                  .sumBits = 32};
    auto& hierarchy = preset.hierarchy;
    hierarchy.name = "gemmini";
    hierarchy.source =
        "sizes: Gemmini's default (Genc et al., DAC 2021): 256 KiB scratchpad, 64 KiB "
        "accumulators; "
        "energies and bandwidths: fitted to 14,515 results of Timeloop at 40 nm (DOSA, MICRO 2023) "
        "that they reproduce; no static power";
    // The table writes both unrolled loops as columns; the array has rows too.
    auto& scratchpad = hierarchy.levels[1];
    auto& accumulator = hierarchy.levels[2];
    scratchpad.rows = 1;
    accumulator.rows = accumulator.columns;
    accumulator.columns = 1;
    preset.dataflow = keepingAll("weight stationary", hierarchy);
    preset.dataflow.levels[1].columns = {Dim::K};
    preset.dataflow.levels[2].rows = {Dim::C};
    return preset;
}

/// Loops that row stationary unrolls: kernel rows and sets of channels along the rows, output rows
/// along the columns. Groups take the place of channels in a depthwise layer.
void allowRowStationary(DataflowLevel& buffer) {
    buffer.rows = {Dim::R, Dim::C, Dim::K, Dim::G};
    buffer.columns = {Dim::P, Dim::K, Dim::C, Dim::G, Dim::N};
}

/// The memories of A2 and of the chip: DRAM, buffer without weights, and three scratchpads a PE.
std::vector<MemoryLevel> rowStationaryLevels(double dramWordsPerCycle) {
    auto buffer = memory("buffer", 108 * kKibibyte / 2, kAllButWeights, 6, 16, 16);
    buffer.rows = 12;
    buffer.columns = 14;
    return {memory("DRAM", 0, kEverything, 200, dramWordsPerCycle, dramWordsPerCycle), buffer,
            memory("input scratchpad", 12, kInputs, 1),
            memory("weight scratchpad", 224, kWeights, 1),
            memory("sum scratchpad", 24, kOutputs, 1)};
}

Preset eyeriss() {
    Preset preset{.summary = "12 x 14 PEs, row stationary, 16 bit", .clockMhz = 200};
    // ISCA 2016 charges a word once where it is read for the next memory inwards; the way over the
    // array is what a scratchpad's fill costs.
    auto levels = rowStationaryLevels(64.0 / 16 * 60 / 200);
    levels[1].fillPicojoule = 0;
    for (std::size_t l = 2; l < levels.size(); ++l) levels[l].fillPicojoule = 2;
    levels[2].refillsInPlace = true;  // inputs pass through it one by one
    preset.hierarchy = {
        .name = "eyeriss",
        .source =
            "Eyeriss, JSSC 2017: 168 PEs, 108 KB buffer (weights pass through 8 of them), "
            "scratchpads of 12, 224 and 24 words, 64-bit link of 60 MHz; energies: ratios of "
            "ISCA 2016, register file 1, array 2, buffer 6, DRAM 200, with one 16-bit "
            "multiply-accumulate taken as 1 pJ (estimate); buffer bandwidth of 16 words a "
            "cycle is a guess (estimate); hops of partial sums between PEs and static power "
            "are not counted",
        .estimate = true,
        .levels = levels,
        .macPicojoule = 1,
        .pes = 168};
    preset.dataflow = keepingAll("row stationary", preset.hierarchy);
    allowRowStationary(preset.dataflow.levels[1]);
    return preset;
}

Preset nvdlaLike() {
    constexpr int kRows = 64;
    constexpr int kColumns = 32;
    constexpr double kBuffer = 512 * kKibibyte;
    Preset preset{.summary = "64 x 32 multipliers, weights stationary, 8 bit",
                  .bits = 8,
                  .sumBits = 32,
                  .clockMhz = 1000};
    auto buffer = memory("convolution buffer", kBuffer, kOperands, sram45(kBuffer, 8), 256, 64);
    buffer.rows = 1;
    buffer.columns = kColumns;
    auto sums = memory("accumulator", 32, kOutputs, sram45(32 * 4, 32));
    sums.rows = kRows;
    sums.columns = 1;
    preset.hierarchy = {
        .name = "nvdla-like",
        .source =
            "after NVDLA's open full configuration: 64 input x 32 output channels at 8 bit, "
            "512 KiB convolution buffer; 32 partial sums an output channel, bandwidths and "
            "clock are guesses (estimate); energies: Horowitz, ISSCC 2014, 45 nm, scaled to "
            "these sizes and widths (estimate); no static power",
        .estimate = true,
        .levels = {memory("DRAM", 0, kEverything, dram45(8), 64, 64), buffer, sums,
                   weightRegister(sram45(1, 8))},
        .macPicojoule = multiplyAccumulate(horowitz(), 8, 32).picojoule,
        .pes = kRows * kColumns};
    preset.dataflow = keepingAll("weight stationary", preset.hierarchy);
    preset.dataflow.levels[1].columns = {Dim::K};
    preset.dataflow.levels[2].rows = {Dim::C};
    preset.dataflow.levels[2].stationary = Tensor::Weights;
    return preset;
}

Preset shidiannaoLike() {
    constexpr int kSide = 8;
    Preset preset{.summary = "8 x 8 PEs, outputs stationary, 16 bit", .clockMhz = 1000};
    const auto on = [](double kib) { return sram45(kib * kKibibyte, 16); };
    auto outputs =
        memory("output buffer", 64 * kKibibyte / 2, kOutputs, on(64), kSide * kSide, kSide * kSide);
    outputs.rows = kSide;
    outputs.columns = kSide;
    preset.hierarchy = {
        .name = "shidiannao-like",
        .source =
            "after ShiDianNao (Du et al., ISCA 2015): 8 x 8 PEs of 16 bit, buffers of 64, 128 "
            "and 64 KB at 1 GHz; bandwidths are guesses and inputs that a PE passes to its "
            "neighbour are read again (estimate); energies: Horowitz, ISSCC 2014, 45 nm "
            "instead of its 65 nm, scaled to these sizes and widths (estimate); no static "
            "power",
        .estimate = true,
        .levels = {memory("DRAM", 0, kEverything, dram45(16), 4, 4),
                   memory("input buffer", 64 * kKibibyte / 2, kInputs, on(64), kSide * kSide, 16),
                   memory("weight buffer", 128 * kKibibyte / 2, kWeights, on(128), kSide, 16),
                   outputs, memory("register", 1, kOutputs, sram45(2, 16))},
        .macPicojoule = multiplyAccumulate(horowitz(), 16, 16).picojoule,
        .pes = kSide * kSide};
    preset.dataflow = keepingAll("output stationary", preset.hierarchy);
    preset.dataflow.levels[3].rows = {Dim::P};
    preset.dataflow.levels[3].columns = {Dim::Q};
    preset.dataflow.levels[3].stationary = Tensor::Outputs;
    return preset;
}

Preset tpuLike() {
    constexpr int kSide = 256;
    constexpr double kClockMhz = 700;
    constexpr double kIdleWatt = 28;
    constexpr double kBuffer = 24 * 1024 * kKibibyte;
    Preset preset{.summary = "256 x 256 systolic array, weights stationary, 8 bit",
                  .bits = 8,
                  .sumBits = 32,
                  .clockMhz = kClockMhz};
    auto buffer =
        memory("unified buffer", kBuffer, kAllButWeights, sram45(kBuffer, 8), kSide, kSide);
    buffer.rows = 1;
    buffer.columns = kSide;
    auto sums = memory("accumulator", 4096, kOutputs, sram45(4096 * 4, 32), 1, 1);
    sums.rows = kSide;
    sums.columns = 1;
    const double dramWords = 34e9 / (kClockMhz * 1e6);
    preset.hierarchy = {
        .name = "tpu-like",
        .source =
            "after the TPU (Jouppi et al., ISCA 2017): 256 x 256 multipliers of 8 bit at 700 "
            "MHz, 24 MiB unified buffer, 4,096 sums a column, 34 GB/s, 28 W idle taken as "
            "static power; energies: Horowitz, ISSCC 2014, 45 nm instead of its 28 nm, "
            "scaled to these sizes and widths (estimate)",
        .estimate = true,
        .levels = {memory("DRAM", 0, kEverything, dram45(8), dramWords, dramWords), buffer, sums,
                   weightRegister(sram45(1, 8))},
        .macPicojoule = multiplyAccumulate(horowitz(), 8, 32).picojoule,
        .staticPicojoulePerCycle = kIdleWatt / (kClockMhz * 1e6) * 1e12,
        .pes = kSide * kSide};
    preset.dataflow = keepingAll("weight stationary", preset.hierarchy);
    // A convolution reaches the array as a matrix product over input channels and kernel.
    preset.dataflow.levels[1].columns = {Dim::K};
    preset.dataflow.levels[2].rows = {Dim::C, Dim::R, Dim::S};
    preset.dataflow.levels[2].stationary = Tensor::Weights;
    return preset;
}

Preset authorsAsic() {
    Preset preset{.summary = "the authors' ASIC of 168 PEs with their energies per bit, 16 bit",
                  .clockMhz = 250};
    const auto technology = *findTechnology("authors-28nm");
    preset.hierarchy = hierarchyOf(technology, 108 * kKibibyte / 2, 512.0 / 2, 16);
    preset.hierarchy.name = "authors-asic";
    preset.hierarchy.source =
        technology.source + "; 168 PEs, 108 KiB buffer, 512 B a register file";
    preset.hierarchy.estimate = technology.estimate;
    preset.hierarchy.pes = 168;
    preset.dataflow = keepingAll("any", preset.hierarchy);
    preset.dataflow.levels[1].rows = preset.dataflow.levels[1].columns = {
        model::kAllLoopDims.begin(), model::kAllLoopDims.end()};
    return preset;
}

std::string referenceSource(const char* name) {
    return std::string("architecture ") + name +
           " of the reference results of Timeloop; energies: ratios of Eyeriss, ISCA 2016, without "
           "the array's hops, with one multiply-accumulate taken as 1 pJ (estimate); no static "
           "power";
}

struct ReferenceSizes {
    std::int64_t rows;
    std::int64_t columns;
    double bufferWords;
    double registerWords;
    double dramRate;  ///< words a cycle
    double bufferRate;
};

/// DRAM, buffer and one register file a PE.
Preset reference(const char* name, const ReferenceSizes& sizes) {
    Preset preset{.summary = "Timeloop's reference: " + std::to_string(sizes.columns) + " x " +
                             std::to_string(sizes.rows) + " PEs with one register file each"};
    auto buffer =
        memory("buffer", sizes.bufferWords, kEverything, 6, sizes.bufferRate, sizes.bufferRate);
    buffer.rows = sizes.rows;
    buffer.columns = sizes.columns;
    preset.hierarchy = {
        .name = name,
        .source = referenceSource(name),
        .estimate = true,
        .levels = {memory("DRAM", 0, kEverything, 200, sizes.dramRate, sizes.dramRate), buffer,
                   memory("register file", sizes.registerWords, kEverything, 1)},
        .macPicojoule = 1,
        .pes = sizes.rows * sizes.columns};
    refillInPlace(preset.hierarchy.levels);
    preset.dataflow = keepingAll("any", preset.hierarchy);
    preset.dataflow.levels[1].rows = preset.dataflow.levels[1].columns = {
        model::kAllLoopDims.begin(), model::kAllLoopDims.end()};
    return preset;
}

Preset referenceSplit() {
    Preset preset{.summary = "Timeloop's reference: 14 x 12 PEs with three scratchpads each"};
    preset.hierarchy = {.name = "A2",
                        .source = referenceSource("A2"),
                        .estimate = true,
                        .levels = rowStationaryLevels(4),
                        .macPicojoule = 1,
                        .pes = 168};
    refillInPlace(preset.hierarchy.levels);
    preset.dataflow = keepingAll("any", preset.hierarchy);
    preset.dataflow.levels[1].rows = preset.dataflow.levels[1].columns = {
        model::kAllLoopDims.begin(), model::kAllLoopDims.end()};
    return preset;
}

const std::vector<Preset>& presetTable() {
    static const std::vector<Preset> kPresets = {
        gemmini(),
        eyeriss(),
        nvdlaLike(),
        shidiannaoLike(),
        tpuLike(),
        authorsAsic(),
        reference("A0", {.rows = 4,
                         .columns = 4,
                         .bufferWords = 4096,
                         .registerWords = 128,
                         .dramRate = 1,
                         .bufferRate = 4}),
        reference("A1", {.rows = 12,
                         .columns = 14,
                         .bufferWords = 108 * kKibibyte / 2,
                         .registerWords = 512,
                         .dramRate = 4,
                         .bufferRate = 16}),
        referenceSplit(),
    };
    return kPresets;
}

}  // namespace

std::span<const Preset> presets() { return presetTable(); }

std::optional<Preset> findPreset(std::string_view name) {
    const auto found =
        std::find_if(presetTable().begin(), presetTable().end(),
                     [name](const auto& preset) { return base::sameName(preset.name(), name); });
    return found == presetTable().end() ? std::nullopt : std::optional(*found);
}

}  // namespace cohelix::nest
