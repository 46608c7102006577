// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdlib>
#include <limits>

#include "core/cost/movement.h"
#include "core/cost/window.h"

namespace cohelix::cost {
namespace {

using model::Dim;
using model::Tensor;

/// Which step is looked at.
struct Step {
    enum class Kind : std::uint8_t {
        First,  ///< all loops outside at their first iteration; before it, the last of all
        Moving, ///< loop `loop` moves on, all inside it go back to their first
        Every   ///< each step for itself
    };
    Kind kind = Kind::First;
    std::size_t loop = 0;
};

/// The role that a loop plays for one pair of memories and one step.
enum class Part : std::uint8_t {
    Context,  ///< any iteration, the same before and after
    Moving,
    Wrapped,  ///< at its last iteration before, at its first after
    Lane,     ///< one iteration per inner instance
    Inside    ///< part of the tile
};

/// The loops that lie between two memories, and the step.
struct View {
    const Nest& nest;
    std::size_t parentBegin;
    std::size_t childBegin;
    bool forwards;
    Step step;

    Part part(std::size_t position) const {
        if (position >= childBegin) return Part::Inside;
        if (!nest.loops[position].temporal()) {
            return position < parentBegin ? Part::Context : Part::Lane;
        }
        if (step.kind == Step::Kind::Every) return Part::Context;
        if (step.kind == Step::Kind::First || position > step.loop) return Part::Wrapped;
        return position == step.loop ? Part::Moving : Part::Context;
    }
    bool hasBefore() const { return step.kind != Step::Kind::Every; }
    /// The loops along which neighbours lie: the innermost unrolled ones of rows and of columns.
    std::array<std::size_t, 2> links() const {
        std::array<std::size_t, 2> found = {nest.loops.size(), nest.loops.size()};
        for (std::size_t p = parentBegin; forwards && p < childBegin; ++p) {
            if (nest.loops[p].kind == model::LoopKind::Rows) found[0] = p;
            if (nest.loops[p].kind == model::LoopKind::Columns) found[1] = p;
        }
        return found;
    }
};

struct Interval {
    std::int64_t begin = 0;
    std::int64_t size = 0;
    std::int64_t end() const { return begin + size; }
};

std::int64_t common(const Interval& a, const Interval& b) {
    return std::max<std::int64_t>(0, std::min(a.end(), b.end()) - std::max(a.begin, b.begin));
}

/// The part of a dimension that one inner instance works on after and before the step.
struct Lane {
    Interval now;
    Interval before;
    std::array<std::int64_t, 2> place = {};  ///< in the loops along which neighbours lie
    std::int64_t group = 0;                  ///< in all others that are unrolled
};

bool neighbours(const Lane& a, const Lane& b) {
    return a.group == b.group && std::abs(a.place[0] - b.place[0]) <= 1 &&
           std::abs(a.place[1] - b.place[1]) <= 1;
}

/// So many situations of the outer loops, alike up to a shift.
struct Situation {
    std::int64_t count = 0;
    std::vector<Lane> lanes;
};

/// One dimension under a view.
class Dimension {
public:
    Dimension(const View& view, Dim dim) : m_size(view.nest.sizes[at(dim)]) {
        const auto links = view.links();
        for (std::size_t p = 0; p < view.nest.loops.size(); ++p) {
            const auto& loop = view.nest.loops[p];
            if (loop.dim != dim) continue;
            const std::int64_t reach = (loop.trips - 1) * loop.step;
            switch (view.part(p)) {
                case Part::Context: m_contexts.push_back({loop.trips, loop.step}); break;
                case Part::Moving: m_contexts.push_back({loop.trips, loop.step, true}); break;
                case Part::Wrapped: m_wrapped.push_back({loop.trips, loop.step}); break;
                case Part::Lane:
                    m_lanes.push_back({loop.trips, loop.step, false, linkOf(links, p)});
                    break;
                case Part::Inside: m_tile *= loop.trips; break;
            }
            m_reach += view.part(p) == Part::Inside ? 0 : reach;
        }
        m_hasBefore = view.hasBefore();
        m_reach += m_tile;
    }

    /// All situations: one for those that lie inside the dimension, one for each at its edge.
    std::vector<Situation> situations() const {
        std::vector<Situation> found;
        std::int64_t whole = 0;
        collect(0, 0, 0, m_reach, whole, found);
        if (whole > 0) found.push_back({whole, lanesAt(0, movingStep(), true)});
        return found;
    }

private:
    static constexpr int kNoLink = -1;
    struct Counter {
        std::int64_t trips;
        std::int64_t step;
        bool moving = false;
        int link = kNoLink;  ///< of the two along which neighbours lie
    };

    static int linkOf(const std::array<std::size_t, 2>& links, std::size_t position) {
        if (position == links[0]) return 0;
        return position == links[1] ? 1 : kNoLink;
    }

    std::int64_t movingStep() const {
        for (const auto& context : m_contexts) {
            if (context.moving) return context.step;
        }
        return 0;
    }

    /// Runs over the contexts from number k on; `base` is where the step after begins, `shift` how
    /// far that lies beyond the step before, `reach` how far all inside can get.
    void collect(std::size_t k, std::int64_t base, std::int64_t shift, std::int64_t reach,
                 std::int64_t& whole, std::vector<Situation>& found) const {
        if (base + reach <= m_size) {
            std::int64_t count = 1;
            for (std::size_t c = k; c < m_contexts.size(); ++c) {
                count *= m_contexts[c].trips - (m_contexts[c].moving ? 1 : 0);
            }
            whole += count;
            return;
        }
        if (base >= m_size) return;
        if (k == m_contexts.size()) {
            auto lanes = lanesAt(base, shift, false);
            if (!lanes.empty()) found.push_back({1, std::move(lanes)});
            return;
        }
        const auto& counter = m_contexts[k];
        const std::int64_t inner = reach - (counter.trips - 1) * counter.step;
        for (std::int64_t i = counter.moving ? 1 : 0; i < counter.trips; ++i) {
            collect(k + 1, base + i * counter.step, counter.moving ? counter.step : shift, inner, whole,
                    found);
        }
    }

    /// The lanes that have work after a step to `base`; `whole`: far from the edge.
    std::vector<Lane> lanesAt(std::int64_t base, std::int64_t shift, bool whole) const {
        std::vector<Lane> lanes;
        const auto offsets = laneOffsets();
        const std::int64_t size = whole ? base + shift + m_reach : m_size;
        lanes.reserve(offsets.size());
        for (const auto& offset : offsets) {
            const std::int64_t now = base + offset.now.begin;
            if (now >= size) continue;
            Lane lane = offset;
            lane.now = {now, std::min(m_tile, size - now)};
            if (m_hasBefore) {
                std::int64_t before = now - shift;
                for (const auto& loop : m_wrapped) {
                    before += std::min(loop.trips - 1, (size - 1 - before) / loop.step) * loop.step;
                }
                lane.before = {before, std::min(m_tile, size - before)};
            }
            lanes.push_back(lane);
        }
        return lanes;
    }

    /// Where each instance lies from the first; `now.begin` is how far its part is.
    std::vector<Lane> laneOffsets() const {
        std::vector<Lane> offsets = {Lane{}};
        for (const auto& loop : m_lanes) {
            std::vector<Lane> more;
            more.reserve(offsets.size() * static_cast<std::size_t>(loop.trips));
            for (const auto& offset : offsets) {
                for (std::int64_t i = 0; i < loop.trips; ++i) {
                    Lane lane = offset;
                    lane.now.begin += i * loop.step;
                    if (loop.link == kNoLink) {
                        lane.group = lane.group * loop.trips + i;
                    } else {
                        lane.place[static_cast<std::size_t>(loop.link)] = i;
                    }
                    more.push_back(lane);
                }
            }
            offsets = std::move(more);
        }
        return offsets;
    }

    std::int64_t m_size;
    std::int64_t m_tile = 1;
    std::int64_t m_reach = 0;
    bool m_hasBefore = false;
    std::vector<Counter> m_contexts;
    std::vector<Counter> m_lanes;
    std::vector<Counter> m_wrapped;
};

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
    SlidingAxis(const View& view, const Axis& axis)
        : m_pace(paceOf(view.nest, axis)), m_forwards(view.forwards && view.hasBefore()) {}

    AxisSums sums(const Dimension& outputs, const Dimension& kernels) const {
        AxisSums sums;
        const auto kernelSituations = kernels.situations();
        for (const auto& output : outputs.situations()) {
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
    Interval hull(const Interval& outputs, const Interval& kernels) const {
        return {outputs.begin * m_pace.stride + kernels.begin * m_pace.dilation,
                reachOf(m_pace, outputs.size, kernels.size)};
    }

    AxisSums pair(const Situation& outputs, const Situation& kernels) const {
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

    /// Of disjoint pieces what none of the others covers.
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
                out.push_back(p * m_pace.stride + r * m_pace.dilation);
            }
        }
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
    }

    Pace m_pace;
    bool m_forwards;
};

/// The product over all axes of what a view moves.
AxisSums product(const View& view, Tensor tensor) {
    AxisSums all{1, 1, 1, 1, 1, 1, 1};
    const auto multiply = [&all](const AxisSums& one) {
        all.now *= one.now;
        all.kept *= one.kept;
        all.sharedNow *= one.sharedNow;
        all.sharedKept *= one.sharedKept;
        all.sharedBefore *= one.sharedBefore;
        all.near *= one.near;
        all.sharedNear *= one.sharedNear;
    };
    for (const auto& axis : axesOf(tensor)) {
        if (axis.sliding()) {
            multiply(SlidingAxis(view, axis)
                         .sums(Dimension(view, axis.dim), Dimension(view, axis.kernel)));
        } else {
            multiply(plainAxis(Dimension(view, axis.dim)));
        }
    }
    for (const Dim dim : model::kAllLoopDims) {
        if (!indexes(tensor, dim)) multiply(foreignAxis(Dimension(view, dim)));
    }
    return all;
}

}  // namespace

Movement exactMovement(const Nest& nest, Tensor tensor, std::size_t parent, std::size_t child,
                       bool forwards) {
    View view{nest, nest.begin[parent], nest.begin[child], forwards, {}};
    Movement movement;
    movement.firstVisits = movement.sharedFirstVisits = 1;
    for (const Dim dim : model::kAllLoopDims) {
        const bool distinct = indexes(tensor, dim);
        const auto holders = distinct ? AxisSums{} : foreignAxis(Dimension(view, dim));
        movement.firstVisits *= distinct ? nest.sizes[at(dim)] : holders.now;
        movement.sharedFirstVisits *= distinct ? nest.sizes[at(dim)] : holders.sharedNow;
    }
    if (child == nest.levels()) {
        view.step.kind = Step::Kind::Every;
        const auto sums = product(view, tensor);
        movement.arrivals = sums.now;
        movement.sharedArrivals = movement.sharedLeavings = sums.sharedNow;
    } else {
        const auto first = product(view, tensor);
        movement.arrivals = first.now;
        movement.sharedArrivals = first.sharedNow;
        movement.sharedLeavings = first.sharedBefore;
        for (std::size_t p = 0; p < view.childBegin; ++p) {
            if (!nest.loops[p].temporal()) continue;
            view.step = {Step::Kind::Moving, p};
            const auto sums = product(view, tensor);
            movement.arrivals += sums.now - sums.kept;
            movement.sharedArrivals += sums.sharedNow - (forwards ? sums.sharedNear : sums.sharedKept);
            if (forwards) movement.forwarded += sums.near - sums.kept;
            movement.sharedLeavings += sums.sharedBefore - sums.sharedKept;
        }
    }
    return movement;
}

}  // namespace cohelix::cost
