// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/nest/walker.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

namespace cohelix::nest::walker {
namespace {

using model::Dim;
using model::LoopKind;
using model::Tensor;

using Element = std::array<long, 5>;
using Elements = std::set<Element>;
using Point = std::array<long, 8>;  // an iteration: a value of each dimension
using Indices = std::vector<long>;  // a value of each of some loops

struct WalkedLoop {
    Dim dim;
    LoopKind kind;
    bool temporal;
    long trips;
    long step;
    std::size_t level;
};

class Walk {
public:
    Walk(const model::Layer& layer, const model::Mapping& mapping, const Hierarchy& hierarchy)
        : m_layer(layer), m_mapping(mapping), m_hierarchy(hierarchy) {
        for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
            for (const auto& loop : mapping.levels[l].loops) {
                m_loops.push_back(
                    {loop.dim, loop.kind, loop.kind == LoopKind::Temporal, loop.trips, 1, l});
            }
        }
        for (std::size_t i = 0; i < m_loops.size(); ++i) {
            for (std::size_t j = i + 1; j < m_loops.size(); ++j) {
                if (m_loops[j].dim == m_loops[i].dim) m_loops[i].step *= m_loops[j].trips;
            }
        }
        m_walked.levels.resize(mapping.levels.size());
        m_walked.arrivals.resize(mapping.levels.size());
    }

    Walked run() {
        for (const Tensor tensor : model::kAllTensors) {
            int parent = -1;
            for (std::size_t l = 0; l < m_mapping.levels.size(); ++l) {
                if (!m_mapping.levels[l].keeps[static_cast<std::size_t>(tensor)]) continue;
                between(tensor, parent, l);
                parent = static_cast<int>(l);
            }
            multipliers(tensor, static_cast<std::size_t>(parent));
        }
        return m_walked;
    }

private:
    /// All values of the chosen loops, in the order of the nest.
    template <typename Chosen, typename Visit>
    void each(const Chosen& chosen, const Visit& visit) const {
        std::vector<std::size_t> picked;
        for (std::size_t i = 0; i < m_loops.size(); ++i) {
            if (chosen(m_loops[i])) picked.push_back(i);
        }
        Indices values(picked.size(), 0);
        while (true) {
            Point point = {};
            for (std::size_t k = 0; k < picked.size(); ++k) {
                const auto& loop = m_loops[picked[k]];
                point[indexOf(loop.dim)] += values[k] * loop.step;
            }
            visit(values, point);
            std::size_t k = picked.size();
            while (k > 0 && ++values[k - 1] == m_loops[picked[k - 1]].trips) values[--k] = 0;
            if (k == 0) return;
        }
    }

    bool inside(const Point& point) const {
        for (const Dim dim : model::kAllLoopDims) {
            if (point[indexOf(dim)] >= model::loopSize(m_layer, dim)) return false;
        }
        return true;
    }

    Element element(Tensor tensor, const Point& p) const {
        const auto value = [&](Dim dim) { return p[indexOf(dim)]; };
        switch (tensor) {
            case Tensor::Weights:
                return {value(Dim::G), value(Dim::K), value(Dim::C), value(Dim::R), value(Dim::S)};
            case Tensor::Outputs:
                return {value(Dim::N), value(Dim::G), value(Dim::K), value(Dim::P), value(Dim::Q)};
            case Tensor::Inputs:
                return {value(Dim::N), value(Dim::G), value(Dim::C),
                        value(Dim::P) * m_layer.stride.rows + value(Dim::R) * m_layer.dilation.rows,
                        value(Dim::Q) * m_layer.stride.columns +
                            value(Dim::S) * m_layer.dilation.columns};
        }
        return {};
    }

    /// Whether a point touches a word of the tensor rather than a zero around the inputs.
    bool isWord(Tensor tensor, const Point& p) const {
        if (tensor != Tensor::Inputs) return true;
        const auto touched = element(tensor, p);
        const auto holds = [](long at, long before, long patch, long after) {
            return at >= before && at < patch - after;
        };
        const auto patch = [&](Dim output, Dim kernel) {
            return (m_layer.size(output) - 1) * m_layer.stride.along(output) +
                   (m_layer.size(kernel) - 1) * m_layer.dilation.along(kernel) + 1;
        };
        const auto& border = m_layer.border;
        return holds(touched[3], border.before.rows, patch(Dim::P, Dim::R), border.after.rows) &&
               holds(touched[4], border.before.columns, patch(Dim::Q, Dim::S),
                     border.after.columns);
    }

    static Point sum(const Point& a, const Point& b) {
        Point c = a;
        for (std::size_t d = 0; d < c.size(); ++d) c[d] += b[d];
        return c;
    }

    static std::size_t index(Tensor tensor) { return static_cast<std::size_t>(tensor); }
    Counts& counts(std::size_t level, Tensor tensor) {
        return m_walked.levels[level][index(tensor)];
    }
    long readsOf(int level, Tensor tensor) {
        return counts(static_cast<std::size_t>(level), tensor).reads;
    }

    /// The outermost temporal loop outside a level that is not where it was.
    int movedLoop(const Indices& before, const Indices& now, std::size_t level) const {
        if (before.empty()) return -1;
        std::size_t k = 0;
        for (std::size_t i = 0; i < m_loops.size(); ++i) {
            if (!m_loops[i].temporal || m_loops[i].level >= level) continue;
            if (before[k] != now[k]) return static_cast<int>(i);
            ++k;
        }
        return -1;
    }

    struct Instance {
        Indices parent;  ///< spatial indices of the memory outside
        Indices lane;    ///< its own, within that
        Point place = {};
        Elements held;
        Elements ever;
        Elements content;    ///< of the step that is looked at
        bool works = false;  ///< in it
    };

    /// For each spatial loop between two memories whether neighbours lie along it: the innermost
    /// one of the rows, and that of the columns.
    std::vector<bool> linked(std::size_t level, int parent) const {
        std::vector<bool> links;
        std::map<LoopKind, std::size_t> innermost;
        for (const auto& loop : m_loops) {
            if (loop.temporal || loop.level >= level || static_cast<int>(loop.level) < parent) {
                continue;
            }
            if (loop.trips > 1) innermost[loop.kind] = links.size();
            links.push_back(false);
        }
        for (const auto& [kind, index] : innermost) links[index] = true;
        return links;
    }

    static bool neighbours(const Instance& a, const Instance& b, const std::vector<bool>& links) {
        if (a.parent != b.parent) return false;
        for (std::size_t k = 0; k < a.lane.size(); ++k) {
            if (std::abs(a.lane[k] - b.lane[k]) > (links[k] ? 1 : 0)) return false;
        }
        return true;
    }

    /// The instances of a level, each with the spatial indices of its parent.
    std::vector<Instance> instances(std::size_t level, int parent) const {
        std::vector<Instance> all;
        std::vector<bool> ofParent;
        for (const auto& loop : m_loops) {
            if (!loop.temporal && loop.level < level) {
                ofParent.push_back(static_cast<int>(loop.level) < parent);
            }
        }
        each([&](const WalkedLoop& loop) { return !loop.temporal && loop.level < level; },
             [&](const Indices& values, const Point& place) {
                 Instance instance;
                 instance.place = place;
                 for (std::size_t k = 0; k < values.size(); ++k) {
                     (ofParent[k] ? instance.parent : instance.lane).push_back(values[k]);
                 }
                 all.push_back(std::move(instance));
             });
        return all;
    }

    void between(Tensor tensor, int parent, std::size_t level) {
        auto all = instances(level, parent);
        const auto links = linked(level, parent);
        const bool forwards = tensor != Tensor::Outputs && m_hierarchy.levels[level].forwards;
        std::map<Indices, Elements> written;  // what each parent ever had written into it
        Indices last;
        each([&](const WalkedLoop& loop) { return loop.temporal && loop.level < level; },
             [&](const Indices& now, const Point& time) {
                 Step step{movedLoop(last, now, level)};
                 last = now;
                 const auto sentBefore = parent < 0 ? 0 : readsOf(parent, tensor);
                 const auto filledBefore = counts(level, tensor).fills;
                 std::map<Indices, std::array<Elements, 2>> merged;  // wanted, leaving
                 for (auto& instance : all) {
                     auto& content = instance.content;
                     content.clear();
                     instance.works = false;
                     each([&](const WalkedLoop& loop) { return loop.level >= level; },
                          [&](const Indices&, const Point& inner) {
                              const Point point = sum(sum(time, instance.place), inner);
                              if (!inside(point)) return;
                              instance.works = true;
                              if (isWord(tensor, point)) content.insert(element(tensor, point));
                          });
                 }
                 std::vector<Elements> near(all.size());  // what neighbours with work held before
                 for (std::size_t i = 0; forwards && i < all.size(); ++i) {
                     for (const auto& other : all) {
                         if (!other.works || !neighbours(all[i], other, links)) continue;
                         near[i].insert(other.held.begin(), other.held.end());
                     }
                 }
                 for (std::size_t i = 0; i < all.size(); ++i) {
                     auto& instance = all[i];
                     const auto& content = instance.content;
                     if (!instance.works) continue;  // it keeps what it has
                     ++step.works;
                     auto& count = counts(level, tensor);
                     count.tile = std::max(count.tile, static_cast<long>(content.size()));
                     if (parent < 0) continue;
                     arrive(tensor, static_cast<std::size_t>(parent), level, instance, near[i],
                            merged[instance.parent][0]);
                     leave(tensor, static_cast<std::size_t>(parent), level, instance, content,
                           merged[instance.parent][1], written[instance.parent]);
                     instance.held = content;
                     instance.ever.insert(content.begin(), content.end());
                 }
                 if (parent < 0) return;
                 for (const auto& [key, sets] : merged) {
                     settle(tensor, static_cast<std::size_t>(parent), sets, written[key]);
                 }
                 step.arrivals = counts(level, tensor).fills - filledBefore;
                 step.sent = readsOf(parent, tensor) - sentBefore;
                 if (step.works > 0) m_walked.arrivals[level][index(tensor)].push_back(step);
             });
        if (parent < 0 || tensor != Tensor::Outputs) return;
        std::map<Indices, std::array<Elements, 2>> merged;
        for (auto& instance : all) {
            leave(tensor, static_cast<std::size_t>(parent), level, instance, {},
                  merged[instance.parent][1], written[instance.parent]);
        }
        for (const auto& [key, sets] : merged) {
            settle(tensor, static_cast<std::size_t>(parent), sets, written[key]);
        }
    }

    void arrive(Tensor tensor, std::size_t parent, std::size_t level, const Instance& instance,
                const Elements& near, Elements& merged) {
        const bool outputs = tensor == Tensor::Outputs;
        const auto& memory = m_hierarchy.levels[parent];
        for (const auto& one : instance.content) {
            if (instance.held.contains(one)) continue;
            if (outputs && (!instance.ever.contains(one) || !memory.reduces)) continue;
            ++counts(level, tensor).fills;
            if (near.contains(one))
                ++counts(level, tensor).forwards;
            else if (outputs || memory.multicast)
                merged.insert(one);
            else
                ++counts(parent, tensor).reads;
        }
    }

    void leave(Tensor tensor, std::size_t parent, std::size_t level, const Instance& instance,
               const Elements& content, Elements& merged, Elements& written) {
        if (tensor != Tensor::Outputs) return;
        for (const auto& one : instance.held) {
            if (content.contains(one)) continue;
            ++counts(level, tensor).drains;
            if (m_hierarchy.levels[parent].reduces) {
                merged.insert(one);
            } else {
                ++counts(parent, tensor).updates;
                if (!written.insert(one).second) ++counts(parent, tensor).reads;
            }
        }
    }

    void settle(Tensor tensor, std::size_t parent, const std::array<Elements, 2>& merged,
                Elements& written) {
        counts(parent, tensor).reads += static_cast<long>(merged[0].size());
        counts(parent, tensor).updates += static_cast<long>(merged[1].size());
        written.insert(merged[1].begin(), merged[1].end());
    }

    void multipliers(Tensor tensor, std::size_t level) {
        const bool outputs = tensor == Tensor::Outputs;
        const auto& memory = m_hierarchy.levels[level];
        auto all = instances(level, -1);
        auto& count = counts(level, tensor);
        long steps = 0;
        long macs = 0;
        each([](const WalkedLoop& loop) { return loop.temporal; },
             [&](const Indices&, const Point& time) {
                 bool worked = false;
                 for (auto& instance : all) {
                     std::vector<Element> wanted;
                     each(
                         [&](const WalkedLoop& loop) {
                             return !loop.temporal && loop.level >= level;
                         },
                         [&](const Indices&, const Point& lane) {
                             const Point point = sum(sum(time, instance.place), lane);
                             if (!inside(point)) return;
                             ++macs;
                             worked = true;
                             if (isWord(tensor, point)) wanted.push_back(element(tensor, point));
                         });
                     const Elements distinct(wanted.begin(), wanted.end());
                     const bool merges = outputs ? memory.reduces : memory.multicast;
                     const long moved = static_cast<long>(merges ? distinct.size() : wanted.size());
                     if (!outputs) {
                         count.reads += moved;
                         continue;
                     }
                     count.updates += moved;
                     count.reads += moved;
                     for (const auto& one : distinct) {
                         if (instance.ever.insert(one).second) --count.reads;
                     }
                 }
                 steps += worked ? 1 : 0;
             });
        m_walked.steps = steps;
        m_walked.macs = macs;
    }

    const model::Layer& m_layer;
    const model::Mapping& m_mapping;
    const Hierarchy& m_hierarchy;
    std::vector<WalkedLoop> m_loops;
    Walked m_walked;
};

/// What the steps of one loop bring into a level.
struct Brought {
    double works = 0;
    double arrivals = 0;
    std::map<int, double> sent;  ///< by memory outside
};

int outside(const model::Mapping& mapping, std::size_t level, std::size_t tensor) {
    for (auto l = static_cast<int>(level) - 1; l >= 0; --l) {
        if (mapping.levels[static_cast<std::size_t>(l)].keeps[tensor]) return l;
    }
    return -1;
}

double instancesOf(const model::Mapping& mapping, std::size_t level) {
    double all = 1;
    for (std::size_t l = 0; l < level; ++l) {
        for (const auto& loop : mapping.levels[l].loops) {
            if (loop.kind != LoopKind::Temporal) all *= static_cast<double>(loop.trips);
        }
    }
    return all;
}

/// What of the words that some steps count the same steps bring without zeros.
double share(const std::vector<Step>& words, const std::vector<Step>& counted, long Step::*figure) {
    double all = 0;
    double some = 0;
    for (const auto& step : counted) all += static_cast<double>(step.*figure);
    for (const auto& step : words) some += static_cast<double>(step.*figure);
    return all > 0 ? some / all : 1;
}

double rateIn(const MemoryLevel& memory) {
    return memory.sharedBandwidth ? memory.readWordsPerCycle : memory.writeWordsPerCycle;
}

}  // namespace

double waits(const model::Layer& layer, const model::Mapping& mapping, const Hierarchy& hierarchy) {
    const auto walked = walk(layer, mapping, hierarchy);
    const auto counted = walk(model::withZerosAsWords(layer), mapping, hierarchy);
    std::map<int, double> longest;
    for (std::size_t l = 1; l < hierarchy.levels.size(); ++l) {
        const auto& memory = hierarchy.levels[l];
        if (memory.capacityWords == 0 || memory.doubleBuffered || memory.refillsInPlace) continue;
        double room = memory.capacityWords;
        for (const auto& counts : walked.levels[l]) room -= static_cast<double>(counts.tile);
        // With room for a second tile nothing waits, however zeros are spread over the steps.
        const auto operands = walked.levels[l][0].tile + walked.levels[l][1].tile;
        if (room >= static_cast<double>(operands)) continue;
        std::map<int, Brought> loops;
        for (const std::size_t t : {0, 1}) {
            const double arriving =
                share(walked.arrivals[l][t], counted.arrivals[l][t], &Step::arrivals);
            const double sending =
                share(walked.arrivals[l][t], counted.arrivals[l][t], &Step::sent);
            for (const auto& step : counted.arrivals[l][t]) {
                auto& brought = loops[step.loop];
                brought.arrivals += arriving * static_cast<double>(step.arrivals);
                brought.sent[outside(mapping, l, t)] += sending * static_cast<double>(step.sent);
                const bool known = t == 1 && !walked.arrivals[l][0].empty();
                if (!known) brought.works += static_cast<double>(step.works);
            }
        }
        for (const auto& [loop, brought] : loops) {
            const double beyond = brought.arrivals - brought.works * room;
            if (beyond <= 1e-12 * brought.arrivals) continue;  // shares are rounded
            double cycles = 0;
            const auto pass = [&](double words, std::size_t level, double rate) {
                if (rate > 0) cycles = std::max(cycles, words / instancesOf(mapping, level) / rate);
            };
            pass(beyond, l, rateIn(memory));
            for (const auto& [parent, sent] : brought.sent) {
                const auto p = static_cast<std::size_t>(parent);
                pass(sent * beyond / brought.arrivals, p, hierarchy.levels[p].readWordsPerCycle);
            }
            longest[loop] = std::max(longest[loop], cycles);
        }
    }
    double all = 0;
    for (const auto& [loop, cycles] : longest) all += cycles;
    return all;
}

Walked walk(const model::Layer& layer, const model::Mapping& mapping, const Hierarchy& hierarchy) {
    return Walk(layer, mapping, hierarchy).run();
}

}  // namespace cohelix::nest::walker
