// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <vector>

#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/timeloop/near_name.h"
#include "core/interop/timeloop/timeloop_constraints.h"
#include "core/interop/timeloop/timeloop_energies.h"
#include "core/interop/timeloop/timeloop_tree.h"
#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/interop/timeloop/yaml_reader.h"

namespace cohelix::interop {
namespace {

using nest::MemoryLevel;

constexpr double kMostNumber = 1e18;

/// What files say of a component and no count here depends on.
const std::set<std::string>& withoutMeaning() {
    static const std::set<std::string> kNames = {"instances",
                                                 "meshX",
                                                 "meshY",
                                                 "name",
                                                 "class",
                                                 "version",
                                                 "technology",
                                                 "global_cycle_seconds",
                                                 "has_power_gating",
                                                 "power_gated_at",
                                                 "min_utilization",
                                                 "allow_overbooking"};
    return kNames;
}

/// Reads a component's attributes and remembers which it read.
class Attributes {
public:
    explicit Attributes(const TimeloopComponent& component) : m_component(component) {}

    std::optional<double> number(std::initializer_list<std::string_view> names, double least) {
        const auto node = find(names);
        if (!node) return std::nullopt;
        return node->number(least, kMostNumber,
                            [this](std::string_view name) { return valueOf(name, 0); });
    }
    std::optional<bool> flag(std::string_view name) {
        const auto node = find({name});
        if (!node) return std::nullopt;
        return node->flag();
    }
    std::optional<std::string> text(std::string_view name) const {
        const auto node = m_component.attribute(name);
        return node && node->isText() ? std::optional(node->text()) : std::nullopt;
    }
    std::optional<YamlReader> find(std::initializer_list<std::string_view> names) {
        std::optional<YamlReader> found;
        for (const auto name : names) {
            m_read.insert(std::string(name));
            if (!found) found = m_component.attribute(name);
        }
        return found;
    }
    /// A count. A fraction above one fails.
    std::optional<double> whole(std::initializer_list<std::string_view> names, double least) {
        const auto count = number(names, least);
        if (count && *count > 1 && *count != std::floor(*count)) {
            find(names)->fail("'" + find(names)->text() + "' is no whole number");
        }
        return count;
    }
    /// Names of its own that nobody asked for, each with the one that was meant.
    std::string unread() const {
        std::string list;
        const auto own = m_component.node.find("attributes");
        if (!own || !own->isMap()) return list;
        for (const auto& key : own->keys()) {
            if (m_read.contains(key)) continue;
            const auto meant = nearName(key, m_read);
            list += (list.empty() ? "" : ", ") + key + (meant.empty() ? "" : " (" + meant + "?)");
        }
        return list;
    }

private:
    static constexpr int kMostDepth = 16;

    /// What a name in an expression stands for: another attribute.
    std::optional<double> valueOf(std::string_view name, int depth) const {
        const auto node = m_component.attribute(name);
        if (!node || !node->isText() || depth > kMostDepth) return std::nullopt;
        return node->number(-kMostNumber, kMostNumber, [this, depth](std::string_view inner) {
            return valueOf(inner, depth + 1);
        });
    }

    const TimeloopComponent& m_component;
    std::set<std::string> m_read = withoutMeaning();
};

class ArchitectureReader {
public:
    TimeloopArchitecture read(const YamlReader& root, const TimeloopNames& names) {
        const auto tree = readTimeloopTree(root);
        m_result.hierarchy.source = "Timeloop's architecture";
        m_result.notes = tree.notes;
        for (std::size_t l = 0; l < tree.memories.size(); ++l) {
            const bool innermost = l + 1 == tree.memories.size();
            const auto& inside = innermost ? tree.multiplier : tree.memories[l + 1];
            addMemory(tree.memories[l], inside, names);
        }
        for (const auto& fanout : tree.fanouts) {
            m_result.containers.push_back({fanout.names,
                                           m_result.hierarchy.levels[fanout.memory].name,
                                           fanout.meshX, fanout.meshY});
        }
        addMultiplier(tree.multiplier);
        m_estimate.addTo(m_result);
        if (const auto sparse = root.find("sparse_optimizations"); sparse && !sparse->isNothing()) {
            countDense("");
        }
        readTimeloopConstraints(root, tree, names, m_result);
        return std::move(m_result);
    }

private:
    void note(std::string text) { m_result.notes.push_back(std::move(text)); }

    void countDense(const std::string& place) {
        note(place + "sparse_optimizations are not used: all is counted dense");
        m_result.sparesZeros = true;
    }

    void addMemory(const TimeloopComponent& component, const TimeloopComponent& inside,
                   const TimeloopNames& names) {
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
        if (component.parallel) keepItsOwn(component, names, level);
        if (component.node.find("sparse_optimizations")) countDense(component.name + ": ");
        if (const auto unread = attributes.unread(); !unread.empty()) {
            const bool unbounded = level.capacityWords == 0 && !isDram(component);
            note(component.name + ": not used: " + unread +
                 (unbounded ? "; no size is stated, so that it holds any number of words" : ""));
        }
        m_result.hierarchy.levels.push_back(std::move(level));
    }

    static bool isDram(const TimeloopComponent& component) {
        return component.type.find("DRAM") != std::string::npos;
    }

    /// The bits of a word; Timeloop takes 16 where nothing is said.
    static double wordBits(Attributes& attributes) {
        return attributes.number({"word_bits", "word_width", "datawidth"}, 1).value_or(16);
    }

    static void readSize(const TimeloopComponent& component, Attributes& attributes,
                         MemoryLevel& level) {
        const double bits = wordBits(attributes);
        const auto block = attributes.whole({"block_size", "n_words"}, 1);
        const auto cluster = attributes.whole({"cluster_size"}, 1);
        const auto width = attributes.number({"width", "memory_width", "data_storage_width"}, 1);
        // A row is shared by the cluster, unless it has no word for each: then each has its own.
        const double row = width ? *width / bits : 1;
        const double share = row / cluster.value_or(1);
        level.blockWords = block.value_or(share < 1 ? row : share);
        if (level.blockWords != std::floor(level.blockWords) || level.blockWords < 1) {
            component.node.fail("the width of '" + component.name +
                                "' holds no whole number of words");
        }
        const auto entries = attributes.whole({"entries"}, 0);
        const auto depth = attributes.whole({"depth", "memory_depth", "data_storage_depth"}, 0);
        const auto kilobytes = attributes.number({"sizeKB"}, 0);
        std::vector<double> sizes;
        if (entries) sizes.push_back(*entries);
        if (depth) sizes.push_back(*depth * level.blockWords);
        if (kilobytes) sizes.push_back(std::floor(*kilobytes * 1024 * 8 / bits));
        if (sizes.empty()) return;
        level.capacityWords = sizes.front();
        if (level.capacityWords < 1) {
            component.node.fail("'" + component.name + "' has no room for a word",
                                "Leave out entries, depth and sizeKB of a memory without bound");
        }
        if (std::count(sizes.begin(), sizes.end(), sizes.front()) ==
            static_cast<std::ptrdiff_t>(sizes.size())) {
            return;
        }
        component.node.fail("'" + component.name +
                            "' gives several sizes that differ: entries, depth, sizeKB");
    }

    static std::optional<double> bandwidth(Attributes& attributes,
                                           std::initializer_list<std::string_view> names) {
        const auto words = attributes.number(names, 0);
        if (!words || *words == 0 || *words >= nest::kLeastWordsPerCycle) return words;
        attributes.find(names)->fail(
            base::exact(*words) + " words a cycle are fewer than any memory moves",
            "Give " + base::exact(nest::kLeastWordsPerCycle) +
                " or more, or leave it out for no bound");
    }

    static void readBandwidth(Attributes& attributes, MemoryLevel& level) {
        const auto both = bandwidth(attributes, {"bandwidth"});
        const auto shared = bandwidth(attributes, {"shared_bandwidth", "rw_bandwidth"});
        const auto read = bandwidth(attributes, {"read_bandwidth"});
        const auto write = bandwidth(attributes, {"write_bandwidth"});
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
        double word = 0;
        if (vector) {
            word = *vector / level.blockWords;
        } else {
            const double bits = wordBits(attributes);
            const double bytes = isDram(component) ? 0 : level.capacityWords * bits / 8;
            word = m_estimate.access(component.name, attributes.text("technology"), bytes, bits);
        }
        level.readPicojoule = level.fillPicojoule = level.updatePicojoule = word;
    }

    static void readBuffering(const TimeloopComponent& component, Attributes& attributes,
                              MemoryLevel& level) {
        const double times = attributes.number({"multiple_buffering"}, 1).value_or(1);
        if (times != 1 && times != 2) {
            component.node.fail("'" + component.name +
                                "' has a multiple_buffering that is "
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

    /// Memories beside each other keep what is said of them.
    void keepItsOwn(const TimeloopComponent& component, const TimeloopNames& names,
                    MemoryLevel& level) {
        note(component.name + ": stands beside others in the file, here in line with them");
        const auto constraints = component.node.find("constraints");
        const auto kept = constraints ? constraints->find("dataspace") : std::nullopt;
        const auto list = kept ? kept->findAny({"keep", "keep_only"}) : std::nullopt;
        if (!list) return;
        level.mayKeep.fill(false);
        for (const auto& item : list->items()) {
            const auto tensor = names.tensor(item.text());
            if (!tensor) {
                item.fail("there is no data space '" + item.text() + "'",
                          "There are " + names.tensorList());
            }
            level.mayKeep[static_cast<std::size_t>(*tensor)] = true;
        }
    }

    void addMultiplier(const TimeloopComponent& component) {
        Attributes attributes(component);
        const auto energy = attributes.number({"energy"}, 0);
        const auto bits =
            attributes.number({"multiplier_width", "width", "datawidth", "word_bits", "width_a"}, 1)
                .value_or(16);
        const auto sum = attributes.number({"adder_width"}, 1).value_or(2 * bits);
        m_result.hierarchy.macPicojoule =
            energy
                ? *energy
                : m_estimate.multiplier(component.name, attributes.text("technology"), bits, sum);
        m_result.hierarchy.pes = component.instances;
        if (component.node.find("sparse_optimizations")) countDense(component.name + ": ");
        if (const auto unread = attributes.unread(); !unread.empty()) {
            note(component.name + ": not used: " + unread);
        }
    }

    TimeloopArchitecture m_result;
    EstimatedEnergies m_estimate;
};

}  // namespace

base::Result<TimeloopArchitecture> hierarchyFromTimeloop(std::string_view text,
                                                         const std::string& where,
                                                         const TimeloopNames& names) {
    return readYaml<TimeloopArchitecture>(text, where, [&](const YamlReader& root) {
        return ArchitectureReader().read(root, names);
    });
}

bool TimeloopContainer::hasName(std::string_view name) const {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace cohelix::interop
