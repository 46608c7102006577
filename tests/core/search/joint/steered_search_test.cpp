// SPDX-License-Identifier: GPL-3.0-or-later
// The joint search while it is steered: what is in force holds in every design reported, and the
// same changes at the same steps give the same designs.
#include <algorithm>
#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "core/base/units.h"
#include "core/search/joint/cosearch.h"

#include "tests/core/search/joint/small_search.h"

namespace cohelix::search {
namespace {

using Plan = std::vector<spec::TimedChange>;

class SteeredSearch : public SmallSearch {
protected:
    static std::string line(const ReportedDesign& design) {
        return keyOf(design.choices) + " " + std::to_string(static_cast<int>(design.standing)) +
               " " + base::exact(design.accuracy) + " " + base::exact(design.cost.fps) + "\n";
    }

    /// Steps to the end with the changes at their steps. With `restarts` the state is saved and
    /// restored into a new search before every step.
    std::vector<std::string> runAll(const Plan& plan, bool restarts) {
        base::Executor executor(2);
        auto search = make(executor);
        auto inForce = spec::asSpecified(m_spec);
        std::vector<std::string> lines;
        auto next = plan.begin();
        for (std::int64_t step = 0; !search->done(); ++step) {
            for (; next != plan.end() && next->step == step; ++next) {
                const auto steered = search->steer(next->change);
                EXPECT_TRUE(steered.ok()) << base::toText(steered.error());
                EXPECT_TRUE(spec::apply(next->change, inForce).ok());
            }
            if (restarts) search = restored(std::move(search), executor);
            const auto report = search->step();
            EXPECT_TRUE(report.ok()) << base::toText(report.error());
            if (!report) break;
            for (const auto& design : report->designs) {
                EXPECT_TRUE(spec::keeps(inForce, design.choices, design.cost)) << line(design);
                EXPECT_FALSE(search->progress().stage < Stage::Ranking &&
                             inForce.stopped[static_cast<std::size_t>(design.target)])
                    << "a target that was stopped";
                lines.push_back(line(design));
            }
        }
        EXPECT_EQ(next, plan.end()) << "the search ended before all changes";
        std::sort(lines.begin(), lines.end());  // trainings end in any order
        return lines;
    }

    /// One of the space's networks that is not among these.
    std::optional<std::vector<int>> unseenNetwork(const std::set<std::vector<int>>& seen) const {
        std::vector<int> network(spec::networkChoices(m_spec.network).size(), 0);
        const auto options = static_cast<int>(m_spec.network.operators.size());
        while (seen.contains(network)) {
            std::size_t block = 0;
            while (block < network.size() && ++network[block] == options) network[block++] = 0;
            if (block == network.size()) return std::nullopt;
        }
        return network;
    }

    std::unique_ptr<CoSearch> restored(std::unique_ptr<CoSearch> search, base::Executor& executor) {
        const auto state = search->save();
        search = make(executor);
        const auto done = search->restore(state);
        EXPECT_TRUE(done.ok());
        EXPECT_EQ(search->save(), state);
        return search;
    }

    /// Steps until the stage is reached.
    void stepUntil(CoSearch& search, Stage stage) {
        while (search.progress().stage < stage) ASSERT_TRUE(search.step().ok());
    }
};

/// A change of every kind: in the warm-up, before a look, in the joint search, before the ranking.
Plan everything() {
    return {{2, spec::PinChoice{"block1", "k3_e3"}},
            {6, spec::MoveLimit{spec::LimitKind::Dsp, 200}},
            {9, spec::MoveWindow{1, {5000, 30000}}},
            {10, spec::WeighTarget{0, 8}},
            {11, spec::PinChoice{"chunk0.tm", "8"}},
            {12, spec::MoveLimit{spec::LimitKind::MostLatencyMs, 50}},
            {17, spec::StopTarget{0}},
            {18, spec::PinChoice{"block1", std::nullopt}},
            {20, spec::PinChoice{"block0", "k3_e1"}}};
}

TEST_F(SteeredSearch, WhatIsInForceHoldsInEveryDesignAndTheSameChangesGiveTheSame) {
    const auto first = runAll(everything(), false);
    EXPECT_EQ(runAll(everything(), false), first);
    EXPECT_NE(runAll({}, false), first);
}

TEST_F(SteeredSearch, ContinuesFromTheStateBeforeAnyStepBitForBit) {
    EXPECT_EQ(runAll({}, true), runAll({}, false));
    EXPECT_EQ(runAll(everything(), true), runAll(everything(), false));
}

TEST_F(SteeredSearch, EveryChangeAloneMakesADifference) {
    // What the targets have learned and what was found, at the end of the joint search.
    const auto learned = [&](const std::optional<spec::Change>& change) {
        base::Executor executor(2);
        auto search = make(executor);
        for (int step = 0; search->progress().stage < Stage::Ranking; ++step) {
            if (step == 9 && change) {
                EXPECT_TRUE(search->steer(*change).ok());
            }
            EXPECT_TRUE(search->step().ok());
        }
        const auto state = base::Json::from_cbor(search->save());
        return state["targets"].dump() + state["candidates"].dump();
    };
    const auto undisturbed = learned({});
    EXPECT_EQ(learned({}), undisturbed);
    for (const spec::Change& change : std::vector<spec::Change>{
             spec::MoveLimit{spec::LimitKind::Dsp, 40}, spec::MoveWindow{0, {30000, 30001}},
             spec::WeighTarget{0, 1000}, spec::PinChoice{"block2", "skip"},
             spec::PinChoice{"chunk2.tm", "16"}, spec::StopTarget{1}}) {
        EXPECT_NE(learned(change), undisturbed) << toText(change, m_spec);
    }
}

TEST_F(SteeredSearch, ALimitThatExcludesEveryDesignIsRefusedAndNothingChanges) {
    base::Executor executor(2);
    auto search = make(executor);
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(search->step().ok());
    const auto before = search->save();
    const auto dsp = search->steer(spec::MoveLimit{spec::LimitKind::Dsp, 1});
    ASSERT_FALSE(dsp.ok());
    EXPECT_EQ(dsp.error().where, "/limits/dsp");
    const auto fps = search->steer(spec::MoveLimit{spec::LimitKind::LeastFps, 1e9});
    ASSERT_FALSE(fps.ok());
    EXPECT_EQ(fps.error().where, "/limits/least_fps");
    EXPECT_FALSE(search->steer(spec::PinChoice{"block0", "k9"}).ok());
    EXPECT_EQ(search->save(), before);
    EXPECT_TRUE(search->step().ok());
}

TEST_F(SteeredSearch, PinsThatNoAcceleratorWithinTheLimitsHasAreRefused) {
    base::Executor executor(1);
    m_spec.limits.dsp = 12;
    auto search = make(executor);
    ASSERT_TRUE(search->steer(spec::PinChoice{"chunk0.parallelism", "output-channels"}).ok());
    const auto refused = search->steer(spec::PinChoice{"chunk0.tm", "32"});
    ASSERT_FALSE(refused.ok()) << "16 channels at least at once, and 12 multipliers";
    EXPECT_NE(base::toText(refused.error()).find("pinned"), std::string::npos)
        << base::toText(refused.error());
}

TEST_F(SteeredSearch, ALimitMovedBeforeTheRankingDecidesWhoIsTrained) {
    base::Executor executor(2);
    auto search = make(executor);
    double most = 0;
    while (search->progress().stage < Stage::Ranking) {
        const auto report = search->step();
        ASSERT_TRUE(report.ok());
        for (const auto& design : report->designs) most = std::max(most, design.cost.dsp);
    }
    ASSERT_TRUE(search->step().ok()) << "the ranking has begun";
    const double limit = most - 1;
    ASSERT_TRUE(search->steer(spec::MoveLimit{spec::LimitKind::Dsp, limit}).ok());
    EXPECT_FALSE(search->steer(spec::StopTarget{0}).ok()) << "the joint search has ended";
    EXPECT_FALSE(search->steer(spec::WeighTarget{0, 2}).ok());
    int trained = 0;
    while (!search->done()) {
        const auto report = search->step();
        ASSERT_TRUE(report.ok());
        for (const auto& design : report->designs) {
            EXPECT_LE(design.cost.dsp, limit);
            trained += design.standing == Standing::Trained;
        }
    }
    EXPECT_GT(trained, 0);
}

TEST_F(SteeredSearch, OnceTheNetworksToTrainAreChosenThereIsNothingToSteer) {
    base::Executor executor(2);
    auto search = make(executor);
    stepUntil(*search, Stage::Training);
    const auto late = search->steer(spec::MoveLimit{spec::LimitKind::Dsp, 200});
    ASSERT_FALSE(late.ok());
    EXPECT_NE(late.error().what.find("have been chosen"), std::string::npos);
    while (!search->done()) ASSERT_TRUE(search->step().ok());
}

TEST_F(SteeredSearch, WhenNothingFoundKeepsThePinsNothingIsTrained) {
    base::Executor executor(2);
    auto search = make(executor);
    std::set<std::vector<int>> seen;
    const auto step = [&] {
        const auto report = search->step();
        ASSERT_TRUE(report.ok());
        for (const auto& design : report->designs) seen.insert(design.choices.network);
    };
    while (search->progress().stage < Stage::Ranking) step();
    // The last epoch's looks, two a target, would find a network of the pins.
    for (std::size_t look = 0; look < 2 * m_spec.objective.targets.size(); ++look) step();
    ASSERT_EQ(search->progress().stage, Stage::Ranking);
    const auto unseen = unseenNetwork(seen);
    ASSERT_TRUE(unseen) << "every network was found";
    for (std::size_t block = 0; block < unseen->size(); ++block) {
        const auto& op = m_spec.network.operators[static_cast<std::size_t>((*unseen)[block])];
        ASSERT_TRUE(
            search->steer(spec::PinChoice{"block" + std::to_string(block), toText(op)}).ok());
    }
    std::string said;
    while (!search->done()) {
        const auto report = search->step();
        ASSERT_TRUE(report.ok());
        EXPECT_TRUE(report->designs.empty());
        for (const auto& message : report->messages) said += message;
    }
    EXPECT_NE(said.find("none is trained"), std::string::npos) << said;
}

}  // namespace
}  // namespace cohelix::search
