// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/allocation.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "core/hardware/evaluate.h"
#include "core/hardware/templates.h"

namespace cohelix::hardware {
namespace {

using base::Error;
using base::Result;
using model::ChunkRole;

constexpr double kNever = std::numeric_limits<double>::infinity();

std::vector<std::size_t> chunksOf(ChunkRole role, const model::Accelerator& accelerator) {
    std::vector<std::size_t> chunks;
    for (std::size_t c = 0; c < accelerator.chunkCount(); ++c) {
        if (accelerator.chunkRole(c) == role) chunks.push_back(c);
    }
    return chunks;
}

Error noChunkFor(const model::Layer& layer) {
    const std::string kind(word(roleOf(layer)));
    return {layer.name, "it is a " + kind + " layer and there is no " + kind + " chunk",
            "Add a chunk with the role " + kind};
}

/// The layers of one role, the chunks of that role, and what each costs on each.
struct Part {
    std::vector<std::size_t> layers;
    std::vector<std::size_t> chunks;
    std::vector<std::vector<double>> cycles;  ///< [chunk][layer]
};

Result<Part> partOf(ChunkRole role, const model::Network& network,
                    const model::Accelerator& accelerator) {
    Part part;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (roleOf(network.layers[i]) == role) part.layers.push_back(i);
    }
    part.chunks = chunksOf(role, accelerator);
    if (part.chunks.empty() && !part.layers.empty()) {
        return noChunkFor(network.layers[part.layers.front()]);
    }
    const auto priced =
        templateOf(accelerator.kind).layersAsPriced(network.layers, accelerator.fpgaModel);
    part.cycles.resize(part.chunks.size());
    for (const std::size_t i : part.layers) {
        std::optional<Error> reason;
        bool possible = false;
        for (std::size_t c = 0; c < part.chunks.size(); ++c) {
            const auto price = priceLayer(priced[i], accelerator, static_cast<int>(part.chunks[c]));
            if (!price) reason = price.error();
            possible = possible || price.ok();
            part.cycles[c].push_back(price ? price->cycles : kNever);
        }
        if (!possible) return *reason;
    }
    return part;
}

/// `first[c][n]`: where the run of chunk c begins when the first c + 1 chunks execute n layers.
std::vector<std::vector<std::size_t>> bestRuns(const Part& part) {
    const std::size_t count = part.layers.size();
    std::vector<double> best(count + 1, kNever);
    best[0] = 0;
    std::vector<std::vector<std::size_t>> first;
    for (const auto& cycles : part.cycles) {
        auto next = best;  // the chunk stays without layers
        std::vector<std::size_t> begin(count + 1);
        for (std::size_t n = 0; n <= count; ++n) {
            begin[n] = n;
            double run = 0;
            for (std::size_t m = n; m-- > 0;) {
                run += cycles[m];
                const double slowest = std::max(best[m], run);
                if (slowest >= next[n]) continue;
                next[n] = slowest;
                begin[n] = m;
            }
        }
        best = std::move(next);
        first.push_back(std::move(begin));
    }
    return first;
}

/// A layer that no run can cover although some chunk can execute it: the order stands in the way.
Error cannotBeSplit(const Part& part, const model::Network& network) {
    return {network.layers[part.layers.front()].name,
            "no run of layers in order fits the chunks of this role",
            "Say which chunk executes which layers"};
}

Result<void> allocate(const Part& part, const model::Network& network,
                      std::vector<int>& chunkOfLayer) {
    const auto first = bestRuns(part);
    std::size_t end = part.layers.size();
    for (std::size_t c = part.chunks.size(); c-- > 0;) {
        const std::size_t begin = first[c][end];
        for (std::size_t i = begin; i < end; ++i) {
            if (part.cycles[c][i] == kNever) return cannotBeSplit(part, network);
            chunkOfLayer[part.layers[i]] = static_cast<int>(part.chunks[c]);
        }
        end = begin;
    }
    if (end > 0) return cannotBeSplit(part, network);
    return {};
}

}  // namespace

Result<std::vector<int>> leastPeriodAllocation(const model::Network& network,
                                               const model::Accelerator& accelerator) {
    std::vector<int> chunkOfLayer(network.layers.size(), 0);
    for (const auto role : {ChunkRole::Standard, ChunkRole::Depthwise}) {
        const auto part = partOf(role, network, accelerator);
        if (!part) return part.error();
        if (auto done = allocate(*part, network, chunkOfLayer); !done) return done.error();
    }
    return chunkOfLayer;
}

Result<void> checkExecutable(const model::Layer& layer, const model::Accelerator& accelerator) {
    const auto chunks = chunksOf(roleOf(layer), accelerator);
    if (chunks.empty()) return noChunkFor(layer);
    std::optional<Error> reason;
    for (const std::size_t c : chunks) {
        const auto known = templateOf(accelerator.kind).checkLayer(layer, accelerator, c);
        if (known) return {};
        reason = known.error();
    }
    return *reason;
}

ExecutablePart executablePart(model::Network network, const model::Accelerator& accelerator) {
    ExecutablePart part;
    std::vector<model::Layer> executable;
    for (auto& layer : network.layers) {
        if (const auto known = checkExecutable(layer, accelerator); !known) {
            leaveOut(part.leftOut, unpricedLayer(layer, known.error().what));
        } else {
            executable.push_back(std::move(layer));
        }
    }
    network.layers = std::move(executable);
    part.network = std::move(network);
    return part;
}

model::Network withAllLayersPriced(model::Network network) {
    for (auto& layer : network.layers) {
        layer.role = layer.depthwise() ? model::LayerRole::Depthwise : model::LayerRole::Project;
    }
    return network;
}

}  // namespace cohelix::hardware
