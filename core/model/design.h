// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A design: a network on an accelerator, with the mapping of each layer and its figures.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/accelerator.h"
#include "core/model/figures.h"
#include "core/model/mapping.h"
#include "core/model/network.h"
#include "core/model/time_limit.h"

namespace cohelix::model {

/// Where an accuracy comes from. Grades are never compared with one another.
enum class AccuracyGrade : std::uint8_t { None, SupernetEstimate, TrainedFromScratch, Tabulated };
/// The words of files.
constexpr std::string_view word(AccuracyGrade grade) {
    switch (grade) {
        case AccuracyGrade::None: return "none";
        case AccuracyGrade::SupernetEstimate: return "supernet";
        case AccuracyGrade::TrainedFromScratch: return "trained";
        case AccuracyGrade::Tabulated: return "tabulated";
    }
    return {};
}
/// "supernet estimate", "trained from scratch", "tabulated": the words of the screen.
std::string_view gradeText(AccuracyGrade grade);

/// What went out of a memory and into it, in words, for one image batch: reads by what lies inside
/// it and write-backs of outputs to the memory outside; fills from outside and partial sums from
/// inside.
struct MemoryTraffic {
    std::string memory;                           ///< "DRAM", "buffer", "register file"
    std::array<double, kTensors> reads = {};      ///< by Tensor
    std::array<double, kTensors> writes = {};     ///< by Tensor
    std::array<double, kTensors> tileWords = {};  ///< words held of each tensor
    double capacityWords = 0;                     ///< 0: unbounded
    double energyPicojoule = 0;                   ///< 0 where the model has no energy per access
    friend bool operator==(const MemoryTraffic&, const MemoryTraffic&) = default;
};

/// What one layer costs on its chunk, one image batch.
struct LayerCost {
    int chunk = 0;
    double cycles = 0;
    double computeCycles = 0;        ///< of these, the PEs' own: MACs / PEs in use, edges included
    double energyPicojoule = 0;      ///< 0 where the model has no energy per layer
    double spatialUtilization = 0;   ///< PEs in use / PEs of the chunk, edges included; 0..1
    double temporalUtilization = 0;  ///< compute cycles / cycles; 0..1
    TimeLimit limit;
    Mapping mapping;
    std::vector<MemoryTraffic> traffic;
    friend bool operator==(const LayerCost&, const LayerCost&) = default;

    double utilization() const { return spatialUtilization * temporalUtilization; }
};

/// The text of a layer's limit, and the limit of a text; nothing where it is none of these
/// memories'.
std::string limitText(const LayerCost& layer);
std::optional<TimeLimit> limitFromText(std::string_view text,
                                       const std::vector<MemoryTraffic>& traffic);

struct ChunkCost : Resources {
    double cycles = 0;     ///< all its layers, one image batch
    std::int64_t pes = 0;  ///< multipliers that can work at once
    int layers = 0;
    double utilization = 0;  ///< MACs / (PEs * period); idle time in the pipeline counts
    friend bool operator==(const ChunkCost&, const ChunkCost&) = default;
};

struct DesignCost : Figures {
    double periodCycles = 0;   ///< between two images: the slowest chunk of a pipeline
    double latencyCycles = 0;  ///< of one image through all chunks
    std::vector<ChunkCost> chunks;
    std::vector<LayerCost> layers;  ///< one per layer of the network
    std::string model;              ///< "fpga-pipeline, corrected", …
    friend bool operator==(const DesignCost&, const DesignCost&) = default;
};

/// Indices into the options of the specification's choices (spec::networkChoices and
/// hardware::acceleratorChoices), in their order.
struct DesignChoices {
    std::vector<int> network;
    std::vector<int> accelerator;
    friend bool operator==(const DesignChoices&, const DesignChoices&) = default;
    friend auto operator<=>(const DesignChoices&, const DesignChoices&) = default;
};
/// "3.0.1|2.2.0": the identity of a design within its run, and its inverse.
std::string keyOf(const DesignChoices& choices);
std::optional<DesignChoices> choicesFromKey(std::string_view key);

}  // namespace cohelix::model
