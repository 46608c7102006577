// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/timeloop_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "core/interop/documents/layer_check.h"
#include "core/interop/timeloop/near_name.h"

namespace cohelix::interop {
namespace {

constexpr int kMostDepth = 64;
constexpr std::array<std::string_view, 5> kMemoryClasses = {"DRAM", "SRAM", "regfile",
                                                            "smartbuffer", "storage"};
constexpr std::array<std::string_view, 2> kMultiplierClasses = {"mac", "compute"};

using Keys = std::set<std::string>;
const Keys kDesignKeys = {"version", "name", "attributes", "subtree", "nodes"};
const Keys kSubtreeKeys = {"name", "attributes", "local", "subtree"};
const Keys kLocalKeys = {"name", "class", "attributes", "enabled", "sparse_optimizations"};
const Keys kNodeKeys = {"name",    "class",       "attributes",          "spatial",
                        "enabled", "constraints", "sparse_optimizations"};
const Keys kGroupKeys = {"name", "nodes"};
const Keys kMeshKeys = {"meshX", "meshY"};
/// What says how much a component holds.
constexpr std::array kSizeKeys = {"depth", "memory_depth", "data_storage_depth", "entries",
                                  "sizeKB"};

template <typename Classes>
bool contains(const std::string& type, const Classes& classes) {
    for (const auto each : classes) {
        if (type.find(each) != std::string::npos) return true;
    }
    return false;
}

struct NameAndCount {
    std::string name;
    std::int64_t count = 1;
};

/// "PE[0..255]".
NameAndCount nameAndCount(const YamlReader& node) {
    const auto text = node.text();
    const auto open = text.find('[');
    if (open == std::string::npos) return {text, 1};
    const auto dots = text.find("..", open);
    std::int64_t first = 0;
    std::int64_t last = -1;
    const char* end = text.data() + text.size();
    bool good = dots != std::string::npos && text.back() == ']';
    if (good) {
        const auto a = std::from_chars(text.data() + open + 1, end, first);
        const auto b = std::from_chars(text.data() + dots + 2, end, last);
        good = a.ec == std::errc() && a.ptr == text.data() + dots && b.ec == std::errc() &&
               b.ptr == end - 1 && first >= 0 && last >= first && last < kMostSize;
    }
    if (!good) node.fail("'" + text + "' is no name with a range", "Write it like PE[0..255]");
    return {text.substr(0, open), last - first + 1};
}

std::int64_t times(const YamlReader& node, std::int64_t a, std::int64_t b) {
    if (a > kMostSize / b) node.fail("there are more instances than can be counted");
    return a * b;
}

/// How many there are of what comes next, and what it inherits.
struct Around {
    std::int64_t instances = 1;
    std::int64_t meshX = 1;
    std::vector<YamlReader> attributes = {};  ///< of what contains it, inside out

    void enter(const YamlReader& container) {
        if (const auto own = container.find("attributes"); own && own->isMap()) {
            attributes.insert(attributes.begin(), *own);
        }
    }
};

/// Timeloop's front end keeps the place of a fan-out with a memory that holds nothing.
bool isPlaceholder(const std::string& type) { return type.find("dummy") != std::string::npos; }

class TreeReader {
public:
    TimeloopTree read(const YamlReader& root) {
        const auto stated = root.findAny({"architecture", "arch"});
        const auto design = stated.value_or(root);
        if (stated && stated->isMap()) checkKeys(design, "the architecture", kDesignKeys);
        Around around;
        around.enter(design);
        if (design.find("subtree")) {
            walkTree(design, around, 0);
        } else if (const auto nodes = design.find("nodes")) {
            m_nodes = true;
            walkNodes(*nodes, around, false, 0);
        } else if (design.find("storage") || design.find("arithmetic")) {
            design.fail("this is an architecture in the form before Timeloop's version 0.2",
                        "Write it as a tree (subtree, local)");
        } else {
            design.fail("this is no architecture of Timeloop: it has neither subtree nor nodes");
        }
        if (m_memories.empty()) design.fail("the architecture has no memory");
        if (!m_multiplier) design.fail("the architecture has no multiplier (class mac or compute)");
        addFanoutsOfPlaceholders();
        return {std::move(m_memories), std::move(*m_multiplier), std::move(m_fanouts), m_nodes,
                std::move(m_notes)};
    }

private:
    /// A slip in a name would make other hardware of it; what else has no meaning here is noted.
    void checkKeys(const YamlReader& node, const std::string& where, const Keys& known) {
        static const Keys kOfNoCount = {"subclass", "required_actions", "description"};
        std::string unused;
        for (const auto& key : node.keys()) {
            if (known.contains(key) || kOfNoCount.contains(key)) continue;
            const auto meant = nearName(key, known);
            if (!meant.empty()) {
                node.at(key).fail("'" + key + "' has no meaning here", "Write " + meant);
            }
            unused += (unused.empty() ? "" : ", ") + key;
        }
        if (!unused.empty()) m_notes.push_back(where + ": not used: " + unused);
    }

    void checkGroup(const YamlReader& node) {
        checkKeys(node, node.find("name") ? node.at("name").text() : "a group of nodes",
                  kGroupKeys);
        if (const auto spatial = node.find("spatial")) {
            spatial->fail("a group of nodes cannot unroll", "Unroll each node, or a container");
        }
    }

    static void checkMesh(const YamlReader& spatial) {
        for (const auto& key : spatial.keys()) {
            if (kMeshKeys.contains(key)) continue;
            spatial.at(key).fail("'" + key + "' has no meaning here",
                                 "Instances lie along meshX and meshY");
        }
    }

    void walkTree(const YamlReader& node, Around around, int depth) {
        const auto subtree = node.find("subtree");
        if (!subtree) return;
        if (depth > kMostDepth) subtree->fail("subtrees nest too deeply");
        const auto items = subtree->items();
        if (items.size() != 1) subtree->fail("there are several subtrees; one is supported");
        const auto& inner = items.front();
        checkKeys(inner, inner.find("name") ? inner.at("name").text() : "a subtree", kSubtreeKeys);
        if (inner.find("name")) {
            around.instances = times(inner, around.instances, nameAndCount(inner.at("name")).count);
        }
        around.enter(inner);
        if (const auto local = inner.find("local")) {
            for (const auto& component : local->items()) addLocal(component, around);
        }
        walkTree(inner, around, depth + 1);
    }

    void addLocal(const YamlReader& node, const Around& around) {
        const auto [name, count] = nameAndCount(node.at("name"));
        checkKeys(node, name, kLocalKeys);
        auto component = componentOf(node, name, around, false);
        component.instances = times(node, around.instances, count);
        const auto mesh = [&](const char* key) -> std::optional<std::int64_t> {
            const auto own = node.find("attributes");
            const auto given = own ? own->find(key) : std::nullopt;
            if (!given || given->isNothing()) return std::nullopt;
            return given->integer(1, kMostSize);
        };
        if (const auto given = mesh("instances")) component.instances = *given;
        const auto x = mesh("meshX");
        const auto y = mesh("meshY");
        if (x && y && times(node, *x, *y) != component.instances) {
            node.fail("meshX x meshY of '" + name + "' is not its " +
                      std::to_string(component.instances) + " instances");
        }
        if (y && component.instances % *y != 0) {
            node.fail("meshY of '" + name + "' does not divide its " +
                      std::to_string(component.instances) + " instances");
        }
        // Timeloop's rule: without a mesh all instances are along X.
        component.meshX = x ? *x : component.instances / y.value_or(1);
        if (component.instances % component.meshX != 0) {
            node.fail("meshX of '" + name + "' does not divide its " +
                      std::to_string(component.instances) + " instances");
        }
        add(std::move(component));
    }

    static TimeloopComponent componentOf(const YamlReader& node, const std::string& name,
                                         const Around& around, bool parallel) {
        TimeloopComponent component{
            node, name, node.at("class").text(), {}, around.instances, around.meshX, parallel};
        if (const auto own = node.find("attributes"); own && own->isMap()) {
            component.attributes.push_back(*own);
        }
        component.attributes.insert(component.attributes.end(), around.attributes.begin(),
                                    around.attributes.end());
        return component;
    }

    void walkNodes(const YamlReader& nodes, Around& around, bool parallel, int depth) {
        if (depth > kMostDepth) nodes.fail("nodes nest too deeply");
        for (const auto& node : nodes.items()) {
            if (const auto inner = node.find("nodes")) {
                checkGroup(node);
                walkNodes(*inner, around, parallel || node.tag() == "!Parallel", depth + 1);
                continue;
            }
            if (node.tag() == "!Nothing") continue;  // holds the place of a tensor that passes by
            const auto [name, count] = nameAndCount(node.at("name"));
            checkKeys(node, name, kNodeKeys);
            if (node.tag() == "!Component") node.at("class");
            const auto spatial = node.find("spatial");
            if (spatial && spatial->isMap()) checkMesh(*spatial);
            if (spatial || count > 1) {
                if (parallel) node.fail("a node beside others cannot unroll");
                unroll(node, name, spatial, count, around);
            }
            if (!node.find("class")) {
                around.enter(node);
                continue;
            }
            if (m_multiplier) {
                node.fail("'" + name + "' stands inside the multiplier",
                          "The multiplier is the last of the nodes");
            }
            add(componentOf(node, name, around, parallel));
        }
    }

    void unroll(const YamlReader& node, const std::string& name,
                const std::optional<YamlReader>& spatial, std::int64_t count, Around& around) {
        const auto mesh = [&](const char* key) -> std::int64_t {
            const auto given = spatial ? spatial->find(key) : std::nullopt;
            return given ? given->integer(1, kMostSize) : 1;
        };
        const std::int64_t x = times(node, mesh("meshX"), count);
        const std::int64_t y = mesh("meshY");
        around.meshX = times(node, around.meshX, x);
        around.instances = times(node, around.instances, times(node, x, y));
        if (m_memories.empty()) return;
        m_fanouts.push_back(
            {node, {name, "inter_" + name + "_spatial"}, m_memories.size() - 1, x, y});
    }

    void add(TimeloopComponent component) {
        if (const auto enabled = component.node.find("enabled"); enabled && !enabled->flag()) {
            m_notes.push_back(component.name + ": left out, as it is not enabled");
        } else if (isPlaceholder(component.type)) {
            m_placeholders.push_back({component, m_memories.size()});
        } else if (contains(component.type, kMemoryClasses)) {
            m_memories.push_back(std::move(component));
        } else if (contains(component.type, kMultiplierClasses)) {
            if (m_multiplier) component.node.fail("there are two multipliers; one is supported");
            m_multiplier = std::move(component);
        } else {
            refuseMemory(component);
            m_notes.push_back(component.name + ": components of class " + component.type +
                              " are not priced");
        }
    }

    /// What holds something is a memory, which cannot be left out.
    static void refuseMemory(const TimeloopComponent& component) {
        const auto own = component.node.find("attributes");
        for (const auto* key : kSizeKeys) {
            if (!own || !own->find(key)) continue;
            std::string known;
            for (const auto each : kMemoryClasses) {
                known += (known.empty() ? "" : ", ") + std::string(each);
            }
            component.node.at("class").fail("'" + component.name + "' has a size, and its class '" +
                                                component.type + "' is no memory's that is known",
                                            "Known are " + known);
        }
    }

    /// Each unrolls to what comes next inside it.
    void addFanoutsOfPlaceholders() {
        for (std::size_t i = 0; i < m_placeholders.size(); ++i) {
            const auto& [outer, memory] = m_placeholders[i];
            if (memory == 0) continue;
            const bool another =
                i + 1 < m_placeholders.size() && m_placeholders[i + 1].second == memory;
            const auto& inner = another                      ? m_placeholders[i + 1].first
                                : memory < m_memories.size() ? m_memories[memory]
                                                             : *m_multiplier;
            const auto x = std::max<std::int64_t>(1, inner.meshX / outer.meshX);
            const auto all = std::max<std::int64_t>(1, inner.instances / outer.instances);
            m_fanouts.push_back(
                {outer.node, {outer.name}, memory - 1, x, std::max<std::int64_t>(1, all / x)});
        }
    }

    std::vector<TimeloopComponent> m_memories;
    std::optional<TimeloopComponent> m_multiplier;
    /// With how many memories stand outside each.
    std::vector<std::pair<TimeloopComponent, std::size_t>> m_placeholders;
    std::vector<TimeloopFanout> m_fanouts;
    bool m_nodes = false;
    std::vector<std::string> m_notes;
};

}  // namespace

std::optional<YamlReader> TimeloopComponent::attribute(std::string_view key) const {
    for (const auto& each : attributes) {
        if (auto found = each.find(key); found && !found->isNothing()) return found;
    }
    return std::nullopt;
}

TimeloopTree readTimeloopTree(const YamlReader& root) { return TreeReader().read(root); }

}  // namespace cohelix::interop
