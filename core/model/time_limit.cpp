// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/time_limit.h"

namespace cohelix::model {

std::string textOf(const TimeLimit& limit, std::string_view memory) {
    const bool ofMemory =
        limit.kind == TimeLimit::Kind::Bandwidth || limit.kind == TimeLimit::Kind::Refill;
    return (ofMemory ? std::string(memory) + " " : std::string()) + std::string(word(limit.kind));
}

}  // namespace cohelix::model
