// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/presets.h"

namespace cohelix::nest {
namespace {

/// An SRAM of so many bytes, picojoule per 8-bit word (timeloop-table.md 5).
double gemminiSram(double bytes) { return (97 + 5 * bytes / 1024) / 199; }

}  // namespace

Hierarchy gemminiOf2022(std::int64_t peDim, std::int64_t scratchpadBytes,
                        std::int64_t accumulatorWordsPerColumn) {
    const auto dim = static_cast<double>(peDim);
    MemoryLevel dram{
        .name = "DRAM", .readWordsPerCycle = 8, .sharedBandwidth = true, .blockWords = 64};
    dram.setAccess(100);
    MemoryLevel scratchpad{.name = "scratchpad",
                           .capacityWords = static_cast<double>(scratchpadBytes),
                           .readWordsPerCycle = 2 * dim,
                           .sharedBandwidth = true,
                           .blockWords = dim,
                           .mayKeep = {true, true, false},
                           .columns = peDim};
    scratchpad.setAccess(gemminiSram(static_cast<double>(scratchpadBytes)));
    MemoryLevel accumulator{.name = "accumulator",
                            .capacityWords = static_cast<double>(accumulatorWordsPerColumn),
                            .readWordsPerCycle = 2,
                            .sharedBandwidth = true,
                            .mayKeep = {false, false, true},
                            .columns = peDim};
    accumulator.setAccess(4 * gemminiSram(4 * static_cast<double>(accumulatorWordsPerColumn)));
    MemoryLevel registers{.name = "register", .mayKeep = {true, false, false}};
    registers.setAccess(gemminiSram(1));
    return {.name = "gemmini-2022",
            .source = "fitted to 14,515 published Timeloop results (DOSA, MICRO 2023)",
            .levels = {dram, scratchpad, accumulator, registers},
            .macPicojoule = 0.5608,
            .pes = peDim * peDim};
}

}  // namespace cohelix::nest
