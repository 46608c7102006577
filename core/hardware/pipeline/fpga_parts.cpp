// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/pipeline/fpga_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/hardware/pipeline/fpga_pipeline.h"

namespace cohelix::hardware {
namespace {

using model::Dim;
using model::Parallelism;
using model::Tensor;

struct BlockShape {
    double words;
    double bits;
};
constexpr std::array<BlockShape, 6> kBlock18k = {
    {{16384, 1}, {8192, 2}, {4096, 4}, {2048, 9}, {1024, 18}, {512, 36}}};
constexpr BlockShape kUltraRam = {4096, 72};
constexpr double kMostLutRamBits = 1024;  ///< a synthesis tool's usual threshold for block RAM

// Qiu et al., FPGA 2016: 182,616 tables and 127,653 flip-flops beside 780 multipliers of 16 bit.
constexpr double kLutPerMultiplier = 182616.0 / 780;
constexpr double kFlipFlopsPerMultiplier = 127653.0 / 780;

// Our estimates, beyond the authors' template. Of a wider port and each of its bits: a register
// each way and a two-to-one selector that brings it to its bank. Of a second copy of banks: a
// selector a bit, two to a table.
constexpr double kLutPerPortBit = 4;
constexpr double kFlipFlopsPerPortBit = 4;
constexpr double kLutPerSelectedBit = 0.5;

double blocks(const BlockShape& shape, double words, int bits) {
    return std::ceil(words / shape.words) * std::ceil(bits / shape.bits);
}

double bitsOf(const Banks& banks) { return banks.words * banks.bits; }

/// Of the banks that a layer wants.
struct BankShape {
    double count = 0;
    double words = 0;
};

/// Banks of inputs, weights and outputs of a layer, tiles clipped to it (fpga_pipeline's
/// partition).
std::array<BankShape, model::kTensors> bankShapes(const model::PipelineChunk& chunk,
                                                  const model::Layer& layer,
                                                  bool doubleBufferedWeights) {
    const auto used = chunkForLayer(chunk, layer, model::FpgaModel::Corrected);
    const auto patch = inputPatch(used, layer, model::FpgaModel::Corrected);
    const bool depthwise = chunk.role == model::ChunkRole::Depthwise;
    const auto& buffer = used.buffer;
    const auto& loop = used.loop;
    const double k = static_cast<double>(layer.size(Dim::R));
    const double copies = weightCopies(used, doubleBufferedWeights);
    const double outputs = outputCopies(used);
    const double inputs = depthwise ? 1 : buffer.inputs;
    if (chunk.parallelism == Parallelism::OutputRows) {
        return {
            BankShape{k * copies, k * buffer.outputs * inputs},
            BankShape{2 * patch.rows, patch.columns * inputs},
            BankShape{loop.rows * outputs, static_cast<double>(buffer.columns) * buffer.outputs}};
    }
    const double perOutput = std::ceil(static_cast<double>(buffer.outputs) / loop.outputs);
    const double inputLanes = depthwise ? 1 : loop.inputs;
    const double perInput = std::ceil(inputs / inputLanes);
    return {BankShape{loop.outputs * inputLanes * copies, k * k * perOutput * perInput},
            BankShape{2.0 * (depthwise ? loop.outputs : loop.inputs),
                      patch.rows * patch.columns * (depthwise ? perOutput : perInput)},
            BankShape{loop.outputs * outputs,
                      static_cast<double>(buffer.rows) * buffer.columns * perOutput}};
}

/// Tables that choose between the two copies of what overlaps.
double selectorLut(const model::PipelineChunk& chunk, std::span<const Banks> banks) {
    double bits = 0;
    for (const auto& bank : banks) {
        const bool doubled =
            (bank.tensor == Tensor::Weights && model::hidesWeights(chunk.overlap)) ||
            (bank.tensor == Tensor::Outputs && model::hidesOutputs(chunk.overlap));
        if (doubled) bits += bank.count / 2 * bank.bits;
    }
    return kLutPerSelectedBit * bits;
}

}  // namespace

double multipliesPerDsp(int bits, Sharing sharing) {
    if (bits > 25) return 0.25;
    if (bits > 18) return 0.5;
    if (bits <= 4 && sharing == Sharing::Both) return 4;
    if (bits <= 8 && sharing != Sharing::None) return 2;
    return 1;
}

double dspOfChunk(const model::PipelineChunk& chunk) {
    const bool byRows = chunk.parallelism == Parallelism::OutputRows;
    const bool shares = byRows || chunk.role == model::ChunkRole::Standard;
    const double each = multipliesPerDsp(chunk.bits, shares ? Sharing::One : Sharing::None);
    // Only lanes along one side share an operand, so each line of them is rounded up.
    const double side = byRows ? chunk.loop.rows : chunk.loop.outputs;
    return std::ceil(side / each) * std::round(multipliersOf(chunk) / side);
}

double bram18kOfBank(double words, int bits) {
    double fewest = blocks(kBlock18k.front(), words, bits);
    for (const auto& shape : kBlock18k) fewest = std::min(fewest, blocks(shape, words, bits));
    return fewest;
}

double uramOfBank(double words, int bits) { return blocks(kUltraRam, words, bits); }

double lutOfBank(double words, int bits) { return std::ceil(words / 64) * bits; }

Storage store(std::span<const Banks> banks, double uramAvailable) {
    std::vector<Banks> largestFirst(banks.begin(), banks.end());
    std::stable_sort(largestFirst.begin(), largestFirst.end(),
                     [](const auto& a, const auto& b) { return bitsOf(a) > bitsOf(b); });
    Storage storage;
    for (const auto& bank : largestFirst) {
        if (bitsOf(bank) <= kMostLutRamBits) {
            storage.lut += bank.count * lutOfBank(bank.words, bank.bits);
            continue;
        }
        const double ultra = uramOfBank(bank.words, bank.bits);
        const bool fills = bitsOf(bank) >= ultra * kUltraRam.words * kUltraRam.bits / 2;
        const double left = uramAvailable - storage.uram;
        const double inUltra = fills ? std::min(bank.count, std::floor(left / ultra)) : 0;
        storage.uram += inUltra * ultra;
        storage.bram18k += (bank.count - inUltra) * bram18kOfBank(bank.words, bank.bits);
    }
    return storage;
}

std::vector<Banks> banksOf(const model::PipelineChunk& chunk, std::span<const model::Layer> layers,
                           bool doubleBufferedWeights) {
    std::vector<Banks> banks;
    for (const Tensor tensor : model::kAllTensors) banks.push_back({tensor, 0, 0, chunk.bits});
    for (const auto& layer : layers) {
        const auto shapes = bankShapes(chunk, layer, doubleBufferedWeights);
        for (std::size_t t = 0; t < banks.size(); ++t) {
            banks[t].count = std::max(banks[t].count, shapes[t].count);
            banks[t].words = std::max(banks[t].words, shapes[t].words);
        }
    }
    return banks;
}

void addLogic(const model::PipelineChunk& chunk, std::span<const Banks> banks, Logic& logic) {
    const double multipliers = multipliersOf(chunk) * chunk.bits / 16;
    logic.lut += kLutPerMultiplier * multipliers;
    logic.flipFlops += kFlipFlopsPerMultiplier * multipliers;
    logic.lut += selectorLut(chunk, banks) + kLutPerPortBit * extraPortBits(chunk);
    logic.flipFlops += kFlipFlopsPerPortBit * extraPortBits(chunk);
}

std::vector<Banks> burstBuffers(const model::PipelineChunk& chunk) {
    if (extraPortBits(chunk) <= 0) return {};
    return {{Tensor::Inputs, 2, kBurstWords, extraPortBits(chunk)}};
}

}  // namespace cohelix::hardware
