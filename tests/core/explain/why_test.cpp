// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/why.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "core/hardware/accelerator_space.h"
#include "core/hardware/evaluate.h"

namespace cohelix::explain {
namespace {

/// The design of these choices, all of them the option of this index where there is one.
base::Result<Why> whyAt(const spec::Specification& spec, std::size_t option) {
    const auto pick = [&](const std::vector<hardware::Choice>& choices) {
        std::vector<int> picked;
        for (const auto& choice : choices) {
            picked.push_back(static_cast<int>(std::min(option, choice.options.size() - 1)));
        }
        return picked;
    };
    const auto network = spec::buildNetwork(spec.network, pick(spec::networkChoices(spec.network)));
    const auto choices = hardware::canonicalChoices(
        spec.accelerator, pick(hardware::acceleratorChoices(spec.accelerator)));
    const auto accelerator = hardware::buildAccelerator(spec.accelerator, choices, network);
    const auto cost = hardware::evaluate(
        network, accelerator, hardware::allocateLayers(spec.accelerator, choices, network),
        spec.device);
    if (!cost) return cost.error();
    return whyOf(spec, choices, network, accelerator, *cost, limitsOf(spec));
}

TEST(Why, SaysFirstWhatBuysMost) {
    const auto spec = *spec::preset("dna-cifar10-zc706");
    int relieved = 0;
    for (std::size_t option = 0; option < 4; ++option) {
        const auto why = whyAt(spec, option);
        ASSERT_TRUE(why.ok()) << base::toText(why.error());
        if (why->sensitivities.empty()) {
            EXPECT_FALSE(why->excesses.empty());
            EXPECT_TRUE(why->relief().empty());
            continue;
        }
        EXPECT_TRUE(
            std::ranges::is_sorted(why->sensitivities, std::ranges::greater(), &Sensitivity::gain));
        const auto& best = why->sensitivities.front();
        EXPECT_EQ(why->relief().ends_with(best.text), best.gain() > 0) << why->relief();
        relieved += best.gain() > 0;
    }
    EXPECT_GT(relieved, 0);
}

}  // namespace
}  // namespace cohelix::explain
