// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What every configuration of a chunk costs for every layer that may be laid on it. A chunk's time
// is the sum over its layers and its need of DSPs and block RAM their maximum, so that such a table
// prices any set of these layers by adding columns.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/base/executor.h"
#include "core/hardware/accelerator_space.h"
#include "core/hardware/pipeline/chunk_price.h"
#include "core/model/accelerator.h"
#include "core/model/layer.h"

namespace cohelix::optimum {

using model::LayerShape;

/// On the executor's workers, or where there is none on the calling thread.
void forEach(base::Executor* executor, std::size_t count,
             const std::function<void(std::size_t)>& work);

using hardware::PricingForm;

/// A configuration for a set of layers.
struct ChunkOption : model::Resources {
    double cycles = 0;  ///< of one image
    std::size_t configuration = 0;
    double dramBytes = 0;  ///< moved for an image; 0 where that is not counted
    friend bool operator==(const ChunkOption&, const ChunkOption&) = default;
};

class ChunkTable {
public:
    /// Prices all configurations for all layers; leaves out those that are beyond the limits for
    /// every layer, and those that another one beats on every layer in time, DSPs, block RAM (and
    /// bytes moved, where they count) alike, or equals. One stays in any case. The rows do not
    /// depend on the executor.
    ChunkTable(std::vector<model::PipelineChunk> configurations, std::vector<model::Layer> layers,
               const PricingForm& form, const model::Resources& limits, base::Executor* executor);

    std::size_t configurations() const { return m_rows.configurations.size(); }
    const model::PipelineChunk& configuration(std::size_t index) const {
        return m_rows.configurations[index];
    }
    /// Column of a layer's shape; nothing when the table has none.
    std::optional<std::size_t> columnOf(const LayerShape& shape) const;
    std::size_t columns() const { return m_rows.columns.size(); }

    /// Cost of one configuration when the chunk executes `counts[column]` layers of each shape.
    ChunkOption price(std::size_t configuration, std::span<const int> counts) const;
    /// The configurations that no other beats in all these figures, and that alone keep the limits;
    /// by ascending time, and of equal ones the first. Without layers: one that costs nothing.
    std::vector<ChunkOption> front(std::span<const int> counts) const;

private:
    struct Column {
        std::vector<double> cycles;
        std::vector<double> dsp;
        std::vector<double> bram18k;
        std::vector<double> dramBytes;  ///< empty where not counted
    };
    struct Rows {
        std::vector<model::PipelineChunk> configurations;
        std::vector<Column> columns;

        void price(const std::vector<model::Layer>& layers, const PricingForm& form,
                   base::Executor* executor);
        void dropBeyond(const model::Resources& limits);
        void dropBeaten();
        bool beats(std::size_t a, std::size_t b) const;
        void keepOnly(const std::vector<std::size_t>& rows);
        void append(Rows other);
    };

    std::map<LayerShape, std::size_t> m_columnOfShape;
    model::Resources m_limits;
    Rows m_rows;
};

}  // namespace cohelix::optimum
