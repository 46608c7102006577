// SPDX-License-Identifier: GPL-3.0-or-later
// The joint search where chunks have several precisions to choose from: cost and accuracy both have
// a say.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/base/units.h"
#include "core/model/pareto.h"
#include "core/search/accelerator/layer_bits.h"
#include "core/search/accelerator/precision_plans.h"
#include "core/search/joint/cosearch.h"

#include "tests/core/search/joint/small_search.h"

namespace cohelix::search {
namespace {

class PrecisionSearch : public SmallSearch {
protected:
    void SetUp() override {
        SmallSearch::SetUp();
        if (IsSkipped()) return;
        // So few multipliers that bits decide the speed, and so few bits that they cost accuracy.
        m_spec.limits.dsp = 60;
        m_spec.limits.bram18k = 150;
        m_spec.objective.targets.resize(1);
        m_spec.objective.targets[0] = {1, 1e9};
        m_spec.search.epochs = 1;
        for (auto& chunk : m_spec.accelerator.pipeline) chunk.bits = {16};
        m_spec.accelerator.pipeline[0].bits = {2, 16};
        m_spec.accelerator.pipeline[1].bits = {2, 16};
    }

    struct Seen {
        std::int64_t step = 0;
        ReportedDesign design;
    };
    /// All designs to the end, in order; saves and restores into a new search before the given
    /// steps.
    std::vector<Seen> runAll(const std::set<std::int64_t>& restarts = {}) {
        base::Executor executor(2);
        auto search = make(executor);
        std::vector<Seen> seen;
        for (std::int64_t step = 0; !search->done(); ++step) {
            if (restarts.contains(step)) {
                const auto state = search->save();
                search = make(executor);
                EXPECT_TRUE(search->restore(state).ok());
                EXPECT_EQ(search->save(), state) << "at step " << step;
            }
            auto report = search->step();
            EXPECT_TRUE(report.ok()) << base::toText(report.error());
            if (!report) break;
            for (auto& design : report->designs) seen.push_back({step, std::move(design)});
        }
        return seen;
    }

    static std::vector<std::string> lines(const std::vector<Seen>& seen) {
        std::vector<std::string> out;
        for (const auto& [step, design] : seen) {
            out.push_back(keyOf(design.choices) + " " +
                          std::to_string(static_cast<int>(design.standing)) + " " +
                          base::exact(design.accuracy) + " " + base::exact(design.cost.fps));
        }
        std::sort(out.begin(), out.end());  // trainings end in any order
        return out;
    }
};

TEST_F(PrecisionSearch, DesignsOfSeveralPrecisionsAreOnTheFrontAndKeepTheLimits) {
    const auto seen = runAll();
    std::map<model::DesignChoices, const ReportedDesign*> last;
    std::set<std::vector<int>> trained;
    for (const auto& [step, design] : seen) {
        EXPECT_LE(design.cost.dsp, 60);
        EXPECT_LE(design.cost.bram18k, 150);
        const auto bits = layerBits(m_spec, design.choices);
        EXPECT_EQ(bits.size(), design.cost.layers.size());
        for (const int b : bits) EXPECT_TRUE(b == 2 || b == 16) << b;
        if (design.standing == Standing::Trained) {
            trained.insert(bits);
            for (std::size_t i = 0; i < design.weights->precision.size(); ++i) {
                EXPECT_EQ(design.weights->precision[i].bits, bits[i]);
            }
        } else {
            last[design.choices] = &design;
        }
    }
    EXPECT_FALSE(trained.empty());
    std::vector<model::Point> points;
    std::vector<std::vector<int>> bits;
    for (const auto& [choices, design] : last) {
        points.push_back({design->accuracy, design->cost.fps});
        bits.push_back(layerBits(m_spec, choices));
    }
    std::set<std::vector<int>> onFront;
    for (const std::size_t i : model::front(points)) onFront.insert(bits[i]);
    EXPECT_GE(onFront.size(), 2U) << "the most accurate and the fastest have other bits";
}

TEST_F(PrecisionSearch, ContinuesFromASavedStateBetweenPlansBitForBit) {
    const auto undisturbed = runAll();
    // Looks begin after six steps of warm-up (one) and six of the joint search (four plans).
    EXPECT_EQ(lines(runAll({3, 7, 10, 13, 14, 15, 16, 17, 19, 22, 24})), lines(undisturbed));
}

TEST_F(PrecisionSearch, ATargetFollowsTheAccuratePrecisionOfItsWindow) {
    // Any speed will do: of the derived network's plans the most accurate one is followed.
    base::Executor executor(2);
    auto search = make(executor);
    std::vector<ReportedDesign> tried;
    while (search->progress().stage < Stage::Ranking) {
        auto report = search->step();
        ASSERT_TRUE(report.ok());
    }
    PrecisionPlan followed;
    for (int looks = 0; looks < 20; ++looks) {
        const auto state = base::Json::from_cbor(search->save());
        if (state["looks"].empty() || !state["looks"][0][1].get<bool>()) {
            followed = planFromJson(state["targets"][0]["plan"]);
            break;
        }
        auto report = search->step();
        ASSERT_TRUE(report.ok());
        for (auto& design : report->designs) tried.push_back(std::move(design));
    }
    ASSERT_GE(tried.size(), 2U) << "fewer bits are faster";
    const auto best =
        std::max_element(tried.begin(), tried.end(),
                         [](const auto& a, const auto& b) { return a.accuracy < b.accuracy; });
    EXPECT_EQ(followed, planOf(m_spec.accelerator, {}, best->choices.accelerator));
}

TEST_F(PrecisionSearch, WithoutProofAndWithPinnedBitsToo) {
    m_spec.search.acceleratorMethod = spec::AcceleratorMethod::Gradient;
    m_spec.training.designs = 1;
    base::Executor executor(2);
    auto search = make(executor);
    ASSERT_TRUE(search->steer(spec::PinChoice{"chunk1.bits", "2"}).ok());
    std::set<int> first;
    while (!search->done()) {
        const auto report = search->step();
        ASSERT_TRUE(report.ok()) << base::toText(report.error());
        for (const auto& design : report->designs) {
            const auto network = spec::buildNetwork(m_spec.network, design.choices.network);
            const auto accelerator =
                hardware::buildAccelerator(m_spec.accelerator, design.choices.accelerator, network);
            EXPECT_EQ(accelerator.pipeline[1].bits, 2);
            first.insert(accelerator.pipeline[0].bits);
        }
    }
    EXPECT_EQ(first, (std::set{2, 16}));
}

}  // namespace
}  // namespace cohelix::search
