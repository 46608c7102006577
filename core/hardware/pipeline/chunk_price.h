// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a chunk of the multi-chunk FPGA template costs for a layer. The one place where searches,
// proofs (core/optimum), reports and benchmarks have their prices from, so that none can be
// cheaper than another.

#include "core/hardware/template/template.h"
#include "core/model/accelerator.h"
#include "core/model/layer.h"

namespace cohelix::hardware {

/// How the cost of a pipeline is counted.
struct PricingForm {
    model::FpgaModel model = model::FpgaModel::Corrected;
    bool doubleBufferedWeights = false;
    bool countsDram = false;  ///< what is moved counts too, where chunks share DRAM
};
/// Of an accelerator or of a space of them.
template <typename Pipeline>
PricingForm pricingFormOf(const Pipeline& pipeline) {
    return {pipeline.fpgaModel, pipeline.doubleBufferedWeights,
            pipeline.dramGigabytesPerSecond > 0};
}

/// A layer of a network as the form counts it (model::layersAsPriced of the *whole* network: the
/// size of a layer may depend on the one that follows). Nothing where the form leaves it out.
/// `extraDmaWords`: more words a cycle between DRAM and the chunk than its port has.
LayerPrice priceOnChunk(const model::PipelineChunk& chunk, const model::Layer& asPriced,
                        const PricingForm& form, double extraDmaWords = 0);

}  // namespace cohelix::hardware
