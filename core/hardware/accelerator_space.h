// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The accelerator space: the authors' multi-chunk FPGA pipeline (method.md 1B) and their
// loop-nest array (1A), both as data, and how a choice becomes an accelerator.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/hardware/choice.h"
#include "core/model/accelerator.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// Which layers a chunk executes (layers of its role only). Exactly one rule is set: a range of
/// blocks (R2), or a range of output map sizes (R1). Stem and head go to the standard chunk of
/// the first and last blocks, or of their own map size.
struct LayerRule {
    std::optional<int> firstBlock;  ///< with lastBlock
    std::optional<int> lastBlock;   ///< inclusive
    std::optional<int> mapAtLeast;  ///< output rows
    std::optional<int> mapBelow;
    friend bool operator==(const LayerRule&, const LayerRule&) = default;
};

struct PipelineChunkSpace {
    std::string name;
    model::ChunkRole role = model::ChunkRole::Standard;
    LayerRule layers;
    std::vector<model::Parallelism> parallelism;
    std::vector<int> rows;     ///< TrBuff and Tr
    std::vector<int> columns;  ///< TcBuff and Tc
    std::vector<int> outputs;  ///< TmBuff and Tm
    std::vector<int> inputs;   ///< TnBuff and Tn; {1} for depthwise
    std::vector<int> bits;
    // Beyond the authors' template, and ours; empty: their port of 4 words, no overlap.
    std::vector<int> portWords = {};
    std::vector<model::Overlap> overlap = {};
    friend bool operator==(const PipelineChunkSpace&, const PipelineChunkSpace&) = default;
};

/// Layers are allocated by choices and not by rules: the network's blocks fall into runs, and each
/// group of a standard and a depthwise chunk executes one, the first with the stem, the last with
/// the head.
struct SearchedAllocation {
    int mostGroups = 1;  ///< at most as many as blocks
    int blocks = 1;      ///< of the network
    friend bool operator==(const SearchedAllocation&, const SearchedAllocation&) = default;
};

/// Loops that are unrolled over the PE array: the first `rows` of them on its rows.
struct ArrayStyle {
    std::vector<model::Dim> dims;
    int rows = 1;
    friend bool operator==(const ArrayStyle&, const ArrayStyle&) = default;
};
/// "SR/CK": rows/columns.
std::string toText(const ArrayStyle& style);

struct ArrayChunkSpace {
    std::string name;
    model::ChunkRole role = model::ChunkRole::Standard;
    std::vector<ArrayStyle> styles;
    int ratioMost = 10;          ///< ratios are 1 … ratioMost
    bool registerTiles = false;  ///< search loops inside the register file too
    friend bool operator==(const ArrayChunkSpace&, const ArrayChunkSpace&) = default;
};

/// Budget that the chunks of the loop-nest template share (method.md 1A).
struct ArrayBudget {
    int pes = 129;
    double bufferKib = 108;
    double registerBytes = 512;  ///< per PE
    int bits = 16;
    friend bool operator==(const ArrayBudget&, const ArrayBudget&) = default;
};

struct AcceleratorSpace {
    model::Template kind = model::Template::ChunkPipeline;
    double clockMhz = 200;
    double dramGigabytesPerSecond = 0;  ///< that all chunks share; 0: not bounded
    // ChunkPipeline
    model::FpgaModel fpgaModel = model::FpgaModel::Corrected;
    bool doubleBufferedWeights = false;  ///< corrected model: twice the weight banks
    std::vector<PipelineChunkSpace> pipeline;
    /// If set, the pipeline holds one standard and one depthwise chunk, of which every group has
    /// both, and their rules say nothing.
    std::optional<SearchedAllocation> searched = {};
    // LoopNest
    std::string technology;  ///< name of a nest::Technology: "authors-28nm", …
    ArrayBudget budget;
    std::vector<ArrayChunkSpace> arrays;
    friend bool operator==(const AcceleratorSpace&, const AcceleratorSpace&) = default;
};

/// Whether the best accelerator of the space can be proven once the precision of its chunks is
/// given (core/optimum): they share nothing but the DSPs and block RAM that they add up to, and
/// rules say what each executes.
bool provenAcceleratorsExist(const AcceleratorSpace& space);

/// Ten per standard pipeline chunk c: "chunk<c>.parallelism", ".tr_buff", ".tc_buff", ".tm_buff",
/// ".tn_buff", ".tr", ".tc", ".tm", ".tn", ".bits" (depthwise: without the tn's), and where the
/// space has them ".port_words", ".overlap".
/// Of a searched allocation so many chunks as its most groups have, and at the end
/// "allocation.groups" and "allocation.split<i>", the block at which group i begins.
/// Per array chunk: ".style", ".shape<i>" (ratio of the i-th unrolled loop), ".buffer_<dim>"
/// (ratio), ".register_<dim>" (ratio), ".dram_order<i>", ".buffer_order<i>", ".register_order<i>".
std::vector<Choice> acceleratorChoices(const AcceleratorSpace& space);

/// Chunks that an accelerator of the space has at most, and what each may be.
std::size_t mostChunks(const AcceleratorSpace& space);
const PipelineChunkSpace& pipelineChunk(const AcceleratorSpace& space, std::size_t chunk);

/// Whether the form of the model prices all that the space holds. Error: as model::checkTemplate.
base::Result<void> checkTemplate(const AcceleratorSpace& space);

/// log10 of the number of different accelerators: loop tiles within their buffers and orders
/// without repetition counted once, unlike log10Size of the choices.
double log10Size(const AcceleratorSpace& space);

/// Chunk of each layer of the network. By the rules, whatever the choices; a layer that no chunk
/// claims gets the last chunk of its role. Of a searched allocation by the choices, which are
/// canonical.
std::vector<int> allocateLayers(const AcceleratorSpace& space, std::span<const int> choices,
                                const model::Network& network);

/// Of a searched allocation: the block at which each group begins, ascending from 0; and back to
/// its choices, the last ones of the space's.
std::vector<int> groupStarts(const AcceleratorSpace& space, std::span<const int> choices);
std::vector<int> choicesOfGroups(const AcceleratorSpace& space, std::span<const int> starts);

/// Makes choices canonical, so that equal accelerators have equal choices: a loop tile larger
/// than its buffer tile becomes the largest option that is not; an order that repeats a dimension
/// takes the next unused one; splits of an allocation ascend and differ, and what belongs to groups
/// that there are not is at its first option.
std::vector<int> canonicalChoices(const AcceleratorSpace& space, std::vector<int> choices);

/// The accelerator of canonical choices. The loop-nest template scales the ratios to the budget,
/// so that the hard limits hold by construction; `network` is what the budget is shared out by.
model::Accelerator buildAccelerator(const AcceleratorSpace& space, std::span<const int> choices,
                                    const model::Network& network);

}  // namespace cohelix::hardware
