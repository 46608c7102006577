// SPDX-License-Identifier: GPL-3.0-or-later
// What the Timeloop conventions count of inputs, against a walk of their boxes step by step.
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/nest/loop_nest.h"

#include "tests/core/nest/drawn_nest.h"

namespace cohelix::nest {
namespace {

using model::Dim;
using model::LoopKind;
using model::Tensor;

/// N, G, C, rows and columns of the inputs.
using Point = std::array<std::int64_t, 5>;

constexpr int axisOf(Dim dim) {
    switch (dim) {
        case Dim::N: return 0;
        case Dim::G: return 1;
        case Dim::C: return 2;
        case Dim::P:
        case Dim::R: return 3;
        case Dim::Q:
        case Dim::S: return 4;
        case Dim::K: return -1;
    }
    return -1;
}

struct Loop {
    int axis;
    std::int64_t trips;
    std::int64_t distance;
    bool temporal;
    std::size_t level;
    int fanOut;
};

/// The loops of a mapping, outermost first, with how far an iteration moves in the inputs.
std::vector<Loop> loopsOf(const Sample& sample) {
    std::vector<Loop> loops;
    std::array<std::int64_t, model::kLoopDims> inside;
    inside.fill(1);
    for (std::size_t l = sample.mapping.levels.size(); l-- > 0;) {
        const auto& level = sample.mapping.levels[l].loops;
        for (auto loop = level.rbegin(); loop != level.rend(); ++loop) {
            const auto dim = loop->dim;
            auto& span = inside[static_cast<std::size_t>(dim)];
            std::int64_t distance = span;
            if (dim == Dim::P || dim == Dim::Q) distance *= sample.layer.stride.along(dim);
            if (dim == Dim::R || dim == Dim::S) distance *= sample.layer.dilation.along(dim);
            loops.insert(loops.begin(), {axisOf(dim), loop->trips, distance,
                                         loop->kind == LoopKind::Temporal, l, loop->fanOut});
            span *= loop->trips;
        }
    }
    return loops;
}

/// Fetches of one box, of each loop outside a level the first iteration and the second, which
/// stands for all others.
class Walk {
public:
    Walk(const std::vector<Loop>& loops, std::size_t level, bool stillStepEndsSlide)
        : m_stillStepEndsSlide(stillStepEndsSlide) {
        m_extent.fill(1);
        for (const auto& loop : loops) {
            if (loop.level >= level && loop.axis >= 0) {
                m_extent[static_cast<std::size_t>(loop.axis)] += (loop.trips - 1) * loop.distance;
            }
            if (loop.level < level && loop.temporal) m_loops.push_back(loop);
        }
    }

    std::int64_t fetched() {
        visit(0, 1, {});
        return m_fetched;
    }

private:
    void visit(std::size_t depth, std::int64_t weight, Point place) {
        if (depth == m_loops.size()) {
            m_fetched += weight * fetch(place);
            return;
        }
        visit(depth + 1, weight, place);
        const auto& loop = m_loops[depth];
        if (loop.axis >= 0) place[static_cast<std::size_t>(loop.axis)] += loop.distance;
        visit(depth + 1, weight * (loop.trips - 1), place);
    }

    std::int64_t box() const {
        std::int64_t words = 1;
        for (const auto extent : m_extent) words *= extent;
        return words;
    }

    std::int64_t fetch(const Point& place) {
        if (!m_begun) {
            m_begun = true;
            m_place = place;
            return box();
        }
        Point step;
        for (std::size_t a = 0; a < step.size(); ++a) step[a] = place[a] - m_place[a];
        m_place = place;
        const bool still = step == Point{};
        if (still && !m_stillStepEndsSlide) return 0;
        if (m_slides && m_slide != step) {
            m_slides = false;
            return box();
        }
        m_slides = true;
        m_slide = step;
        return still ? 0 : slid(step);
    }

    std::int64_t slid(const Point& step) const {
        int moved = 0;
        std::int64_t words = box();
        for (std::size_t a = 0; a < step.size(); ++a) {
            if (step[a] == 0) continue;
            ++moved;
            const auto far = std::abs(step[a]);
            if (far < m_extent[a]) words = words / m_extent[a] * far;
        }
        return moved > 1 ? box() : words;
    }

    bool m_stillStepEndsSlide;
    std::vector<Loop> m_loops;
    Point m_extent;
    Point m_place = {};
    Point m_slide = {};
    bool m_begun = false;
    bool m_slides = false;
    std::int64_t m_fetched = 0;
};

/// Different boxes that one fan-out of a level holds in one step.
std::int64_t distinctInside(const std::vector<Loop>& loops, std::size_t level, int fanOut) {
    std::set<Point> places = {Point{}};
    for (const auto& loop : loops) {
        if (loop.temporal || loop.level != level || loop.axis < 0) continue;
        if (loop.fanOut != fanOut) continue;
        std::set<Point> more;
        for (auto place : places) {
            for (std::int64_t i = 0; i < loop.trips; ++i) {
                more.insert(place);
                place[static_cast<std::size_t>(loop.axis)] += loop.distance;
            }
        }
        places = std::move(more);
    }
    return static_cast<std::int64_t>(places.size());
}

/// Those sent to the instances between two levels: each fan-out merges equal boxes of its own.
std::int64_t distinctBoxes(const std::vector<Loop>& loops, std::size_t outer, std::size_t inner) {
    std::int64_t distinct = 1;
    for (std::size_t l = outer; l < inner; ++l) {
        for (int fanOut = 0; fanOut < 3; ++fanOut) distinct *= distinctInside(loops, l, fanOut);
    }
    return distinct;
}

/// Lets the unrolled loops of a level belong to up to three fan-outs.
void drawFanOuts(model::Mapping& mapping) {
    for (auto& level : mapping.levels) {
        std::uint8_t fanOut = 0;
        for (auto& loop : level.loops) {
            if (loop.kind == LoopKind::Temporal) continue;
            if (fanOut < 2 && between(0, 2) == 0) ++fanOut;
            loop.fanOut = fanOut;
        }
    }
}

RC_GTEST_PROP(BoxWalk, InputsUnderATimeloopConventionAreTheWalksOwn, ()) {
    Sample sample = drawSample();
    drawFanOuts(sample.mapping);
    const auto loops = loopsOf(sample);
    coverExactly(sample);
    for (auto& memory : sample.hierarchy.levels) memory.forwards = false;

    const auto convention = kConventions[static_cast<std::size_t>(between(1, 3))];
    RC_LOG() << textOf(sample) << "\n";
    const auto result =
        evaluateLoopNest(sample.layer, sample.mapping, sample.hierarchy, convention);
    RC_ASSERT(result.ok());
    std::size_t parent = 0;
    for (std::size_t l = 1; l < sample.mapping.levels.size(); ++l) {
        if (!sample.mapping.levels[l].keeps[1]) continue;
        std::int64_t instances = 1;
        std::int64_t parents = 1;
        for (const auto& loop : loops) {
            if (!loop.temporal && loop.level < l) instances *= loop.trips;
            if (!loop.temporal && loop.level < parent) parents *= loop.trips;
        }
        const auto fetched = Walk(loops, l, convention.stillStepEndsSlide).fetched();
        const bool multicast = sample.hierarchy.levels[parent].multicast;
        const auto sent = multicast ? parents * distinctBoxes(loops, parent, l) : instances;
        RC_LOG() << "level " << l << "\n";
        RC_ASSERT(result->levels[l].tensors[1].fills == fetched * instances);
        RC_ASSERT(result->levels[parent].tensors[1].reads == fetched * sent);
        parent = l;
    }
}

/// Columns of the outputs over one fan-out, of the kernel over another inside it: equal windows on
/// the diagonals are not in one fan-out, and each is sent. A loop that moves nothing ends the slide
/// over rows before 2025.
TEST(BoxWalk, WindowsSlideThroughTwoFanOuts) {
    using model::Dim;
    using model::LoopKind;
    model::Layer layer{.name = "two fan-outs"};
    layer.size(Dim::K) = 4;
    layer.size(Dim::P) = layer.size(Dim::Q) = 6;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    const model::Mapping mapping = {{{"DRAM", {{Dim::P, 3}, {Dim::K, 4}}},
                                     {"buffer", {{Dim::Q, 6, LoopKind::Columns}}},
                                     {"column", {{Dim::S, 3, LoopKind::Rows}}, {}},
                                     {"registers", {{Dim::P, 2}, {Dim::R, 3}}}}};
    auto apart = mapping;
    apart.levels[2].keeps.fill(false);
    auto together = apart;  // both loops unrolled in one fan-out
    together.levels[1].loops.push_back({Dim::S, 3, LoopKind::Rows});
    together.levels[2].loops.clear();
    const Hierarchy hierarchy{
        .name = "array",
        .levels = {
            {.name = "DRAM"}, {.name = "buffer"}, {.name = "column"}, {.name = "registers"}}};
    const auto inputs = [&](const model::Mapping& each, const Convention& convention) {
        const auto result = evaluateLoopNest(layer, each, hierarchy, convention);
        EXPECT_TRUE(result.ok());
        return std::pair(result->levels[0].tensors[1].reads, result->levels[1].tensors[1].reads);
    };
    // A tile of 4 rows slides by 2: 4 + 2 + 2 rows of 8 columns, or 3 tiles of 4 rows. A PE has one
    // column of 4 rows; 6 x 3 places make 8 columns.
    EXPECT_EQ(inputs(apart, kTimeloop2025), (std::pair<std::int64_t, std::int64_t>{64, 8 * 18}));
    EXPECT_EQ(inputs(together, kTimeloop2025), (std::pair<std::int64_t, std::int64_t>{64, 8 * 8}));
    auto oneLevel = together;  // two fan-outs without a level between them
    oneLevel.levels[1].loops.back().fanOut = 1;
    EXPECT_EQ(inputs(oneLevel, kTimeloop2025), inputs(apart, kTimeloop2025));
    EXPECT_EQ(inputs(apart, kTimeloop2024), (std::pair<std::int64_t, std::int64_t>{96, 12 * 18}));
}

}  // namespace
}  // namespace cohelix::nest
