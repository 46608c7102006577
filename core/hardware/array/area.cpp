// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/array/area.h"

#include <array>

namespace cohelix::hardware {
namespace {

constexpr double kGatesPerProductBit = 8;   // an AND and a full adder for each pair of bits
constexpr double kGatesPerSumBit = 16;      // a full adder and a flip-flop
constexpr double kGatesPerRegisterBit = 6;  // a latch and its share of the read multiplexer
constexpr double kSramFill = 0.5;           // bit cells in an SRAM; decoders and amplifiers beside
// The parts of Eyeriss alone come to 7.59 mm2; its core has 12.25.
constexpr double kWiringFactor = 12.25 / 7.5866;

}  // namespace

std::span<const AsicNode> asicNodes() {
    static constexpr std::array<AsicNode, 3> kNodes = {{
        {65, 1.44, 0.525, "usual cells of 65 nm processes (estimate)"},
        {40, 0.71, 0.242, "usual cells of 40 nm processes (estimate)"},
        {28, 0.49, 0.127, "usual cells of 28 nm processes (estimate)"},
    }};
    return kNodes;
}

std::optional<AsicNode> findAsicNode(int nm) {
    for (const auto& node : asicNodes()) {
        if (node.nm == nm) return node;
    }
    return std::nullopt;
}

AsicParts asicParts(const model::ArrayChunk& chunk) {
    return {.pes = static_cast<double>(chunk.peCount),
            .bits = chunk.bits,
            .sumBits = 2 * chunk.bits,
            .registerBits = static_cast<double>(chunk.registerWords) * chunk.bits,
            .bufferBits = static_cast<double>(chunk.bufferWords) * chunk.bits};
}

double areaMm2(const AsicParts& parts, const AsicNode& node) {
    const double gates = kGatesPerProductBit * parts.bits * parts.bits +
                         kGatesPerSumBit * parts.sumBits +
                         kGatesPerRegisterBit * parts.registerBits;
    const double squareMicron = parts.pes * gates * node.gateSquareMicron +
                                parts.bufferBits * node.sramSquareMicron / kSramFill;
    return kWiringFactor * squareMicron * 1e-6;
}

}  // namespace cohelix::hardware
