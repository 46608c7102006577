// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/timeloop_constraints.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/timeloop/timeloop_factors.h"
#include "core/interop/timeloop/timeloop_words.h"

namespace cohelix::interop {
namespace {

using mapping::LevelConstraints;
using mapping::TripRule;
using mapping::TripRules;
using model::Dim;

std::size_t slotOf(Dim dim) { return static_cast<std::size_t>(dim); }

/// What a directive says of the trips of loops; a problem's dimension is named by its letter here.
struct Rules {
    TripRules trips = {};
    std::set<Dim> one;  ///< those that can make but one trip
};

/// The place that a target names.
struct Target {
    std::size_t level = 0;
    bool container = false;  ///< a place that unrolls, and keeps nothing
    bool alongX = true;      ///< that it unrolls along X, and along Y
    bool alongY = true;
};

/// An order of temporal loops, and where the file has it.
struct StatedOrder {
    YamlReader node;
    std::size_t level = 0;
    TimeloopOrder order;
};

/// The axis along which a split has a dimension.
struct StatedAxis {
    YamlReader node;
    Target target;
    Dim dim = Dim::N;
    bool alongX = true;
};

class ConstraintReader {
public:
    ConstraintReader(const TimeloopNames& names, TimeloopArchitecture& architecture)
        : m_names(names),
          m_architecture(architecture),
          m_all(architecture.constraints.value_or(mapping::Constraints{})) {
        m_all.levels.resize(architecture.hierarchy.levels.size());
    }

    void readNodes(const TimeloopTree& tree) {
        m_shiftsSplits = true;
        for (const auto& fanout : tree.fanouts) {
            const auto stated = fanout.node.find("constraints");
            if (!stated || !stated->isMap()) continue;
            const Target target{fanout.memory, true, fanout.meshX > 1, fanout.meshY > 1};
            if (const auto spatial = stated->find("spatial")) readSpatial(*spatial, target);
            // The rest of a component's statement is its memory's.
            if (!fanout.node.find("class")) sayUnused(*stated, fanout.names.front(), {"spatial"});
        }
        for (std::size_t l = 0; l < tree.memories.size(); ++l) readNode(tree.memories[l], l);
        m_shiftsSplits = false;
    }

    /// A list of targets, each with its type, or with a list of constraints of its own.
    void readTargets(const YamlReader& list) {
        for (const auto& target : list.items()) {
            if (!target.find("constraints")) {
                readTarget(target, target);
                continue;
            }
            for (const auto& one : target.at("constraints").items()) readTarget(target, one);
        }
    }

    void finish() {
        for (std::size_t l = 0; l < m_all.levels.size(); ++l) keepLists(l);
        for (const auto& order : m_orders) addOrder(order);
        for (const auto& axis : m_splits) addAxis(axis);
        if (!m_said) return;
        m_architecture.constraints = std::move(m_all);
        sayJoined();
    }

private:
    void note(const std::string& text) { m_architecture.notes.push_back(text); }
    const std::string& nameOf(std::size_t level) const {
        return m_architecture.hierarchy.levels[level].name;
    }

    /// Two places that unroll along one axis of one memory have one set of rules here.
    void sayJoined() {
        const auto& containers = m_architecture.containers;
        for (std::size_t i = 0; i + 1 < containers.size(); ++i) {
            const auto& outer = containers[i];
            const auto& inner = containers[i + 1];
            if (outer.memory != inner.memory) continue;
            for (const bool x : {true, false}) {
                if (std::min(x ? outer.meshX : outer.meshY, x ? inner.meshX : inner.meshY) < 2) {
                    continue;
                }
                note(outer.names.front() + " and " + inner.names.front() + " both unroll along " +
                     (x ? "X" : "Y") + " within " + outer.memory +
                     ": what is stated of either holds for their product");
            }
        }
    }

    void sayUnused(const YamlReader& node, const std::string& where,
                   const std::set<std::string>& used) {
        std::string list;
        for (const auto& key : node.keys()) {
            if (!used.contains(key)) list += (list.empty() ? "" : ", ") + key;
        }
        if (!list.empty()) note(where + ": constraints not honoured: " + list);
    }

    void readNode(const TimeloopComponent& memory, std::size_t level) {
        const auto stated = memory.node.find("constraints");
        if (!stated || !stated->isMap()) return;
        const Target target{level};
        if (const auto temporal = stated->find("temporal")) readTemporal(*temporal, target);
        if (const auto kept = stated->find("dataspace")) readKept(*kept, target);
        sayUnused(*stated, memory.name, {"temporal", "dataspace", "spatial"});
    }

    Target targetOf(const YamlReader& node) const {
        const auto found = node.find("target") ? node.at("target") : node.at("name");
        const auto name = found.text();
        const auto& levels = m_architecture.hierarchy.levels;
        for (std::size_t l = 0; l < levels.size(); ++l) {
            if (levels[l].name == name) return {l};
        }
        for (const auto& container : m_architecture.containers) {
            if (!container.hasName(name)) continue;
            for (std::size_t l = 0; l < levels.size(); ++l) {
                if (levels[l].name != container.memory) continue;
                return {l, true, container.meshX > 1, container.meshY > 1};
            }
        }
        std::string known;
        for (const auto& level : levels) known += (known.empty() ? "" : ", ") + level.name;
        found.fail("the architecture has no memory '" + name + "'", "It has: " + known);
    }

    void readTarget(const YamlReader& place, const YamlReader& node) {
        const auto type = node.at("type").text();
        const auto target = targetOf(place);
        const auto said = node.find("attributes").value_or(node);
        if (type == "temporal") {
            if (!target.container) readTemporal(said, target);
        } else if (type == "spatial") {
            readSpatial(said, target);
        } else if (type == "bypass" || type == "datatype" || type == "dataspace" ||
                   type == "bypassing") {
            if (!target.container) readKept(said, target);
        } else if (type == "utilization" || type == "parallelism") {
            m_said = true;
            m_all.leastUse = std::max(m_all.leastUse, said.at("min").number(0, 1));
        } else {
            note(nameOf(target.level) + ": a constraint of type " + type + " is not honoured");
        }
    }

    /// Factors, factors_only, and dimensions left out by what they index.
    Rules rulesOf(const YamlReader& node, const std::string& where) {
        Rules rules;
        const auto only = node.find("factors_only");
        const auto stated = only ? only : node.find("factors");
        std::set<Dim> named;
        if (stated) {
            for (const auto& factor : timeloopFactors(*stated, m_names)) {
                const auto dim = m_names.dim(factor.dim);
                if (!dim) {
                    sayForeign(factor, where);
                    continue;
                }
                named.insert(*dim);
                apply(factor, rules.trips[slotOf(*dim)]);
            }
        }
        for (const auto& [name, dim] : m_names.dims) {
            if ((only && !named.contains(dim)) || leftOut(node, dim)) {
                rules.trips[slotOf(dim)] = TripRule::exactly(1);
            }
            if (rules.trips[slotOf(dim)].most == 1) rules.one.insert(dim);
        }
        return rules;
    }

    void sayForeign(const TimeloopFactor& factor, const std::string& where) {
        if (factor.trips > 1 && factor.sign != FactorSign::AtMost) {
            note(where + ": the constraint on " + factor.dim +
                 " is not used: the problem has no such dimension");
        }
    }

    void apply(const TimeloopFactor& factor, TripRule& rule) {
        if (factor.rest) return;
        m_said = true;
        TripRule own;
        if (factor.sign == FactorSign::AtMost) own.most = factor.trips;
        if (factor.sign == FactorSign::AtLeast) own.least = factor.trips;
        if (factor.sign == FactorSign::Equal) {
            own = factor.trips == 0 ? TripRule::all() : TripRule::exactly(factor.trips);
        }
        rule = rule.with(own);
    }

    /// no_iteration_over_dataspaces, must_iterate_over_dataspaces.
    bool leftOut(const YamlReader& node, Dim dim) {
        bool out = false;
        for (const auto tensor : tensorsOf(node, "no_iteration_over_dataspaces")) {
            out = out || indexes(tensor, dim);
        }
        for (const auto tensor : tensorsOf(node, "must_iterate_over_dataspaces")) {
            out = out || !indexes(tensor, dim);
        }
        return out;
    }

    static bool indexes(model::Tensor tensor, Dim dim) {
        using model::Tensor;
        if (dim == Dim::G) return true;
        const bool weights = dim == Dim::K || dim == Dim::C || dim == Dim::R || dim == Dim::S;
        const bool outputs = dim == Dim::N || dim == Dim::K || dim == Dim::P || dim == Dim::Q;
        return tensor == Tensor::Weights   ? weights
               : tensor == Tensor::Outputs ? outputs
                                           : dim != Dim::K;
    }

    std::vector<model::Tensor> tensorsOf(const YamlReader& node, const char* key) {
        std::vector<model::Tensor> tensors;
        const auto list = node.find(key);
        if (!list || list->isNothing()) return tensors;
        m_said = true;
        for (const auto& item : list->items()) {
            const auto tensor = m_names.tensor(item.text());
            if (!tensor) {
                item.fail("there is no data space '" + item.text() + "'",
                          "There are " + m_names.tensorList());
            }
            tensors.push_back(*tensor);
        }
        return tensors;
    }

    static const std::set<std::string>& usualKeys() {
        static const std::set<std::string> kKeys = {"target",
                                                    "name",
                                                    "type",
                                                    "factors",
                                                    "factors_only",
                                                    "permutation",
                                                    "no_iteration_over_dataspaces",
                                                    "must_iterate_over_dataspaces",
                                                    "attributes"};
        return kKeys;
    }

    static void join(TripRules& rules, const TripRules& more) {
        for (std::size_t d = 0; d < rules.size(); ++d) rules[d] = rules[d].with(more[d]);
    }

    void readTemporal(const YamlReader& node, const Target& target) {
        auto& level = m_all.levels[target.level];
        const auto rules = rulesOf(node, nameOf(target.level));
        join(level.temporal, rules.trips);
        if (const auto given = node.find("permutation"); given && !given->isNothing()) {
            m_said = true;
            m_orders.push_back({*given, target.level, timeloopOrder(*given, m_names)});
        }
        sayUnused(node, nameOf(target.level) + " (temporal)", usualKeys());
    }

    /// Orders are joined last: loops of one trip stand anywhere, and all rules must be known for
    /// that.
    void addOrder(const StatedOrder& stated) {
        auto& level = m_all.levels[stated.level];
        const auto& order = stated.order;
        joinOrder(level.innermost, order.inside, stated);
        joinOrder(level.outermost, {order.outside.rbegin(), order.outside.rend()}, stated);
        for (const Dim dim : level.innermost) {
            const auto& outside = level.outermost;
            if (std::find(outside.begin(), outside.end(), dim) != outside.end()) {
                failTwice(stated.node, "orders of loops", stated.level);
            }
        }
    }

    /// Joins two orders from one end: the one that goes on where the other ends stays.
    void joinOrder(std::vector<Dim>& said, const std::vector<Dim>& more,
                   const StatedOrder& stated) const {
        const auto before = turning(said, stated.level);
        const auto after = turning(more, stated.level);
        const auto both = std::min(before.size(), after.size());
        if (!std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(both),
                        after.begin())) {
            failTwice(stated.node, "orders of loops", stated.level);
        }
        if (said.empty() || after.size() > before.size()) said = more;
    }

    /// Those dimensions of an order whose loops can make more than one trip.
    std::vector<Dim> turning(const std::vector<Dim>& order, std::size_t level) const {
        std::vector<Dim> some;
        for (const Dim dim : order) {
            if (m_all.levels[level].temporal[slotOf(dim)].most != 1) some.push_back(dim);
        }
        return some;
    }

    [[noreturn]] void failTwice(const YamlReader& node, const std::string& what,
                                std::size_t level) const {
        node.fail("the constraints of '" + nameOf(level) + "' have two " + what +
                      " that contradict each other",
                  "State one of them");
    }

    /// A dimension that a split has along one axis is not unrolled along the other. Where a target
    /// unrolls along both, splits alone say so.
    void addAxis(const StatedAxis& stated) {
        const auto& target = stated.target;
        auto& level = m_all.levels[target.level];
        const auto d = slotOf(stated.dim);
        const auto& along = stated.alongX ? level.columns[d] : level.rows[d];
        const bool both = target.alongX && target.alongY && !sharesMemory(target.level);
        if (both && along.most == 1 && level.unrolled[d].most != 1) {
            failTwice(stated.node, "splits of what is unrolled", target.level);
        }
        const auto one = TripRule::exactly(1);
        if (stated.alongX && target.alongY) level.rows[d] = level.rows[d].with(one);
        if (!stated.alongX && target.alongX) level.columns[d] = level.columns[d].with(one);
    }

    bool sharesMemory(std::size_t level) const {
        const auto& all = m_architecture.containers;
        return std::count_if(all.begin(), all.end(), [&](const TimeloopContainer& container) {
                   return container.memory == nameOf(level);
               }) > 1;
    }

    void readSpatial(const YamlReader& node, const Target& target) {
        auto& level = m_all.levels[target.level];
        const auto where = nameOf(target.level);
        const auto rules = rulesOf(node, where + " (spatial)");
        // A place that unrolls along one axis alone says nothing of the other.
        if (target.alongX && target.alongY)
            join(level.unrolled, rules.trips);
        else if (target.alongX)
            join(level.columns, rules.trips);
        else if (target.alongY)
            join(level.rows, rules.trips);
        readSplit(node, target, rules);
        auto used = usualKeys();
        used.insert({"split", "no_link_transfer"});  // words are never passed on between instances
        for (const char* key : {"no_multicast_no_reduction", "no_reuse"}) {
            if (tensorsOf(node, key).size() != model::kTensors) continue;
            auto& memory = m_architecture.hierarchy.levels[target.level];
            memory.multicast = memory.reduces = false;
            used.insert(key);
        }
        sayUnused(node, where + " (spatial)", used);
    }

    /// The first dimensions of the permutation lie along X, the others along Y.
    void readSplit(const YamlReader& node, const Target& target, const Rules& rules) {
        const auto given = node.find("split");
        if (!given || given->isNothing()) return;
        m_said = true;
        auto split = given->integer(0, kMostSize);
        std::vector<Dim> order;
        if (const auto permutation = node.find("permutation")) {
            order = timeloopOrder(*permutation, m_names).inside;
        }
        // Timeloop's front end puts the dimensions of one trip before those of the permutation, and
        // leaves the split as it is.
        if (m_shiftsSplits) split -= unnamedOnes(order, rules);
        std::set<Dim> named(order.begin(), order.end());
        const auto dims = static_cast<std::int64_t>(m_names.dims.size());
        for (const auto& [name, dim] : m_names.dims) {
            const auto place = std::find(order.begin(), order.end(), dim) - order.begin();
            const bool known = named.contains(dim) || split <= 0 || split >= dims ||
                               split <= static_cast<std::int64_t>(order.size());
            if (!known) continue;
            m_splits.push_back({node, target, dim, split >= dims || place < split});
        }
    }

    std::int64_t unnamedOnes(const std::vector<Dim>& order, const Rules& rules) const {
        std::int64_t count = 0;
        for (const auto& [name, dim] : m_names.dims) {
            const bool named = std::find(order.begin(), order.end(), dim) != order.end();
            count += !named && rules.one.contains(dim) ? 1 : 0;
        }
        return count;
    }

    void readKept(const YamlReader& node, const Target& target) {
        auto& level = m_all.levels[target.level];
        const auto say = [&](model::Tensor tensor, bool keeps) {
            auto& said = level.keeps[static_cast<std::size_t>(tensor)];
            if (said && *said != keeps) {
                node.fail("the constraints of '" + nameOf(target.level) +
                          "' both keep and bypass " + std::string(word(tensor)));
            }
            said = keeps;
        };
        const auto only = tensorsOf(node, "keep_only");
        for (const auto tensor : tensorsOf(node, "keep")) say(tensor, true);
        for (const auto tensor : tensorsOf(node, "bypass")) say(tensor, false);
        for (const auto tensor : model::kAllTensors) {
            if (!node.find("keep_only")) break;
            say(tensor, std::find(only.begin(), only.end(), tensor) != only.end());
        }
        sayUnused(node, nameOf(target.level),
                  {"target", "name", "type", "attributes", "keep", "bypass", "keep_only"});
    }

    /// What must pass a memory by, it cannot hold; what it cannot hold, nothing can keep there.
    void keepLists(std::size_t l) {
        auto& memory = m_architecture.hierarchy.levels[l];
        for (std::size_t t = 0; t < model::kTensors; ++t) {
            const auto& said = m_all.levels[l].keeps[t];
            if (said) memory.mayKeep[t] = *said;
        }
    }

    const TimeloopNames& m_names;
    TimeloopArchitecture& m_architecture;
    mapping::Constraints m_all;
    std::vector<StatedOrder> m_orders;
    std::vector<StatedAxis> m_splits;
    bool m_said = false;
    bool m_shiftsSplits = false;
};

/// The list of targets under a key, or the key's own.
void readUnder(const YamlReader& node, ConstraintReader& reader) {
    if (node.isList()) return reader.readTargets(node);
    if (!node.isMap()) return;
    const auto list = node.findAny({"targets", "constraints"});
    if (list && list->isList()) reader.readTargets(*list);
}

constexpr std::array<std::string_view, 4> kKeys = {
    "architecture_constraints", "mapspace_constraints", "mapspace", "constraints"};

}  // namespace

void readTimeloopConstraints(const YamlReader& root, const TimeloopTree& tree,
                             const TimeloopNames& names, TimeloopArchitecture& architecture) {
    ConstraintReader reader(names, architecture);
    if (tree.nodes) reader.readNodes(tree);
    for (const auto key : kKeys) {
        if (const auto stated = root.find(key)) readUnder(*stated, reader);
    }
    reader.finish();
}

base::Result<void> addTimeloopConstraints(std::string_view text, const std::string& where,
                                          const TimeloopNames& names,
                                          TimeloopArchitecture& architecture) {
    const auto added = readYaml<TimeloopArchitecture>(text, where, [&](const YamlReader& root) {
        auto constrained = architecture;
        ConstraintReader reader(names, constrained);
        bool any = root.isList();
        if (any) reader.readTargets(root);
        for (const auto key : kKeys) {
            const auto stated = root.find(key);
            if (stated) readUnder(*stated, reader);
            any = any || stated;
        }
        if (const auto targets = root.find("targets")) {
            readUnder(*targets, reader);
            any = true;
        }
        if (!any) {
            root.fail("there are no constraints of Timeloop",
                      "They stand under mapspace_constraints or architecture_constraints");
        }
        reader.finish();
        return constrained;
    });
    if (!added) return added.error();
    architecture = *added;
    return {};
}

}  // namespace cohelix::interop
