// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a whole network costs on an accelerator: every layer on its chunk, chunks as a pipeline
// over images, resources added up.

#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/cost/loop_nest.h"
#include "core/model/design.h"
#include "core/model/device.h"

namespace cohelix::cost {

/// The figures that a search needs, without mappings or names.
struct Totals {
    std::vector<double> layerCycles;
    std::vector<double> chunkCycles;
    double periodCycles = 0;
    double latencyCycles = 0;
    double energyPicojoule = 0;  ///< 0 for the pipeline template: its energy is power * time
    double dsp = 0;
    double bram18k = 0;
};

/// Prices a network on an accelerator. `chunkOfLayer` has one entry per layer. In the as-published
/// form stem, head, classifier and shortcuts cost nothing, the first 1x1 convolution of a strided
/// block counts at its output size and 184 channels as 192, as in the authors' code (method.md 1B).
/// The error is that of the loop-nest model, naming the layer; the pipeline has none.
/// `extraDramWords`: more words a cycle between DRAM and each chunk than the accelerator has.
base::Result<Totals> totals(const model::Network& network, const model::Accelerator& accelerator,
                            std::span<const int> chunkOfLayer, double extraDramWords = 0);

/// Whether the model form leaves the layer out.
bool costsNothing(const model::Layer& layer, const model::Accelerator& accelerator);

/// Cycles and energy (picojoule; 0 for the pipeline template) of a single layer on a chunk.
struct LayerPrice {
    double cycles = 0;
    double energyPicojoule = 0;
};
base::Result<LayerPrice> priceLayer(const model::Layer& layer, const model::Accelerator& accelerator,
                                    int chunk, double extraDramWords = 0);

/// The same with everything a person may ask about: mappings, traffic, utilization, per chunk and
/// per layer. FPS = clock / period; one image's latency is the sum of its layers. Energy of a
/// pipeline is the device's power times the period (what the board uses per image).
base::Result<model::DesignCost> evaluate(const model::Network& network,
                                         const model::Accelerator& accelerator,
                                         std::span<const int> chunkOfLayer,
                                         const model::Device& device);

/// The loop nest of a layer on a chunk of the loop-nest template (method.md 1A step 3): tiles are
/// clipped per layer, the hardware is one for all.
model::Mapping arrayMapping(const model::ArrayChunk& chunk, const model::Layer& layer);

}  // namespace cohelix::cost
