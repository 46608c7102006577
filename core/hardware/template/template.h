// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// All that is special about a template of hardware, on one page. A template is a folder with one
// class behind this interface, and a line in `templates.cpp`; the functions of core/hardware ask
// it. A template keeps nothing: any thread may ask it anything at any time.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/template/choice.h"
#include "core/hardware/template/space.h"
#include "core/model/design.h"
#include "core/model/device.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// What a layer costs on a chunk, or all layers of a chunk: times, energy and bytes add up, needs
/// are the largest.
struct LayerPrice : model::Resources {
    double cycles = 0;           ///< of one image
    double energyPicojoule = 0;  ///< 0 where energy is power times time
    double dramBytes = 0;        ///< moved for an image; 0 where DRAM is not shared
    void add(const LayerPrice& layer);
};

/// Which ways of a tensor a model counts at one of its memories.
struct CountedWays {
    bool reads = true;
    bool writes = true;
};

class Template {
public:
    virtual ~Template() = default;

    // A space of its accelerators

    /// Choices of the space, chunk by chunk.
    virtual std::vector<Choice> choices(const AcceleratorSpace& space) const = 0;
    /// Chunks that an accelerator has at most.
    virtual std::size_t mostChunks(const AcceleratorSpace& space) const = 0;
    /// log10 of the number of different accelerators.
    virtual double log10Size(const AcceleratorSpace& space) const = 0;
    /// Equal accelerators get equal choices.
    virtual void makeCanonical(const AcceleratorSpace& space, std::span<int> choices) const = 0;
    /// Puts the chunks of canonical choices into an accelerator that has all else.
    virtual void addChunks(const AcceleratorSpace& space, std::span<const int> choices,
                           const model::Network& network,
                           model::Accelerator& accelerator) const = 0;
    /// Chunk of each layer.
    virtual std::vector<int> allocate(const AcceleratorSpace& space, std::span<const int> choices,
                                      const model::Network& network) const = 0;
    /// Whether every accelerator of a space keeps the hard limits, as its sizes are scaled to them.
    virtual bool fitsByConstruction() const = 0;

    /// Whether the energy of an image is its period's, and not what its layers add up to.
    virtual bool energyFollowsPeriod() const = 0;

    // An accelerator

    /// Whether a chunk of the layer's role can execute it. The error says what of it is unknown.
    virtual base::Result<void> checkLayer(const model::Layer& layer,
                                          const model::Accelerator& accelerator,
                                          std::size_t chunk) const = 0;
    /// Whether a form prices layers at other sizes than their own.
    virtual bool resizesLayers(model::FpgaModel form) const = 0;
    /// The layers of a whole network at the sizes that they are priced at.
    virtual std::vector<model::Layer> layersAsPriced(const std::vector<model::Layer>& layers,
                                                     model::FpgaModel form) const = 0;
    virtual bool costsNothing(const model::Layer& layer,
                              const model::Accelerator& accelerator) const = 0;
    /// Makes a chunk as small as these layers allow at the same prices.
    virtual void fitChunk(model::Accelerator& accelerator, std::size_t chunk,
                          std::span<const model::Layer> layers) const = 0;

    // Prices, of a layer as priced

    /// `extraDramWords`: more words a cycle between DRAM and the chunk than the accelerator has.
    virtual base::Result<LayerPrice> price(const model::Layer& layer,
                                           const model::Accelerator& accelerator, std::size_t chunk,
                                           double extraDramWords) const = 0;
    /// The same with everything a person may ask about, but the chunk and utilization.
    virtual base::Result<model::LayerCost> cost(const model::Layer& layer,
                                                const model::Accelerator& accelerator,
                                                std::size_t chunk) const = 0;
    /// Multipliers that the layer can use; of a chunk, the most of its layers.
    virtual double multipliers(const model::Layer& layer, const model::Accelerator& accelerator,
                               std::size_t chunk) const = 0;
    /// Resources that hard limits are held against; of a chunk, the most of its layers.
    virtual model::Resources needs(const model::Layer& layer, const model::Accelerator& accelerator,
                                   std::size_t chunk) const = 0;
    /// Millijoules of an image: `picojoule` is what its layers add up to.
    virtual double energyMj(double picojoule, double periodCycles, double hertz,
                            const model::Device& device) const = 0;
    /// At a memory, outermost first.
    virtual CountedWays countedWays(std::size_t memory, model::Tensor tensor) const = 0;
};

/// The chunk role that executes a layer.
inline model::ChunkRole roleOf(const model::Layer& layer) {
    return layer.depthwise() ? model::ChunkRole::Depthwise : model::ChunkRole::Standard;
}

}  // namespace cohelix::hardware
