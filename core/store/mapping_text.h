// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Mappings, memory traffic and limits of time as text: the first two as compact JSON arrays, since
// a file holds them by the hundred thousand. Numbers read back exactly.
//   mapping: [[memory, kept tensors as bits, [[dim, trips, loop kind], …]], …]
//   traffic: [[memory, [reads…], [writes…], [tile words…], capacity, energy], …]

#include <string>
#include <vector>

#include "core/model/design.h"

namespace cohelix::store {

std::string textOf(const model::Mapping& mapping);
std::string textOf(const std::vector<model::MemoryTraffic>& traffic);

/// Throw a Refusal when the text is damaged.
model::Mapping mappingFrom(const std::string& text);
std::vector<model::MemoryTraffic> trafficFrom(const std::string& text);

}  // namespace cohelix::store
