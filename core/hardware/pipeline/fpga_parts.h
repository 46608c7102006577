// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the parts of a pipeline's chunk take of an FPGA: DSP slices with narrow multiplies packed,
// block and Ultra RAM by the shapes that they come in, small memories in look-up tables; logic as
// an estimate.

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/accelerator.h"
#include "core/model/layer.h"

namespace cohelix::hardware {

/// Which operands multiplies that work side by side have in common.
enum class Sharing : std::uint8_t {
    None,
    One,  ///< two with one operand in common: a weight each, the input for both
    Both  ///< four, of two weights and two inputs
};

/// Multiplies that one DSP slice makes a cycle: one of up to 18 bits (a multiplier of 25 x 18 or 27
/// x 18 bits, AMD UG479, UG579), half a one up to 25 bits and a quarter beyond; two of up to 8 bits
/// that share an operand (AMD WP486), four of up to 4 bits that share both ways (AMD WP521). The
/// white papers are about the wider slices of UltraScale; in the 7 series two 8-bit products fit
/// without room to accumulate.
double multipliesPerDsp(int bits, Sharing sharing);

/// DSP slices of a chunk at its full tile: multipliers over output channels share an input, those
/// over output rows a weight; those of a depthwise chunk over channels share nothing.
double dspOfChunk(const model::PipelineChunk& chunk);

/// Equal memories that are read and written at the same time.
struct Banks {
    model::Tensor tensor = model::Tensor::Inputs;
    double count = 0;
    double words = 0;  ///< of each
    int bits = 16;     ///< of a word
    friend bool operator==(const Banks&, const Banks&) = default;
};

/// Blocks of 18,432 bits for one bank: the fewest that any one shape of the block needs (16K x 1,
/// 8K x 2, 4K x 4, 2K x 9, 1K x 18, 512 x 36; AMD UG473). Two make a block of 36K.
double bram18kOfBank(double words, int bits);
/// Blocks of 4K x 72 for one bank (AMD UG573).
double uramOfBank(double words, int bits);
/// Six-input tables of one bank as RAM of 64 x 1 bit each.
double lutOfBank(double words, int bits);

/// Where memories end up.
struct Storage {
    double bram18k = 0;
    double uram = 0;
    double lut = 0;  ///< tables used as RAM
};

/// Banks of up to 1,024 bits in tables; of the others, largest first, those that fill at least half
/// of their Ultra RAM blocks as long as these last; the rest in block RAM.
Storage store(std::span<const Banks> banks, double uramAvailable);

/// The memories of a chunk that hold every layer it executes: of each tensor as many banks, and as
/// deep, as the most demanding layer wants. Corrected model.
std::vector<Banks> banksOf(const model::PipelineChunk& chunk, std::span<const model::Layer> layers,
                           bool doubleBufferedWeights);

/// Tables and flip-flops beside memories.
struct Logic {
    double lut = 0;
    double flipFlops = 0;
};
/// Adds those of a chunk: 234 and 164 for a 16-bit multiplier with all around it, scaled with the
/// width, as in Qiu et al., FPGA 2016 (182,616 and 127,653 for 780 DSP; estimate). Beyond the
/// authors' template, our estimates: 4 tables and 4 flip-flops for each bit of a port beyond their
/// 64, half a table for each bit of the banks that overlap makes double.
void addLogic(const model::PipelineChunk& chunk, std::span<const Banks> banks, Logic& logic);

/// The burst buffers of a port wider than the authors', one each way; of theirs none.
std::vector<Banks> burstBuffers(const model::PipelineChunk& chunk);

}  // namespace cohelix::hardware
