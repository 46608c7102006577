// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop_tree.h"

#include <array>
#include <charconv>

#include "core/interop/layer_check.h"

namespace cohelix::interop {
namespace {

constexpr int kMostDepth = 64;
constexpr std::array<std::string_view, 5> kMemoryClasses = {"DRAM", "SRAM", "regfile",
                                                            "smartbuffer", "storage"};
constexpr std::array<std::string_view, 2> kMultiplierClasses = {"mac", "compute"};

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

/// How many there are of what comes next.
struct Unrolled {
    std::int64_t instances = 1;
    std::int64_t meshX = 1;
};

class TreeReader {
public:
    TimeloopTree read(const YamlReader& root) {
        const auto design = root.findAny({"architecture", "arch"}).value_or(root);
        if (design.find("subtree")) {
            walkTree(design, 1, 0);
        } else if (const auto nodes = design.find("nodes")) {
            Unrolled at;
            walkNodes(*nodes, at, false, 0);
        } else {
            design.fail("this is no architecture of Timeloop: it has neither subtree nor nodes");
        }
        if (m_memories.empty()) design.fail("the architecture has no memory");
        if (!m_multiplier) design.fail("the architecture has no multiplier (class mac or compute)");
        return {std::move(m_memories), std::move(*m_multiplier), std::move(m_containers)};
    }

private:
    void walkTree(const YamlReader& node, std::int64_t instances, int depth) {
        const auto subtree = node.find("subtree");
        if (!subtree) return;
        if (depth > kMostDepth) subtree->fail("subtrees nest too deeply");
        const auto items = subtree->items();
        if (items.size() != 1) subtree->fail("there are several subtrees; one is supported");
        const auto& inner = items.front();
        if (inner.find("name")) {
            instances = times(inner, instances, nameAndCount(inner.at("name")).count);
        }
        if (const auto local = inner.find("local")) {
            for (const auto& component : local->items()) addLocal(component, instances);
        }
        walkTree(inner, instances, depth + 1);
    }

    void addLocal(const YamlReader& node, std::int64_t instances) {
        const auto [name, count] = nameAndCount(node.at("name"));
        TimeloopComponent component{node, name, node.at("class").text(), node.find("attributes"),
                                    times(node, instances, count), 1, false};
        const auto mesh = [&](const char* key) -> std::optional<std::int64_t> {
            if (!component.attributes || !component.attributes->find(key)) return std::nullopt;
            return component.attributes->at(key).integer(1, kMostSize);
        };
        if (const auto given = mesh("instances")) component.instances = *given;
        const auto x = mesh("meshX");
        const auto y = mesh("meshY");
        if (x && y && times(node, *x, *y) != component.instances) {
            node.fail("meshX x meshY of '" + name + "' is not its " +
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

    void walkNodes(const YamlReader& nodes, Unrolled& at, bool parallel, int depth) {
        if (depth > kMostDepth) nodes.fail("nodes nest too deeply");
        for (const auto& node : nodes.items()) {
            if (const auto inner = node.find("nodes")) {
                walkNodes(*inner, at, parallel || node.tag() == "!Parallel", depth + 1);
                continue;
            }
            if (node.tag() == "!Nothing") continue;  // holds the place of a tensor that passes by
            const auto name = node.at("name").text();
            if (const auto spatial = node.find("spatial")) {
                if (parallel) node.fail("a node beside others cannot unroll");
                unroll(node, *spatial, at);
                if (!node.find("class") && !m_memories.empty()) {
                    m_containers.emplace(name, m_memories.size() - 1);
                }
            }
            if (!node.find("class")) continue;
            add({node, name, node.at("class").text(), node.find("attributes"), at.instances,
                 at.meshX, parallel});
        }
    }

    static void unroll(const YamlReader& node, const YamlReader& spatial, Unrolled& at) {
        const auto x = meshOf(spatial, "meshX");
        at.meshX = times(node, at.meshX, x);
        at.instances = times(node, at.instances, times(node, x, meshOf(spatial, "meshY")));
    }

    static std::int64_t meshOf(const YamlReader& spatial, const char* key) {
        return spatial.find(key) ? spatial.at(key).integer(1, kMostSize) : 1;
    }

    void add(TimeloopComponent component) {
        if (contains(component.type, kMemoryClasses)) {
            if (m_multiplier) component.node.fail("a memory stands inside the multiplier");
            m_memories.push_back(std::move(component));
        } else if (contains(component.type, kMultiplierClasses)) {
            if (m_multiplier) component.node.fail("there are two multipliers; one is supported");
            m_multiplier = std::move(component);
        }
    }

    std::vector<TimeloopComponent> m_memories;
    std::optional<TimeloopComponent> m_multiplier;
    std::map<std::string, std::size_t> m_containers;
};

}  // namespace

TimeloopTree readTimeloopTree(const YamlReader& root) { return TreeReader().read(root); }

}  // namespace cohelix::interop
