// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/array/array_template.h"

#include <algorithm>
#include <utility>

#include "core/hardware/array/array_layer.h"
#include "core/hardware/array/array_scaling.h"
#include "core/hardware/array/array_space.h"
#include "core/hardware/template/choice_cursor.h"

namespace cohelix::hardware {
namespace {

using base::Result;
using model::Accelerator;
using model::Layer;

/// Bytes that a layer moves between DRAM and a chunk of so many bits.
double dramBytes(const nest::LoopNestResult& result, int bits) {
    std::int64_t words = 0;
    for (const auto& tensor : result.levels.front().tensors) {
        words += tensor.reads + tensor.drains + tensor.fills + tensor.updates;
    }
    return static_cast<double>(words) * bits / 8;
}

model::MemoryTraffic trafficOf(const nest::MemoryLevel& memory, const nest::LevelResult& level) {
    model::MemoryTraffic moved;
    moved.memory = memory.name;
    moved.capacityWords = memory.capacityWords;
    for (std::size_t t = 0; t < level.tensors.size(); ++t) {
        const auto& tensor = level.tensors[t];
        moved.reads[t] = static_cast<double>(tensor.reads + tensor.drains);
        moved.writes[t] = static_cast<double>(tensor.fills + tensor.updates);
        moved.tileWords[t] = static_cast<double>(tensor.tile);
        moved.energyPicojoule += level.energyPicojoule[t];
    }
    return moved;
}

class ArrayTemplate : public Template {
public:
    std::vector<Choice> choices(const AcceleratorSpace& space) const override {
        return arrayChoices(space);
    }
    std::size_t mostChunks(const AcceleratorSpace& space) const override {
        return space.arrays.size();
    }
    double log10Size(const AcceleratorSpace& space) const override { return log10Arrays(space); }
    void makeCanonical(const AcceleratorSpace& space, std::span<int> choices) const override {
        makeCanonicalArrays(space, choices);
    }
    void addChunks(const AcceleratorSpace& space, std::span<const int> choices,
                   const model::Network& network, Accelerator& accelerator) const override {
        ChoiceCursor<const int> cursor(choices);
        accelerator.arrays = buildArrays(space, cursor, network);
    }
    /// The first chunk of a layer's role.
    std::vector<int> allocate(const AcceleratorSpace& space, std::span<const int>,
                              const model::Network& network) const override {
        std::vector<int> allocation;
        for (const auto& layer : network.layers) {
            const auto first =
                std::ranges::find(space.arrays, hardware::roleOf(layer), &ArrayChunkSpace::role);
            const bool found = first != space.arrays.end();
            allocation.push_back(found ? static_cast<int>(first - space.arrays.begin()) : 0);
        }
        return allocation;
    }
    bool energyFollowsPeriod() const override { return false; }
    bool fitsByConstruction() const override { return true; }

    Result<void> checkLayer(const Layer& layer, const Accelerator& accelerator,
                            std::size_t chunk) const override {
        const auto priced = price(layer, accelerator, chunk, 0);
        if (!priced) return priced.error();
        return {};
    }
    bool resizesLayers(model::FpgaModel) const override { return false; }
    std::vector<Layer> layersAsPriced(const std::vector<Layer>& layers,
                                      model::FpgaModel) const override {
        return layers;
    }
    bool costsNothing(const Layer&, const Accelerator&) const override { return false; }
    void fitChunk(Accelerator&, std::size_t, std::span<const Layer>) const override {}

    Result<LayerPrice> price(const Layer& layer, const Accelerator& accelerator, std::size_t chunk,
                             double extraDramWords) const override {
        const auto& array = accelerator.arrays[chunk];
        const auto priced = evaluateOnArray(layer, array, accelerator.technology, extraDramWords);
        if (!priced) return priced.error();
        const auto& result = priced->result;
        const bool shared = accelerator.dramGigabytesPerSecond > 0;
        return LayerPrice{
            {}, result.cycles, result.energyPicojoule, shared ? dramBytes(result, array.bits) : 0};
    }
    Result<model::LayerCost> cost(const Layer& layer, const Accelerator& accelerator,
                                  std::size_t chunk) const override {
        auto array = evaluateOnArray(layer, accelerator.arrays[chunk], accelerator.technology);
        if (!array) return array.error();
        const auto& result = array->result;
        model::LayerCost cost;
        cost.mapping = std::move(array->mapping);
        cost.cycles = result.cycles;
        cost.computeCycles = result.computeCycles;
        cost.energyPicojoule = result.energyPicojoule;
        cost.limit = nest::limitOf(result);
        const auto& memories = array->hierarchy.levels;
        for (std::size_t l = 0; l < result.levels.size(); ++l) {
            cost.traffic.push_back(trafficOf(memories[l], result.levels[l]));
        }
        return cost;
    }
    double multipliers(const Layer&, const Accelerator& accelerator,
                       std::size_t chunk) const override {
        return static_cast<double>(accelerator.arrays[chunk].peCount);
    }
    model::Resources needs(const Layer&, const Accelerator&, std::size_t) const override {
        return {};
    }
    double energyMj(double picojoule, double, double, const model::Device&) const override {
        return picojoule * 1e-9;
    }
    CountedWays countedWays(std::size_t, model::Tensor) const override { return {}; }
};

}  // namespace

const Template& arrayTemplate() {
    static const ArrayTemplate instance;
    return instance;
}

}  // namespace cohelix::hardware
