// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Mappings already found, by layer shape, hardware, space and objective.

#include <map>
#include <string>

#include "core/mapping/mapper.h"

namespace cohelix::mapping {

/// Not thread-safe: one per task.
class MappingCache {
public:
    /// As mapping::bestMapping; a shape that was searched before, to its end or as long, is
    /// answered at once.
    base::Result<BestMapping> bestMapping(const model::Layer& layer,
                                          const nest::Hierarchy& hierarchy, const MapSpace& space,
                                          const MapperOptions& options);

private:
    std::map<std::string, BestMapping> m_known;
};

}  // namespace cohelix::mapping
