// SPDX-License-Identifier: GPL-3.0-or-later
// What of a design does not fit, and by how much.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/base/units.h"
#include "core/explain/explain.h"
#include "core/explain/explain_parts.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/hardware/resources.h"
#include "core/nest/technology.h"

namespace cohelix::explain {
namespace {

using model::Accelerator;
using model::Network;
using model::Tensor;

constexpr double kBlockBytes = 18432.0 / 8;

/// Names of chunks hold commas.
std::string quoted(const Accelerator& accelerator, int chunk) {
    return "'" + accelerator.chunkName(static_cast<std::size_t>(chunk)) + "'";
}

Tensor largest(const std::array<double, model::kTensors>& room) {
    const auto most = std::max_element(room.begin(), room.end());
    return model::kAllTensors[static_cast<std::size_t>(most - room.begin())];
}

/// What the chunks of a pipeline need of one resource.
struct Need {
    double sum = 0;
    double most = 0;  ///< of one chunk
    int chunk = 0;
    int layer = 0;  ///< that makes the chunk need it
    hardware::PipelineResources ofLayer;
};

Need needOf(const Network& network, const Accelerator& accelerator,
            std::span<const int> chunkOfLayer, double hardware::PipelineResources::*resource) {
    Need need;
    for (std::size_t c = 0; c < accelerator.pipeline.size(); ++c) {
        double chunk = 0;
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            const auto& layer = network.layers[i];
            if (chunkOfLayer[i] != static_cast<int>(c) ||
                hardware::costsNothing(layer, accelerator))
                continue;
            const auto ofLayer =
                hardware::pipelineResources(accelerator.pipeline[c], layer, accelerator.fpgaModel,
                                            accelerator.doubleBufferedWeights);
            chunk = std::max(chunk, ofLayer.*resource);
            if (ofLayer.*resource <= need.most) continue;
            need.most = ofLayer.*resource;
            need.chunk = static_cast<int>(c);
            need.layer = static_cast<int>(i);
            need.ofLayer = ofLayer;
        }
        need.sum += chunk;
    }
    return need;
}

std::string pipelineText(const Excess& excess, const Need& need, const Network& network,
                         const Accelerator& accelerator) {
    std::string text = excess.resource + ": " + number(excess.need) + " of " +
                       number(excess.limit) + ", " + number(excess.over());
    if (excess.overBytes > 0) text += " (" + base::bytes(excess.overBytes) + ")";
    text += " too many; " + quoted(accelerator, excess.chunk) + " takes " + number(need.most) +
            " of them for " + network.layers[static_cast<std::size_t>(excess.layer)].name;
    if (excess.tensor) text += ", most for its " + std::string(word(*excess.tensor));
    return text;
}

/// Tables of the whole design, or of one of its chunks.
double lutOf(const Network& network, const Accelerator& accelerator,
             std::span<const int> chunkOfLayer) {
    return hardware::fpgaResources(network, accelerator, chunkOfLayer, {}).lut;
}

/// What a single chunk takes of tables.
double lutOfChunk(const Network& network, const Accelerator& accelerator,
                  std::span<const int> chunkOfLayer, int chunk) {
    Network part = network;
    part.layers.clear();
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (chunkOfLayer[i] == chunk) part.layers.push_back(network.layers[i]);
    }
    const std::vector<int> all(part.layers.size(), chunk);
    return lutOf(part, accelerator, all);
}

/// The layer of the chunk that uses most multipliers: tables go with these.
int widestLayer(const Network& network, const Accelerator& accelerator,
                std::span<const int> chunkOfLayer, int chunk) {
    int widest = 0;
    double most = -1;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (chunkOfLayer[i] != chunk) continue;
        const double used =
            hardware::pipelineResources(accelerator.pipeline[static_cast<std::size_t>(chunk)],
                                        network.layers[i], accelerator.fpgaModel, false)
                .multipliers;
        if (used <= most) continue;
        most = used;
        widest = static_cast<int>(i);
    }
    return widest;
}

std::optional<Excess> lutExcess(const Network& network, const Accelerator& accelerator,
                                std::span<const int> chunkOfLayer, const HardLimits& limits) {
    if (!limits.lut) return std::nullopt;
    const double need = lutOf(network, accelerator, chunkOfLayer);
    if (need <= *limits.lut) return std::nullopt;
    Excess excess{.resource = "LUT", .need = need, .limit = *limits.lut, .tensor = {}, .text = {}};
    double most = -1;
    for (int c = 0; c < static_cast<int>(accelerator.chunkCount()); ++c) {
        const double ofChunk = lutOfChunk(network, accelerator, chunkOfLayer, c);
        if (ofChunk <= most) continue;
        most = ofChunk;
        excess.chunk = c;
    }
    excess.layer = widestLayer(network, accelerator, chunkOfLayer, excess.chunk);
    excess.text = "LUT: about " + base::fixed(need, 0) + " of " + base::fixed(*limits.lut, 0) +
                  ", about " + base::fixed(excess.over(), 0) + " too many (estimate); " +
                  quoted(accelerator, excess.chunk) + " takes " + base::fixed(most, 0) +
                  " of them, most for its multipliers";
    return excess;
}

std::vector<Excess> pipelineExcesses(const Network& network, const Accelerator& accelerator,
                                     std::span<const int> chunkOfLayer, const HardLimits& limits) {
    std::vector<Excess> excesses;
    const auto priced = hardware::asPriced(network, accelerator);
    const auto check = [&](const char* name, double hardware::PipelineResources::*resource,
                           std::optional<double> limit, bool memory) {
        const auto need = needOf(priced, accelerator, chunkOfLayer, resource);
        if (fits(need.sum, limit)) return;
        Excess excess{.resource = name,
                      .need = need.sum,
                      .limit = *limit,
                      .overBytes = memory ? (need.sum - *limit) * kBlockBytes : 0,
                      .chunk = need.chunk,
                      .layer = need.layer,
                      .tensor = {},
                      .text = {}};
        if (memory) excess.tensor = largest(need.ofLayer.bramOfTensor);
        excess.text = pipelineText(excess, need, network, accelerator);
        excesses.push_back(std::move(excess));
    };
    check("DSP", &hardware::PipelineResources::dsp, limits.dsp, false);
    check("BRAM18K", &hardware::PipelineResources::bram18k, limits.bram18k, true);
    if (auto tables = lutExcess(network, accelerator, chunkOfLayer, limits)) {
        excesses.push_back(std::move(*tables));
    }
    return excesses;
}

/// The tiles of a layer in one memory of its chunk, against the memory's room.
Excess memoryExcess(const nest::LevelResult& level, const nest::MemoryLevel& memory,
                    double capacity, int bits) {
    std::array<double, model::kTensors> tiles = {};
    double need = 0;
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        tiles[t] = static_cast<double>(level.tensors[t].tile);
        need += tiles[t];
    }
    return {.resource = memory.name,
            .need = need,
            .limit = capacity,
            .overBytes = (need - capacity) * bits / 8,
            .tensor = largest(tiles),
            .text = {}};
}

std::string memoryText(const Excess& excess, const Network& network,
                       const Accelerator& accelerator) {
    return network.layers[static_cast<std::size_t>(excess.layer)].name + " needs " +
           number(excess.need) + " words of the " + excess.resource + " of " +
           quoted(accelerator, excess.chunk) + ", which has " + number(excess.limit) + ": " +
           number(excess.over()) + " (" + base::bytes(excess.overBytes) +
           ") too many, most for its " + std::string(word(*excess.tensor));
}

/// Chunks that unroll more than they have PEs.
std::vector<Excess> peExcesses(const Network& network, const Accelerator& accelerator,
                               std::span<const int> chunkOfLayer) {
    std::vector<Excess> excesses;
    for (std::size_t c = 0; c < accelerator.arrays.size(); ++c) {
        const auto& chunk = accelerator.arrays[c];
        Excess excess{.resource = "PEs",
                      .limit = static_cast<double>(chunk.peCount),
                      .chunk = static_cast<int>(c),
                      .tensor = {},
                      .text = {}};
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            if (chunkOfLayer[i] != excess.chunk) continue;
            const auto used =
                model::spatialExtent(hardware::arrayMapping(chunk, network.layers[i]));
            const double pes = static_cast<double>(used.rows) * static_cast<double>(used.columns);
            if (pes <= excess.need) continue;
            excess.need = pes;
            excess.layer = static_cast<int>(i);
        }
        if (chunk.peCount <= 0 || excess.over() <= 0) continue;  // 0: unbounded
        excess.text = network.layers[static_cast<std::size_t>(excess.layer)].name +
                      " unrolls over " + number(excess.need) + " PEs of " +
                      quoted(accelerator, excess.chunk) + ", which has " + number(excess.limit) +
                      ": " + number(excess.over()) + " too many";
        excesses.push_back(std::move(excess));
    }
    return excesses;
}

std::vector<Excess> arrayExcesses(const Network& network, const Accelerator& accelerator,
                                  std::span<const int> chunkOfLayer) {
    std::vector<Excess> worst;
    const auto technology = nest::findTechnology(accelerator.technology);
    if (!technology) return worst;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& chunk = accelerator.arrays[static_cast<std::size_t>(chunkOfLayer[i])];
        // Priced without bounds, so that all tiles are known.
        const auto hierarchy = nest::hierarchyOf(*technology, 0, 0, chunk.bits);
        const auto& layer = network.layers[i];
        const auto result =
            nest::evaluateLoopNest(layer, hardware::arrayMapping(chunk, layer), hierarchy);
        if (!result) continue;
        const double room[] = {0, static_cast<double>(chunk.bufferWords),
                               static_cast<double>(chunk.registerWords)};
        for (std::size_t l = 1; l < result->levels.size(); ++l) {
            auto excess = memoryExcess(result->levels[l], hierarchy.levels[l], room[l], chunk.bits);
            if (excess.limit <= 0 || excess.need <= excess.limit) continue;  // 0: unbounded
            excess.chunk = chunkOfLayer[i];
            excess.layer = static_cast<int>(i);
            const auto same = std::find_if(worst.begin(), worst.end(), [&](const Excess& other) {
                return other.chunk == excess.chunk && other.resource == excess.resource;
            });
            if (same == worst.end()) {
                worst.push_back(std::move(excess));
            } else if (excess.over() > same->over()) {
                *same = std::move(excess);
            }
        }
    }
    for (auto& excess : worst) excess.text = memoryText(excess, network, accelerator);
    auto pes = peExcesses(network, accelerator, chunkOfLayer);
    std::ranges::move(pes, std::back_inserter(worst));
    return worst;
}

}  // namespace

std::vector<Excess> excesses(const Network& network, const Accelerator& accelerator,
                             std::span<const int> chunkOfLayer, const HardLimits& limits) {
    return accelerator.isPipeline() ? pipelineExcesses(network, accelerator, chunkOfLayer, limits)
                                    : arrayExcesses(network, accelerator, chunkOfLayer);
}

std::vector<PlacedNeed> placedNeeds(const Network& network, const Accelerator& accelerator,
                                    std::span<const int> chunkOfLayer, const HardLimits& limits) {
    if (!accelerator.isPipeline()) return {};
    model::Device device;
    device.uram = static_cast<int>(limits.uram);
    return placedNeeds(hardware::fpgaResources(network, accelerator, chunkOfLayer, device), limits);
}

std::vector<PlacedNeed> placedNeeds(const hardware::ResourceUse& placed, const HardLimits& limits) {
    return {{"DSP", placed.dsp, limits.dsp}, {"BRAM18K", placed.bram18k, limits.bram18k}};
}

bool anyOver(std::span<const PlacedNeed> needs) {
    return std::ranges::any_of(needs, &PlacedNeed::isOver);
}

std::string placedText(std::span<const PlacedNeed> needs) {
    std::string text;
    for (const auto& need : needs) {
        text += (text.empty() ? "" : " and ") + number(need.need) + " " + need.resource;
        if (need.limit) text += " of " + number(*need.limit);
    }
    return text;
}

}  // namespace cohelix::explain
