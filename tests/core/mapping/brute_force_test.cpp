// SPDX-License-Identifier: GPL-3.0-or-later
// The mapper against every mapping of small spaces.
#include <algorithm>
#include <cstdlib>
#include <functional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/mapping/mapper.h"

namespace cohelix::mapping {
namespace {

using model::Dim;
using model::LoopKind;

// RapidCheck reads it when the first property runs.
const bool kCases = setenv("RC_PARAMS", "max_success=300", 0) == 0;

struct Sample {
    model::Layer layer;
    cost::Hierarchy hierarchy;
    MapSpace space;
    Objective objective = Objective::Edp;
    bool choosesBypass = false;
    double padding = 0;
};

int between(int least, int most) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, most + 1));
}

cost::MemoryLevel memory(const char* name, double words, double picojoule) {
    cost::MemoryLevel level{.name = name, .capacityWords = words};
    level.readPicojoule = picojoule;
    level.fillPicojoule = picojoule * between(1, 2);
    level.updatePicojoule = picojoule * between(1, 2);
    level.readWordsPerCycle = between(0, 4);
    level.writeWordsPerCycle = between(0, 4);
    level.sharedBandwidth = between(0, 1) == 0;
    level.multicast = between(0, 3) > 0;
    level.reduces = between(0, 3) > 0;
    level.forwards = between(0, 2) == 0;
    level.forwardPicojoule = between(0, 2);
    level.blockWords = between(0, 3) == 0 ? 2 : 1;
    return level;
}

/// A buffer and PEs with one memory, Gemmini's four levels, or split scratchpads.
Sample drawSample(int mostDims) {
    Sample sample;
    auto& hierarchy = sample.hierarchy;
    hierarchy.name = "drawn";
    hierarchy.macPicojoule = 1;
    hierarchy.staticPicojoulePerCycle = between(0, 1);
    hierarchy.overlap = between(0, 3) == 0 ? cost::Overlap::None : cost::Overlap::Full;
    hierarchy.levels = {memory("DRAM", 0, between(5, 50))};
    switch (between(0, 2)) {
        case 0:
            hierarchy.levels.push_back(memory("buffer", between(20, 120), 6));
            hierarchy.levels.back().rows = between(1, 3);
            hierarchy.levels.back().columns = between(1, 4);
            hierarchy.levels.push_back(memory("registers", between(4, 30), 1));
            break;
        case 1:
            hierarchy.levels.push_back(memory("scratchpad", between(20, 120), 6));
            hierarchy.levels.back().mayKeep = {true, true, false};
            hierarchy.levels.back().columns = between(2, 4);
            hierarchy.levels.push_back(memory("accumulator", between(4, 30), 3));
            hierarchy.levels.back().mayKeep = {false, false, true};
            hierarchy.levels.back().columns = between(2, 4);
            hierarchy.levels.push_back(memory("register", between(1, 4), 1));
            hierarchy.levels.back().mayKeep = {true, false, false};
            break;
        default:
            hierarchy.levels.push_back(memory("buffer", between(20, 120), 6));
            hierarchy.levels.back().mayKeep = {false, true, true};
            hierarchy.levels.back().rows = between(2, 4);
            hierarchy.levels.push_back(memory("inputs", between(1, 8), 1));
            hierarchy.levels.back().mayKeep = {false, true, false};
            hierarchy.levels.push_back(memory("weights", between(1, 12), 1));
            hierarchy.levels.back().mayKeep = {true, false, false};
            hierarchy.levels.push_back(memory("sums", between(1, 8), 1));
            hierarchy.levels.back().mayKeep = {false, false, true};
    }
    sample.space = fullMapSpace(hierarchy);
    sample.objective = static_cast<Objective>(between(0, 2));
    auto& layer = sample.layer;
    layer.name = "drawn";
    layer.stride = {between(1, 3), between(1, 3)};
    layer.dilation = {between(1, 2), between(1, 2)};
    // Four dimensions of up to 4, or fewer and larger ones: small enough to visit every mapping.
    const int dims = between(1, mostDims);
    for (int i = 0; i < dims; ++i) {
        const auto dim = model::kAllLoopDims[static_cast<std::size_t>(between(0, 7))];
        const int size = dims <= 2 ? between(2, 8) : between(2, dims == 3 ? 4 : 3);
        if (dim == Dim::G) layer.groups = size;
        else layer.size(dim) = size;
    }
    layer.size(Dim::K) *= layer.groups;
    layer.size(Dim::C) *= layer.groups;
    return sample;
}

std::string text(const Sample& sample) {
    std::ostringstream out;
    out << objectiveName(sample.objective) << ", stride " << perAxisText(sample.layer.stride)
        << ", dilation " << perAxisText(sample.layer.dilation)
        << (sample.hierarchy.overlap == cost::Overlap::None ? ", no overlap:" : ":");
    for (const Dim dim : model::kAllLoopDims) {
        out << ' ' << dimName(dim) << model::loopSize(sample.layer, dim);
    }
    for (const auto& level : sample.hierarchy.levels) {
        out << " | " << level.name << ' ' << level.capacityWords << " words, " << level.rows
            << " x " << level.columns << (level.multicast ? "" : ", unicast")
            << (level.reduces ? "" : ", no reduction") << (level.forwards ? ", forwards" : "");
    }
    out << '\n';
    return out.str();
}

std::vector<model::Loop> loopsOf(const std::array<std::int64_t, 8>& trips, LoopKind kind) {
    std::vector<model::Loop> loops;
    for (const Dim dim : model::kAllLoopDims) {
        const auto count = trips[static_cast<std::size_t>(dim)];
        if (count > 1) loops.push_back({dim, count, kind});
    }
    return loops;
}

/// Every factorization of every dimension, or of as much more as may be padded, into outer, middle,
/// inner and unrolled loops, every order of outer and middle ones.
class Enumeration {
public:
    explicit Enumeration(const Sample& sample) : m_sample(sample) {}

    double best() {
        m_trips.assign(3 + m_sample.space.unrollings.size(), {1, 1, 1, 1, 1, 1, 1, 1});
        place(0, 0, 1);
        return m_best;
    }

private:
    void place(std::size_t d, std::size_t slot, std::int64_t span) {
        if (d == model::kAllLoopDims.size()) {
            order();
            return;
        }
        const auto size = model::loopSize(m_sample.layer, model::kAllLoopDims[d]);
        const auto most = static_cast<std::int64_t>(static_cast<double>(size) *
                                                    (1 + m_sample.padding));
        if (slot == m_trips.size()) {
            if (span >= size && noneCouldBeLess(d, span, size)) place(d + 1, 0, 1);
            return;
        }
        for (std::int64_t trips = 1; span * trips <= most; ++trips) {
            m_trips[slot][d] = trips;
            if (fits(slot)) place(d, slot + 1, span * trips);
        }
        m_trips[slot][d] = 1;
    }

    bool noneCouldBeLess(std::size_t d, std::int64_t span, std::int64_t size) const {
        return std::all_of(m_trips.begin(), m_trips.end(), [&](const auto& trips) {
            return span / trips[d] * (trips[d] - 1) < size;
        });
    }

    /// Unrolled loops stay within their limit; those outside the middle loops leave windows whole.
    bool fits(std::size_t slot) const {
        if (slot < 3) return true;
        const auto& unrolling = m_sample.space.unrollings[slot - 3];
        std::int64_t all = 1;
        for (const auto trips : m_trips[slot]) all *= trips;
        if (all > unrolling.most) return false;
        if (unrolling.level >= m_sample.space.middle) return true;
        const auto of = [&](Dim dim) { return m_trips[slot][static_cast<std::size_t>(dim)]; };
        return of(Dim::P) == 1 && of(Dim::Q) == 1 && of(Dim::R) == 1 && of(Dim::S) == 1;
    }

    void order() {
        auto outer = loopsOf(m_trips[0], LoopKind::Temporal);
        const auto less = [](const model::Loop& a, const model::Loop& b) { return a.dim < b.dim; };
        do {
            auto middle = loopsOf(m_trips[1], LoopKind::Temporal);
            do evaluate(outer, middle);
            while (std::next_permutation(middle.begin(), middle.end(), less));
        } while (std::next_permutation(outer.begin(), outer.end(), less));
    }

    void evaluate(const std::vector<model::Loop>& outer, const std::vector<model::Loop>& middle) {
        model::Mapping mapping;
        for (const auto& level : m_sample.hierarchy.levels) {
            mapping.levels.push_back({level.name, {}, level.mayKeep});
        }
        mapping.levels.front().loops = outer;
        auto& front = mapping.levels[m_sample.space.middle].loops;
        front.insert(front.end(), middle.begin(), middle.end());
        for (std::size_t u = 0; u < m_sample.space.unrollings.size(); ++u) {
            const auto& unrolling = m_sample.space.unrollings[u];
            auto& loops = mapping.levels[unrolling.level].loops;
            for (const auto& loop : loopsOf(m_trips[3 + u], unrolling.kind)) loops.push_back(loop);
        }
        mapping.levels.back().loops = loopsOf(m_trips[2], LoopKind::Temporal);
        turn(mapping, 0);
    }

    /// Each unrolled loop as the innermost of its rows or columns: neighbours lie along it.
    void turn(model::Mapping& mapping, std::size_t u) {
        const auto& levels = m_sample.hierarchy.levels;
        const bool linked = std::any_of(levels.begin(), levels.end(),
                                        [](const auto& level) { return level.forwards; });
        if (!linked || u == m_sample.space.unrollings.size()) {
            keep(mapping, 1, 0);
            return;
        }
        const auto& unrolling = m_sample.space.unrollings[u];
        auto& loops = mapping.levels[unrolling.level].loops;
        const auto before = loops;
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (before[i].kind != unrolling.kind) continue;
            loops = before;
            loops.erase(loops.begin() + static_cast<std::ptrdiff_t>(i));
            loops.push_back(before[i]);
            turn(mapping, u + 1);
        }
        loops = before;
        if (loopsOf(m_trips[3 + u], unrolling.kind).empty()) turn(mapping, u + 1);
    }

    /// Every choice of what the memories keep, where bypass may be chosen.
    void keep(model::Mapping& mapping, std::size_t level, std::size_t tensor) {
        if (tensor == model::kTensors) {
            tensor = 0;
            ++level;
        }
        if (!m_sample.choosesBypass || level == mapping.levels.size()) {
            const auto cost = cost::evaluateLoopNest(m_sample.layer, mapping, m_sample.hierarchy);
            if (cost) m_best = std::min(m_best, objectiveValue(m_sample.objective, *cost));
            return;
        }
        bool twice = false;
        const bool middle = level <= m_sample.space.middle;
        for (std::size_t l = 1; l < level; ++l) {
            const bool sameBlock = (l <= m_sample.space.middle) == middle;
            twice = twice || (sameBlock && mapping.levels[l].keeps[tensor]);
        }
        for (const bool keeps : {false, true}) {
            if (keeps && (twice || !m_sample.hierarchy.levels[level].mayKeep[tensor])) continue;
            mapping.levels[level].keeps[tensor] = keeps;
            keep(mapping, level, tensor + 1);
        }
        mapping.levels[level].keeps[tensor] = m_sample.hierarchy.levels[level].mayKeep[tensor];
    }

    const Sample& m_sample;
    std::vector<std::array<std::int64_t, 8>> m_trips;  ///< outer, middle, inner, unrolled
    double m_best = std::numeric_limits<double>::infinity();
};

void expectTheBest(const Sample& sample) {
    const double best = Enumeration(sample).best();
    base::Executor two(2, false);
    const MapperOptions options{.objective = sample.objective,
                                .choosesBypass = sample.choosesBypass,
                                .padding = sample.padding,
                                .executor = between(0, 1) == 0 ? &two : nullptr};
    const auto found = bestMapping(sample.layer, sample.hierarchy, sample.space, options);
    RC_LOG() << text(sample)
             << (found.ok() ? model::compactText(found->mapping) : base::toText(found.error()))
             << "\n";
    RC_CLASSIFY(!found.ok(), "nothing fits");
    RC_ASSERT(found.ok() == (best < std::numeric_limits<double>::infinity()));
    if (!found.ok()) return;
    RC_ASSERT(found->optimal());
    RC_ASSERT(found->value == best);
    const auto plain = bestMapping(sample.layer, sample.hierarchy, sample.space,
                                   {.objective = sample.objective});
    RC_CLASSIFY(plain.ok() && found->value < plain->value, "better than without the choice");
}

RC_GTEST_PROP(MapperProperty, FindsTheBestOfAllMappings, ()) {
    expectTheBest(drawSample(4));
}

RC_GTEST_PROP(MapperProperty, FindsTheBestOfAllThatMemoriesMayKeep, ()) {
    Sample sample = drawSample(3);
    sample.choosesBypass = true;
    for (auto& level : sample.hierarchy.levels) {
        if (between(0, 2) == 0) level.mayKeep.fill(true);
    }
    sample.hierarchy.levels[0].mayKeep.fill(true);
    expectTheBest(sample);
}

RC_GTEST_PROP(MapperProperty, FindsTheBestOfAllThatNeedNotDivide, ()) {
    Sample sample = drawSample(3);
    sample.padding = 0.25 * between(1, 4);
    sample.choosesBypass = between(0, 7) == 0;
    expectTheBest(sample);
}

}  // namespace
}  // namespace cohelix::mapping
