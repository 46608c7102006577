// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A space of accelerators as data: of the authors' multi-chunk FPGA pipeline (method.md 1B) or of
// their loop-nest array (1A).

#include <optional>
#include <string>
#include <vector>

#include "core/model/accelerator.h"

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

}  // namespace cohelix::hardware
