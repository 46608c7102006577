// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/pipeline/chunk_price.h"

#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/hardware/pipeline/pipeline_layer.h"
#include "core/model/priced_layers.h"

namespace cohelix::hardware {

LayerPrice priceOnChunk(const model::PipelineChunk& chunk, const model::Layer& asPriced,
                        const PricingForm& form, double extraDmaWords) {
    if (model::costsNothing(asPriced, form.model)) return {};
    const auto timing = pipelineTiming(chunk, asPriced, form.model, extraDmaWords);
    const auto need = pipelineResources(chunk, asPriced, form.model, form.doubleBufferedWeights);
    return {need, timing.cycles(), 0,
            form.countsDram ? pipelineDramBytes(chunk, asPriced, form.model) : 0};
}

}  // namespace cohelix::hardware
