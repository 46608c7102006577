// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The hardware of the loop-nest model as data: memories from the outermost inwards, with a PE
// array unrolled between any of them.
//
// Neighbours are instances of a memory inside the same instance of the next one outside that keeps
// the tensor, whose places in the innermost loop unrolled along the rows between the two, and in
// the innermost one along the columns, differ by at most one (diagonals included), and in no other
// unrolled loop. Where a memory forwards, a word that an instance lacks comes from a neighbour if
// one held it a step ago and has work in this step; the memory outside is then not read for it.
// Weights and inputs are passed on so; partial sums always go by the memory outside.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/layer.h"

namespace cohelix::nest {

/// The least of a bounded bandwidth: with less the cycles of a layer are past counting.
inline constexpr double kLeastWordsPerCycle = 1e-9;

/// One level of memory; every figure is of one instance. Energies in picojoule a word.
struct MemoryLevel {
    std::string name = {};
    double capacityWords = 0;       ///< 0: unbounded
    double readPicojoule = 0;       ///< a word read out of it
    double fillPicojoule = 0;       ///< a word written into it from the memory outside
    double updatePicojoule = 0;     ///< a partial sum written into it from inside
    double readWordsPerCycle = 0;   ///< 0: unlimited
    double writeWordsPerCycle = 0;  ///< 0: unlimited
    bool sharedBandwidth = false;   ///< reads and writes together have readWordsPerCycle
    double blockWords = 1;          ///< an access moves so many words at once (energy only)
    bool multicast = true;          ///< one read serves every inner instance that wants the word
    bool reduces = true;            ///< equal partial sums of inner instances merge on their way;
                                    ///< else each is added in this memory, and none is sent back
    bool forwards = false;          ///< an instance takes words from its neighbours if it can
    double forwardPicojoule = 0;    ///< a word taken from a neighbour: read there and sent
    bool doubleBuffered = false;    ///< twice the room, and no wait for the first tile
    bool exposesFirstFill = false;  ///< single-buffered: work waits for the first tile
    bool refillsInPlace = false;    ///< each word makes room for one of the next tile as soon as
                                    ///< it is done with (a shift register); else work waits for
                                    ///< what of a tile has no room beside the one before
    std::array<bool, model::kTensors> mayKeep = {true, true, true};  ///< by Tensor
    std::int64_t rows = 0;     ///< most instances of the next level along the rows; 0: any
    std::int64_t columns = 0;  ///< and along the columns

    /// One energy for every word that goes in or out.
    void setAccess(double picojoule) {
        readPicojoule = fillPicojoule = updatePicojoule = picojoule;
    }
};

/// How cycles of levels and compute combine.
enum class Overlap : std::uint8_t {
    Full,  ///< the slowest level hides the others (Timeloop)
    None   ///< they add up (the authors' simulator, method.md 1A)
};

struct Hierarchy {
    std::string name = {};
    std::string source = {};  ///< of its figures
    bool estimate = false;    ///< a figure in it is scaled or guessed; said wherever it is shown
    std::vector<MemoryLevel> levels = {};  ///< outermost first, one per level of the mapping
    double macPicojoule = 0;
    double staticPicojoulePerCycle = 0;
    std::int64_t pes = 0;  ///< multipliers of the whole array; 0: not bounded
    Overlap overlap = Overlap::Full;
    bool readsZeros = false;  ///< zeros around the inputs lie in the outermost memory and are read
                              ///< like words
};

}  // namespace cohelix::nest
