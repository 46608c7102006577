// SPDX-License-Identifier: GPL-3.0-or-later
// The mapper under constraints, against every mapping of small spaces.
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/mapping/constraints.h"
#include "core/mapping/mapper.h"

namespace cohelix::mapping {
namespace {

using model::Dim;
using model::LoopKind;

int between(int least, int most) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, most + 1));
}

struct ConstrainedSample {
    model::Layer layer;
    nest::Hierarchy hierarchy;
    Constraints constraints;
    MapperOptions options;
};

nest::MemoryLevel drawMemory(const std::string& name, double words) {
    nest::MemoryLevel level{.name = name, .capacityWords = words};
    level.readPicojoule = between(1, 9);
    level.fillPicojoule = between(0, 9);
    level.updatePicojoule = between(0, 9);
    level.readWordsPerCycle = between(0, 4);
    level.writeWordsPerCycle = between(0, 4);
    level.sharedBandwidth = between(0, 1) == 0;
    level.multicast = between(0, 3) > 0;
    level.reduces = between(0, 3) > 0;
    level.doubleBuffered = between(0, 3) == 0;
    level.exposesFirstFill = between(0, 3) == 0;
    level.refillsInPlace = between(0, 3) == 0;
    return level;
}

nest::Hierarchy drawHierarchy() {
    nest::Hierarchy hierarchy{.name = "drawn"};
    hierarchy.macPicojoule = between(0, 2);
    hierarchy.staticPicojoulePerCycle = between(0, 1);
    hierarchy.overlap = between(0, 3) == 0 ? nest::Overlap::None : nest::Overlap::Full;
    const int levels = between(1, 3);
    hierarchy.pes = 1;
    for (int l = 0; l < levels; ++l) {
        auto level = drawMemory("memory" + std::to_string(l), l == 0 ? 0 : between(2, 60));
        if (between(0, 1) == 0) level.rows = between(1, 3);
        if (between(0, 1) == 0) level.columns = between(1, 4);
        hierarchy.pes *=
            std::max<std::int64_t>(1, level.rows) * std::max<std::int64_t>(1, level.columns);
        if (l > 0) {
            for (auto& may : level.mayKeep) may = between(0, 3) > 0;
        }
        hierarchy.levels.push_back(level);
    }
    return hierarchy;
}

TripRule drawRule() {
    const std::int64_t trips = between(1, 4);
    switch (between(0, 9)) {
        case 0: return TripRule::exactly(trips);
        case 1: return TripRule::exactly(1);
        case 2: return {1, trips};
        case 3: return {trips > 2 ? 2 : 1, 0};
        default: return {};
    }
}

Constraints drawConstraints(const nest::Hierarchy& hierarchy) {
    Constraints constraints;
    for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
        LevelConstraints level;
        for (auto* rules : {&level.temporal, &level.rows, &level.columns, &level.unrolled}) {
            if (between(0, 2) == 0) {
                for (auto& rule : *rules) rule = drawRule();
            }
        }
        std::vector<Dim> dims(model::kAllLoopDims.begin(), model::kAllLoopDims.end());
        for (std::size_t i = dims.size(); i-- > 1;) {
            std::swap(dims[i], dims[static_cast<std::size_t>(between(0, static_cast<int>(i)))]);
        }
        const auto inside = dims.begin() + between(0, 4);
        level.innermost = {dims.begin(), inside};
        level.outermost = {inside, inside + between(0, 3)};
        for (std::size_t t = 0; t < model::kTensors; ++t) {
            const bool may = hierarchy.levels[l].mayKeep[t];
            if (l > 0 && between(0, 3) == 0) level.keeps[t] = may && between(0, 1) == 0;
        }
        constraints.levels.push_back(level);
    }
    if (between(0, 4) == 0) constraints.leastUse = 0.25 * between(1, 3);
    return constraints;
}

ConstrainedSample drawConstrained() {
    ConstrainedSample sample;
    sample.hierarchy = drawHierarchy();
    auto& layer = sample.layer;
    layer.name = "drawn";
    layer.stride = {between(1, 3), between(1, 3)};
    layer.dilation = {between(1, 2), between(1, 2)};
    if (between(0, 2) == 0) {
        layer.border = {{between(0, 2), between(0, 2)}, {between(0, 2), between(0, 2)}};
    }
    const int dims = between(1, 3);
    for (int i = 0; i < dims; ++i) {
        const auto dim = model::kAllLoopDims[static_cast<std::size_t>(between(0, 7))];
        const int size = dims == 1 ? between(2, 12) : dims == 2 ? between(2, 6) : between(2, 4);
        if (dim == Dim::G)
            layer.groups = size;
        else
            layer.size(dim) = size;
    }
    layer.size(Dim::K) *= layer.groups;
    layer.size(Dim::C) *= layer.groups;
    sample.constraints = drawConstraints(sample.hierarchy);
    sample.options.objective = static_cast<Objective>(between(0, 2));
    if (between(0, 2) == 0) sample.options.keeping = Keeping::Chosen;
    return sample;
}

/// Every way to split every dimension over temporal loops, rows and columns of every level, every
/// order, every choice of what is kept; what obeys and can be evaluated.
class EveryObedientMapping {
public:
    explicit EveryObedientMapping(const ConstrainedSample& sample) : m_sample(sample) {
        for (std::size_t l = 0; l < sample.hierarchy.levels.size(); ++l) {
            for (const auto kind : {LoopKind::Temporal, LoopKind::Rows, LoopKind::Columns}) {
                const auto& level = sample.hierarchy.levels[l];
                if (kind == LoopKind::Rows && level.rows <= 1) continue;
                if (kind == LoopKind::Columns && level.columns <= 1) continue;
                m_slots.push_back({l, kind});
            }
        }
        m_trips.assign(m_slots.size(), Trips{1, 1, 1, 1, 1, 1, 1, 1});
    }

    double best() {
        place(0, 0, model::loopSize(m_sample.layer, model::kAllLoopDims[0]));
        return m_best;
    }

private:
    using Trips = std::array<std::int64_t, 8>;
    struct Slot {
        std::size_t level;
        LoopKind kind;
    };

    void place(std::size_t d, std::size_t slot, std::int64_t rest) {
        if (slot == m_slots.size()) {
            if (rest != 1) return;
            if (d + 1 == model::kAllLoopDims.size()) return order(0);
            return place(d + 1, 0, model::loopSize(m_sample.layer, model::kAllLoopDims[d + 1]));
        }
        for (std::int64_t trips = 1; trips <= rest; ++trips) {
            if (rest % trips != 0) continue;
            m_trips[slot][d] = trips;
            place(d, slot + 1, rest / trips);
        }
        m_trips[slot][d] = 1;
    }

    void order(std::size_t slot) {
        if (slot == m_slots.size()) return keep();
        auto& loops = m_loops[slot];
        loops.clear();
        for (const Dim dim : model::kAllLoopDims) {
            const auto trips = m_trips[slot][indexOf(dim)];
            if (trips > 1) loops.push_back({dim, trips, m_slots[slot].kind});
        }
        if (m_slots[slot].kind != LoopKind::Temporal) return order(slot + 1);
        const auto less = [](const model::Loop& a, const model::Loop& b) { return a.dim < b.dim; };
        do order(slot + 1);
        while (std::next_permutation(loops.begin(), loops.end(), less));
    }

    void keep() {
        model::Mapping mapping;
        for (const auto& level : m_sample.hierarchy.levels) {
            mapping.levels.push_back({level.name, {}, level.mayKeep});
        }
        for (std::size_t s = 0; s < m_slots.size(); ++s) {
            auto& loops = mapping.levels[m_slots[s].level].loops;
            loops.insert(loops.end(), m_loops[s].begin(), m_loops[s].end());
        }
        choose(mapping, 1, 0);
    }

    void choose(model::Mapping& mapping, std::size_t level, std::size_t tensor) {
        if (tensor == model::kTensors) return choose(mapping, level + 1, 0);
        if (level >= mapping.levels.size()) return evaluate(mapping);
        auto& keeps = mapping.levels[level].keeps;
        const bool before = keeps[tensor];
        const auto& said = m_sample.constraints.levels[level].keeps[tensor];
        for (const bool each : {true, false}) {
            if (each && !m_sample.hierarchy.levels[level].mayKeep[tensor]) continue;
            // Without the choice a memory keeps all that it may and no constraint forbids.
            if (!each && before && m_sample.options.keeping == Keeping::All && said != false)
                continue;
            keeps[tensor] = each;
            choose(mapping, level, tensor + 1);
        }
        keeps[tensor] = before;
    }

    void evaluate(const model::Mapping& mapping) {
        if (!checkConstraints(m_sample.layer, mapping, m_sample.hierarchy, m_sample.constraints)) {
            return;
        }
        const auto cost = nest::evaluateLoopNest(m_sample.layer, mapping, m_sample.hierarchy);
        if (cost) m_best = std::min(m_best, objectiveValue(m_sample.options.objective, *cost));
    }

    const ConstrainedSample& m_sample;
    std::vector<Slot> m_slots;
    std::vector<Trips> m_trips;
    std::map<std::size_t, std::vector<model::Loop>> m_loops;
    double m_best = std::numeric_limits<double>::infinity();
};

/// A rule that asks for more trips than there are is not used, and named.
void dropImpossible(ConstrainedSample& sample) {
    for (auto& level : sample.constraints.levels) {
        for (auto* rules : {&level.temporal, &level.rows, &level.columns, &level.unrolled}) {
            for (const Dim dim : model::kAllLoopDims) {
                auto& rule = (*rules)[indexOf(dim)];
                if (rule.least > model::loopSize(sample.layer, dim)) rule = {};
            }
        }
    }
}

RC_GTEST_PROP(ConstrainedMapper, FindsTheBestOfAllThatObey, ()) {
    ConstrainedSample sample = drawConstrained();
    dropImpossible(sample);
    // So that the search of three blocks is never taken.
    if (!sample.constraints.aboutLoops()) sample.constraints.leastUse = 1e-9;
    const double best = EveryObedientMapping(sample).best();
    base::Executor two(2, false);
    sample.options.executor = between(0, 1) == 0 ? &two : nullptr;
    auto space = fullMapSpace(sample.hierarchy);
    space.constraints = sample.constraints;
    const auto found = bestMapping(sample.layer, sample.hierarchy, space, sample.options);
    std::ostringstream log;
    for (const Dim dim : model::kAllLoopDims) {
        log << word(dim) << model::loopSize(sample.layer, dim) << ' ';
    }
    log << word(sample.options.objective) << ' '
        << (found ? model::compactText(found->mapping) : base::toText(found.error()));
    RC_LOG() << log.str() << "\n";
    RC_CLASSIFY(!found.ok(), "nothing obeys or fits");
    RC_ASSERT(found.ok() == (best < std::numeric_limits<double>::infinity()));
    if (!found.ok()) return;
    RC_ASSERT(found->value == best);
    RC_ASSERT(found->optimal());
    auto hurried = sample.options;
    hurried.seconds = 1e-9;
    const auto stopped = bestMapping(sample.layer, sample.hierarchy, space, hurried);
    RC_ASSERT(stopped.ok());
    RC_ASSERT(stopped->lowerBound <= best);
    RC_ASSERT(best <= stopped->value);
    RC_ASSERT(
        checkConstraints(sample.layer, found->mapping, sample.hierarchy, sample.constraints).ok());
}

/// Constraints that say of memories alone what they keep.
void dropLoopRules(Constraints& constraints) {
    constraints.leastUse = 0;
    for (auto& level : constraints.levels) level = {.keeps = level.keeps};
}

RC_GTEST_PROP(ConstrainedMapper, KeepsWhatConstraintsSayWhereTheySayNothingOfLoops, ()) {
    ConstrainedSample sample = drawConstrained();
    dropLoopRules(sample.constraints);
    // Two memories of one block of loops cannot both keep all.
    if (sample.hierarchy.levels.size() > 2) sample.options.keeping = Keeping::Chosen;
    const double best = EveryObedientMapping(sample).best();
    auto space = fullMapSpace(sample.hierarchy);
    space.constraints = sample.constraints;
    const auto found = bestMapping(sample.layer, sample.hierarchy, space, sample.options);
    RC_ASSERT(found.ok() == (best < std::numeric_limits<double>::infinity()));
    if (!found.ok()) return;
    RC_LOG() << model::compactText(found->mapping) << "\n";
    RC_CLASSIFY(found->extent.ownLoops, "of every mapping");
    RC_ASSERT(
        checkConstraints(sample.layer, found->mapping, sample.hierarchy, sample.constraints).ok());
    RC_ASSERT(found->optimal());
    // Loops inside the unrolled ones of one memory, which not all of these have, may be better yet.
    RC_ASSERT(found->value <= best || !found->extent.ownLoops);
}

nest::Hierarchy smallArray() {
    nest::Hierarchy hierarchy{.name = "small"};
    hierarchy.macPicojoule = 1;
    hierarchy.pes = 16;
    hierarchy.levels = {{.name = "DRAM"},
                        {.name = "buffer", .capacityWords = 4096, .rows = 4, .columns = 4},
                        {.name = "register", .capacityWords = 16}};
    hierarchy.levels[0].setAccess(100);
    hierarchy.levels[1].setAccess(6);
    hierarchy.levels[2].setAccess(1);
    return hierarchy;
}

model::Layer conv3x3() {
    model::Layer layer;
    layer.name = "small";
    layer.size(Dim::K) = 16;
    layer.size(Dim::C) = 8;
    layer.size(Dim::P) = layer.size(Dim::Q) = 6;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    return layer;
}

TEST(ConstrainedMapper, ObeysADataflow) {
    const auto hierarchy = smallArray();
    auto space = fullMapSpace(hierarchy);
    Constraints constraints;
    constraints.levels.resize(3);
    for (const Dim dim : {Dim::P, Dim::Q, Dim::R, Dim::S, Dim::N, Dim::G}) {
        constraints.levels[1].unrolled[indexOf(dim)] = TripRule::exactly(1);
    }
    constraints.levels[1].rows[indexOf(Dim::K)] = TripRule::exactly(1);
    constraints.levels[1].columns[indexOf(Dim::C)] = TripRule::exactly(1);
    constraints.levels[2].temporal[indexOf(Dim::R)] = TripRule::exactly(3);
    constraints.levels[2].innermost = {Dim::R};
    space.constraints = constraints;
    const auto best = bestMapping(conv3x3(), hierarchy, space, {.objective = Objective::Latency});
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    EXPECT_TRUE(best->optimal());
    EXPECT_EQ(best->value, 16 * 8 * 36 * 9 / 16);
    EXPECT_TRUE(checkConstraints(conv3x3(), best->mapping, hierarchy, constraints).ok());
    EXPECT_EQ(best->mapping.levels[2].loops.back(), (model::Loop{Dim::R, 3}));
}

/// Of 16 output channels 64 were asked for along the rows: they get all of them, as Timeloop does
/// it.
TEST(ConstrainedMapper, GivesALoopAllTripsWhereTheConstraintAsksForMore) {
    auto hierarchy = smallArray();
    hierarchy.levels[2].capacityWords = 64;
    for (const auto rule : {TripRule::exactly(64), TripRule::all()}) {
        auto space = fullMapSpace(hierarchy);
        space.constraints = Constraints{.levels = std::vector<LevelConstraints>(3)};
        space.constraints->levels[2].temporal[indexOf(Dim::K)] = rule;
        const auto best = bestMapping(conv3x3(), hierarchy, space, {.seconds = 0.2});
        ASSERT_TRUE(best.ok()) << base::toText(best.error());
        EXPECT_EQ(best->notes.size(), rule == TripRule::all() ? 0u : 1u);
        const auto& loops = best->mapping.levels[2].loops;
        EXPECT_NE(std::find(loops.begin(), loops.end(), model::Loop{Dim::K, 16}), loops.end());
        EXPECT_TRUE(checkConstraints(conv3x3(), best->mapping, hierarchy, *space.constraints).ok());
        space.constraints->levels[0].temporal[indexOf(Dim::K)] = TripRule::exactly(2);
        EXPECT_FALSE(bestMapping(conv3x3(), hierarchy, space, {.seconds = 0.2}).ok());
    }
}

TEST(ConstrainedMapper, ObeysWhatIsSaidOfMemoriesAlone) {
    auto hierarchy = smallArray();
    hierarchy.levels[2].mayKeep = {true, true, false};
    auto space = fullMapSpace(hierarchy);
    space.constraints = Constraints{.levels = std::vector<LevelConstraints>(3)};
    space.constraints->levels[2].keeps = {{{}, false, {}}};
    const auto best = bestMapping(conv3x3(), hierarchy, space, {});
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    EXPECT_EQ(best->mapping.levels[2].keeps, (std::array{true, false, false}));
    EXPECT_TRUE(best->keepsAll) << "all that it may";

    space.constraints->levels[2].keeps[2] = true;
    for (const auto keeping : {Keeping::All, Keeping::WhatFits, Keeping::Chosen}) {
        const auto refused = bestMapping(conv3x3(), hierarchy, space, {.keeping = keeping});
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().what, "register must keep the outputs and cannot");
    }
}

TEST(ConstrainedMapper, NamesWhatALayerCannotObey) {
    const auto hierarchy = smallArray();
    auto space = fullMapSpace(hierarchy);
    space.constraints = Constraints{.levels = std::vector<LevelConstraints>(3)};
    space.constraints->levels[1].unrolled[indexOf(Dim::C)] = TripRule::exactly(64);
    const auto best = bestMapping(conv3x3(), hierarchy, space, {.seconds = 0.2});
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    EXPECT_EQ(best->notes,
              std::vector<std::string>{
                  "buffer: of the 64 trips over C that a constraint asks for there are 8"});

    space.constraints->levels[1].unrolled[indexOf(Dim::C)] = TripRule::exactly(8);
    space.constraints->levels[1].rows[indexOf(Dim::C)] = TripRule::exactly(1);
    const auto none = bestMapping(conv3x3(), hierarchy, space, {});
    ASSERT_FALSE(none.ok());
    EXPECT_NE(
        base::toText(none.error())
            .find("no mapping obeys the constraints and fits the memories of small: 'buffer: "
                  "along the rows C makes 1 trip' and 'buffer: the unrolled loop over C makes "
                  "8 trips' cannot be obeyed together"),
        std::string::npos)
        << base::toText(none.error());
}

TEST(ConstrainedMapper, NamesConstraintsThatContradictEachOther) {
    const auto hierarchy = smallArray();
    const auto refusal = [&](const std::function<void(Constraints&)>& say) {
        auto space = fullMapSpace(hierarchy);
        space.constraints = Constraints{.levels = std::vector<LevelConstraints>(3)};
        say(*space.constraints);
        const auto best = bestMapping(conv3x3(), hierarchy, space, {});
        return best ? std::string() : best.error().what;
    };
    EXPECT_EQ(refusal([](Constraints& c) {
                  c.levels[2].temporal[indexOf(Dim::P)] =
                      TripRule::exactly(6).with(TripRule::exactly(3));
              }),
              "register: constraints have the loop over P make at least 6 trips and at most 3");
    EXPECT_EQ(
        refusal([](Constraints& c) {
            c.levels[1].temporal[indexOf(Dim::K)] = TripRule::exactly(8);
            c.levels[1].rows[indexOf(Dim::K)] = TripRule::exactly(4);
        }),
        "the constraints ask for 32 trips over K; there are 16 (buffer: the loop over K makes "
        "8 trips, buffer: along the rows K makes 4 trips)");
    EXPECT_EQ(refusal([](Constraints& c) {
                  c.levels[1].unrolled[indexOf(Dim::K)] = TripRule::exactly(5);
              }),
              "buffer: constraints have the unrolled loop over K make 5 trips, which do not divide "
              "its 16");
    EXPECT_EQ(
        refusal([](Constraints& c) {
            c.levels[2].temporal[indexOf(Dim::K)] = TripRule::exactly(4);
            c.levels[2].temporal[indexOf(Dim::P)] = TripRule::exactly(6);
            c.levels[2].temporal[indexOf(Dim::R)] = TripRule::exactly(1);
            c.levels[1].innermost = {Dim::C};
        }),
        "no mapping obeys the constraints and fits the memories of small: 'register: the loop "
        "over K makes 4 trips' and 'register: the loop over P makes 6 trips' cannot be obeyed "
        "together")
        << "24 outputs have no room in 16 words";
    EXPECT_EQ(refusal([](Constraints& c) {
                  c.leastUse = 0.75;
                  c.levels[1].rows[indexOf(Dim::K)] = {0, 2};
                  c.levels[1].rows[indexOf(Dim::C)] = TripRule::exactly(1);
                  c.levels[1].rows[indexOf(Dim::P)] = TripRule::exactly(1);
                  c.levels[1].rows[indexOf(Dim::Q)] = TripRule::exactly(1);
                  c.levels[1].rows[indexOf(Dim::R)] = TripRule::exactly(1);
                  c.levels[1].rows[indexOf(Dim::S)] = TripRule::exactly(1);
              }),
              "no mapping obeys the constraints and fits the memories of small: 'buffer: along the "
              "rows K makes at most 2 trips', 'buffer: along the rows C makes 1 trip', 'buffer: "
              "along the rows P makes 1 trip', 'buffer: along the rows Q makes 1 trip', 'buffer: "
              "along the rows R makes 1 trip', 'buffer: along the rows S makes 1 trip' and 'at "
              "least 75 % of the multipliers are in use' cannot be obeyed together");
    EXPECT_EQ(
        refusal([](Constraints& c) { c.levels[1].rows[indexOf(Dim::K)] = TripRule::exactly(16); }),
        "buffer: constraints unroll 16 trips along the rows, which has room for 4");
    EXPECT_EQ(refusal([](Constraints& c) {
                  c.levels[1].temporal[indexOf(Dim::K)] = TripRule::exactly(4);
                  c.levels[1].unrolled[indexOf(Dim::K)] = {4, 0};
                  c.levels[1].rows[indexOf(Dim::K)] = {2, 0};
              }),
              "");
}

TEST(ConstrainedMapper, SaysHowFarItIsWhenTimeEnds) {
    auto hierarchy = smallArray();
    auto layer = conv3x3();
    layer.size(Dim::K) = layer.size(Dim::C) = 5040;
    layer.size(Dim::P) = layer.size(Dim::Q) = 360;
    auto space = fullMapSpace(hierarchy);
    space.constraints = Constraints{.levels = std::vector<LevelConstraints>(3), .leastUse = 0.5};
    const auto best = bestMapping(layer, hierarchy, space, {.seconds = 0.3});
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    EXPECT_FALSE(best->optimal());
    EXPECT_GT(best->lowerBound, 0);
    EXPECT_LT(best->lowerBound, best->value);
}

TEST(Constraints, SayWhatAMappingBreaks) {
    const auto hierarchy = smallArray();
    model::Mapping mapping;
    mapping.levels = {
        {"DRAM", {{Dim::K, 4}, {Dim::P, 6}, {Dim::C, 2}}},
        {"buffer", {{Dim::Q, 6}, {Dim::C, 4, LoopKind::Rows}, {Dim::K, 4, LoopKind::Columns}}},
        {"register", {{Dim::R, 3}, {Dim::S, 3}}, {true, false, true}}};
    const auto broken = [&](const std::function<void(Constraints&)>& say) {
        Constraints constraints{.levels = std::vector<LevelConstraints>(3)};
        say(constraints);
        const auto fits = checkConstraints(conv3x3(), mapping, hierarchy, constraints);
        return fits ? std::string() : fits.error().what;
    };
    EXPECT_EQ(broken([](Constraints&) {}), "");
    EXPECT_EQ(broken([](Constraints& c) {
                  c.levels[0].temporal[indexOf(Dim::P)] = TripRule::exactly(3);
              }),
              "DRAM: the loop over P makes 6 trips; its constraint is 3");
    EXPECT_EQ(broken([](Constraints& c) {
                  c.levels[1].rows[indexOf(Dim::C)] = {1, 2};
              }),
              "buffer: along the rows C makes 4 trips; its constraint is at most 2");
    EXPECT_EQ(broken([](Constraints& c) {
                  c.levels[1].unrolled[indexOf(Dim::K)] = {8, 0};
              }),
              "buffer: the unrolled loop over K makes 4 trips; its constraint is at least 8");
    EXPECT_EQ(broken([](Constraints& c) {
                  c.levels[0].innermost = {Dim::R, Dim::P};
              }),
              "DRAM: the loop over P is not where the constraint on their order has it");
    EXPECT_EQ(broken([](Constraints& c) { c.levels[0].innermost = {Dim::C, Dim::Q, Dim::P}; }), "");
    EXPECT_EQ(broken([](Constraints& c) { c.levels[0].outermost = {Dim::K}; }), "");
    EXPECT_NE(broken([](Constraints& c) { c.levels[0].outermost = {Dim::C}; }), "");
    EXPECT_EQ(broken([](Constraints& c) { c.levels[2].keeps[1] = true; }),
              "register does not keep inputs, against its constraint");
    EXPECT_EQ(broken([](Constraints& c) { c.leastUse = 1; }), "");
    mapping.levels[1].loops.pop_back();
    EXPECT_EQ(broken([](Constraints& c) { c.leastUse = 0.5; }),
              "4 multipliers are in use; at least 50 % must be");
}

}  // namespace
}  // namespace cohelix::mapping
