// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "core/nest/movement.h"
#include "core/nest/situations.h"
#include "core/nest/window.h"

namespace cohelix::nest {
namespace {

using model::Dim;
using model::Tensor;

/// What one axis contributes to a product over all axes, summed over its situations.
struct AxisSums {
    std::int64_t now = 0;           ///< words that the instances want
    std::int64_t kept = 0;          ///< of these, held before by the same instance
    std::int64_t sharedNow = 0;     ///< distinct words wanted
    std::int64_t sharedKept = 0;    ///< of these, held by every instance that wants them
    std::int64_t sharedBefore = 0;  ///< distinct words held before
    std::int64_t near = 0;          ///< kept, or held by a neighbour
    std::int64_t sharedNear = 0;    ///< that of every instance that wants them
};

/// A dimension on its own: instances never want the same word along it, nor one that another held.
AxisSums plainAxis(const Dimension& dimension) {
    AxisSums sums;
    for (const auto& situation : dimension.situations()) {
        AxisSums one;
        for (const auto& lane : situation.lanes) {
            one.now += lane.now.size;
            one.kept += common(lane.now, lane.before);
            one.sharedBefore += lane.before.size;
        }
        sums.now += situation.count * one.now;
        sums.kept += situation.count * one.kept;
        sums.sharedBefore += situation.count * one.sharedBefore;
    }
    sums.sharedNow = sums.now;
    sums.sharedKept = sums.near = sums.sharedNear = sums.kept;
    return sums;
}

/// A dimension that the tensor does not have: all its instances want the same words.
AxisSums foreignAxis(const Dimension& dimension) {
    AxisSums sums;
    for (const auto& situation : dimension.situations()) {
        sums.now += situation.count * static_cast<std::int64_t>(situation.lanes.size());
        sums.sharedNow += situation.count;
    }
    sums.kept = sums.near = sums.now;
    sums.sharedKept = sums.sharedNear = sums.sharedBefore = sums.sharedNow;
    return sums;
}

/// Positions of the inputs that an output and a kernel dimension touch together.
class SlidingAxis {
public:
    SlidingAxis(const View& view, std::size_t axis)
        : m_pace(view.nest.paces[axis]),
          m_inputs(view.nest.inputs[axis]),
          m_touchesZeros(view.nest.touchesZeros[axis]),
          m_kernels(view.nest.sizes[indexOf(kSlidingAxes[axis].kernel)]),
          m_forwards(view.forwards && view.hasBefore()) {}

    AxisSums sums(const Dimension& outputs, const Dimension& kernels) const {
        AxisSums sums;
        const auto kernelSituations =
            m_touchesZeros ? kernels.within(kNothing).situations() : kernels.situations();
        const auto outputSituations =
            m_touchesZeros ? outputs.within(farFromZeros()).situations() : outputs.situations();
        for (const auto& output : outputSituations) {
            for (const auto& kernel : kernelSituations) {
                const AxisSums one = pair(output, kernel);
                const std::int64_t count = output.count * kernel.count;
                sums.now += count * one.now;
                sums.kept += count * one.kept;
                sums.sharedNow += count * one.sharedNow;
                sums.sharedKept += count * one.sharedKept;
                sums.near += count * one.near;
                sums.sharedNear += count * one.sharedNear;
            }
        }
        return sums;
    }

private:
    static constexpr Positions kNothing = {1, 0};

    /// Outputs that touch no zeros, whatever the kernel position.
    Positions farFromZeros() const {
        const std::int64_t begin = (m_inputs.begin + m_pace.stride - 1) / m_pace.stride;
        const std::int64_t last = m_inputs.end - 1 - (m_kernels - 1) * m_pace.dilation;
        return last < 0 ? kNothing : Positions{begin, last / m_pace.stride + 1};
    }

    /// From the first input to the last.
    Interval hull(const Interval& outputs, const Interval& kernels) const {
        const Interval touched = {outputs.begin * m_pace.stride + kernels.begin * m_pace.dilation,
                                  reachOf(m_pace, outputs.size, kernels.size)};
        return m_touchesZeros ? touched.within(m_inputs) : touched;
    }

    AxisSums pair(const Situation& outputs, const Situation& kernels) const {
        if (outputs.lanes.size() == 1 && kernels.lanes.size() == 1 && !m_forwards) {
            const auto alone = ofOne(outputs.lanes.front(), kernels.lanes.front());
            if (alone) return *alone;
        }
        std::vector<Lane> hulls;
        hulls.reserve(outputs.lanes.size() * kernels.lanes.size());
        bool intervals = true;
        for (const auto& p : outputs.lanes) {
            for (const auto& r : kernels.lanes) {
                intervals = intervals && gapless(m_pace, p.now.size, r.now.size);
                Lane lane{hull(p.now, r.now), {}};
                if (p.before.size > 0 && r.before.size > 0) {
                    intervals = intervals && gapless(m_pace, p.before.size, r.before.size);
                    lane.before = hull(p.before, r.before);
                }
                hulls.push_back(lane);
            }
        }
        auto sums = intervals ? ofIntervals(hulls) : ofPositions(outputs, kernels, hulls);
        if (m_forwards) addNeighbours(outputs, kernels, sums);
        return sums;
    }

    /// Outputs whose place for one kernel position holds a word.
    Interval withWords(const Interval& outputs, std::int64_t kernel) const {
        const auto before = [&](std::int64_t end) {
            const auto far = end - kernel * m_pace.dilation;
            return far <= 0 ? 0 : (far + m_pace.stride - 1) / m_pace.stride;
        };
        return outputs.within({before(m_inputs.begin), before(m_inputs.end)});
    }

    /// One instance that works on one kernel position at a time: its places lie a stride apart.
    AxisSums ofOneTap(const Lane& outputs, const Lane& kernels) const {
        AxisSums sums;
        const auto now = withWords(outputs.now, kernels.now.begin);
        sums.now = sums.sharedNow = now.size;
        const std::int64_t apart =
            (kernels.before.begin - kernels.now.begin) * m_pace.dilation;  // of equal outputs
        if (outputs.before.size == 0 || kernels.before.size == 0 || apart % m_pace.stride != 0) {
            return sums;
        }
        auto before = withWords(outputs.before, kernels.before.begin);
        before.begin += apart / m_pace.stride;
        sums.kept = sums.sharedKept = common(now, before);
        return sums;
    }

    /// One instance, where its part has no gaps or one kernel position.
    std::optional<AxisSums> ofOne(const Lane& outputs, const Lane& kernels) const {
        if (kernels.now.size == 1 && kernels.before.size <= 1) return ofOneTap(outputs, kernels);
        if (!gapless(m_pace, outputs.now.size, kernels.now.size)) return std::nullopt;
        AxisSums sums;
        const Interval now = hull(outputs.now, kernels.now);
        sums.now = sums.sharedNow = now.size;
        if (outputs.before.size == 0 || kernels.before.size == 0) return sums;
        if (!gapless(m_pace, outputs.before.size, kernels.before.size)) return std::nullopt;
        sums.kept = sums.sharedKept = common(now, hull(outputs.before, kernels.before));
        return sums;
    }

    /// What every instance wants against what it and its neighbours held.
    void addNeighbours(const Situation& outputs, const Situation& kernels, AxisSums& sums) const {
        std::vector<Interval> fresh;
        std::int64_t missing = 0;
        for (const auto& p : outputs.lanes) {
            for (const auto& r : kernels.lanes) {
                std::vector<Interval> held;
                for (const auto& nearP : outputs.lanes) {
                    if (!neighbours(p, nearP)) continue;
                    for (const auto& nearR : kernels.lanes) {
                        if (neighbours(r, nearR)) addPieces(nearP.before, nearR.before, held);
                    }
                }
                std::vector<Interval> wanted;
                addPieces(p.now, r.now, wanted);
                const auto before = fresh.size();
                addDifference(wanted, held, fresh);
                for (std::size_t i = before; i < fresh.size(); ++i) missing += fresh[i].size;
            }
        }
        sums.near = sums.now - missing;
        sums.sharedNear = sums.sharedNow - unionSize(fresh);
    }

    /// The positions that two parts touch together, without gaps in one piece.
    void addPieces(const Interval& outputs, const Interval& kernels,
                   std::vector<Interval>& pieces) const {
        if (outputs.size == 0 || kernels.size == 0) return;
        if (gapless(m_pace, outputs.size, kernels.size)) {
            pieces.push_back(hull(outputs, kernels));
            return;
        }
        std::vector<std::int64_t> each;
        positions(outputs, kernels, each);
        for (const auto position : each) pieces.push_back({position, 1});
    }

    /// Adds what of disjoint pieces none of the others covers.
    static void addDifference(const std::vector<Interval>& wanted, std::vector<Interval>& held,
                              std::vector<Interval>& out) {
        std::sort(held.begin(), held.end(),
                  [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
        for (const auto& piece : wanted) {
            std::int64_t from = piece.begin;
            for (const auto& cover : held) {
                if (cover.end() <= from) continue;
                if (cover.begin >= piece.end() || from >= piece.end()) break;
                if (cover.begin > from) out.push_back({from, cover.begin - from});
                from = cover.end();
            }
            if (from < piece.end()) out.push_back({from, piece.end() - from});
        }
    }

    static std::int64_t unionSize(std::vector<Interval>& intervals) {
        std::sort(intervals.begin(), intervals.end(),
                  [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
        std::int64_t words = 0;
        std::int64_t end = std::numeric_limits<std::int64_t>::min();
        for (const auto& interval : intervals) {
            if (interval.end() <= end) continue;
            words += interval.end() - std::max(interval.begin, end);
            end = interval.end();
        }
        return words;
    }

    static AxisSums ofIntervals(const std::vector<Lane>& lanes) {
        AxisSums sums;
        std::vector<Interval> now;
        std::vector<Interval> fresh;
        for (const auto& lane : lanes) {
            sums.now += lane.now.size;
            sums.kept += common(lane.now, lane.before);
            now.push_back(lane.now);
            if (lane.before.size == 0) {
                fresh.push_back(lane.now);
                continue;
            }
            const auto left = std::min(lane.now.end(), lane.before.begin) - lane.now.begin;
            if (left > 0) fresh.push_back({lane.now.begin, left});
            const auto from = std::max(lane.now.begin, lane.before.end());
            if (lane.now.end() > from) fresh.push_back({from, lane.now.end() - from});
        }
        sums.sharedNow = unionSize(now);
        sums.sharedKept = sums.sharedNow - unionSize(fresh);
        return sums;
    }

    /// The general case, by marking positions.
    AxisSums ofPositions(const Situation& outputs, const Situation& kernels,
                         const std::vector<Lane>& hulls) const {
        std::int64_t first = std::numeric_limits<std::int64_t>::max();
        std::int64_t end = std::numeric_limits<std::int64_t>::min();
        for (const auto& hull : hulls) {
            first = std::min(first, hull.now.begin);
            end = std::max(end, hull.now.end());
        }
        enum : std::uint8_t { kWanted = 1, kFresh = 2 };
        std::vector<std::uint8_t> all(static_cast<std::size_t>(end - first), 0);
        std::vector<std::int64_t> now;
        std::vector<std::int64_t> before;
        AxisSums sums;
        for (const auto& p : outputs.lanes) {
            for (const auto& r : kernels.lanes) {
                positions(p.now, r.now, now);
                positions(p.before, r.before, before);
                sums.now += static_cast<std::int64_t>(now.size());
                for (const auto position : now) {
                    const bool held = std::binary_search(before.begin(), before.end(), position);
                    sums.kept += held ? 1 : 0;
                    all[static_cast<std::size_t>(position - first)] |=
                        static_cast<std::uint8_t>(held ? kWanted : kWanted | kFresh);
                }
            }
        }
        for (const auto mark : all) {
            sums.sharedNow += mark != 0 ? 1 : 0;
            sums.sharedKept += mark == kWanted ? 1 : 0;
        }
        return sums;
    }

    void positions(const Interval& outputs, const Interval& kernels,
                   std::vector<std::int64_t>& out) const {
        out.clear();
        for (std::int64_t p = outputs.begin; p < outputs.end(); ++p) {
            for (std::int64_t r = kernels.begin; r < kernels.end(); ++r) {
                const auto position = p * m_pace.stride + r * m_pace.dilation;
                if (position < m_inputs.begin || position >= m_inputs.end) continue;
                out.push_back(position);
            }
        }
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
    }

    Pace m_pace;
    Positions m_inputs;
    bool m_touchesZeros;
    std::int64_t m_kernels;
    bool m_forwards;
};

/// What views move: the product over all axes. What an axis adds to it depends on a step only by
/// what the axis' own loops do in it, and is worked out once for each of that.
class Products {
public:
    explicit Products(Tensor tensor) {
        for (const auto& axis : axesOf(tensor)) m_factors.push_back({axis, false, {}});
        for (const Dim dim : model::kAllLoopDims) {
            if (!indexes(tensor, dim)) m_factors.push_back({{dim, dim}, true, {}});
        }
    }

    AxisSums of(const View& view) {
        AxisSums all{1, 1, 1, 1, 1, 1, 1};
        for (auto& factor : m_factors) {
            const AxisSums& one = factor.sums(view);
            all.now *= one.now;
            all.kept *= one.kept;
            all.sharedNow *= one.sharedNow;
            all.sharedKept *= one.sharedKept;
            all.sharedBefore *= one.sharedBefore;
            all.near *= one.near;
            all.sharedNear *= one.sharedNear;
        }
        return all;
    }

private:
    struct Factor {
        Axis axis;
        bool foreign;
        std::map<std::size_t, AxisSums> known;

        const AxisSums& sums(const View& view) {
            const auto [found, isNew] = known.try_emplace(state(view));
            if (isNew) found->second = count(view);
            return found->second;
        }

        /// Tells apart how many of the axis' loops stay where they are, and whether one moves.
        std::size_t state(const View& view) const {
            if (view.step.kind != Step::Kind::Moving) return 0;
            std::size_t still = 0;
            for (std::size_t p = 0; p < view.step.loop; ++p) still += isOwn(view, p) ? 1 : 0;
            return 2 + 2 * still + (isOwn(view, view.step.loop) ? 1 : 0);
        }
        bool isOwn(const View& view, std::size_t position) const {
            const auto& loop = view.nest.loops[position];
            return loop.temporal() && (loop.dim == axis.dim || loop.dim == axis.kernel);
        }

        AxisSums count(const View& view) const {
            const Dimension dimension(view, axis.dim);
            if (foreign) return foreignAxis(dimension);
            if (!axis.sliding()) return plainAxis(dimension);
            return SlidingAxis(view, axis.dim == Dim::P ? 0 : 1)
                .sums(dimension, Dimension(view, axis.kernel));
        }
    };
    std::vector<Factor> m_factors;
};

/// Instances that have work, over all steps of the view.
std::int64_t worksIn(const View& view) {
    std::int64_t works = 1;
    for (const Dim dim : model::kAllLoopDims) works *= foreignAxis(Dimension(view, dim)).now;
    return works;
}

Arrivals arrivalsIn(const AxisSums& sums, bool forwards) {
    return {sums.now - sums.kept, sums.sharedNow - (forwards ? sums.sharedNear : sums.sharedKept),
            forwards ? sums.near - sums.kept : 0};
}

/// At the first step the tile before is that of the last, and nothing of it stays.
Arrivals firstArrivals(const AxisSums& sums) { return {sums.now, sums.sharedNow, 0}; }

View viewOf(const Nest& nest, std::size_t parent, std::size_t child, bool forwards) {
    return {nest, nest.begin[parent], nest.begin[child], forwards, {}};
}

}  // namespace

Movement exactMovement(const Nest& nest, Tensor tensor, std::size_t parent, std::size_t child,
                       bool forwards) {
    View view = viewOf(nest, parent, child, forwards);
    Movement movement;
    movement.firstVisits = movement.sharedFirstVisits = 1;
    for (const Dim dim : model::kAllLoopDims) {
        const bool distinct = indexes(tensor, dim);
        const auto holders = distinct ? AxisSums{} : foreignAxis(Dimension(view, dim));
        movement.firstVisits *= distinct ? nest.sizes[indexOf(dim)] : holders.now;
        movement.sharedFirstVisits *= distinct ? nest.sizes[indexOf(dim)] : holders.sharedNow;
    }
    Products products(tensor);
    const auto add = [&movement](const Arrivals& step) {
        movement.arrivals += step.all;
        movement.sharedArrivals += step.shared;
        movement.forwarded += step.forwarded;
    };
    if (child == nest.levels()) {
        view.step.kind = Step::Kind::Every;
        const auto sums = products.of(view);
        add(firstArrivals(sums));
        movement.sharedLeavings = sums.sharedNow;
        return movement;
    }
    const auto first = products.of(view);
    add(firstArrivals(first));
    movement.sharedLeavings = first.sharedBefore;
    for (std::size_t p = 0; p < view.childBegin; ++p) {
        if (!nest.loops[p].temporal()) continue;
        view.step = {Step::Kind::Moving, p};
        const auto sums = products.of(view);
        add(arrivalsIn(sums, forwards));
        movement.sharedLeavings += sums.sharedBefore - sums.sharedKept;
    }
    return movement;
}

Arrivals exactArrivals(const Nest& nest, Tensor tensor, std::size_t parent, std::size_t child,
                       bool forwards, std::optional<std::size_t> loop) {
    View view = viewOf(nest, parent, child, forwards);
    if (!loop) return firstArrivals(Products(tensor).of(view));
    view.step = {Step::Kind::Moving, *loop};
    return arrivalsIn(Products(tensor).of(view), forwards);
}

std::int64_t exactWorks(const Nest& nest, std::size_t child, std::optional<std::size_t> loop) {
    View view = viewOf(nest, 0, child, false);
    if (loop) view.step = {Step::Kind::Moving, *loop};
    return worksIn(view);
}

}  // namespace cohelix::nest
