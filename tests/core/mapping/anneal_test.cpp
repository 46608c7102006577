// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/anneal.h"

#include <gtest/gtest.h>

#include "core/mapping/search.h"
#include "core/nest/presets.h"

namespace cohelix::mapping {
namespace {

using model::Dim;

model::Layer layerOf(std::int64_t border) {
    model::Layer layer{.name = "conv"};
    layer.size(Dim::K) = 16;
    layer.size(Dim::C) = 8;
    layer.size(Dim::P) = layer.size(Dim::Q) = 6;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    layer.border.before = layer.border.after = static_cast<int>(border);
    return layer;
}

/// Loops at every memory of the hierarchy, in any order.
Annealing everywhere(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                     const MapperOptions& options) {
    // It ends by its steps, long before.
    Annealing task{.layer = layer, .hierarchy = hierarchy, .options = options, .seconds = 1e6};
    task.keepings.emplace_back();
    for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
        const auto& level = hierarchy.levels[l];
        using enum model::LoopKind;
        task.places.push_back({.level = l});
        if (level.rows > 1) task.places.push_back({l, Rows, level.rows});
        if (level.columns > 1) task.places.push_back({l, Columns, level.columns});
        task.keepings.front().push_back(level.mayKeep);
        task.start.levels.push_back({level.name, {}, level.mayKeep});
    }
    for (const Dim dim : model::kAllLoopDims) {
        const auto size = model::loopSize(layer, dim);
        if (size > 1) task.start.levels.front().loops.push_back({dim, size});
    }
    task.allowed = [](const model::Mapping&) { return true; };
    return task;
}

/// Of a space that the search proves: never below its optimum, and near it.
TEST(Anneal, ComesNearTheOptimum) {
    const auto hierarchy = nest::findPreset("A1")->hierarchy;
    for (const std::int64_t border : {0, 1}) {
        const auto layer = layerOf(border);
        for (const auto objective : {Objective::Latency, Objective::Energy, Objective::Edp}) {
            const MapperOptions options{.objective = objective};
            const auto proven = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), options);
            ASSERT_TRUE(proven.ok() && proven->optimal());
            double least = std::numeric_limits<double>::infinity();
            auto task = everywhere(layer, hierarchy, options);
            task.offer = [&](const model::Mapping& mapping, const nest::LoopNestResult& cost) {
                const auto again = nest::evaluateLoopNest(layer, mapping, hierarchy);
                ASSERT_TRUE(again.ok()) << base::toText(again.error());
                EXPECT_EQ(objectiveValue(objective, *again), objectiveValue(objective, cost));
                least = std::min(least, objectiveValue(objective, cost));
            };
            anneal(task);
            EXPECT_GE(least, proven->value) << word(objective);
            EXPECT_LE(least, 1.2 * proven->value) << word(objective);
        }
    }
}

/// What the search meets itself takes the place of an equal one, so that where time suffices the
/// result is that of a search without a limit.
TEST(Anneal, LeavesTheChoiceAmongEqualsToTheSearch) {
    const auto mapping = [](Dim dim) {
        return model::Mapping{{{"memory", {{dim, 2}}, {true, true, true}}}};
    };
    Incumbent incumbent;
    incumbent.offerForNow({1, 0}, mapping(Dim::C), {});
    incumbent.offerForNow({1, 0}, mapping(Dim::K), {});
    EXPECT_EQ(incumbent.best()->mapping, mapping(Dim::C));
    incumbent.offer({1, 0}, mapping(Dim::Q), {});
    EXPECT_EQ(incumbent.best()->mapping, mapping(Dim::Q));
    incumbent.offerForNow({1, 0}, mapping(Dim::C), {});
    EXPECT_EQ(incumbent.best()->mapping, mapping(Dim::Q));
    incumbent.offer({1, 0}, mapping(Dim::P), {});
    EXPECT_EQ(incumbent.best()->mapping, mapping(Dim::P));
}

}  // namespace
}  // namespace cohelix::mapping
