// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "core/base/json.h"
#include "core/interop/layer_check.h"
#include "core/interop/timeloop_words.h"
#include "core/interop/timeloop_yaml.h"
#include "core/interop/yaml_reader.h"

namespace cohelix::interop {
namespace {

using base::Error;
using model::Dim;
using model::Loop;
using model::LoopKind;

/// Timeloop's order of a convolution's dimensions, by which it fills up permutations.
constexpr std::array kFillOrder = {Dim::R, Dim::S, Dim::P, Dim::Q,
                                   Dim::C, Dim::K, Dim::N, Dim::G};
constexpr double kMostSpan = 4.6e18;

std::size_t at(Dim dim) { return static_cast<std::size_t>(dim); }

struct Factor {
    std::int64_t trips = 1;
    std::int64_t last = 1;  ///< trips of the last step
};
using Factors = std::array<Factor, model::kLoopDims>;

/// Entries of "C4 K=2, P5,3" or of a list of such.
std::string joined(const YamlReader& node) {
    if (node.isText()) return node.text();
    std::string text;
    for (const auto& item : node.items()) text += item.text() + " ";
    return text;
}

class FactorParser {
public:
    FactorParser(const YamlReader& node, const model::Layer& layer)
        : m_node(node), m_layer(layer), m_text(joined(node)) {
        m_text = m_text.substr(0, m_text.find('#'));
    }

    Factors parse() {
        Factors factors;
        std::set<Dim> seen;
        while (skipSpace()) {
            const auto dim = takeDim();
            if (!seen.insert(dim).second) m_node.fail("'" + m_text + "' has a dimension twice");
            auto& factor = factors[at(dim)];
            factor.trips = takeNumber();
            if (factor.trips == 0) factor.trips = model::loopSize(m_layer, dim);
            factor.last = factor.trips;
            if (m_at < m_text.size() && m_text[m_at] == ',' && m_at + 1 < m_text.size() &&
                std::isdigit(static_cast<unsigned char>(m_text[m_at + 1]))) {
                ++m_at;
                factor.last = takeNumber();
            }
            if (factor.last < 1 || factor.last > factor.trips) {
                m_node.fail("in '" + m_text + "' the last trips are not from 1 to all trips");
            }
        }
        return factors;
    }

private:
    bool skipSpace() {
        while (m_at < m_text.size() && (std::isspace(static_cast<unsigned char>(m_text[m_at])) ||
                                        m_text[m_at] == ',')) {
            ++m_at;
        }
        return m_at < m_text.size();
    }
    Dim takeDim() {
        const auto dim = timeloopDim(std::string_view(m_text).substr(m_at, 1));
        if (!dim) {
            m_node.fail("'" + m_text + "' names no dimension at '" + m_text.substr(m_at) + "'",
                        "Write factors as C4 or C=4, with the dimensions N K C P Q R S G");
        }
        ++m_at;
        if (skipSpace() && m_text[m_at] == '=') ++m_at;
        skipSpace();
        return *dim;
    }
    std::int64_t takeNumber() {
        std::int64_t number = -1;
        const char* begin = m_text.data() + m_at;
        const auto [end, code] = std::from_chars(begin, m_text.data() + m_text.size(), number);
        if (code != std::errc() || number < 0 || number > kMostSize) {
            m_node.fail("'" + m_text + "' has no factor from 0 to " + std::to_string(kMostSize) +
                        " at '" + m_text.substr(m_at) + "'");
        }
        m_at += static_cast<std::size_t>(end - begin);
        return number;
    }

    const YamlReader& m_node;
    const model::Layer& m_layer;
    std::string m_text;
    std::size_t m_at = 0;
};

/// Innermost first, all dimensions.
std::vector<Dim> orderOf(const YamlReader& directive) {
    std::vector<Dim> order;
    if (const auto node = directive.find("permutation")) {
        for (const char c : joined(*node)) {
            if (std::isspace(static_cast<unsigned char>(c)) || c == ',') continue;
            const auto dim = timeloopDim({&c, 1});
            if (!dim) node->fail("the permutation names a dimension '" + std::string(1, c) + "'");
            if (std::find(order.begin(), order.end(), *dim) != order.end()) {
                node->fail("the permutation has " + std::string(dimName(*dim)) + " twice");
            }
            order.push_back(*dim);
        }
    }
    for (const Dim dim : kFillOrder) {
        if (std::find(order.begin(), order.end(), dim) == order.end()) order.push_back(dim);
    }
    return order;
}

/// What Timeloop keeps of a memory's directives until all are read.
struct LevelParts {
    std::vector<Loop> temporal;  ///< outermost first
    std::vector<Loop> spatial;
    Factors temporalFactors;
    Factors spatialFactors;
    bool hasTemporal = false;
    bool hasSpatial = false;
    std::array<bool, model::kTensors> keeps = {true, true, true};
};

class MappingReader {
public:
    MappingReader(const model::Layer& layer, const cost::Hierarchy& hierarchy,
                  const std::map<std::string, std::string>& containers)
        : m_layer(layer), m_hierarchy(hierarchy), m_containers(containers),
          m_levels(hierarchy.levels.size()) {
        for (std::size_t l = 0; l < m_levels.size(); ++l) {
            m_levels[l].keeps = hierarchy.levels[l].mayKeep;
        }
    }

    model::Mapping read(const YamlReader& root) {
        const auto list = root.find("mapping").value_or(root);
        if (!list.isList()) {
            list.fail("this is no mapping of Timeloop: there is no list of directives");
        }
        for (const auto& directive : list.items()) readDirective(directive);
        requireCover(list);
        model::Mapping mapping;
        for (std::size_t l = 0; l < m_levels.size(); ++l) {
            auto& parts = m_levels[l];
            auto loops = std::move(parts.temporal);
            loops.insert(loops.end(), parts.spatial.begin(), parts.spatial.end());
            mapping.levels.push_back({m_hierarchy.levels[l].name, std::move(loops), parts.keeps});
        }
        return mapping;
    }

private:
    LevelParts& targetOf(const YamlReader& directive) {
        const auto node = directive.at("target");
        auto name = node.text();
        if (const auto found = m_containers.find(name); found != m_containers.end()) {
            name = found->second;
        }
        for (std::size_t l = 0; l < m_levels.size(); ++l) {
            if (m_hierarchy.levels[l].name == name) return m_levels[l];
        }
        std::string known;
        for (const auto& level : m_hierarchy.levels) {
            known += (known.empty() ? "" : ", ") + level.name;
        }
        node.fail("the architecture has no memory '" + name + "'", "It has: " + known);
    }

    void readDirective(const YamlReader& directive) {
        auto& parts = targetOf(directive);
        const auto type = directive.at("type").text();
        if (type == "temporal") {
            readTemporal(directive, parts);
        } else if (type == "spatial") {
            readSpatial(directive, parts);
        } else if (type == "bypass" || type == "datatype" || type == "dataspace") {
            readKept(directive, parts);
        } else {
            directive.at("type").fail("a directive of type '" + type + "' has no counterpart here",
                                      "Known are temporal, spatial and bypass (datatype)");
        }
    }

    Factors factorsOf(const YamlReader& directive) const {
        const auto node = directive.find("factors");
        return node ? FactorParser(*node, m_layer).parse() : Factors{};
    }

    void readTemporal(const YamlReader& directive, LevelParts& parts) {
        if (parts.hasTemporal) directive.fail("this memory has a temporal directive already");
        parts.hasTemporal = true;
        parts.temporalFactors = factorsOf(directive);
        for (const Dim dim : orderOf(directive)) {
            const auto trips = parts.temporalFactors[at(dim)].trips;
            if (trips > 1) parts.temporal.push_back({dim, trips, LoopKind::Temporal});
        }
        std::reverse(parts.temporal.begin(), parts.temporal.end());
    }

    void readSpatial(const YamlReader& directive, LevelParts& parts) {
        if (parts.hasSpatial) directive.fail("this memory has a spatial directive already");
        parts.hasSpatial = true;
        parts.spatialFactors = factorsOf(directive);
        const auto order = orderOf(directive);
        const auto split = directive.find("split")
                               ? directive.at("split").integer(0, model::kLoopDims)
                               : model::kLoopDims;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto trips = parts.spatialFactors[at(order[i])].trips;
            const bool x = static_cast<std::int64_t>(i) < split;
            const auto kind = x ? LoopKind::Columns : LoopKind::Rows;
            if (trips > 1) parts.spatial.push_back({order[i], trips, kind});
        }
        std::reverse(parts.spatial.begin(), parts.spatial.end());
    }

    static void readKept(const YamlReader& directive, LevelParts& parts) {
        for (const bool keep : {true, false}) {
            const auto list = directive.find(keep ? "keep" : "bypass");
            if (!list) continue;
            for (const auto& item : list->items()) {
                const auto tensor = timeloopTensor(item.text());
                if (!tensor) item.fail("there is no data space '" + item.text() + "'",
                                       "There are Weights, Inputs and Outputs");
                parts.keeps[static_cast<std::size_t>(*tensor)] = keep;
            }
        }
    }

    /// The last step's trips are the digits of size - 1 in the mixed base of the trips, which
    /// our edges have as well.
    void requireCover(const YamlReader& list) const {
        for (const Dim dim : model::kAllLoopDims) {
            double span = 1;
            std::int64_t covered = 1;
            for (auto level = m_levels.rbegin(); level != m_levels.rend(); ++level) {
                for (const auto* factors : {&level->spatialFactors, &level->temporalFactors}) {
                    const auto& factor = (*factors)[at(dim)];
                    if (span * static_cast<double>(factor.trips) > kMostSpan) {
                        list.fail("the factors of " + std::string(dimName(dim)) +
                                  " multiply to more than 2^62");
                    }
                    covered += (factor.last - 1) * static_cast<std::int64_t>(span);
                    span *= static_cast<double>(factor.trips);
                }
            }
            const auto size = model::loopSize(m_layer, dim);
            if (covered == size) continue;
            list.fail("the factors of " + std::string(dimName(dim)) + " make " +
                          std::to_string(covered) + " of " + std::to_string(size),
                      "Factors that do not divide need the trips of their last step: P5,3");
        }
    }

    const model::Layer& m_layer;
    const cost::Hierarchy& m_hierarchy;
    const std::map<std::string, std::string>& m_containers;
    std::vector<LevelParts> m_levels;
};

// ---- writing ----------------------------------------------------------------------------------

/// Loops of one directive, outermost first, with the trips of their last steps.
struct Directive {
    std::vector<Loop> loops;
    Factors factors;
};

/// Gives each loop the last step's trips: digits of size - 1, innermost first.
class LastSteps {
public:
    explicit LastSteps(const model::Layer& layer) {
        for (const Dim dim : model::kAllLoopDims) m_rest[at(dim)] = model::loopSize(layer, dim) - 1;
    }
    /// Of the next loop outwards.
    Factor next(const Loop& loop) {
        auto& rest = m_rest[at(loop.dim)];
        const Factor factor{loop.trips, rest % loop.trips + 1};
        rest /= loop.trips;
        return factor;
    }
    std::optional<Dim> uncovered() const {
        for (const Dim dim : model::kAllLoopDims) {
            if (m_rest[at(dim)] > 0) return dim;
        }
        return std::nullopt;
    }

private:
    std::array<std::int64_t, model::kLoopDims> m_rest{};
};

/// Splits a memory's loops into temporal and spatial ones, columns innermost.
base::Result<std::array<std::vector<Loop>, 2>> splitLoops(const model::MappingLevel& level,
                                                          const std::string& layer) {
    std::array<std::vector<Loop>, 2> parts;
    const auto refuse = [&](const std::string& what) {
        return Error{layer, "at " + level.memory + " " + what,
                     "Timeloop's directives cannot say so"};
    };
    for (const auto& loop : level.loops) {
        if (loop.trips < 1) return refuse("a loop has no trips");
        if (loop.trips == 1) continue;
        const bool temporal = loop.kind == LoopKind::Temporal;
        auto& part = parts[temporal ? 0 : 1];
        if (temporal && !parts[1].empty()) return refuse("a temporal loop is inside a spatial one");
        for (const auto& other : part) {
            if (other.dim == loop.dim) {
                return refuse("there are two " + std::string(temporal ? "temporal" : "spatial") +
                              " loops over " + std::string(dimName(loop.dim)));
            }
        }
        part.push_back(loop);
    }
    std::stable_partition(parts[1].begin(), parts[1].end(),
                          [](const Loop& loop) { return loop.kind == LoopKind::Rows; });
    return parts;
}

std::string directiveText(const std::string& target, const std::vector<Loop>& loops, bool spatial,
                          bool groups, LastSteps& last) {
    std::string permutation;
    std::string factors;
    int columns = 0;
    std::set<Dim> done;
    for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
        const auto name = std::string(dimName(loop->dim));
        const auto factor = last.next(*loop);
        permutation += name;
        factors += " " + name + "=" + std::to_string(factor.trips);
        if (factor.last != factor.trips) factors += "," + std::to_string(factor.last);
        columns += loop->kind == LoopKind::Columns ? 1 : 0;
        done.insert(loop->dim);
    }
    for (const Dim dim : kFillOrder) {
        if (done.contains(dim) || (dim == Dim::G && !groups)) continue;
        permutation += dimName(dim);
        factors += " " + std::string(dimName(dim)) + "=1";
    }
    std::string text = "- target: " + target + "\n  type: " + (spatial ? "spatial" : "temporal") +
                       "\n  factors: \"" + factors.substr(1) + "\"\n  permutation: \"" +
                       permutation + "\"\n";
    if (spatial) text += "  split: " + std::to_string(columns) + "\n";
    return text;
}

std::string keptText(const std::string& target, const model::MappingLevel& level) {
    std::array<std::string, 2> lists;
    for (std::size_t t = 0; t < level.keeps.size(); ++t) {
        auto& list = lists[level.keeps[t] ? 0 : 1];
        list += (list.empty() ? "" : ", ") + std::string(kTimeloopTensors[t]);
    }
    return "- target: " + target + "\n  type: bypass\n  keep: [" + lists[0] + "]\n  bypass: [" +
           lists[1] + "]\n";
}

}  // namespace

base::Result<model::Mapping> mappingFromTimeloop(
    std::string_view text, const std::string& where, const model::Layer& layer,
    const cost::Hierarchy& hierarchy, const std::map<std::string, std::string>& containers) {
    return readYaml<model::Mapping>(text, where, [&](const YamlReader& root) {
        return MappingReader(layer, hierarchy, containers).read(root);
    });
}

base::Result<std::string> timeloopMapping(const model::Mapping& mapping,
                                          const model::Layer& layer) {
    std::set<std::string> names;
    std::vector<std::string> blocks;
    LastSteps last(layer);
    const bool groups = layer.groups > 1;
    for (auto level = mapping.levels.rbegin(); level != mapping.levels.rend(); ++level) {
        if (!names.insert(level->memory).second) {
            return Error{layer.name, "two memories are called '" + level->memory + "'",
                         "Timeloop tells them by their names"};
        }
        const auto parts = splitLoops(*level, layer.name);
        if (!parts) return parts.error();
        const auto target = base::Json(level->memory).dump();
        const auto& [temporal, spatial] = *parts;
        std::string inner;
        if (!spatial.empty()) inner = directiveText(target, spatial, true, groups, last);
        blocks.push_back(keptText(target, *level) +
                         directiveText(target, temporal, false, groups, last) + inner);
    }
    if (const auto dim = last.uncovered()) {
        return Error{layer.name,
                     "the mapping does not cover " + std::string(dimName(*dim)), {}};
    }
    std::string text = "mapping:\n";
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) text += *block;
    return text;
}

}  // namespace cohelix::interop
