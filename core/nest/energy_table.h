// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Published unit energies of one process node: arithmetic, SRAM by size, DRAM. What lies between
// or beyond the published points is scaled, and says so.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cohelix::nest {

/// An energy, and whether it was scaled from the published ones.
struct UnitEnergy {
    double picojoule = 0;
    bool estimate = false;
};

/// Reading so many bits out of an SRAM of so many bytes.
struct SramPoint {
    double bytes = 0;
    double picojoulePerBit = 0;
};

/// How energy grows with the bytes of an SRAM between and beyond its points.
enum class SramGrowth : std::uint8_t { Linear, Power };

/// An addition or a multiplication of that width.
struct ArithmeticPoint {
    int bits = 0;
    double picojoule = 0;
};

struct EnergyTable {
    std::string name = {};  ///< "horowitz-45nm"
    std::string source = {};
    std::vector<ArithmeticPoint> additions = {};        ///< narrowest first; empty: within `macs`
    std::vector<ArithmeticPoint> multiplications = {};  ///< narrowest first
    std::vector<SramPoint> sram = {};                   ///< smallest first, at least two
    SramGrowth growth = SramGrowth::Power;
    double dramPicojoulePerBit = 0;
    bool dramEstimate = false;  ///< the source gives a range; this is its middle
};

std::span<const EnergyTable> energyTables();
/// By name: "horowitz-45nm", "timeloop-40nm".
std::optional<EnergyTable> findEnergyTable(std::string_view name);

/// One addition: linear in the width between and beyond the points.
UnitEnergy addition(const EnergyTable& table, int bits);
/// One multiplication: a power of the width (about its square) between and beyond the points.
UnitEnergy multiplication(const EnergyTable& table, int bits);
/// A multiplication of operands of `bits` and an addition of `sumBits`.
UnitEnergy multiplyAccumulate(const EnergyTable& table, int bits, int sumBits);
/// A word of `bits` read out of, or written into, an SRAM of so many bytes.
UnitEnergy sramAccess(const EnergyTable& table, double bytes, int bits);
UnitEnergy dramAccess(const EnergyTable& table, int bits);

}  // namespace cohelix::nest
