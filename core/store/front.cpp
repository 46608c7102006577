// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/store/project.h"

namespace cohelix::store {
namespace {

using Group = std::pair<std::int64_t, model::AccuracyGrade>;

bool comparable(const DesignRow& row) {
    return row.within && row.grade != model::AccuracyGrade::None && std::isfinite(row.accuracy) &&
           std::isfinite(row.fps);
}

/// From fast to slow; of equally fast ones the most accurate first, then the first in the list. So
/// a member of the front is one that is more accurate than everything before it.
void markGroup(std::vector<DesignRow>& designs, std::vector<std::size_t>& members) {
    std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
        if (designs[a].fps != designs[b].fps) return designs[a].fps > designs[b].fps;
        return designs[a].accuracy > designs[b].accuracy;
    });
    double best = -1;
    for (const std::size_t member : members) {
        if (designs[member].accuracy <= best) continue;
        best = designs[member].accuracy;
        designs[member].front = true;
    }
}

}  // namespace

void markFront(std::vector<DesignRow>& designs) {
    std::map<Group, std::vector<std::size_t>> groups;
    std::set<std::int64_t> runsWithTrained;
    for (std::size_t i = 0; i < designs.size(); ++i) {
        designs[i].front = false;
        if (!comparable(designs[i])) continue;
        groups[{designs[i].run, designs[i].grade}].push_back(i);
        if (designs[i].grade == model::AccuracyGrade::TrainedFromScratch) {
            runsWithTrained.insert(designs[i].run);
        }
    }
    for (auto& [group, members] : groups) {
        const auto& [run, grade] = group;
        const bool trained = grade == model::AccuracyGrade::TrainedFromScratch;
        if (trained || !runsWithTrained.contains(run)) markGroup(designs, members);
    }
}

}  // namespace cohelix::store
