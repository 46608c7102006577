// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the design views say about a layer and about a chunk's PE array, derived from the model's
// values and free of widgets, so that every view says it in the same words.

#include <QString>
#include <array>
#include <cstdint>
#include <vector>

#include "core/model/accelerator.h"
#include "core/model/design.h"
#include "core/model/network.h"

namespace cohelix::ui {

/// "96×14×14": channels, rows, columns.
QString shapeText(std::int64_t channels, std::int64_t rows, std::int64_t columns);
QString outputShape(const model::Layer& layer);
/// The map that a layer reads: its feeder's output, or the image.
QString inputShape(const model::Network& network, int layer);
/// "3×3", or "-" for a linear layer.
QString kernelText(const model::Layer& layer);
/// Name, role, shapes, kernel, stride, groups, MACs, parameters: a line each.
QString layerToolTip(const model::Network& network, int layer);

/// A chunk's PE array and what is unrolled over it.
struct ArrayShape {
    std::int64_t rows = 1;
    std::int64_t columns = 1;
    QString onRows;  ///< "output channels (Tm)"; empty when there is one row
    QString onColumns;
    std::int64_t pes = 1;  ///< that utilization is a share of: those that the cost model prices
    friend bool operator==(const ArrayShape&, const ArrayShape&) = default;
};
/// Fitted to its layers an array may have more places than any layer uses at once; a budget may
/// have more PEs than the array has places.
ArrayShape arrayShape(const model::Accelerator& accelerator, const model::DesignCost& cost,
                      std::size_t chunk);
/// A chunk's name on one line. The chunk must be there.
QString chunkLabel(const model::Accelerator& accelerator, std::size_t chunk);
/// Word width of a chunk.
int chunkBits(const model::Accelerator& accelerator, std::size_t chunk);
model::ChunkRole chunkRole(const model::Accelerator& accelerator, std::size_t chunk);

/// Most words that the memory of that name has to hold of each tensor, over a chunk's layers.
struct MemoryNeed {
    QString memory;
    std::array<double, model::kTensors> words = {};
    double capacityWords = 0;  ///< 0: unbounded
};
std::vector<MemoryNeed> memoryNeeds(const model::DesignCost& cost, int chunk);

/// The chunk that sets the period; -1 when there is none.
int slowestChunk(const model::DesignCost& cost);

}  // namespace cohelix::ui
