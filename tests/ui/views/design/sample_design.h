// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Designs for the tests of the views: a shipped specification, one choice of everything, and what
// the cost model makes of it.

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

#include "core/hardware/evaluate.h"

#include "ui/hub/design_details.h"

namespace cohelix::ui::test {

/// The design whose every choice is the option `option`, or the last one where there are fewer.
inline DesignDetails sampleDesign(const std::string& presetName, int option = 1) {
    const auto specification = spec::preset(presetName);
    EXPECT_TRUE(specification) << presetName;
    DesignDetails details;
    details.specification = *specification;
    const auto choose = [option](const std::vector<hardware::Choice>& choices) {
        std::vector<int> chosen;
        for (const auto& choice : choices) {
            chosen.push_back(std::min(option, static_cast<int>(choice.options.size()) - 1));
        }
        return chosen;
    };
    auto& choices = details.row.choices;
    choices.network = choose(spec::networkChoices(specification->network));
    choices.accelerator =
        canonicalChoices(specification->accelerator,
                         choose(hardware::acceleratorChoices(specification->accelerator)));
    details.network = spec::buildNetwork(specification->network, choices.network);
    details.accelerator = hardware::buildAccelerator(specification->accelerator,
                                                     choices.accelerator, details.network);
    const auto chunks = hardware::allocateLayers(specification->accelerator, {}, details.network);
    const auto cost =
        hardware::evaluate(details.network, details.accelerator, chunks, specification->device);
    EXPECT_TRUE(cost) << (cost ? "" : base::toText(cost.error()));
    if (cost) details.cost = *cost;
    details.row.id = 7;
    details.row.run = 2;
    details.row.fps = details.cost.fps;
    details.row.latencyMs = details.cost.latencyMs;
    details.row.energyMj = details.cost.energyMj;
    details.row.edp = details.cost.edp;
    details.row.dsp = details.cost.dsp;
    details.row.bram18k = details.cost.bram18k;
    details.row.grade = model::AccuracyGrade::SupernetEstimate;
    details.row.accuracy = 0.8125;
    return details;
}

inline DesignDetails fpgaDesign() { return sampleDesign("fashion-mnist-zc706"); }
inline std::shared_ptr<const DesignDetails> held(const DesignDetails& details) {
    return std::make_shared<const DesignDetails>(details);
}
inline DesignDetails asicDesign() { return sampleDesign("dna-cifar10-asic"); }

}  // namespace cohelix::ui::test
