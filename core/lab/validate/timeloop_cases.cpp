// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>

#include "core/base/json.h"
#include "core/base/text_file.h"
#include "core/base/units.h"
#include "core/lab/validate/validation.h"
#include "core/nest/loop_nest.h"

namespace cohelix::validate {
namespace {

using base::Json;
using base::Result;
using model::Dim;
using model::LoopKind;
using model::Tensor;

constexpr std::size_t kMostDifferences = 10;
constexpr std::array<const char*, model::kTensors> kTensorKeys = {"Weights", "Inputs", "Outputs"};

/// A figure, or 0 for the text "unbounded".
double bounded(const Json& json) { return json.is_string() ? 0 : json.get<double>(); }

nest::Hierarchy hierarchyOf(const std::string& name, const Json& json) {
    nest::Hierarchy hierarchy;
    hierarchy.name = name;
    hierarchy.macPicojoule = json.at("mac_energy").get<double>();
    hierarchy.pes = json.at("pe_count").get<std::int64_t>();
    for (const auto& entry : json.at("levels_outer_to_inner")) {
        nest::MemoryLevel level;
        level.name = entry.at("name").get<std::string>();
        level.capacityWords = bounded(entry.at("capacity_words_per_instance"));
        level.readPicojoule = level.fillPicojoule = level.updatePicojoule =
            entry.at("energy_per_word_access").get<double>();
        level.readWordsPerCycle = bounded(entry.at("read_words_per_cycle"));
        level.writeWordsPerCycle = bounded(entry.at("write_words_per_cycle"));
        hierarchy.levels.push_back(std::move(level));
    }
    return hierarchy;
}

struct Case {
    std::string id;
    model::Layer layer;
    model::Mapping mapping;
    std::string architecture;
    const Json* result = nullptr;
    const Json* bruteForce = nullptr;  ///< element by element; of toys only
    bool flagged = false;
};

/// A depthwise problem has no K; its channels are groups.
Dim dimOf(const std::string& name, bool depthwise) {
    const auto dim = base::valueOf<model::Dim>(name);
    if (!dim) throw std::runtime_error("there is no dimension '" + name + "'");
    return depthwise && *dim == Dim::C ? Dim::G : *dim;
}

model::Layer layerOf(const Json& problem, const std::string& id) {
    const bool depthwise = problem.at("type") == "depthwise";
    model::Layer layer;
    layer.name = id;
    for (const Dim dim : model::kAllDims) {
        const std::string key(word(dim));
        if (depthwise && dim == Dim::K) continue;
        layer.size(dim) = problem.at(key).get<std::int64_t>();
    }
    layer.stride = problem.at("stride").get<int>();
    layer.dilation = problem.at("dilation").get<int>();
    if (depthwise) {
        layer.size(Dim::K) = layer.size(Dim::C);
        layer.groups = static_cast<int>(layer.size(Dim::C));
    }
    return layer;
}

model::Mapping mappingOf(const Json& json, const Json& bypassed, bool depthwise,
                         const nest::Hierarchy& hierarchy) {
    model::Mapping mapping;
    for (const auto& level : hierarchy.levels) {
        model::MappingLevel mapped{level.name, {}, {true, true, true}};
        if (bypassed.contains(level.name)) {
            for (const auto& tensor : bypassed.at(level.name)) {
                for (std::size_t t = 0; t < kTensorKeys.size(); ++t) {
                    if (tensor == kTensorKeys[t]) mapped.keeps[t] = false;
                }
            }
        }
        mapping.levels.push_back(std::move(mapped));
    }
    for (const auto& part : json) {
        const auto name = part.at("level").get<std::string>();
        const auto level = std::find_if(mapping.levels.begin(), mapping.levels.end(),
                                        [&](const auto& entry) { return entry.memory == name; });
        if (level == mapping.levels.end()) throw std::runtime_error("there is no level " + name);
        const auto kind = part.at("kind").get<std::string>();
        for (const auto& loop : part.at("loops_outer_to_inner")) {
            level->loops.push_back({dimOf(loop.at(0).get<std::string>(), depthwise),
                                    loop.at(1).get<std::int64_t>(),
                                    kind == "temporal"    ? LoopKind::Temporal
                                    : kind == "spatial_x" ? LoopKind::Columns
                                                          : LoopKind::Rows});
        }
    }
    return mapping;
}

/// The first figure in which the two differ, in words; empty where there is none.
class Comparison {
public:
    Comparison(const Case& the, const nest::Hierarchy& hierarchy, const nest::LoopNestResult& ours)
        : m_case(the), m_hierarchy(hierarchy), m_ours(ours) {}

    std::string difference() {
        for (std::size_t l = 0; l < m_hierarchy.levels.size(); ++l) {
            const auto& tensors =
                m_case.result->at("levels").at(m_hierarchy.levels[l].name).at("tensors");
            for (std::size_t t = 0; t < kTensorKeys.size(); ++t) {
                if (m_case.flagged && t == static_cast<std::size_t>(Tensor::Inputs)) continue;
                if (!tensors.contains(kTensorKeys[t])) continue;
                compareTraffic(l, t, tensors.at(kTensorKeys[t]));
            }
        }
        if (!m_case.flagged) {
            compare("cycles", m_ours.cycles, m_case.result->at("cycles").get<double>(), 0);
            compare("energy", m_ours.energyPicojoule,
                    m_case.result->at("energy_total").get<double>(), 1e-9);
        }
        return m_difference;
    }
    double worst() const { return m_worst; }

    /// The same for the counts of a walk over all elements, which `exact` must give.
    std::string bruteForceDifference() {
        m_difference.clear();
        for (const auto& pair : *m_case.bruteForce) {
            const auto tensor = pair.at("tensor").get<std::string>();
            const auto t = static_cast<std::size_t>(
                std::find(kTensorKeys.begin(), kTensorKeys.end(), tensor) - kTensorKeys.begin());
            if (t == kTensorKeys.size()) throw std::runtime_error("there is no tensor " + tensor);
            const auto& parent = traffic(pair.at("parent").get<std::string>(), t);
            const auto& child = traffic(pair.at("child").get<std::string>(), t);
            const auto same = [&](const char* key, std::int64_t ours) {
                compare("exact " + tensor + " " + key, static_cast<double>(ours),
                        pair.at(key).get<double>(), 0);
            };
            if (tensor == "Outputs") {
                same("refetch_child_fills", child.fills);
                same("parent_updates_after_spatial_reduction", parent.updates);
            } else {
                same("exact_child_fills", child.fills);
                same("exact_parent_reads_full_union_multicast", parent.reads);
            }
            same("max_tile_words_exact", child.tile);
        }
        return m_difference;
    }

private:
    const nest::TensorTraffic& traffic(const std::string& level, std::size_t tensor) const {
        for (std::size_t l = 0; l < m_hierarchy.levels.size(); ++l) {
            if (m_hierarchy.levels[l].name == level) return m_ours.levels[l].tensors[tensor];
        }
        throw std::runtime_error("there is no level " + level);
    }

    void compareTraffic(std::size_t level, std::size_t tensor, const Json& theirs) {
        const auto& ours = m_ours.levels[level].tensors[tensor];
        const auto place = m_hierarchy.levels[level].name + " " + kTensorKeys[tensor] + " ";
        const auto figure = [&](const char* key) { return theirs.at(key).get<double>(); };
        compare(place + "reads", static_cast<double>(ours.reads), figure("reads"), 0);
        compare(place + "fills", static_cast<double>(ours.fills), figure("fills"), 0);
        compare(place + "updates", static_cast<double>(ours.updates), figure("updates"), 0);
    }

    void compare(const std::string& what, double ours, double theirs, double tolerance) {
        const double error = theirs == 0 ? std::abs(ours) : std::abs(ours / theirs - 1);
        m_worst = std::max(m_worst, error);
        if (error <= tolerance || !m_difference.empty()) return;
        m_difference =
            m_case.id + ": " + what + " " + base::fixed(ours, 0) + " for " + base::fixed(theirs, 0);
    }

    const Case& m_case;
    const nest::Hierarchy& m_hierarchy;
    const nest::LoopNestResult& m_ours;
    std::string m_difference;
    double m_worst = 0;
};

Validation validateAll(const Json& document) {
    std::map<std::string, nest::Hierarchy> architectures;
    for (const auto& [name, json] : document.at("architectures").items()) {
        architectures.emplace(name, hierarchyOf(name, json));
    }
    Validation validation;
    validation.equal = validation.flagged = 0;
    validation.worstRelativeError = 0;
    double sum = 0;
    for (const auto& json : document.at("cases")) {
        Case the;
        the.id = json.at("id").get<std::string>();
        the.layer = layerOf(json.at("problem"), the.id);
        the.architecture = json.at("architecture").get<std::string>();
        the.flagged = json.value("inputs_not_explained_by_box_rule", false);
        the.result = &json.at("result");
        if (json.contains("brute_force")) the.bruteForce = &json.at("brute_force");
        const auto& hierarchy = architectures.at(the.architecture);
        the.mapping = mappingOf(json.at("mapping"), json.at("bypassed"),
                                json.at("problem").at("type") == "depthwise", hierarchy);
        const auto ours =
            nest::evaluateLoopNest(the.layer, the.mapping, hierarchy, nest::kTimeloop2025);
        ++validation.rows;
        *validation.flagged += the.flagged ? 1 : 0;
        std::string difference;
        if (ours) {
            Comparison comparison(the, hierarchy, *ours);
            difference = comparison.difference();
            sum += comparison.worst();
            *validation.worstRelativeError =
                std::max(*validation.worstRelativeError, comparison.worst());
        } else {
            difference = base::toText(ours.error());
        }
        if (difference.empty() && the.bruteForce) {
            const auto exact = nest::evaluateLoopNest(the.layer, the.mapping, hierarchy);
            difference = exact ? Comparison(the, hierarchy, *exact).bruteForceDifference()
                               : base::toText(exact.error());
        }
        *validation.equal += difference.empty() ? 1 : 0;
        if (!difference.empty() && validation.differences.size() < kMostDifferences) {
            validation.differences.push_back(std::move(difference));
        }
    }
    validation.meanRelativeError =
        validation.rows > 0 ? sum / static_cast<double>(validation.rows) : 0;
    return validation;
}

}  // namespace

Result<Validation> timeloopCases(const std::filesystem::path& path) {
    const auto begin = std::chrono::steady_clock::now();
    const auto text = base::readText(path);
    if (!text) return text.error();
    const auto document = base::parseJson(*text, path.string());
    if (!document) return document.error();
    try {
        auto validation = validateAll(*document);
        validation.against = "Timeloop of March 2025: reads, fills, updates, cycles and energy";
        validation.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return validation;
    } catch (const std::exception& problem) {  // nlohmann's and std's own, from shape and type
        return base::Error{path.string(), problem.what(),
                           "A file of cases has header, architectures and cases"};
    }
}

}  // namespace cohelix::validate
