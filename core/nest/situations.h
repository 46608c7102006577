// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One dimension of a nest between two memories, before and after a step: which parts of it the
// inner instances work on, far from its edge and at it. Private to the room.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/nest/nest.h"

namespace cohelix::nest {

/// Which step is looked at.
struct Step {
    enum class Kind : std::uint8_t {
        First,   ///< all loops outside at their first iteration; before it, the last of all
        Moving,  ///< loop `loop` moves on, all inside it go back to their first
        Every    ///< each step for itself
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
    /// The part of it between these ends.
    Interval within(const Positions& ends) const {
        const auto part = both({begin, end()}, ends);
        return {part.begin, part.size()};
    }
};

inline std::int64_t common(const Interval& a, const Interval& b) {
    return std::max<std::int64_t>(0, std::min(a.end(), b.end()) - std::max(a.begin, b.begin));
}

/// The part of a dimension that one inner instance works on after and before the step.
struct Lane {
    Interval now;
    Interval before;
    std::array<std::int64_t, 2> place = {};  ///< in the loops along which neighbours lie
    std::int64_t group = 0;                  ///< in all others that are unrolled
};

inline bool neighbours(const Lane& a, const Lane& b) {
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
    Dimension(const View& view, model::Dim dim)
        : m_size(view.nest.sizes[indexOf(dim)]), m_alike{0, m_size} {
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

    /// The same, where only such parts as lie between these ends may be taken to be alike.
    Dimension within(const Positions& alike) const {
        Dimension narrower = *this;
        narrower.m_alike = both(alike, m_alike);
        return narrower;
    }

    /// All situations: one for those that lie inside the dimension, one for each at its edge.
    std::vector<Situation> situations() const {
        std::vector<Situation> found;
        Alike inside;
        collect(0, {0, 0, m_reach}, inside, found);
        if (inside.count > 0) found.push_back({inside.count, lanesAt(inside.base, movingStep())});
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

    /// Where the step after begins, how far that lies beyond the step before (0 until the moving
    /// loop is looked at), and how far all inside can get.
    struct Place {
        std::int64_t base;
        std::int64_t shift;
        std::int64_t reach;
    };
    /// Those that are alike, and where one of them lies.
    struct Alike {
        std::int64_t count = 0;
        std::int64_t base = 0;
    };

    void addAlike(Alike& inside, std::int64_t count, const Place& one) const {
        inside.count += count;
        inside.base = one.base + (one.shift == 0 ? movingStep() : 0);
    }

    /// Runs over the contexts from number k on.
    void collect(std::size_t k, const Place& place, Alike& inside,
                 std::vector<Situation>& found) const {
        const auto [base, shift, reach] = place;
        if (base - shift >= m_alike.begin && base + reach <= m_alike.end) {
            addAlike(inside, iterations(k), place);
            return;
        }
        if (base >= m_size) return;
        if (k == m_contexts.size()) {
            auto lanes = lanesAt(base, shift);
            if (!lanes.empty()) found.push_back({1, std::move(lanes)});
            return;
        }
        const auto& counter = m_contexts[k];
        const std::int64_t inner = reach - (counter.trips - 1) * counter.step;
        const std::int64_t further = counter.moving ? counter.step : shift;
        const auto at = [&, begin = base](std::int64_t i) {
            return Place{begin + i * counter.step, further, inner};
        };
        // Those that are alike need no look each: there may be billions.
        const std::int64_t first = counter.moving ? 1 : 0;
        const std::int64_t behind = m_alike.begin - base + further;
        const std::int64_t from =
            std::max(first, behind <= 0 ? 0 : (behind + counter.step - 1) / counter.step);
        const std::int64_t room = m_alike.end - base - inner;
        const std::int64_t end = room < 0 ? 0 : std::min(counter.trips, room / counter.step + 1);
        if (from < end) addAlike(inside, (end - from) * iterations(k + 1), at(from));
        for (std::int64_t i = first; i < counter.trips; ++i) {
            if (i == from && from < end) i = end;
            if (i >= counter.trips || base + i * counter.step >= m_size) break;
            collect(k + 1, at(i), inside, found);
        }
    }

    /// What the contexts from number k on make together.
    std::int64_t iterations(std::size_t k) const {
        std::int64_t count = 1;
        for (std::size_t c = k; c < m_contexts.size(); ++c) {
            count *= m_contexts[c].trips - (m_contexts[c].moving ? 1 : 0);
        }
        return count;
    }

    /// The lanes that have work after a step to `base`.
    std::vector<Lane> lanesAt(std::int64_t base, std::int64_t shift) const {
        std::vector<Lane> lanes;
        const auto offsets = laneOffsets();
        lanes.reserve(offsets.size());
        for (const auto& offset : offsets) {
            const std::int64_t now = base + offset.now.begin;
            if (now >= m_size) continue;
            Lane lane = offset;
            lane.now = {now, std::min(m_tile, m_size - now)};
            if (m_hasBefore) {
                std::int64_t before = now - shift;
                for (const auto& loop : m_wrapped) {
                    before +=
                        std::min(loop.trips - 1, (m_size - 1 - before) / loop.step) * loop.step;
                }
                lane.before = {before, std::min(m_tile, m_size - before)};
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
    Positions m_alike;
    std::int64_t m_tile = 1;
    std::int64_t m_reach = 0;
    bool m_hasBefore = false;
    std::vector<Counter> m_contexts;
    std::vector<Counter> m_lanes;
    std::vector<Counter> m_wrapped;
};

}  // namespace cohelix::nest
