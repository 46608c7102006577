// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <set>

#include "core/base/json_text.h"
#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/timeloop/timeloop_words.h"
#include "core/interop/timeloop/timeloop_yaml.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Result;
using nest::Hierarchy;
using nest::MemoryLevel;

constexpr int kWordBits = 16;

/// "name[0..N]" cannot hold these.
bool nameable(const std::string& name) {
    return !name.empty() && name.find_first_of("[]\"\\\n") == std::string::npos;
}

/// Timeloop reads no 1e+06 where it wants a count.
std::string whole(double words) { return std::to_string(static_cast<std::int64_t>(words)); }

bool isWhole(double words) { return words >= 0 && words < 1e15 && words == std::floor(words); }

class ArchitectureWriter {
public:
    explicit ArchitectureWriter(const Hierarchy& hierarchy) : m_hierarchy(hierarchy) {}

    Result<TimeloopText> write() {
        if (auto good = check(); !good) return good.error();
        m_text.text = "architecture:\n  version: 0.3\n  subtree:\n  - name: chip\n    local:\n";
        for (const auto& level : m_hierarchy.levels) memory(level);
        multiplier();
        constraints();
        leaveOut();
        return std::move(m_text);
    }

private:
    Result<void> check() const {
        if (m_hierarchy.levels.empty()) return Error{m_hierarchy.name, "it has no memories", {}};
        std::set<std::string> names;
        double instances = 1;
        for (const auto& level : m_hierarchy.levels) {
            if (!nameable(level.name) || !names.insert(level.name).second) {
                return Error{
                    m_hierarchy.name,
                    "the memory name '" + level.name + "' is there twice, empty or not writable",
                    {}};
            }
            if (!isWhole(level.capacityWords) || !isWhole(level.blockWords) ||
                level.blockWords < 1) {
                return Error{level.name, "its capacity or block is no whole number of words", {}};
            }
            instances *= static_cast<double>(std::max<std::int64_t>(1, level.rows)) *
                         static_cast<double>(std::max<std::int64_t>(1, level.columns));
        }
        if (instances > static_cast<double>(kMostSize)) {
            return Error{m_hierarchy.name, "it has more instances than can be written", {}};
        }
        return {};
    }

    void line(const std::string& key, const std::string& value) {
        m_text.text += "        " + key + ": " + value + "\n";
    }

    void component(const std::string& name, const char* type) {
        m_text.text += "    - name: " + base::jsonText(name) + "\n      class: " + type +
                       "\n      attributes:\n";
        line("word-bits", std::to_string(kWordBits));
        line("instances", std::to_string(m_rows * m_columns));
        line("meshX", std::to_string(m_columns));
        line("meshY", std::to_string(m_rows));
    }

    void memory(const MemoryLevel& level) {
        component(level.name, level.capacityWords == 0 ? "DRAM" : "SRAM");
        line("block-size", whole(level.blockWords));
        if (level.capacityWords > 0) line("entries", whole(level.capacityWords));
        if (level.sharedBandwidth) {
            if (level.readWordsPerCycle > 0) {
                line("shared_bandwidth", base::exact(level.readWordsPerCycle));
            }
        } else {
            if (level.readWordsPerCycle > 0) {
                line("read_bandwidth", base::exact(level.readWordsPerCycle));
            }
            if (level.writeWordsPerCycle > 0) {
                line("write_bandwidth", base::exact(level.writeWordsPerCycle));
            }
        }
        line("vector-access-energy", base::exact(level.readPicojoule * level.blockWords));
        if (level.doubleBuffered) line("multiple-buffering", "2");
        if (!level.reduces) line("reduction_supported", "false");
        m_rows *= std::max<std::int64_t>(1, level.rows);
        m_columns *= std::max<std::int64_t>(1, level.columns);
    }

    void multiplier() {
        component("mac", "intmac");
        line("energy", base::exact(m_hierarchy.macPicojoule));
    }

    void constraints() {
        std::string targets;
        for (const auto& level : m_hierarchy.levels) {
            std::string keep;
            std::string bypass;
            for (const auto tensor : model::kAllTensors) {
                const auto index = static_cast<std::size_t>(tensor);
                auto& list = level.mayKeep[index] ? keep : bypass;
                list += (list.empty() ? "" : ", ") + std::string(kTimeloopTensors[index]);
            }
            if (bypass.empty()) continue;
            targets += "  - target: " + base::jsonText(level.name) +
                       "\n    type: bypass\n    keep: [" + keep + "]\n    bypass: [" + bypass +
                       "]\n";
        }
        if (!targets.empty()) m_text.text += "architecture_constraints:\n  targets:\n" + targets;
    }

    void leaveOut() {
        const auto say = [&](const std::string& what) { m_text.leftOut.push_back(what); };
        for (const auto& level : m_hierarchy.levels) {
            const auto& name = level.name;
            if (level.fillPicojoule != level.readPicojoule ||
                level.updatePicojoule != level.readPicojoule) {
                say(name + ": the energies of fills and updates; that of reads stands for all");
            }
            if (!level.multicast) say(name + ": that it does not multicast");
            if (level.forwards) say(name + ": that it takes words from its neighbours");
            if (level.exposesFirstFill) say(name + ": that work waits for the first tile");
            if (level.refillsInPlace) say(name + ": that each word makes room for the next");
            if (level.rows == 0) say(name + ": rows without bound, written as 1");
            if (level.columns == 0) say(name + ": columns without bound, written as 1");
            if (level.sharedBandwidth && level.readWordsPerCycle == 0) {
                say(name + ": that an unlimited bandwidth is shared");
            }
        }
        if (m_hierarchy.pes != m_rows * m_columns) {
            say("the bound of " + std::to_string(m_hierarchy.pes) + " multipliers, written as " +
                std::to_string(m_rows * m_columns));
        }
        if (m_hierarchy.staticPicojoulePerCycle != 0) say("static energy");
        if (m_hierarchy.overlap == nest::Overlap::None) say("that levels do not overlap in time");
        if (m_hierarchy.readsZeros) say("that zeros around the inputs are read");
    }

    const Hierarchy& m_hierarchy;
    TimeloopText m_text;
    std::int64_t m_rows = 1;
    std::int64_t m_columns = 1;
};

}  // namespace

Result<TimeloopText> timeloopArchitecture(const Hierarchy& hierarchy) {
    return ArchitectureWriter(hierarchy).write();
}

}  // namespace cohelix::interop
