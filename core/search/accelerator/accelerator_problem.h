// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The question that an accelerator search answers: which choices make this network cheapest
// within the hard limits? Costs are kept per chunk, so that a change of one chunk prices only the
// layers of that chunk.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/hardware/template/template.h"
#include "core/model/design.h"
#include "core/pricing/layer_mapper.h"
#include "core/search/accelerator/precision_plans.h"
#include "core/specification/pins.h"
#include "core/specification/specification.h"

namespace cohelix::search {

/// What an accelerator's choices come to for the network.
struct Appraisal : model::Resources {
    double metric = 0;   ///< in the objective's unit
    double logCost = 0;  ///< to be minimised: log of the metric, or minus log for FPS
    std::vector<double> chunkCycles;
    std::vector<double> chunkDsp;
    std::vector<double> chunkBram18k;
    bool priced = false;    ///< every chunk could be: no mapping overflows
    bool feasible = false;  ///< and every limit is kept
};

/// An answer to it.
struct FoundAccelerator {
    std::vector<int> choices;  ///< canonical, within the limits
    Appraisal appraisal;
};

class AcceleratorProblem {
public:
    /// With a mapper that is available every layer has its best mapping; else the chunk's tiles.
    /// Parameters that are pinned have that option in everything that is found feasible; what the
    /// plan fixes has it too, in all chunks that are in use.
    AcceleratorProblem(const spec::Specification& specification, const model::Network& network,
                       pricing::LayerMapper* mapper = nullptr, spec::PinnedOptions pins = {},
                       PrecisionPlan plan = {});

    const std::vector<hardware::Choice>& choices() const { return m_choices; }
    /// Chunk that the choice with this index belongs to; -1 for those of the allocation.
    int chunkOfChoice(std::size_t choice) const { return m_chunkOfChoice[choice]; }

    /// Whether there is nothing to choose, for it is pinned or planned.
    bool pinned(std::size_t choice) const {
        return (choice < m_pins.size() && m_pins[choice].has_value()) ||
               (choice < m_plan.size() && m_plan[choice].has_value());
    }
    /// The same accelerator's canonical choices, with the pinned and planned options in place.
    std::vector<int> canonical(std::vector<int> choices) const;

    /// Prices canonical choices. Not feasible when a limit or a pin is broken or a mapping
    /// overflows. Free for those priced last.
    Appraisal appraise(const std::vector<int>& choices);

    /// Makes choices keep the DSP and BRAM limits by taking the greediest chunk's tiles to the
    /// next smaller option until they do; nothing when even the smallest do not. Canonical.
    std::optional<std::vector<int>> repaired(std::vector<int> choices);

    /// Chunks priced so far: the count of cost evaluations.
    std::int64_t evaluations() const { return m_evaluations; }
    /// Whole accelerators priced so far, those on the way to a repaired one too.
    std::int64_t appraisals() const { return m_appraisals; }

private:
    Appraisal priced(const std::vector<int>& choices);

    struct ChunkFigures : hardware::LayerPrice {
        bool valid = true;
    };
    const ChunkFigures& figures(std::size_t chunk, const std::vector<int>& choices);
    /// Layers of each chunk, by their index in the network; good until the next call.
    const std::vector<std::vector<std::size_t>>& layersOfChunks(const std::vector<int>& choices);
    ChunkFigures price(std::size_t chunk, const std::vector<std::size_t>& layers,
                       model::Accelerator accelerator) const;
    /// To the option with the next fewer second buffers; whether there is one.
    bool dropOverlap(std::size_t first, std::size_t count, std::vector<int>& choices) const;
    /// Takes something of the chunk to its next smaller option; whether there was anything.
    bool shrink(std::size_t chunk, std::vector<int>& choices, bool forDsp) const;
    /// The largest of those sizes of the chunk that have a smaller option.
    bool shrinkLargest(std::size_t chunk, std::vector<int>& choices,
                       bool (*among)(const hardware::Knob&)) const;

    const spec::Specification& m_specification;
    pricing::LayerMapper* m_mapper;
    model::Network m_network;
    const hardware::Template& m_hardware;
    std::vector<model::Layer> m_asPriced;  ///< the whole network's
    spec::PinnedOptions m_pins;
    PrecisionPlan m_plan;
    std::vector<hardware::Choice> m_choices;
    std::vector<int> m_leastTiles;  ///< by choice, for the pins' sake
    std::vector<int> m_chunkOfChoice;
    std::vector<std::pair<std::size_t, std::size_t>> m_slices;  ///< per chunk: first, count
    std::ptrdiff_t m_allocationChoices = 0;                     ///< the last ones
    std::vector<int> m_allocatedBy;                             ///< of these, m_layers'
    std::vector<std::vector<std::size_t>> m_layers;             ///< per chunk
    std::vector<std::map<std::vector<int>, ChunkFigures>> m_cache;
    std::int64_t m_evaluations = 0;
    std::int64_t m_appraisals = 0;
    std::vector<int> m_last;  ///< choices priced last
    Appraisal m_lastAppraisal;
};

}  // namespace cohelix::search
