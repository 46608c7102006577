// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/energy_table.h"

#include <algorithm>
#include <cmath>

namespace cohelix::nest {
namespace {

constexpr double kKib = 1024;

/// Horowitz gives reads of 64 bits.
double perBit64(double picojoule) { return picojoule / 64; }

/// A word of 8 bits at 40 nm: (97 + 5 a KiB) / 199 pJ.
double timeloopSram(double bytes) { return (97 + 5 * bytes / kKib) / 199 / 8; }

const std::vector<EnergyTable>& table() {
    static const std::vector<EnergyTable> kTables = {
        {.name = "horowitz-45nm",
         .source = "Horowitz, ISSCC 2014, 45 nm: additions and multiplications of 8 and 32 bits, "
                   "64-bit reads of 8 KB, 32 KB and 1 MB of SRAM; DRAM the middle of 1.3 to 2.6 nJ "
                   "for 64 bits (estimate); other widths and sizes are scaled (estimate)",
         .additions = {{8, 0.03}, {32, 0.1}},
         .multiplications = {{8, 0.2}, {32, 3.1}},
         .sram = {{8 * kKib, perBit64(10)},
                  {32 * kKib, perBit64(20)},
                  {1024 * kKib, perBit64(100)}},
         .growth = SramGrowth::Power,
         .dramPicojoulePerBit = perBit64(1950),
         .dramEstimate = true},
        {.name = "timeloop-40nm",
         .source =
             "fitted to 14,515 results of Timeloop and Accelergy for 40 nm (DOSA, MICRO 2023), "
             "which it reproduces: 8-bit multiply-accumulate, SRAM of 1 B to 2 MiB, DRAM; "
             "other widths and sizes are scaled (estimate)",
         .multiplications = {{8, 0.5608}},
         .sram = {{1, timeloopSram(1)}, {2048 * kKib, timeloopSram(2048 * kKib)}},
         .growth = SramGrowth::Linear,
         .dramPicojoulePerBit = 100.0 / 8},
    };
    return kTables;
}

double between(double x, double x0, double y0, double x1, double y1) {
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

/// The straight line, in logarithms, through two points.
double powerBetween(double x, double x0, double y0, double x1, double y1) {
    return y0 * std::pow(x / x0, std::log(y1 / y0) / std::log(x1 / x0));
}

const ArithmeticPoint* exactly(const std::vector<ArithmeticPoint>& points, int bits) {
    const auto found = std::find_if(points.begin(), points.end(),
                                    [bits](const auto& point) { return point.bits == bits; });
    return found == points.end() ? nullptr : &*found;
}

}  // namespace

std::span<const EnergyTable> energyTables() { return table(); }

std::optional<EnergyTable> findEnergyTable(std::string_view name) {
    for (const auto& energies : table()) {
        if (energies.name == name) return energies;
    }
    return std::nullopt;
}

UnitEnergy addition(const EnergyTable& energies, int bits) {
    const auto& points = energies.additions;
    if (points.empty()) return {0, false};
    if (const auto* point = exactly(points, bits)) return {point->picojoule, false};
    const auto& [x0, y0] = points.front();
    const auto& [x1, y1] = points.back();
    return {between(bits, x0, y0, x1, y1), true};
}

UnitEnergy multiplication(const EnergyTable& energies, int bits) {
    const auto& points = energies.multiplications;
    if (const auto* point = exactly(points, bits)) return {point->picojoule, false};
    const auto& [x0, y0] = points.front();
    if (points.size() == 1) {  // an array multiplier has one cell for every pair of bits
        const double ratio = static_cast<double>(bits) / x0;
        return {y0 * ratio * ratio, true};
    }
    const auto& [x1, y1] = points.back();
    return {powerBetween(bits, x0, y0, x1, y1), true};
}

UnitEnergy multiplyAccumulate(const EnergyTable& energies, int bits, int sumBits) {
    const auto product = multiplication(energies, bits);
    const auto sum = addition(energies, sumBits);
    return {product.picojoule + sum.picojoule, product.estimate || sum.estimate};
}

UnitEnergy sramAccess(const EnergyTable& energies, double bytes, int bits) {
    const auto& points = energies.sram;
    // The two points around the size, or the nearest two.
    std::size_t upper = 1;
    while (upper + 1 < points.size() && points[upper].bytes < bytes) ++upper;
    const auto& [x0, y0] = points[upper - 1];
    const auto& [x1, y1] = points[upper];
    const bool linear = energies.growth == SramGrowth::Linear;
    const double perBit =
        linear ? between(bytes, x0, y0, x1, y1) : powerBetween(bytes, x0, y0, x1, y1);
    const bool published =
        linear ? bytes >= points.front().bytes && bytes <= points.back().bytes
               : std::any_of(points.begin(), points.end(),
                             [bytes](const auto& point) { return point.bytes == bytes; });
    return {perBit * bits, !published};
}

UnitEnergy dramAccess(const EnergyTable& energies, int bits) {
    return {energies.dramPicojoulePerBit * bits, energies.dramEstimate};
}

}  // namespace cohelix::nest
