// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The test vectors A to M of the authors' published FPGA formulas (method 1B).

#include <array>

namespace cohelix::test {

struct PipelineVector {
    const char* name;
    bool depthwise;
    int mode;                  // as the authors count parallelism
    std::array<int, 8> tiles;  // TrBuff, TcBuff, TmBuff, TnBuff, Tr, Tc, Tm, Tn
    std::array<int, 4> layer;  // Cin, Cout, D, k
    int bits;
    double cycles;
    double dsp;
    double bram;
};

inline constexpr PipelineVector kPipelineVectors[] = {
    {"A", false, 1, {16, 16, 8, 8, 16, 16, 8, 8}, {24, 144, 32, 1}, 16, 169344, 64, 24},
    {"B", false, 0, {16, 16, 8, 4, 16, 16, 8, 4}, {64, 112, 32, 3}, 16, 8365056, 8, 16},
    {"C", false, 2, {4, 4, 32, 32, 4, 4, 32, 32}, {192, 352, 4, 1}, 16, 340736, 4, 13},
    {"D", false, 1, {4, 4, 32, 32, 4, 4, 16, 16}, {192, 352, 4, 1}, 8, 13552, 128, 48},
    {"E", true, 0, {16, 16, 8, 1, 16, 16, 8, 1}, {1, 144, 32, 5}, 16, 519696, 8, 24},
    {"F", true, 1, {16, 16, 8, 1, 16, 16, 8, 1}, {1, 144, 32, 3}, 16, 130752, 16, 55},
    {"G", false, 1, {16, 16, 8, 8, 4, 8, 4, 2}, {64, 112, 32, 3}, 16, 8379392, 8, 8},
    {"H", false, 2, {8, 8, 16, 16, 4, 8, 16, 16}, {64, 112, 16, 3}, 16, 4229120, 4, 23},
    {"I", false, 0, {16, 8, 32, 16, 8, 8, 16, 16}, {64, 128, 32, 5}, 8, 13332480, 8, 48},
    {"J", false, 1, {4, 4, 32, 32, 2, 2, 32, 16}, {192, 352, 4, 1}, 6, 10098, 192, 64},
    {"K", true, 1, {16, 16, 8, 1, 8, 16, 8, 1}, {1, 144, 32, 5}, 16, 518976, 8, 45},
    {"L", true, 0, {16, 16, 16, 1, 16, 16, 4, 1}, {1, 96, 16, 5}, 8, 160044, 2, 12},
    {"M", true, 1, {4, 4, 32, 1, 2, 4, 32, 1}, {1, 192, 4, 3}, 4, 14736, 0.5, 13},
};

}  // namespace cohelix::test
