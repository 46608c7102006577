// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a whole network costs on an accelerator: every layer on its chunk, chunks as a pipeline
// over images, resources added up.

#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/array/array_layer.h"
#include "core/hardware/pipeline/pipeline_layer.h"
#include "core/hardware/template/template.h"
#include "core/model/design.h"
#include "core/model/device.h"

namespace cohelix::hardware {

/// The figures that a search needs, without mappings or names.
struct Totals : model::Resources {
    std::vector<double> layerCycles;
    std::vector<double> chunkCycles;
    double dramBytes = 0;     ///< that all layers move; 0 where DRAM is not shared
    double periodCycles = 0;  ///< see sharedDramCycles
    double latencyCycles = 0;
    double energyPicojoule = 0;  ///< 0 for the pipeline template: its energy is power * time
};

/// Prices a network on an accelerator. `chunkOfLayer` has one entry per layer. In the as-published
/// form stem, head, classifier and shortcuts cost nothing, the first 1x1 convolution of a strided
/// block counts at its output size and 184 channels as 192, as in the authors' code (method.md 1B).
/// The error is that of the loop-nest model, naming the layer; the pipeline has none.
/// `extraDramWords`: more words a cycle between DRAM and each chunk than the accelerator has.
base::Result<Totals> totals(const model::Network& network, const model::Accelerator& accelerator,
                            std::span<const int> chunkOfLayer, double extraDramWords = 0);

/// The network's layers at the sizes that the accelerator's form of the model prices them at.
model::Network asPriced(const model::Network& network, const model::Accelerator& accelerator);

/// The accelerator as it has to be built for the network: each chunk of a pipeline fitted to its
/// layers (fittedChunk), at their own sizes and at those that they are priced at. Prices are the
/// same to the bit.
model::Accelerator fittedAccelerator(const model::Network& network,
                                     const model::Accelerator& accelerator,
                                     std::span<const int> chunkOfLayer);

/// The layers of one chunk.
std::vector<model::Layer> layersOfChunk(const model::Network& network,
                                        std::span<const int> chunkOfLayer, std::size_t chunk);

/// Whether the model form leaves the layer out.
bool costsNothing(const model::Layer& layer, const model::Accelerator& accelerator);

/// A single layer on a chunk. A pipeline's is one of model::layersAsPriced of its network.
base::Result<LayerPrice> priceLayer(const model::Layer& layer,
                                    const model::Accelerator& accelerator, int chunk,
                                    double extraDramWords = 0);

/// Cycles that the DRAM which all chunks share needs for so many bytes; 0 where none is shared.
///
/// Each chunk has a port of its own to DRAM, and its layers take as long as that port makes them.
/// In a full pipeline all chunks transfer at once, each for another image: in a period everything
/// that one image moves has to pass. So the period is that of the slowest chunk, or the time that
/// DRAM needs for all bytes of an image where that is longer. Transfers are taken as spread evenly
/// over the period; bursts that collide would make it longer still. The latency of an image that is
/// alone does not change. Ours: the authors' models know no limit behind the ports.
double sharedDramCycles(const model::Accelerator& accelerator, double bytes);

/// What the layers of a priced design move between DRAM and their chunks, one image.
double dramBytesOf(const model::LayerCost& layer, const model::Accelerator& accelerator);

/// Millijoules of an image: what its layers add up to in picojoule, or the board's power times the
/// period.
double energyMjOf(model::Template kind, double picojoule, double periodCycles, double hertz,
                  const model::Device& device);

/// Which ways of a tensor the model of a priced layer counts at one of its memories, outermost
/// first. A pipeline's has no energy of an access.
CountedWays countedWays(const model::Accelerator& accelerator, std::size_t memory,
                        model::Tensor tensor);

/// The same with everything a person may ask about: mappings, traffic, utilization, per chunk and
/// per layer. FPS = clock / period; one image's latency is the sum of its layers. Energy of a
/// pipeline is the device's power times the period (what the board uses per image).
base::Result<model::DesignCost> evaluate(const model::Network& network,
                                         const model::Accelerator& accelerator,
                                         std::span<const int> chunkOfLayer,
                                         const model::Device& device);

}  // namespace cohelix::hardware
