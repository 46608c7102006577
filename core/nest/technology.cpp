// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/technology.h"

#include <array>

namespace cohelix::nest {
namespace {

constexpr double kWordBits = 16;

const std::array<Technology, 2>& table() {
    static const std::array<Technology, 2> kTable = {{
        // method.md 1A: 12.5, 0.23625, 0.07417 and 0.05563 per bit; 1.6 a multiply-accumulate.
        // Widths: DRAM and buffer 64 bit, register fill 16 to 64 bit. The unit is one 16-bit
        // multiply-accumulate at 65 nm, taken as 1 pJ (DNN-Chip-Predictor, method.md 1D).
        {"authors-28nm", "authors' simulator of May 2020, unit taken as 1 pJ (estimate)", true, 1.6,
         12.5 * kWordBits, 3.78, 0.89 / 8 * 2 / 3 * kWordBits, 0.89, 4, 4, 4, Overlap::None},
        // Ratios of Eyeriss, ISCA 2016: register file 1, array 2, buffer 6, DRAM 200.
        {"eyeriss-65nm", "ratios of Eyeriss, ISCA 2016, unit taken as 1 pJ (estimate)", true, 1,
         200, 6, 2, 1, 4, 16, 0, Overlap::Full},
    }};
    return kTable;
}

}  // namespace

std::span<const Technology> technologies() { return table(); }

std::optional<Technology> findTechnology(std::string_view name) {
    for (const auto& technology : table()) {
        if (technology.name == name) return technology;
    }
    return std::nullopt;
}

Hierarchy hierarchyOf(const Technology& technology, double bufferWords, double registerWords,
                      int bits) {
    const double scale = bits / kWordBits;
    const auto energy = [scale](double picojoulePer16Bit) { return picojoulePer16Bit * scale; };
    const auto speed = [scale](double words) { return words / scale; };
    MemoryLevel dram{.name = "DRAM",
                     .readPicojoule = energy(technology.dramPicojoule),
                     .updatePicojoule = energy(technology.dramPicojoule),
                     .readWordsPerCycle = speed(technology.dramWordsPerCycle),
                     .writeWordsPerCycle = speed(technology.dramWordsPerCycle)};
    MemoryLevel buffer{.name = "buffer",
                       .capacityWords = bufferWords,
                       .readPicojoule = energy(technology.bufferPicojoule),
                       .updatePicojoule = energy(technology.bufferPicojoule),
                       .readWordsPerCycle = speed(technology.bufferWordsPerCycle),
                       .writeWordsPerCycle = speed(technology.bufferWordsPerCycle)};
    // Reads feed the multiplier every cycle and do not limit; fills do.
    MemoryLevel registers{.name = "register file",
                          .capacityWords = registerWords,
                          .readPicojoule = energy(technology.registerPicojoule),
                          .fillPicojoule = energy(technology.arrayPicojoule),
                          .updatePicojoule = energy(technology.registerPicojoule)};
    return {.levels = {dram, buffer, registers},
            .macPicojoule = technology.macPicojoule * scale * scale,
            .overlap = technology.overlap};
}

}  // namespace cohelix::nest
