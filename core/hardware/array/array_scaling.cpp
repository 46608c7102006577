// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/array/array_scaling.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace cohelix::hardware {
namespace {

using model::ArrayChunk;
using model::ChunkRole;
using model::Dim;
using model::DimSizes;

/// What the layers of one chunk have in common, as far as sizing needs it.
struct Workload {
    double macs = 0;
    double volume = 0;  ///< words of weights, outputs and inputs
    DimSizes largest = {1, 1, 1, 1, 1, 1, 1};
    model::PerAxis stride;  ///< the largest
};

Workload workloadOf(const model::Network& network, ChunkRole role) {
    Workload work;
    for (const auto& layer : network.layers) {
        if (layer.depthwise() != (role == ChunkRole::Depthwise)) continue;
        work.macs += static_cast<double>(model::macs(layer));
        for (const auto tensor : model::kAllTensors) {
            work.volume += static_cast<double>(model::words(layer, tensor));
        }
        work.stride.rows = std::max(work.stride.rows, layer.stride.rows);
        work.stride.columns = std::max(work.stride.columns, layer.stride.columns);
        for (const Dim dim : model::kAllDims) {
            const bool channels = layer.depthwise() && dim == Dim::K;
            const auto size = model::loopSize(layer, channels ? Dim::G : dim);
            work.largest[model::indexOf(dim)] = std::max(work.largest[model::indexOf(dim)], size);
        }
    }
    return work;
}

/// Words that a memory needs for the given extents, all three tensors together.
double footprint(const DimSizes& extent, const model::PerAxis& stride, ChunkRole role) {
    const auto size = [&](Dim dim) { return static_cast<double>(extent[model::indexOf(dim)]); };
    const double inputChannels = size(role == ChunkRole::Depthwise ? Dim::K : Dim::C);
    const double rows = (size(Dim::P) - 1) * stride.rows + size(Dim::R);
    const double columns = (size(Dim::Q) - 1) * stride.columns + size(Dim::S);
    return size(Dim::K) * size(Dim::C) * size(Dim::R) * size(Dim::S) +
           size(Dim::N) *
               (inputChannels * rows * columns + size(Dim::K) * size(Dim::P) * size(Dim::Q));
}

/// Method 1A step 1: sizes in the given ratios whose product is at most `pes`.
std::vector<std::int64_t> scaledShape(const std::vector<int>& ratios, std::int64_t pes) {
    double product = 1;
    for (const int ratio : ratios) product *= ratio;
    const double scale =
        std::pow(static_cast<double>(pes) / product, 1.0 / static_cast<double>(ratios.size()));
    std::vector<std::int64_t> sizes;
    for (const int ratio : ratios) {
        sizes.push_back(std::max<std::int64_t>(1, static_cast<std::int64_t>(scale * ratio)));
    }
    for (;;) {
        double used = 1;
        double shrinkable = 0;
        for (const auto size : sizes) {
            used *= static_cast<double>(size);
            if (size > 1) ++shrinkable;
        }
        if (used <= static_cast<double>(pes)) return sizes;
        const double factor = std::pow(static_cast<double>(pes) / used, 1.0 / shrinkable);
        for (auto& size : sizes) {
            if (size == 1) continue;
            size = std::max<std::int64_t>(
                1, static_cast<std::int64_t>(static_cast<double>(size) * factor));
        }
    }
}

/// Method 1A step 2 as a search: the largest z for which tiles of max(1, floor(ratio * z)), cut to
/// what any layer can use, still fit. Bisection instead of the authors' quartic: it fits by
/// construction, edge patches and strides included.
DimSizes scaledTile(const DimSizes& ratios, const DimSizes& most,
                    const std::function<bool(const DimSizes&)>& fits) {
    const auto tileOf = [&](double z) {
        DimSizes tile;
        for (std::size_t d = 0; d < tile.size(); ++d) {
            const double wanted = std::floor(static_cast<double>(ratios[d]) * z);
            tile[d] = static_cast<std::int64_t>(
                std::clamp(wanted, 1.0, static_cast<double>(std::max<std::int64_t>(1, most[d]))));
        }
        return tile;
    };
    double low = 0;
    double high = 4096;
    if (fits(tileOf(high))) return tileOf(high);
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        (fits(tileOf(middle)) ? low : high) = middle;
    }
    return tileOf(low);
}

DimSizes times(const DimSizes& a, const DimSizes& b) {
    DimSizes product;
    for (std::size_t d = 0; d < a.size(); ++d) product[d] = a[d] * b[d];
    return product;
}

DimSizes ceilDivided(const DimSizes& a, const DimSizes& b) {
    DimSizes quotient;
    for (std::size_t d = 0; d < a.size(); ++d) quotient[d] = (a[d] + b[d] - 1) / b[d];
    return quotient;
}

class ArrayBuilder {
public:
    ArrayBuilder(const ArrayChunkSpace& space, const Workload& work,
                 ChoiceCursor<const int>& cursor)
        : m_space(space), m_work(work), m_cursor(cursor) {}

    ArrayChunk build(std::int64_t pes, std::int64_t bufferWords, std::int64_t registerWords,
                     int bits) {
        ArrayChunk chunk;
        chunk.name = m_space.name;
        chunk.role = m_space.role;
        chunk.peCount = pes;
        chunk.bufferWords = bufferWords;
        chunk.registerWords = registerWords;
        chunk.bits = bits;
        readShape(chunk);
        const DimSizes bufferRatios = readRatios();
        const DimSizes registerRatios = m_space.registerTiles ? readRatios() : DimSizes{};
        chunk.dramOrder = readOrder();
        chunk.bufferOrder = readOrder();
        if (m_space.registerTiles) chunk.registerOrder = readOrder();
        sizeTiles(chunk, bufferRatios, registerRatios);
        return chunk;
    }

private:
    int takeRatio() { return m_cursor.take(1)[0] + 1; }

    void readShape(ArrayChunk& chunk) {
        const auto& style = m_space.styles[static_cast<std::size_t>(m_cursor.take(1)[0])];
        std::vector<int> ratios;
        for (std::size_t i = 0; i < mostUnrolled(m_space); ++i) ratios.push_back(takeRatio());
        ratios.resize(style.dims.size());
        const auto sizes = scaledShape(ratios, chunk.peCount);
        for (std::size_t i = 0; i < style.dims.size(); ++i) {
            chunk.spatial[model::indexOf(style.dims[i])] = sizes[i];
            if (static_cast<int>(i) < style.rows) chunk.rowDims.push_back(style.dims[i]);
        }
    }

    DimSizes readRatios() {
        DimSizes ratios = {};
        for (const Dim dim : tiledDims(m_space.role)) ratios[model::indexOf(dim)] = takeRatio();
        return ratios;
    }

    model::DimOrder readOrder() {
        const auto dims = orderedDims(m_space.role);
        const auto places = m_cursor.take(dims.size());
        model::DimOrder order = model::kAllDims;
        for (std::size_t i = 0; i < dims.size(); ++i) {
            order[i] = dims[static_cast<std::size_t>(places[i])];
        }
        if (dims.size() < order.size()) order.back() = Dim::C;  // one trip in a depthwise layer
        return order;
    }

    void sizeTiles(ArrayChunk& chunk, const DimSizes& bufferRatios,
                   const DimSizes& registerRatios) {
        const auto registerFits = [&](const DimSizes& tile) {
            return footprint(tile, m_work.stride, chunk.role) <=
                   static_cast<double>(chunk.registerWords);
        };
        if (m_space.registerTiles) {
            chunk.registerTile = scaledTile(registerRatios, m_work.largest, registerFits);
        }
        const DimSizes inside = times(chunk.spatial, chunk.registerTile);
        const auto bufferFits = [&](const DimSizes& tile) {
            DimSizes extent = times(inside, tile);
            for (std::size_t d = 0; d < extent.size(); ++d) {
                extent[d] = std::min(extent[d], m_work.largest[d]);
            }
            return footprint(extent, m_work.stride, chunk.role) <=
                   static_cast<double>(chunk.bufferWords);
        };
        chunk.bufferTile =
            scaledTile(bufferRatios, ceilDivided(m_work.largest, inside), bufferFits);
    }

    const ArrayChunkSpace& m_space;
    const Workload& m_work;
    ChoiceCursor<const int>& m_cursor;
};

}  // namespace

std::vector<Dim> tiledDims(ChunkRole role) {
    if (role == ChunkRole::Depthwise) return {Dim::K, Dim::P, Dim::Q, Dim::R, Dim::S};
    return {Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S};
}

std::vector<Dim> orderedDims(ChunkRole role) {
    if (role == ChunkRole::Depthwise) return {Dim::N, Dim::K, Dim::P, Dim::Q, Dim::R, Dim::S};
    return {model::kAllDims.begin(), model::kAllDims.end()};
}

std::size_t mostUnrolled(const ArrayChunkSpace& chunk) {
    std::size_t most = 0;
    for (const auto& style : chunk.styles) most = std::max(most, style.dims.size());
    return most;
}

std::vector<ArrayChunk> buildArrays(const AcceleratorSpace& space, ChoiceCursor<const int>& cursor,
                                    const model::Network& network) {
    std::vector<Workload> work;
    double macs = 0;
    double volume = 0;
    for (const auto& chunk : space.arrays) {
        work.push_back(workloadOf(network, chunk.role));
        macs += work.back().macs;
        volume += work.back().volume;
    }
    // Shares are rounded down, so that their sum never exceeds the budget.
    const auto share = [](double total, double part, double whole) {
        return std::max<std::int64_t>(
            1, static_cast<std::int64_t>(whole > 0 ? total * part / whole : total));
    };
    const double bufferWords = space.budget.bufferKib * 1024 * 8 / space.budget.bits;
    const auto registerWords =
        static_cast<std::int64_t>(space.budget.registerBytes * 8 / space.budget.bits);
    std::vector<ArrayChunk> chunks;
    for (std::size_t c = 0; c < space.arrays.size(); ++c) {
        chunks.push_back(ArrayBuilder(space.arrays[c], work[c], cursor)
                             .build(share(space.budget.pes, work[c].macs, macs),
                                    share(bufferWords, work[c].volume, volume), registerWords,
                                    space.budget.bits));
    }
    return chunks;
}

}  // namespace cohelix::hardware
