// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/single_changes.h"

#include <cstdlib>
#include <string>

#include "core/hardware/templates.h"
namespace cohelix::explain {
namespace {

/// "chunk0.tm: 16 to 8 channels"; "chunk0.tm_buff: 16 to 4 channels, with chunk0.tm" where another
/// choice had to follow.
std::string textOf(const std::vector<hardware::Choice>& choices, const std::vector<int>& before,
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

std::vector<Change> singleChanges(const spec::Specification& spec, const std::vector<int>& choices,
                                  const model::Network& network) {
    const auto all = hardware::acceleratorChoices(spec.accelerator);
    std::vector<Change> changes;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto chunk = all[i].knob.chunk;
        if (!chunk) continue;  // layers stay where they are
        const bool ordered = all[i].knob.isNumber();
        for (int option = 0; option < static_cast<int>(all[i].options.size()); ++option) {
            auto changed = choices;
            changed[i] = option;
            changed = canonicalChoices(spec.accelerator, std::move(changed));
            // Back where it was, or at another option than the one asked for.
            if (changed[i] != option || changed == choices) continue;
            changes.push_back({textOf(all, choices, changed, i), *chunk,
                               ordered ? std::abs(option - choices[i]) : 1,
                               hardware::buildAccelerator(spec.accelerator, changed, network)});
        }
    }
    return changes;
}

Goal goalOf(const spec::Specification& spec) {
    switch (spec.objective.metric) {
        case spec::Metric::Fps: return Goal::Period;
        case spec::Metric::LatencyMs: return Goal::Latency;
        case spec::Metric::EnergyMj: return Goal::Energy;
        case spec::Metric::Edp: return Goal::Edp;
    }
    return Goal::Period;
}

HardLimits hardLimitsOf(const spec::Specification& spec) {
    if (hardware::templateOf(spec.accelerator.kind).fitsByConstruction()) return {};
    const auto limits = spec::resourceLimits(spec);
    return {limits.dsp, limits.bram18k};
}

}  // namespace cohelix::explain
