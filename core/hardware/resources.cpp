// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/resources.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/hardware/evaluate.h"
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

constexpr double kGatesPerProductBit = 8;   // an AND and a full adder for each pair of bits
constexpr double kGatesPerSumBit = 16;      // a full adder and a flip-flop
constexpr double kGatesPerRegisterBit = 6;  // a latch and its share of the read multiplexer
constexpr double kSramFill = 0.5;           // bit cells in an SRAM; decoders and amplifiers beside
// The parts of Eyeriss alone come to 7.59 mm2; its core has 12.25.
constexpr double kWiringFactor = 12.25 / 7.5866;

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

/// The burst buffers of a port wider than the authors', one each way.
Banks burstBuffers(const model::PipelineChunk& chunk) {
    return {Tensor::Inputs, 2, kBurstWords, extraPortBits(chunk)};
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

ResourceUse fpgaResources(const model::Network& network, const model::Accelerator& accelerator,
                          std::span<const int> chunkOfLayer, const model::Device& device) {
    ResourceUse use;
    std::vector<Banks> all;
    const auto fitted = fittedAccelerator(network, accelerator, chunkOfLayer);
    for (std::size_t c = 0; c < fitted.pipeline.size(); ++c) {
        const auto& chunk = fitted.pipeline[c];
        const auto layers = layersOfChunk(network, chunkOfLayer, c);
        if (layers.empty()) continue;
        use.dsp += dspOfChunk(chunk);
        const double multipliers = multipliersOf(chunk) * chunk.bits / 16;
        use.lut += kLutPerMultiplier * multipliers;
        use.flipFlops += kFlipFlopsPerMultiplier * multipliers;
        const auto banks = banksOf(chunk, layers, accelerator.doubleBufferedWeights);
        all.insert(all.end(), banks.begin(), banks.end());
        use.lut += selectorLut(chunk, banks) + kLutPerPortBit * extraPortBits(chunk);
        use.flipFlops += kFlipFlopsPerPortBit * extraPortBits(chunk);
        if (extraPortBits(chunk) > 0) all.push_back(burstBuffers(chunk));
    }
    const auto storage = store(all, device.uram);
    use.bram18k = storage.bram18k;
    use.uram = storage.uram;
    use.lut = std::ceil(use.lut + storage.lut);
    use.flipFlops = std::ceil(use.flipFlops);
    return use;
}

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

std::optional<ResourceUse> asicResources(const model::Accelerator& accelerator,
                                         const model::Device& device) {
    const auto node = findAsicNode(device.nodeNm);
    if (!node) return std::nullopt;
    ResourceUse use;
    for (const auto& chunk : accelerator.arrays) use.areaMm2 += areaMm2(asicParts(chunk), *node);
    return use;
}

std::vector<ResourceLine> resourceLines(const model::DesignCost& cost, const ResourceUse& placed,
                                        const model::Device& device) {
    if (device.kind == model::DeviceKind::Asic) {
        return {{"area (mm2)", placed.areaMm2, placed.areaMm2, 0, true}};
    }
    std::vector<ResourceLine> lines = {
        {"DSP", cost.dsp, placed.dsp, static_cast<double>(device.dsp), false},
        {"BRAM18K", cost.bram18k, placed.bram18k, static_cast<double>(device.bram18k), false}};
    const auto add = [&](const char* name, double count, int available, bool estimate) {
        lines.push_back({name, count, count, static_cast<double>(available), estimate});
    };
    if (device.uram > 0) add("URAM", placed.uram, device.uram, false);
    add("LUT", placed.lut, device.lut, true);
    add("FF", placed.flipFlops, device.flipFlops, true);
    return lines;
}

}  // namespace cohelix::hardware
