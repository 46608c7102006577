// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "core/interop/layer_check.h"
#include "core/interop/timeloop_tree.h"
#include "core/interop/timeloop_words.h"
#include "core/interop/timeloop_yaml.h"
#include "core/interop/yaml_reader.h"

namespace cohelix::interop {
namespace {

using cost::MemoryLevel;

constexpr double kMostNumber = 1e18;

/// Reads a component's attributes and remembers which it read.
class Attributes {
public:
    explicit Attributes(const TimeloopComponent& component) : m_component(component) {}

    std::optional<double> number(std::initializer_list<std::string_view> names, double least) {
        const auto node = find(names);
        if (!node) return std::nullopt;
        return node->number(least, kMostNumber);
    }
    std::optional<bool> flag(std::string_view name) {
        const auto node = find({name});
        if (!node) return std::nullopt;
        return node->flag();
    }
    std::optional<YamlReader> find(std::initializer_list<std::string_view> names) {
        std::optional<YamlReader> found;
        for (const auto name : names) {
            m_read.insert(std::string(name));
            if (!found && m_component.attributes) found = m_component.attributes->find(name);
        }
        return found;
    }
    /// Names that nobody asked for.
    std::string unread() const {
        std::string list;
        if (!m_component.attributes) return list;
        for (const auto& key : m_component.attributes->keys()) {
            if (!m_read.contains(key)) list += (list.empty() ? "" : ", ") + key;
        }
        return list;
    }

private:
    const TimeloopComponent& m_component;
    std::set<std::string> m_read = {"instances", "meshX", "meshY", "name", "class"};
};

class ArchitectureReader {
public:
    TimeloopArchitecture read(const YamlReader& root) {
        const auto tree = readTimeloopTree(root);
        for (std::size_t l = 0; l < tree.memories.size(); ++l) {
            const bool innermost = l + 1 == tree.memories.size();
            const auto& inside = innermost ? tree.multiplier : tree.memories[l + 1];
            addMemory(tree.memories[l], inside);
        }
        for (const auto& [container, index] : tree.containers) {
            m_result.containers.emplace(container, m_result.hierarchy.levels[index].name);
        }
        addMultiplier(tree.multiplier);
        if (const auto constraints = root.findAny({"architecture_constraints", "constraints"})) {
            readConstraints(*constraints);
        }
        m_result.hierarchy.source = "Timeloop's architecture";
        return std::move(m_result);
    }

private:
    void note(std::string text) { m_result.notes.push_back(std::move(text)); }

    void addMemory(const TimeloopComponent& component, const TimeloopComponent& inside) {
        for (const auto& other : m_result.hierarchy.levels) {
            if (other.name == component.name) {
                component.node.fail("two memories are called '" + component.name + "'");
            }
        }
        Attributes attributes(component);
        MemoryLevel level{.name = component.name};
        readSize(component, attributes, level);
        readBandwidth(attributes, level);
        readEnergy(component, attributes, level);
        readBuffering(component, attributes, level);
        if (const auto reduces = attributes.flag("reduction_supported")) level.reduces = *reduces;
        setFanout(component, inside, level);
        readConstraint(component, level);
        if (const auto unread = attributes.unread(); !unread.empty()) {
            note(component.name + ": not used: " + unread);
        }
        m_result.hierarchy.levels.push_back(std::move(level));
    }

    static void readSize(const TimeloopComponent& component, Attributes& attributes,
                         MemoryLevel& level) {
        const double bits =
            attributes.number({"word_bits", "word_width", "datawidth"}, 1).value_or(16);
        const auto block = attributes.number({"block_size", "n_words"}, 1);
        const auto cluster = attributes.number({"cluster_size"}, 1);
        const auto width = attributes.number({"width", "memory_width", "data_storage_width"}, 1);
        level.blockWords = block.value_or(width ? *width / bits / cluster.value_or(1) : 1);
        if (level.blockWords != std::floor(level.blockWords) || level.blockWords < 1) {
            component.node.fail("the width of '" + component.name +
                                "' holds no whole number of words");
        }
        const auto entries = attributes.number({"entries"}, 0);
        const auto depth = attributes.number({"depth", "memory_depth", "data_storage_depth"}, 0);
        const auto kilobytes = attributes.number({"sizeKB"}, 0);
        if ((entries ? 1 : 0) + (depth ? 1 : 0) + (kilobytes ? 1 : 0) > 1) {
            component.node.fail("'" + component.name +
                                "' gives its size twice: entries, depth, sizeKB");
        }
        if (entries) level.capacityWords = *entries;
        if (depth) level.capacityWords = *depth * level.blockWords;
        if (kilobytes) level.capacityWords = std::floor(*kilobytes * 1024 * 8 / bits);
    }

    static void readBandwidth(Attributes& attributes, MemoryLevel& level) {
        const auto both = attributes.number({"bandwidth"}, 0);
        const auto shared = attributes.number({"shared_bandwidth"}, 0);
        const auto read = attributes.number({"read_bandwidth"}, 0);
        const auto write = attributes.number({"write_bandwidth"}, 0);
        // Timeloop itself halves what is given as one bandwidth.
        if (both) level.readWordsPerCycle = level.writeWordsPerCycle = *both / 2;
        if (read) level.readWordsPerCycle = *read;
        if (write) level.writeWordsPerCycle = *write;
        if (!shared) return;
        level.sharedBandwidth = true;
        level.readWordsPerCycle = *shared;
        level.writeWordsPerCycle = 0;
    }

    void readEnergy(const TimeloopComponent& component, Attributes& attributes,
                    MemoryLevel& level) {
        const auto vector = attributes.number({"vector_access_energy"}, 0);
        if (!vector) note(component.name + ": no vector_access_energy is given; taken as 0");
        const double word = vector.value_or(0) / level.blockWords;
        level.readPicojoule = level.fillPicojoule = level.updatePicojoule = word;
    }

    static void readBuffering(const TimeloopComponent& component, Attributes& attributes,
                              MemoryLevel& level) {
        const double times = attributes.number({"multiple_buffering"}, 1).value_or(1);
        if (times != 1 && times != 2) {
            component.node.fail("'" + component.name + "' has a multiple_buffering that is "
                                                       "neither 1 nor 2");
        }
        level.doubleBuffered = times == 2;
    }

    static void setFanout(const TimeloopComponent& outer, const TimeloopComponent& inner,
                          MemoryLevel& level) {
        if (inner.instances % outer.instances != 0 || inner.meshX % outer.meshX != 0 ||
            inner.instances / outer.instances % (inner.meshX / outer.meshX) != 0) {
            inner.node.fail("the " + std::to_string(inner.instances) + " instances of '" +
                                inner.name + "' (" + std::to_string(inner.meshX) +
                                " along X) are no multiple of the " +
                                std::to_string(outer.instances) + " (" +
                                std::to_string(outer.meshX) + ") of '" + outer.name + "'",
                            "Give instances and meshX that divide from memory to memory");
        }
        level.columns = inner.meshX / outer.meshX;
        level.rows = inner.instances / outer.instances / level.columns;
    }

    /// Of v0.4, at the component itself; memories beside each other keep what is said of them.
    void readConstraint(const TimeloopComponent& component, MemoryLevel& level) {
        const auto constraints = component.node.find("constraints");
        const auto kept = constraints ? constraints->find("dataspace") : std::nullopt;
        if (component.parallel) {
            note(component.name + ": stands beside others in the file, here in line with them");
            level.mayKeep.fill(!kept || !kept->find("keep"));
            if (kept) setMayKeep(*kept, "keep", true, level);
        }
        if (kept) setMayKeep(*kept, "bypass", false, level);
    }

    static void setMayKeep(const YamlReader& node, const char* key, bool may, MemoryLevel& level) {
        const auto list = node.find(key);
        if (!list) return;
        for (const auto& item : list->items()) {
            const auto tensor = timeloopTensor(item.text());
            if (!tensor) item.fail("there is no data space '" + item.text() + "'",
                                   "There are Weights, Inputs and Outputs");
            level.mayKeep[static_cast<std::size_t>(*tensor)] = may;
        }
    }

    void addMultiplier(const TimeloopComponent& component) {
        Attributes attributes(component);
        const auto energy = attributes.number({"energy"}, 0);
        if (!energy) note(component.name + ": no energy is given; taken as 0");
        attributes.find({"word_bits"});
        m_result.hierarchy.macPicojoule = energy.value_or(0);
        m_result.hierarchy.pes = component.instances;
        if (const auto unread = attributes.unread(); !unread.empty()) {
            note(component.name + ": not used: " + unread);
        }
    }

    void readConstraints(const YamlReader& node) {
        const auto targets = node.find("targets").value_or(node);
        if (!targets.isList()) return;
        for (const auto& constraint : targets.items()) {
            const auto type = constraint.at("type").text();
            if (type != "bypass" && type != "datatype" && type != "dataspace") {
                note("a constraint of type " + type + " is not used");
                continue;
            }
            readMayKeep(constraint);
        }
    }

    void readMayKeep(const YamlReader& constraint) {
        const auto name = constraint.at("target").text();
        for (auto& level : m_result.hierarchy.levels) {
            if (level.name != name) continue;
            setMayKeep(constraint, "bypass", false, level);
            return;
        }
        constraint.fail("the architecture has no memory '" + name + "'");
    }

    TimeloopArchitecture m_result;
};

}  // namespace

base::Result<TimeloopArchitecture> hierarchyFromTimeloop(std::string_view text,
                                                         const std::string& where) {
    return readYaml<TimeloopArchitecture>(
        text, where, [](const YamlReader& root) { return ArchitectureReader().read(root); });
}

}  // namespace cohelix::interop
