// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each kind of processor; the one that runs is chosen when the program starts.
#include "core/cost/batch_lanes.h"

// Vectors whose size only the processor knows cannot be members; SSSE3 and AVX3_DL bring nothing.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | \
                              HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/cost/batch_lanes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "core/cost/window.h"

HWY_BEFORE_NAMESPACE();
namespace cohelix::cost::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using model::Dim;
using model::Tensor;
using Tag = hn::ScalableTag<double>;
using IntegerTag = hn::ScalableTag<std::int64_t>;

struct LaneMask {
    hn::Mask<Tag> m;

    LaneMask() = default;
    HWY_INLINE explicit LaneMask(hn::Mask<Tag> mask) : m(mask) {}
    HWY_INLINE explicit LaneMask(bool each)
        : m(hn::Gt(hn::Set(Tag(), each ? 1.0 : 0.0), hn::Zero(Tag()))) {}
    HWY_INLINE LaneMask operator!() const { return LaneMask(hn::Not(m)); }
};

// Not friends, and no initial values in structs: GCC compiles those for the plainest processor.
HWY_INLINE LaneMask operator&&(LaneMask a, LaneMask b) { return LaneMask(hn::And(a.m, b.m)); }
HWY_INLINE LaneMask operator||(LaneMask a, LaneMask b) { return LaneMask(hn::Or(a.m, b.m)); }

/// A row of doubles. Counts in it are whole numbers below 2^53, so that they are exact.
struct Lanes {
    hn::Vec<Tag> v;

    Lanes() = default;
    HWY_INLINE explicit Lanes(hn::Vec<Tag> vector) : v(vector) {}
    template <typename Number>
        requires std::is_arithmetic_v<Number>
    HWY_INLINE explicit Lanes(Number each) : v(hn::Set(Tag(), static_cast<double>(each))) {}
};

HWY_INLINE Lanes operator+(Lanes a, Lanes b) { return Lanes(hn::Add(a.v, b.v)); }
HWY_INLINE Lanes operator-(Lanes a, Lanes b) { return Lanes(hn::Sub(a.v, b.v)); }
HWY_INLINE Lanes operator*(Lanes a, Lanes b) { return Lanes(hn::Mul(a.v, b.v)); }
HWY_INLINE Lanes operator/(Lanes a, Lanes b) { return Lanes(hn::Div(a.v, b.v)); }
HWY_INLINE LaneMask operator==(Lanes a, Lanes b) { return LaneMask(hn::Eq(a.v, b.v)); }
HWY_INLINE LaneMask operator<(Lanes a, Lanes b) { return LaneMask(hn::Lt(a.v, b.v)); }
HWY_INLINE LaneMask operator>(Lanes a, Lanes b) { return LaneMask(hn::Gt(a.v, b.v)); }
HWY_INLINE LaneMask operator<=(Lanes a, Lanes b) { return LaneMask(hn::Le(a.v, b.v)); }
HWY_INLINE LaneMask operator>=(Lanes a, Lanes b) { return LaneMask(hn::Ge(a.v, b.v)); }

HWY_INLINE Lanes choose(LaneMask condition, Lanes yes, Lanes no) {
    return Lanes(hn::IfThenElse(condition.m, yes.v, no.v));
}
HWY_INLINE Lanes least(Lanes a, Lanes b) { return Lanes(hn::Min(a.v, b.v)); }
HWY_INLINE Lanes most(Lanes a, Lanes b) { return Lanes(hn::Max(a.v, b.v)); }
HWY_INLINE Lanes distance(Lanes a, Lanes b) { return Lanes(hn::Abs(hn::Sub(a.v, b.v))); }
HWY_INLINE Lanes quotient(Lanes a, Lanes divisor) { return a / divisor; }
HWY_INLINE LaneMask isMultiple(Lanes a, Lanes divisor) {
    return Lanes(hn::Floor(hn::Div(a.v, divisor.v))) * divisor == a;
}
HWY_INLINE Lanes roundUp(Lanes a) { return Lanes(hn::Ceil(a.v)); }
HWY_INLINE Lanes real(Lanes a) { return a; }
HWY_INLINE bool any(LaneMask condition) { return !hn::AllFalse(Tag(), condition.m); }
HWY_INLINE bool all(LaneMask condition) { return hn::AllTrue(Tag(), condition.m); }

#include "core/cost/window_forms.inl"

/// Places without a closed form stay unknown: evaluateLoopNest walks over them.
void coverOneByOne(std::span<const Comb<Lanes>>, const Lanes&, const Lanes&, const LaneMask&) {}

struct LaneMovement {
    Lanes arrivals;
    Lanes sharedArrivals;
    Lanes forwarded;
    Lanes sharedLeavings;
    Lanes firstVisits;
    Lanes sharedFirstVisits;
};

struct LaneTraffic {
    Lanes tile;
    Lanes reads;
    Lanes fills;
    Lanes updates;
    Lanes drains;
    Lanes forwards;
};

struct LaneLevel {
    std::array<LaneTraffic, model::kTensors> tensors;
    std::array<Lanes, model::kTensors> energyPicojoule;
    Lanes instances;
    Lanes cycles;
    Lanes waitCycles;
};

struct LaneResult {
    std::array<LaneLevel, kMostLaneLevels> levels;
    Lanes macs;
    Lanes pesInUse;
    Lanes computeCycles;
    Lanes exposedCycles;
    Lanes cycles;
    Lanes macPicojoule;
    Lanes staticPicojoule;
    Lanes energyPicojoule;
};

struct Numbers {
    using Count = Lanes;
    using Real = Lanes;
    using Mask = LaneMask;
    using Movement = LaneMovement;
    using Level = LaneLevel;
    using Result = LaneResult;
};

#include "core/cost/dividing_forms.inl"
#include "core/cost/box_forms.inl"
#include "core/cost/level_forms.inl"

/// Closed forms alone; mappings that have none are left.
struct Movements {
    LaneMask left;

    void count(const Crossing<Numbers>& between, LaneMovement& movement) {
        left = left || !dividingMovement(between, movement);
    }
    void countBoxes(const Crossing<Numbers>& between, bool stillStepEndsSlide,
                    LaneMovement& movement) {
        left = left || !boxMovement(between, stillStepEndsSlide, movement);
    }
    /// Layers with a border are not counted in lanes.
    static Lanes tileWords(const Nest& facts, Tensor tensor, const SizesOf<Lanes>& tile) {
        return wordsOf(facts, tensor, tile, false);
    }
    void steps(const Crossing<Numbers>& between, bool multicast, StepsOf<Numbers>& steps) {
        left = left || !dividingSteps(between, steps);
        if (multicast) return;
        for (std::size_t p = 0; p <= between.childBegin(); ++p) steps.sent[p] = steps.arrivals[p];
    }
};

using LaneLoop = LoopOf<Lanes>;
constexpr std::size_t kLanes = hn::MaxLanes(Tag());
/// Sums of a few counts below it stay below 2^53.
constexpr double kMostWords = 0x1p47;

/// As many mappings as there are lanes.
class Row {
public:
    Row(const LanePlan& plan, const std::int64_t* trips, std::size_t stride) : m_plan(plan) {
        const auto& shape = plan.shape.loops;
        SizesOf<Lanes> spans = countsOf<Lanes>(kOneOfEach);
        for (std::size_t p = shape.size(); p-- > 0;) {
            const auto each = hn::LoadU(IntegerTag(), trips + p * stride);
            const Lanes many(hn::ConvertTo(Tag(), each));
            auto& span = spans[at(shape[p].dim)];
            m_loops[p] = {shape[p].dim, shape[p].kind, many, span, shape[p].fanOut};
            span = span * many;
            m_left = m_left || many < Lanes(1);
        }
        for (std::size_t d = 0; d < spans.size(); ++d) {
            m_left = m_left || !(spans[d] == Lanes(plan.shape.sizes[d]));
        }
        m_left = m_left || !(cost::HWY_NAMESPACE::mostWords<Lanes>(plan.shape, loops()) <
                             Lanes(kMostWords));
    }

    void evaluate() {
        m_refused = overTheArray();
        if (settled()) return;
        const Outline<Numbers> outline(m_plan.shape, loops());
        Movements movements{LaneMask(false)};
        const Lanes none(0);
        for (std::size_t l = 0; l < outline.levels(); ++l) {
            m_result.levels[l].tensors.fill({none, none, none, none, none, none});
        }
        m_result.macs = Lanes(m_plan.macs);
        m_result.computeCycles = outline.rounds(loops().size());
        Evaluation<Numbers, Movements> evaluation(outline, m_plan.mapping, m_plan.hierarchy,
                                                  m_plan.convention, movements, m_result);
        evaluation.count();
        m_left = m_left || movements.left;
        for (std::size_t l = 0; l < outline.levels(); ++l) {
            const double capacity = m_plan.hierarchy.levels[l].capacityWords;
            if (capacity != 0) m_refused = m_refused || evaluation.need(l) > Lanes(capacity);
        }
        if (settled()) return;
        evaluation.price();
        m_left = m_left || movements.left;  // first tiles, too, may have no closed form
    }

    /// Writes the first `count` mappings.
    void write(std::size_t count, const LaneColumns& columns) const {
        const Lanes verdict = choose(m_left, Lanes(static_cast<int>(LaneVerdict::Left)),
                                     choose(m_refused, Lanes(0), Lanes(1)));
        HWY_ALIGN std::array<double, kLanes> verdicts;
        HWY_ALIGN std::array<double, kLanes> cycles;
        HWY_ALIGN std::array<double, kLanes> energies;
        hn::Store(verdict.v, Tag(), verdicts.data());
        hn::Store(m_result.cycles.v, Tag(), cycles.data());
        hn::Store(m_result.energyPicojoule.v, Tag(), energies.data());
        for (std::size_t i = 0; i < count; ++i) {
            columns.verdicts[i] = static_cast<LaneVerdict>(verdicts[i]);
            const bool valid = columns.verdicts[i] == LaneVerdict::Valid;
            columns.cycles[i] = valid ? cycles[i] : 0;
            columns.energyPicojoule[i] = valid ? energies[i] : 0;
        }
        if (columns.traffic) writeTraffic(count, columns);
    }

private:
    std::span<const LaneLoop> loops() const {
        return {m_loops.data(), m_plan.shape.loops.size()};
    }
    bool settled() const { return all(m_left || m_refused); }

    LaneMask overTheArray() const {
        LaneMask over(false);
        const auto check = [&over](const Lanes& used, std::int64_t bound) HWY_ATTR {
            if (bound != 0) over = over || used > Lanes(bound);
        };
        Lanes pes(1);
        for (std::size_t l = 0; l < m_plan.shape.levels(); ++l) {
            Lanes rows(1);
            Lanes columns(1);
            for (std::size_t p = m_plan.shape.begin[l]; p < m_plan.shape.begin[l + 1]; ++p) {
                if (m_loops[p].kind == model::LoopKind::Rows) rows = rows * m_loops[p].trips;
                if (m_loops[p].kind == model::LoopKind::Columns) {
                    columns = columns * m_loops[p].trips;
                }
            }
            check(rows, m_plan.hierarchy.levels[l].rows);
            check(columns, m_plan.hierarchy.levels[l].columns);
            pes = pes * rows * columns;
        }
        check(pes, m_plan.hierarchy.pes);
        return over;
    }

    void writeTraffic(std::size_t count, const LaneColumns& columns) const {
        const std::size_t levels = m_plan.shape.levels();
        for (std::size_t l = 0; l < levels; ++l) {
            for (std::size_t t = 0; t < model::kTensors; ++t) {
                const auto& from = m_result.levels[l].tensors[t];
                auto* to = columns.traffic + l * model::kTensors + t;
                const auto column = [&](const Lanes& words,
                                        std::int64_t TensorTraffic::*field) HWY_ATTR {
                    HWY_ALIGN std::array<double, kLanes> each;
                    hn::Store(words.v, Tag(), each.data());
                    for (std::size_t i = 0; i < count; ++i) {
                        if (columns.verdicts[i] != LaneVerdict::Valid) continue;
                        to[i * levels * model::kTensors].*field =
                            static_cast<std::int64_t>(each[i]);
                    }
                };
                column(from.tile, &TensorTraffic::tile);
                column(from.reads, &TensorTraffic::reads);
                column(from.fills, &TensorTraffic::fills);
                column(from.updates, &TensorTraffic::updates);
                column(from.drains, &TensorTraffic::drains);
                column(from.forwards, &TensorTraffic::forwards);
            }
        }
    }

    const LanePlan& m_plan;
    std::array<LaneLoop, kMostLoops> m_loops;
    LaneMask m_left = LaneMask(false);
    LaneMask m_refused = LaneMask(false);
    LaneResult m_result;
};

}  // namespace

void evaluateLanes(const LanePlan& plan, const std::int64_t* trips, std::size_t stride,
                   std::size_t count, const LaneColumns& columns) {
    const std::size_t lanes = hn::Lanes(Tag());
    const std::size_t figures = plan.shape.levels() * model::kTensors;
    std::array<std::int64_t, kMostLoops * kLanes> last;
    for (std::size_t i = 0; i < count; i += lanes) {
        const std::int64_t* from = trips + i;
        std::size_t apart = stride;
        const std::size_t left = std::min(lanes, count - i);
        if (left < lanes) {  // the rest of the last row repeats its last mapping
            for (std::size_t p = 0; p < plan.shape.loops.size(); ++p) {
                for (std::size_t k = 0; k < lanes; ++k) {
                    last[p * lanes + k] = from[p * stride + std::min(k, left - 1)];
                }
            }
            from = last.data();
            apart = lanes;
        }
        Row row(plan, from, apart);
        row.evaluate();
        row.write(left, {columns.verdicts + i, columns.cycles + i, columns.energyPicojoule + i,
                         columns.traffic ? columns.traffic + i * figures : nullptr});
    }
}

}  // namespace cohelix::cost::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cohelix::cost {

HWY_EXPORT(evaluateLanes);

void evaluateLanes(const LanePlan& plan, const std::int64_t* trips, std::size_t stride,
                   std::size_t count, const LaneColumns& columns) {
    HWY_DYNAMIC_DISPATCH(evaluateLanes)(plan, trips, stride, count, columns);
}

}  // namespace cohelix::cost
#endif
