// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/chunk_price.h"

#include <algorithm>

#include "core/hardware/evaluate.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/model/priced_layers.h"

namespace cohelix::hardware {

void ChunkPrice::add(const ChunkPrice& layer) {
    cycles += layer.cycles;
    raise(layer);
    dramBytes += layer.dramBytes;
}

ChunkPrice priceOnChunk(const model::PipelineChunk& chunk, const model::Layer& asPriced,
                        const PricingForm& form, double extraDmaWords) {
    if (model::costsNothing(asPriced, form.model)) return {};
    const auto timing = pipelineTiming(chunk, asPriced, form.model, extraDmaWords);
    const auto need = pipelineResources(chunk, asPriced, form.model, form.doubleBufferedWeights);
    return {need, timing.cycles(),
            form.countsDram ? pipelineDramBytes(chunk, asPriced, form.model) : 0};
}

}  // namespace cohelix::hardware
