// SPDX-License-Identifier: GPL-3.0-or-later
// Limits on FPS, latency and energy that can be kept: a search ends with a design within them,
// however short it is.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/units.h"
#include "core/pricing/design_pricing.h"
#include "core/search/accelerator/feasibility.h"
#include "core/search/joint/cosearch.h"

#include "tests/core/search/joint/small_search.h"

namespace cohelix::search {
namespace {

using spec::LimitKind;

class ReachLimits : public SmallSearch {
protected:
    void SetUp() override {
        SmallSearch::SetUp();
        m_spec.search.stepsPerEpoch = 2;
        m_spec.search.epochs = 1;
        m_spec.search.acceleratorIterations = 10;
        m_spec.training.designs = 1;
        m_spec.training.epochs = 1;
    }

    model::DesignCost priced(const model::DesignChoices& choices) const {
        base::Executor executor(1);
        pricing::LayerMapper mapper(m_spec, executor);
        return pricing::priceDesign(m_spec, choices, mapper)->cost;
    }

    /// That of the cheapest network, with this limit set so that it says nothing.
    double best(LimitKind kind) const {
        auto spec = m_spec;
        spec::limitOf(spec.limits, kind) = kind == LimitKind::LeastFps ? 1e-6 : 1e6;
        const auto cost = priced(knownDesign(spec).value());
        return kind == LimitKind::LeastFps        ? cost.fps
               : kind == LimitKind::MostLatencyMs ? cost.latencyMs
                                                  : cost.energyMj;
    }

    /// A limit that leaves so much to spare.
    double limit(LimitKind kind, double spare) const {
        return kind == LimitKind::LeastFps ? best(kind) / spare : best(kind) * spare;
    }

    /// Steps to the end, with the change at step 3; restored into a new search before every step
    /// where it `restarts`. A line for every design within what is in force.
    std::vector<std::string> run(const std::optional<spec::Change>& change = {},
                                 bool restarts = false) {
        base::Executor executor(2);
        auto search = make(executor);
        auto inForce = spec::asSpecified(m_spec);
        std::vector<std::string> within;
        for (int step = 0; !search->done(); ++step) {
            if (step == 3 && change) {
                EXPECT_TRUE(search->steer(*change).ok());
                EXPECT_TRUE(spec::apply(*change, inForce).ok());
            }
            if (restarts) {
                const auto state = search->save();
                search = make(executor);
                EXPECT_TRUE(search->restore(state).ok()) << "at step " << step;
                EXPECT_EQ(search->save(), state);
            }
            const auto report = search->step();
            EXPECT_TRUE(report.ok()) << base::toText(report.error());
            if (!report) break;
            for (const auto& design : report->designs) {
                EXPECT_TRUE(spec::keeps(inForce, design.choices, design.cost));
                within.push_back(keyOf(design.choices) + " " + base::exact(design.accuracy) + " " +
                                 std::to_string(static_cast<int>(design.standing)));
                m_trained += design.standing == Standing::Trained;
            }
        }
        std::sort(within.begin(), within.end());
        return within;
    }

    int m_trained = 0;
};

TEST_F(ReachLimits, ASearchWithinFeasibleLimitsEndsWithATrainedDesign) {
    for (const auto kind : {LimitKind::LeastFps, LimitKind::MostLatencyMs, LimitKind::MostEnergyMj,
                            LimitKind::MostEdp}) {
        for (const auto method :
             {spec::AcceleratorMethod::Auto, spec::AcceleratorMethod::Gradient}) {
            for (const double spare : {1.0, 1.1, 1.7}) {
                m_spec.search.acceleratorMethod = method;
                m_spec.limits = {};
                const double value = limit(kind, spare);
                spec::limitOf(m_spec.limits, kind) = value;
                ASSERT_TRUE(checkFeasible(m_spec).ok());
                m_trained = 0;
                EXPECT_FALSE(run().empty()) << word(kind) << " " << value;
                EXPECT_EQ(m_trained, 1) << word(kind) << " " << value;
            }
        }
    }
}

TEST_F(ReachLimits, SoDoesOneThatWasSteeredThere) {
    const spec::MoveLimit change{LimitKind::LeastFps, limit(LimitKind::LeastFps, 1.05)};
    const auto undisturbed = run(change);
    EXPECT_FALSE(undisturbed.empty());
    EXPECT_EQ(m_trained, 1);
    EXPECT_EQ(run(change, true), undisturbed);
}

TEST_F(ReachLimits, ASearchWithinThemContinuesBitForBit) {
    m_spec.limits.leastFps = limit(LimitKind::LeastFps, 1.05);
    m_spec.search.epochs = 3;
    const auto undisturbed = run();
    EXPECT_FALSE(undisturbed.empty());
    EXPECT_EQ(run({}, true), undisturbed);
}

TEST_F(ReachLimits, WhatIsCalledFeasibleIsAllKeptByOneDesign) {
    for (const double spare : {0.9, 1.0, 1.2, 2.0}) {
        m_spec.limits = {};
        const double leastFps = limit(LimitKind::LeastFps, spare);
        m_spec.limits.mostLatencyMs = limit(LimitKind::MostLatencyMs, 2 - 1 / spare);
        m_spec.limits.leastFps = leastFps;
        const auto known = knownDesign(m_spec);
        EXPECT_EQ(checkFeasible(m_spec).ok(), known.has_value()) << spare;
        if (known) {
            EXPECT_TRUE(spec::keepsLimits(m_spec, priced(*known)));
        }
    }
}

TEST_F(ReachLimits, AFreeNetworkIsNoDesign) {
    // As published stem, head and classifier cost nothing, so that skips alone cost nothing.
    m_spec.accelerator.fpgaModel = model::FpgaModel::PublishedClipped;
    m_spec.limits.leastFps = 100;
    ASSERT_TRUE(checkFeasible(m_spec).ok());
    const auto known = knownDesign(m_spec);
    ASSERT_TRUE(known);
    EXPECT_GT(priced(*known).fps, 100);
}

TEST_F(ReachLimits, AReasonNamesFiguresThatDiffer) {
    const auto said = [&] { return checkFeasible(m_spec).error().what; };
    const double fastest = best(LimitKind::LeastFps);
    m_spec.limits.leastFps = fastest * (1 + 1e-8);
    const auto what = said();
    const auto reached = what.substr(what.find("reaches ") + 8);
    const auto first = reached.substr(0, reached.find(" FPS"));
    EXPECT_EQ(what.find("the limit is " + first + " FPS"), std::string::npos) << what;
    m_spec.limits = {};
    m_spec.limits.mostLatencyMs = 1e-9;
    EXPECT_NE(said().find("the limit is 0.000000001 ms"), std::string::npos) << said();
    m_spec.limits.mostLatencyMs = 1e-30;
    EXPECT_NE(said().find("the limit is 1e-30 ms"), std::string::npos) << said();
}

}  // namespace
}  // namespace cohelix::search
