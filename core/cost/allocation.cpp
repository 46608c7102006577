// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/allocation.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "core/cost/evaluate.h"
#include "core/model/priced_layers.h"

namespace cohelix::cost {
namespace {

using base::Error;
using base::Result;
using model::ChunkRole;
using model::Dim;

constexpr double kNever = std::numeric_limits<double>::infinity();

ChunkRole roleOf(const model::Layer& layer) {
    return layer.depthwise() ? ChunkRole::Depthwise : ChunkRole::Standard;
}

ChunkRole roleOf(const model::Accelerator& accelerator, std::size_t chunk) {
    return accelerator.isPipeline() ? accelerator.pipeline[chunk].role
                                                              : accelerator.arrays[chunk].role;
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
    for (std::size_t c = 0; c < accelerator.chunkCount(); ++c) {
        if (roleOf(accelerator, c) == role) part.chunks.push_back(c);
    }
    if (part.chunks.empty() && !part.layers.empty()) {
        const std::string kind(model::roleName(role));
        return Error{network.layers[part.layers.front()].name,
                     "it is a " + kind + " layer and there is no " + kind + " chunk",
                     "Add a chunk with the role " + kind};
    }
    const auto priced = accelerator.isPipeline()
                            ? model::layersAsPriced(network.layers, accelerator.fpgaModel)
                            : network.layers;
    part.cycles.resize(part.chunks.size());
    for (const std::size_t i : part.layers) {
        std::optional<Error> reason;
        bool possible = false;
        for (std::size_t c = 0; c < part.chunks.size(); ++c) {
            const auto price =
                priceLayer(priced[i], accelerator, static_cast<int>(part.chunks[c]));
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

Result<void> checkForPipeline(const model::Network& network) {
    for (const auto& layer : network.layers) {
        const auto refuse = [&](const std::string& what) {
            return Error{layer.name, what, "Price it with the loop nest"};
        };
        if (layer.size(Dim::N) != 1) {
            return refuse("the FPGA pipeline prices one image, not " +
                          std::to_string(layer.size(Dim::N)));
        }
        if (layer.size(Dim::R) != layer.size(Dim::S)) {
            return refuse("the FPGA pipeline knows square kernels, not " +
                          std::to_string(layer.size(Dim::R)) + " x " +
                          std::to_string(layer.size(Dim::S)));
        }
        if (layer.dilation != model::PerAxis(1)) {
            return refuse("the FPGA pipeline knows no dilation");
        }
    }
    return {};
}

model::Network withAllLayersPriced(model::Network network) {
    for (auto& layer : network.layers) {
        layer.role =
            layer.depthwise() ? model::LayerRole::Depthwise : model::LayerRole::Project;
    }
    return network;
}

}  // namespace cohelix::cost
