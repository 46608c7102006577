// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The exact inner solver of the loop-nest template: on hardware that was found with one set of
// tiles for all layers, every layer gets the best mapping that there is, proven by core/mapping.

#include <span>

#include "core/base/executor.h"
#include "core/mapping/mapping_cache.h"
#include "core/model/accelerator.h"
#include "core/specification/specification.h"

namespace cohelix::pricing {

class LayerMapper {
public:
    /// Holds both by reference.
    LayerMapper(const spec::Specification& specification, base::Executor& executor)
        : m_specification(specification), m_executor(executor) {}

    /// Whether the specification asks for proven mappings and its template has any to choose.
    bool available() const;

    /// Gives the chunk of every layer its best mapping for the objective's metric (time for FPS and
    /// latency; of EDP each layer's own), unless the chunk's tiles, whose trips need not divide, do
    /// better. The unrolled dimensions are those of the chunk, in any shares of its rows and
    /// columns. Layers that no mapping fits keep the tiles. Remembers every shape; the result does
    /// not depend on that or on the executor.
    void map(model::Accelerator& accelerator, std::span<const model::Layer> layers,
             std::span<const int> chunkOfLayer);

private:
    const spec::Specification& m_specification;
    base::Executor& m_executor;
    mapping::MappingCache m_cache;
};

/// The mappings of a priced design, back onto its accelerator: what it takes to price it again.
void restoreMappings(model::Accelerator& accelerator, const model::Network& network,
                     const model::DesignCost& cost);

}  // namespace cohelix::pricing
