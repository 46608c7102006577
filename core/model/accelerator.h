// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Accelerators: one or more chunks (sub-accelerators), each with a PE array and memories. Two
// templates: the multi-chunk FPGA pipeline and the loop-nest array for ASICs.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"

namespace cohelix::model {

enum class Template : std::uint8_t { ChunkPipeline, LoopNest };
constexpr std::string_view word(Template kind) {
    switch (kind) {
        case Template::ChunkPipeline: return "chunk-pipeline";
        case Template::LoopNest: return "loop-nest";
    }
    return {};
}

enum class ChunkRole : std::uint8_t { Standard, Depthwise };
constexpr std::string_view word(ChunkRole role) {
    switch (role) {
        case ChunkRole::Standard: return "standard";
        case ChunkRole::Depthwise: return "depthwise";
    }
    return {};
}

/// What the PEs of a pipeline chunk work on in parallel. A depthwise chunk knows
/// OutputChannels (its channels) and OutputRows only.
enum class Parallelism : std::uint8_t { OutputChannels, OutputAndInputChannels, OutputRows };
constexpr std::string_view word(Parallelism parallelism) {
    switch (parallelism) {
        case Parallelism::OutputChannels: return "output-channels";
        case Parallelism::OutputAndInputChannels: return "output-and-input-channels";
        case Parallelism::OutputRows: return "output-rows";
    }
    return {};
}

/// Tile of a chunk: output rows (Tr), output columns (Tc), output channels (Tm), input
/// channels (Tn).
struct Tile {
    int rows = 1;
    int columns = 1;
    int outputs = 1;
    int inputs = 1;
    friend bool operator==(const Tile&, const Tile&) = default;
};

/// Which transfers of a chunk go on while its multipliers work, because their buffer is there
/// twice. Ours: in the authors' template only inputs do.
enum class Overlap : std::uint8_t { None, Weights, Outputs, WeightsAndOutputs };
constexpr std::string_view word(Overlap overlap) {
    switch (overlap) {
        case Overlap::None: return "none";
        case Overlap::Weights: return "weights";
        case Overlap::Outputs: return "outputs";
        case Overlap::WeightsAndOutputs: return "weights-and-outputs";
    }
    return {};
}
constexpr bool hidesWeights(Overlap overlap) {
    return overlap == Overlap::Weights || overlap == Overlap::WeightsAndOutputs;
}
constexpr bool hidesOutputs(Overlap overlap) {
    return overlap == Overlap::Outputs || overlap == Overlap::WeightsAndOutputs;
}

/// Words of 16 bit that the authors' port of a chunk to DRAM moves a cycle, at most: a DMA word of
/// 64 bits.
inline constexpr int kAuthorsPortWords = 4;
inline constexpr int kPortWordBits = 16;
inline constexpr int kMostPortWords = 64;  ///< 1,024 bits: the widest that AXI4 knows

struct PipelineChunk {
    std::string name;
    ChunkRole role = ChunkRole::Standard;
    Parallelism parallelism = Parallelism::OutputAndInputChannels;
    Tile buffer;  ///< TrBuff, TcBuff, TmBuff, TnBuff
    Tile loop;    ///< Tr, Tc, Tm, Tn; each at most the buffer's
    int bits = 16;
    int portWords = kAuthorsPortWords;  ///< of 16 bit a cycle, at least the authors'; more is ours
    Overlap overlap = Overlap::None;    ///< ours
    friend bool operator==(const PipelineChunk&, const PipelineChunk&) = default;
};

/// Sizes and orders over the seven dimensions, indexed by Dim.
using DimSizes = std::array<std::int64_t, kDims>;
using DimOrder = std::array<Dim, kDims>;  ///< outermost first

/// One chunk of the loop-nest template: DRAM -> global buffer -> PE array -> register file.
struct ArrayChunk {
    std::string name;
    ChunkRole role = ChunkRole::Standard;
    DimSizes spatial = {1, 1, 1, 1, 1, 1, 1};       ///< unrolled over the PE array
    std::vector<Dim> rowDims;                       ///< those of them on the array's rows
    DimSizes bufferTile = {1, 1, 1, 1, 1, 1, 1};    ///< trips of the loops over the global buffer
    DimSizes registerTile = {1, 1, 1, 1, 1, 1, 1};  ///< trips of the loops in a register file
    DimOrder dramOrder = kAllDims;
    DimOrder bufferOrder = kAllDims;
    DimOrder registerOrder = kAllDims;
    std::int64_t peCount = 0;        ///< PEs this chunk may use
    std::int64_t bufferWords = 0;    ///< global buffer given to this chunk
    std::int64_t registerWords = 0;  ///< register file of one PE
    int bits = 16;
    /// Layers of these shapes have a mapping of their own; all others the tiles and orders above.
    std::map<LayerShape, Mapping> mappings = {};
    friend bool operator==(const ArrayChunk&, const ArrayChunk&) = default;
};

/// Which form of the multi-chunk FPGA model prices a pipeline (method.md 1B).
enum class FpgaModel : std::uint8_t {
    Corrected,
    AsPublished,        ///< formulas and layers as in the authors' code
    PublishedClipped,   ///< the same, but tiles are clipped to each layer
    PublishedFormulas,  ///< formulas as published, tiles clipped, every layer but the classifier
                        ///< counted at its true size
    PublishedBeyond     ///< PublishedFormulas with bus width and overlap, which are ours
};
constexpr std::string_view word(FpgaModel model) {
    switch (model) {
        case FpgaModel::Corrected: return "corrected";
        case FpgaModel::AsPublished: return "as-published";
        case FpgaModel::PublishedClipped: return "published-clipped";
        case FpgaModel::PublishedFormulas: return "published-formulas";
        case FpgaModel::PublishedBeyond: return "published-beyond";
    }
    return {};
}
/// What a cost says that it was priced by: a pipeline's form, or the technology of a loop nest.
std::string costModelName(Template kind, FpgaModel form, const std::string& technology);
/// Trip counts that are not rounded up, patches without stride, banks of 18,000 bits, no weights.
constexpr bool publishedFormulas(FpgaModel model) { return model != FpgaModel::Corrected; }
/// Stem, head, classifier and shortcuts free, expansions at their output size.
constexpr bool publishedLayers(FpgaModel model) {
    return model == FpgaModel::AsPublished || model == FpgaModel::PublishedClipped;
}
constexpr bool clipsTiles(FpgaModel model) { return model != FpgaModel::AsPublished; }
/// Whether the form prices what goes beyond the authors' template. The others price every chunk as
/// if it had their port and no overlap, and what reads accelerators refuses such chunks there.
constexpr bool pricesBeyond(FpgaModel model) {
    return model == FpgaModel::Corrected || model == FpgaModel::PublishedBeyond;
}

struct Accelerator {
    Template kind = Template::ChunkPipeline;
    double clockMhz = 200;
    /// Bandwidth of the DRAM that all chunks share; 0: it is wide enough for all their ports. Ours:
    /// the authors' models know a port a chunk and no limit behind it.
    double dramGigabytesPerSecond = 0;
    FpgaModel fpgaModel = FpgaModel::Corrected;  ///< kind == ChunkPipeline
    bool doubleBufferedWeights = false;          ///< kind == ChunkPipeline: twice the weight banks
    std::string technology;                      ///< kind == LoopNest: name of a nest::Technology
    std::vector<PipelineChunk> pipeline;         ///< kind == ChunkPipeline
    std::vector<ArrayChunk> arrays;              ///< kind == LoopNest

    bool isPipeline() const { return kind == Template::ChunkPipeline; }
    std::size_t chunkCount() const { return isPipeline() ? pipeline.size() : arrays.size(); }
    const std::string& chunkName(std::size_t chunk) const {
        return isPipeline() ? pipeline[chunk].name : arrays[chunk].name;
    }
    ChunkRole chunkRole(std::size_t chunk) const {
        return isPipeline() ? pipeline[chunk].role : arrays[chunk].role;
    }
    int chunkBits(std::size_t chunk) const {
        return isPipeline() ? pipeline[chunk].bits : arrays[chunk].bits;
    }
    friend bool operator==(const Accelerator&, const Accelerator&) = default;
};

/// Whether the DRAM that chunks share can be as narrow as it is said to be. Errors: narrower than
/// the port of one chunk, which it would slow down by itself; bounded under published formulas,
/// which know no such bound.
base::Result<void> checkSharedDram(const Accelerator& accelerator);

/// The same chunk with the authors' port and without overlap.
PipelineChunk withinTemplate(PipelineChunk chunk);
/// Whether the form of the model prices every chunk as it is. Error: a chunk beyond the authors'
/// template under one of their forms; `where` is "chunks/2/port_words" or "chunks/2/overlap".
base::Result<void> checkTemplate(const Accelerator& accelerator);

}  // namespace cohelix::model
