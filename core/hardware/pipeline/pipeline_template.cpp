// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/pipeline/pipeline_template.h"

#include <string>

#include "core/hardware/pipeline/chunk_price.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/hardware/pipeline/pipeline_allocation.h"
#include "core/hardware/pipeline/pipeline_layer.h"
#include "core/hardware/pipeline/pipeline_space.h"
#include "core/model/priced_layers.h"

namespace cohelix::hardware {
namespace {

using base::Error;
using base::Result;
using model::Accelerator;
using model::Dim;
using model::Layer;

/// The pipeline's formulas know one image, square kernels and no dilation.
Result<void> checkForPipeline(const model::Layer& layer) {
    const auto refuse = [&](const std::string& what) {
        return Error{layer.name, "the FPGA pipeline " + what, "Price it with the loop nest"};
    };
    const auto rows = layer.size(Dim::R);
    const auto columns = layer.size(Dim::S);
    if (layer.size(Dim::N) != 1) {
        return refuse("prices one image, not " + std::to_string(layer.size(Dim::N)));
    }
    if (rows != columns) {
        return refuse("knows square kernels, not " + std::to_string(rows) + " x " +
                      std::to_string(columns));
    }
    // A kernel of one element has nothing to be spread.
    if (rows > 1 && layer.dilation != model::PerAxis(1)) return refuse("knows no dilation");
    return {};
}

class PipelineTemplate : public Template {
public:
    std::vector<Choice> choices(const AcceleratorSpace& space) const override {
        return pipelineChoices(space);
    }
    std::size_t mostChunks(const AcceleratorSpace& space) const override {
        return mostPipelineChunks(space);
    }
    double log10Size(const AcceleratorSpace& space) const override { return log10Pipelines(space); }
    void makeCanonical(const AcceleratorSpace& space, std::span<int> choices) const override {
        makeCanonicalPipeline(space, choices);
    }
    void addChunks(const AcceleratorSpace& space, std::span<const int> choices,
                   const model::Network&, Accelerator& accelerator) const override {
        addPipelineChunks(space, choices, accelerator);
    }
    std::vector<int> allocate(const AcceleratorSpace& space, std::span<const int> choices,
                              const model::Network& network) const override {
        return allocateOnPipeline(space, choices, network);
    }
    bool energyFollowsPeriod() const override { return true; }
    bool fitsByConstruction() const override { return false; }

    Result<void> checkLayer(const Layer& layer, const Accelerator&, std::size_t) const override {
        return checkForPipeline(layer);
    }
    bool resizesLayers(model::FpgaModel form) const override {
        return model::publishedLayers(form);
    }
    std::vector<Layer> layersAsPriced(const std::vector<Layer>& layers,
                                      model::FpgaModel form) const override {
        return model::layersAsPriced(layers, form);
    }
    bool costsNothing(const Layer& layer, const Accelerator& accelerator) const override {
        return model::costsNothing(layer, accelerator.fpgaModel);
    }
    void fitChunk(Accelerator& accelerator, std::size_t chunk,
                  std::span<const Layer> layers) const override {
        auto& fitted = accelerator.pipeline[chunk];
        fitted = fittedChunk(fitted, layers, accelerator.fpgaModel);
    }

    Result<LayerPrice> price(const Layer& layer, const Accelerator& accelerator, std::size_t chunk,
                             double extraDramWords) const override {
        return priceOnChunk(accelerator.pipeline[chunk], layer, pricingFormOf(accelerator),
                            extraDramWords);
    }
    Result<model::LayerCost> cost(const Layer& layer, const Accelerator& accelerator,
                                  std::size_t chunk) const override {
        return pipelineLayerCost(accelerator.pipeline[chunk], layer, accelerator.fpgaModel);
    }
    double multipliers(const Layer& layer, const Accelerator& accelerator,
                       std::size_t chunk) const override {
        if (costsNothing(layer, accelerator)) return 0;
        return pipelineResources(accelerator.pipeline[chunk], layer, accelerator.fpgaModel, false)
            .multipliers;
    }
    model::Resources needs(const Layer& layer, const Accelerator& accelerator,
                           std::size_t chunk) const override {
        return pipelineResources(accelerator.pipeline[chunk], layer, accelerator.fpgaModel,
                                 accelerator.doubleBufferedWeights);
    }
    double energyMj(double, double periodCycles, double hertz,
                    const model::Device& device) const override {
        return device.powerWatt * periodCycles / hertz * 1e3;
    }
    /// What goes between DRAM and the buffers, and nothing of what multipliers do with these.
    CountedWays countedWays(std::size_t memory, model::Tensor tensor) const override {
        if (memory == 0) return {};
        return {.reads = tensor == model::Tensor::Outputs,
                .writes = tensor != model::Tensor::Outputs};
    }
};

}  // namespace

const Template& pipelineTemplate() {
    static const PipelineTemplate instance;
    return instance;
}

}  // namespace cohelix::hardware
