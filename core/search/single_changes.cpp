// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/single_changes.h"

#include <cstdlib>
#include <string>

namespace cohelix::search {
namespace {

/// "chunk0.tm: 16 to 8 channels"; "chunk0.tm_buff: 16 to 4 channels, with chunk0.tm" where another
/// choice had to follow.
std::string textOf(const std::vector<space::Choice>& choices, const std::vector<int>& before,
                   const std::vector<int>& after, std::size_t changed) {
    const auto& choice = choices[changed];
    const auto option = [&](int index) { return choice.options[static_cast<std::size_t>(index)]; };
    std::string text =
        choice.name + ": " + option(before[changed]) + " to " + option(after[changed]);
    if (!choice.unit.empty()) text += " " + choice.unit;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i != changed && before[i] != after[i]) text += ", with " + choices[i].name;
    }
    return text;
}

}  // namespace

std::vector<cost::Change> singleChanges(const space::Specification& spec,
                                        const std::vector<int>& choices,
                                        const model::Network& network) {
    const auto all = space::acceleratorChoices(spec.accelerator);
    std::vector<cost::Change> changes;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto chunk = space::chunkOfChoice(all[i]);
        if (!chunk) continue;  // layers stay where they are
        const bool ordered = !all[i].unit.empty();
        for (int option = 0; option < static_cast<int>(all[i].options.size()); ++option) {
            auto changed = choices;
            changed[i] = option;
            changed = space::canonicalChoices(spec.accelerator, std::move(changed));
            // Back where it was, or at another option than the one asked for.
            if (changed[i] != option || changed == choices) continue;
            changes.push_back({textOf(all, choices, changed, i), *chunk,
                               ordered ? std::abs(option - choices[i]) : 1,
                               space::buildAccelerator(spec.accelerator, changed, network)});
        }
    }
    return changes;
}

cost::Goal goalOf(const space::Specification& spec) {
    switch (spec.objective.metric) {
        case space::Metric::Fps:
            return cost::Goal::Period;
        case space::Metric::LatencyMs:
            return cost::Goal::Latency;
        case space::Metric::EnergyMj:
            return cost::Goal::Energy;
        case space::Metric::Edp:
            return cost::Goal::Edp;
    }
    return cost::Goal::Period;
}

cost::HardLimits hardLimitsOf(const space::Specification& spec) {
    if (spec.accelerator.kind == model::Template::LoopNest) return {};
    const auto limits = space::resourceLimits(spec);
    return {limits.dsp, limits.bram18k};
}

}  // namespace cohelix::search
