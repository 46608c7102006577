// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/steering.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/random.h"

namespace cohelix::spec {
namespace {

Specification fashionMnist() { return preset("fashion-mnist-zc706").value(); }

/// Some change, not always one that fits.
Change drawnChange(base::Random& random) {
    const int target = static_cast<int>(random.below(3));
    const double number = static_cast<double>(random.below(100000)) / 7;
    switch (random.below(7)) {
        case 0:
            return MoveLimit{
                base::kValues<LimitKind>[random.below(base::kValues<LimitKind>.size())], number};
        case 1:
            return MoveLimit{
                base::kValues<LimitKind>[random.below(base::kValues<LimitKind>.size())],
                std::nullopt};
        case 2: return MoveWindow{target, {number, 2 * number}};
        case 3: return WeighTarget{target, 0.001 + number / 2};
        case 4: return PinChoice{"block" + std::to_string(random.below(8)), "k3_e1"};
        case 5: return PinChoice{"chunk0.tm", std::nullopt};
        default: return StopTarget{target};
    }
}

RC_GTEST_PROP(Steering, EveryChangeReadsBackFromItsJson, (std::uint64_t seed)) {
    base::Random random(seed, "change");
    const auto change = drawnChange(random);
    const auto read = changeFromJson(base::parseJson(toJson(change).dump(), "change").value());
    RC_ASSERT(read.ok());
    RC_ASSERT(*read == change);
}

RC_GTEST_PROP(Steering, ARefusedChangeChangesNothing, (std::uint64_t seed)) {
    base::Random random(seed, "changes");
    auto inForce = asSpecified(fashionMnist());
    for (int i = 0; i < 12; ++i) {
        const auto before = inForce;
        const auto change = drawnChange(random);
        if (!apply(change, inForce)) RC_ASSERT(inForce == before);
        RC_ASSERT(!activeTargets(inForce).empty());
    }
}

TEST(Steering, ErrorsSayWhatAndWhere) {
    struct Case {
        const char* json;
        const char* where;
        const char* what;
    };
    for (const auto& [json, where, what] : std::vector<Case>{
             {R"({"change": "limit", "limit": "dsp"})", "/value", "missing"},
             {R"({"change": "limit", "limit": "luts", "value": 1})", "/limit", "luts"},
             {R"({"change": "limit", "limit": "dsp", "value": -1})", "/value", "-1"},
             {R"({"change": "limit", "limit": "dsp", "value": 1, "step": 3})", "/step", ""},
             {R"({"change": "window", "target": 0, "low": 5, "high": 4})", "/high", "4"},
             {R"({"change": "weight", "target": 0, "factor": 0})", "/factor", "0"},
             {R"({"change": "pin", "choice": "block0"})", "/option", "missing"},
             {R"({"change": "stop"})", "/target", "missing"},
             {R"({"change": "faster"})", "/change", "faster"},
             {R"([1])", "", ""},
             {R"(3)", "", ""}}) {
        const auto change = changeFromJson(base::parseJson(json, "test").value());
        ASSERT_FALSE(change.ok()) << json;
        EXPECT_EQ(change.error().where, where) << json;
        EXPECT_NE(change.error().what.find(what), std::string::npos) << toText(change.error());
    }
}

TEST(Steering, APlanIsAListByStep) {
    const auto read = [](const char* text) {
        return timedChangesFromJson(base::parseJson(text, "plan").value());
    };
    const auto plan = read(R"([{"step": 3, "change": "stop", "target": 0},
                               {"step": 3, "change": "pin", "choice": "block1", "option": null}])");
    ASSERT_TRUE(plan.ok()) << base::toText(plan.error());
    ASSERT_EQ(plan->size(), 2U);
    EXPECT_EQ(plan->at(1).step, 3);
    EXPECT_EQ(plan->at(1).change, Change(PinChoice{"block1", std::nullopt}));
    EXPECT_EQ(read(R"([{"step": 3, "change": "stop", "target": 0},
                       {"step": 2, "change": "stop", "target": 1}])")
                  .error()
                  .where,
              "/1/step");
    EXPECT_EQ(read(R"([{"change": "stop", "target": 0}])").error().where, "/0/step");
    EXPECT_FALSE(read(R"({"step": 3})").ok());
    EXPECT_TRUE(read("[]").value().empty());
}

TEST(Steering, WhatIsInForceFollowsTheChanges) {
    const auto spec = fashionMnist();
    auto inForce = asSpecified(spec);
    EXPECT_EQ(inForce.specification, spec);
    ASSERT_TRUE(apply(MoveLimit{LimitKind::Dsp, 123}, inForce).ok());
    ASSERT_TRUE(apply(MoveWindow{1, {5, 6}}, inForce).ok());
    ASSERT_TRUE(apply(WeighTarget{0, 2}, inForce).ok());
    ASSERT_TRUE(apply(PinChoice{"block2", toText(spec.network.operators[1])}, inForce).ok());
    ASSERT_TRUE(apply(StopTarget{0}, inForce).ok());
    EXPECT_EQ(resourceLimits(inForce.specification).dsp, 123);
    EXPECT_EQ(inForce.specification.objective.targets[1], (Window{5, 6}));
    EXPECT_EQ(inForce.weights[0], 2);
    EXPECT_EQ(inForce.pins.operators[2], 1);
    EXPECT_TRUE(inForce.stopped[0]);
    EXPECT_FALSE(apply(WeighTarget{0, 1}, inForce).ok()) << "a stopped target";
    ASSERT_TRUE(apply(MoveLimit{LimitKind::Dsp, std::nullopt}, inForce).ok());
    ASSERT_TRUE(apply(PinChoice{"block2", std::nullopt}, inForce).ok());
    EXPECT_EQ(resourceLimits(inForce.specification).dsp, spec.device.dsp);
    EXPECT_FALSE(inForce.pins.operators[2]);
}

TEST(Steering, RefusesWhatDoesNotFit) {
    auto inForce = asSpecified(fashionMnist());
    const auto refused = [&](const Change& change) {
        const auto applied = apply(change, inForce);
        EXPECT_FALSE(applied.ok());
        return applied ? std::string() : base::toText(applied.error());
    };
    EXPECT_NE(refused(PinChoice{"block99", "k3_e1"}).find("block99"), std::string::npos);
    EXPECT_NE(refused(PinChoice{"block0", "k9_e9"}).find("Use one of k3_e1"), std::string::npos);
    EXPECT_NE(refused(PinChoice{"chunk0.tm", "7"}).find("'7'"), std::string::npos);
    EXPECT_NE(refused(StopTarget{99}).find("/objective/targets/99"), std::string::npos);
    EXPECT_NE(refused(MoveWindow{0, {3, 2}}).find("window"), std::string::npos);
    EXPECT_NE(refused(WeighTarget{0, -1}).find("factor"), std::string::npos);
    for (int t = 1; t < static_cast<int>(inForce.stopped.size()); ++t) {
        ASSERT_TRUE(apply(StopTarget{t}, inForce).ok());
    }
    EXPECT_NE(refused(StopTarget{0}).find("last target"), std::string::npos);
}

TEST(Steering, RefusesPinsThatContradictEachOther) {
    auto inForce = asSpecified(fashionMnist());
    const auto choices = hardware::acceleratorChoices(inForce.specification.accelerator);
    const auto optionOf = [&](const std::string& name, bool largest) {
        const auto choice =
            std::find_if(choices.begin(), choices.end(),
                         [&](const hardware::Choice& it) { return it.name == name; });
        const auto size = [](const std::string& a, const std::string& b) {
            return std::stoi(a) < std::stoi(b);
        };
        return largest ? *std::max_element(choice->options.begin(), choice->options.end(), size)
                       : *std::min_element(choice->options.begin(), choice->options.end(), size);
    };
    ASSERT_TRUE(
        apply(PinChoice{"chunk0.tm_buff", optionOf("chunk0.tm_buff", false)}, inForce).ok());
    const auto refused = apply(PinChoice{"chunk0.tm", optionOf("chunk0.tm", true)}, inForce);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().where, "chunk0.tm");

    auto arrays = asSpecified(preset("dna-cifar10-asic").value());
    ASSERT_TRUE(apply(PinChoice{"chunk0.dram_order0", "K"}, arrays).ok());
    EXPECT_FALSE(apply(PinChoice{"chunk0.dram_order3", "K"}, arrays).ok());
    EXPECT_TRUE(apply(PinChoice{"chunk0.buffer_order3", "K"}, arrays).ok()) << "another order";
}

TEST(Steering, DesignsBeyondLimitsOrPinsAreNotKept) {
    auto inForce = asSpecified(fashionMnist());
    model::DesignChoices choices;
    choices.network.assign(inForce.pins.operators.size(), 0);
    choices.accelerator.assign(inForce.pins.parameters.size(), 0);
    model::DesignCost cost;
    cost.dsp = 100;
    cost.bram18k = 10;
    cost.fps = 50;
    cost.latencyMs = 20;
    cost.energyMj = 3;
    EXPECT_TRUE(keeps(inForce, choices, cost));
    for (const auto& change : std::vector<Change>{
             MoveLimit{LimitKind::Dsp, 99}, MoveLimit{LimitKind::Bram18k, 9},
             MoveLimit{LimitKind::LeastFps, 51}, MoveLimit{LimitKind::MostLatencyMs, 19},
             MoveLimit{LimitKind::MostEnergyMj, 2},
             PinChoice{"block1", toText(inForce.specification.network.operators[1])}}) {
        auto tightened = inForce;
        ASSERT_TRUE(apply(change, tightened).ok());
        EXPECT_FALSE(keeps(tightened, choices, cost)) << toText(change, tightened.specification);
    }
}

/// Whether the choice says anything: that of a chunk or split beyond the number of groups does not.
bool inUse(const std::vector<hardware::Choice>& choices, const std::vector<int>& options,
           std::size_t i) {
    const auto groups = std::find_if(
        choices.begin(), choices.end(),
        [](const hardware::Choice& choice) { return choice.name == "allocation.groups"; });
    if (groups == choices.end()) return true;
    const auto at = static_cast<std::size_t>(groups - choices.begin());
    const auto used = static_cast<std::size_t>(options[at]);
    if (i >= at) return i <= at + used;
    return static_cast<std::size_t>(*choices[i].knob.chunk) / 2 <= used;
}

/// Random choices of every kind of accelerator, some of them pinned to what canonical ones have, so
/// that the pins cannot contradict each other.
RC_GTEST_PROP(Pins, AreKeptByCanonicalChoices, (std::uint64_t seed)) {
    base::Random random(seed, "pins");
    const char* names[] = {"fashion-mnist-zc706", "dna-cifar10-zc706", "dna-cifar10-asic"};
    static const auto spaces = [&] {
        std::vector<hardware::AcceleratorSpace> all;
        for (const char* name : names) all.push_back(preset(name).value().accelerator);
        auto searched = all.front();
        searched.pipeline.resize(2);
        searched.searched = hardware::SearchedAllocation{4, 9};
        all.push_back(searched);
        return all;
    }();
    const auto& space = spaces[random.below(spaces.size())];
    const auto choices = hardware::acceleratorChoices(space);
    const auto draw = [&] {
        std::vector<int> options;
        for (const auto& choice : choices) {
            options.push_back(static_cast<int>(random.below(choice.options.size())));
        }
        return options;
    };
    const auto allowed = canonicalChoices(space, draw());
    PinnedOptions pins(choices.size());
    for (std::size_t i = 0; i < pins.size(); ++i) {
        if (random.below(4) == 0 && inUse(choices, allowed, i)) pins[i] = allowed[i];
    }
    const auto found = canonicalChoices(space, draw(), pins);
    RC_ASSERT(keepsPins(pins, found));
    RC_ASSERT(canonicalChoices(space, found) == found);
    RC_ASSERT(canonicalChoices(space, found, pins) == found);
}

}  // namespace
}  // namespace cohelix::spec
