// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/base/json_text.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/timeloop/timeloop_factors.h"
#include "core/interop/timeloop/timeloop_words.h"
#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/interop/timeloop/yaml_reader.h"

namespace cohelix::interop {
namespace {

using base::Error;
using model::Dim;
using model::Loop;
using model::LoopKind;

/// Timeloop's order of a convolution's dimensions, by which it fills up permutations.
constexpr std::array kFillOrder = {Dim::R, Dim::S, Dim::P, Dim::Q, Dim::C, Dim::K, Dim::N, Dim::G};
constexpr double kMostSpan = 4.6e18;

struct Factor {
    std::int64_t trips = 1;  ///< 0: what the others leave
    std::int64_t last = 1;   ///< trips of the last step
};
using Factors = std::array<Factor, model::kLoopDims>;

Factors factorsOf(const YamlReader& directive, const TimeloopNames& names) {
    Factors factors;
    const auto node = directive.find("factors");
    if (!node) return factors;
    std::set<Dim> seen;
    for (const auto& given : timeloopFactors(*node, names)) {
        if (given.sign != FactorSign::Equal) {
            node->fail("a mapping has no bounds on " + given.dim, "Give the factor itself");
        }
        const auto dim = names.dim(given.dim);
        if (!dim && given.trips == 1) continue;  // a convolution's, of one step here
        if (!dim) {
            node->fail("the problem has no dimension '" + given.dim + "'",
                       "It has " + names.dimList());
        }
        if (!seen.insert(*dim).second) node->fail("the factors have " + given.dim + " twice");
        auto& factor = factors[indexOf(*dim)];
        factor = {given.trips, given.last.value_or(given.trips)};
        if (factor.trips > 0 && (factor.last < 1 || factor.last > factor.trips)) {
            node->fail("the last trips of " + given.dim + " are not from 1 to all trips");
        }
    }
    return factors;
}

/// Innermost first, all dimensions.
std::vector<Dim> orderOf(const YamlReader& directive, const TimeloopNames& names) {
    TimeloopOrder given;
    if (const auto node = directive.find("permutation")) given = timeloopOrder(*node, names);
    auto order = given.inside;
    for (const Dim dim : kFillOrder) {
        const auto in = [dim](const std::vector<Dim>& dims) {
            return std::find(dims.begin(), dims.end(), dim) != dims.end();
        };
        if (!in(order) && !in(given.outside)) order.push_back(dim);
    }
    order.insert(order.end(), given.outside.begin(), given.outside.end());
    return order;
}

/// What Timeloop keeps of a place's directives until all are read: a memory's or, where it keeps
/// nothing, a container's.
struct PlaceParts {
    std::vector<std::string> names;
    std::size_t level = 0;
    bool container = false;
    std::vector<Dim> temporalOrder = {};  ///< innermost first
    std::vector<Dim> spatialOrder = {};
    std::int64_t split = model::kLoopDims;
    Factors temporal = {};
    Factors spatial = {};
    bool hasTemporal = false;
    bool hasSpatial = false;
};

class MappingReader {
public:
    MappingReader(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                  const std::vector<TimeloopContainer>& containers, const TimeloopNames& names)
        : m_layer(layer), m_hierarchy(hierarchy), m_names(names) {
        for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
            const auto& memory = hierarchy.levels[l];
            m_keeps.push_back(memory.mayKeep);
            m_places.push_back({.names = {memory.name}, .level = l});
            for (const auto& container : containers) {
                if (container.memory != memory.name) continue;
                m_places.push_back({.names = container.names, .level = l, .container = true});
            }
        }
    }

    model::Mapping read(const YamlReader& root) {
        const auto list = root.find("mapping").value_or(root);
        if (!list.isList()) {
            list.fail("this is no mapping of Timeloop: there is no list of directives");
        }
        for (const auto& directive : list.items()) readDirective(directive);
        for (const Dim dim : model::kAllLoopDims) {
            fillRest(list, dim);
            requireCover(list, dim);
        }
        model::Mapping mapping;
        for (std::size_t l = 0; l < m_keeps.size(); ++l) {
            mapping.levels.push_back({m_hierarchy.levels[l].name, {}, m_keeps[l]});
        }
        for (const auto& place : m_places) addLoops(place, mapping.levels[place.level].loops);
        return mapping;
    }

private:
    PlaceParts& targetOf(const YamlReader& directive) {
        const auto node = directive.at("target");
        const auto name = node.text();
        for (auto& place : m_places) {
            const auto& names = place.names;
            if (std::find(names.begin(), names.end(), name) != names.end()) return place;
        }
        std::string known;
        for (const auto& level : m_hierarchy.levels) {
            known += (known.empty() ? "" : ", ") + level.name;
        }
        node.fail("the architecture has no memory '" + name + "'", "It has: " + known);
    }

    void readDirective(const YamlReader& directive) {
        auto& place = targetOf(directive);
        const auto type = directive.at("type").text();
        if (type == "temporal") {
            if (place.hasTemporal) directive.fail("this memory has a temporal directive already");
            place.hasTemporal = true;
            place.temporal = factorsOf(directive, m_names);
            place.temporalOrder = orderOf(directive, m_names);
        } else if (type == "spatial") {
            if (place.hasSpatial) directive.fail("this memory has a spatial directive already");
            place.hasSpatial = true;
            place.spatial = factorsOf(directive, m_names);
            place.spatialOrder = orderOf(directive, m_names);
            if (const auto split = directive.find("split")) {
                place.split = splitOf(*split);
            }
        } else if (type == "bypass" || type == "datatype" || type == "dataspace") {
            if (!place.container) readKept(directive, place.level);
        } else {
            directive.at("type").fail("a directive of type '" + type + "' has no counterpart here",
                                      "Known are temporal, spatial and bypass (datatype)");
        }
    }

    /// Files have 999 for "all".
    static std::int64_t splitOf(const YamlReader& node) {
        const auto split = node.integer(0, kMostSize);
        return std::min<std::int64_t>(split, model::kLoopDims);
    }

    void readKept(const YamlReader& directive, std::size_t level) {
        for (const bool keep : {true, false}) {
            const auto list = directive.find(keep ? "keep" : "bypass");
            if (!list || list->isNothing()) continue;
            for (const auto& item : list->items()) {
                const auto tensor = m_names.tensor(item.text());
                if (!tensor)
                    item.fail("there is no data space '" + item.text() + "'",
                              "There are " + m_names.tensorList());
                const auto said = m_said.emplace(std::pair(level, *tensor), keep).first->second;
                if (said != keep) {
                    item.fail("'" + m_hierarchy.levels[level].name + "' both keeps and bypasses " +
                              item.text());
                }
                m_keeps[level][static_cast<std::size_t>(*tensor)] = keep;
            }
        }
    }

    /// All factors of a dimension, innermost first.
    std::vector<Factor*> factorsInside(Dim dim) {
        std::vector<Factor*> all;
        for (auto place = m_places.rbegin(); place != m_places.rend(); ++place) {
            all.push_back(&place->spatial[indexOf(dim)]);
            all.push_back(&place->temporal[indexOf(dim)]);
        }
        return all;
    }

    /// Gives the one factor that is left open what the others leave.
    void fillRest(const YamlReader& list, Dim dim) {
        const auto all = factorsInside(dim);
        const auto open = std::count_if(all.begin(), all.end(),
                                        [](const Factor* factor) { return factor->trips == 0; });
        if (open == 0) return;
        if (open > 1) {
            list.fail("two factors of " + std::string(word(dim)) + " are left open; one can be");
        }
        double others = 1;
        for (const auto* factor : all) {
            others *= static_cast<double>(std::max<std::int64_t>(1, factor->trips));
        }
        const auto size = model::loopSize(m_layer, dim);
        const auto most = static_cast<std::int64_t>(std::min(others, kMostSpan));
        if (size % most != 0) {
            list.fail("the factors of " + std::string(word(dim)) + " leave no whole number of " +
                      std::to_string(size) + " for the one that is open");
        }
        for (auto* factor : all) {
            if (factor->trips == 0) *factor = {size / most, size / most};
        }
    }

    /// The last step's trips are the digits of size - 1 in the mixed base of the trips, which
    /// our edges have as well.
    void requireCover(const YamlReader& list, Dim dim) {
        double span = 1;
        std::int64_t covered = 1;
        for (const auto* factor : factorsInside(dim)) {
            if (span * static_cast<double>(factor->trips) > kMostSpan) {
                list.fail("the factors of " + std::string(word(dim)) +
                          " multiply to more than 2^62");
            }
            covered += (factor->last - 1) * static_cast<std::int64_t>(span);
            span *= static_cast<double>(factor->trips);
        }
        const auto size = model::loopSize(m_layer, dim);
        if (covered == size) return;
        list.fail("the factors of " + std::string(word(dim)) + " make " + std::to_string(covered) +
                      " of " + std::to_string(size),
                  "Factors that do not divide need the trips of their last step: P5,3");
    }

    /// The next of a level's, after those of the places that unroll already.
    static std::uint8_t nextFanOut(const std::vector<Loop>& loops) {
        for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
            if (loop->kind == LoopKind::Temporal) continue;
            return static_cast<std::uint8_t>(std::min(loop->fanOut + 1, 255));
        }
        return 0;
    }

    /// Outermost first, temporal before spatial ones.
    static void addLoops(const PlaceParts& place, std::vector<Loop>& loops) {
        const auto fanOut = nextFanOut(loops);
        for (auto dim = place.temporalOrder.rbegin(); dim != place.temporalOrder.rend(); ++dim) {
            const auto trips = place.temporal[indexOf(*dim)].trips;
            if (trips > 1) loops.push_back({*dim, trips, LoopKind::Temporal});
        }
        for (std::size_t i = place.spatialOrder.size(); i-- > 0;) {
            const Dim dim = place.spatialOrder[i];
            const auto trips = place.spatial[indexOf(dim)].trips;
            const bool x = static_cast<std::int64_t>(i) < place.split;
            if (trips > 1) {
                loops.push_back({dim, trips, x ? LoopKind::Columns : LoopKind::Rows, fanOut});
            }
        }
    }

    const model::Layer& m_layer;
    const nest::Hierarchy& m_hierarchy;
    const TimeloopNames& m_names;
    std::vector<PlaceParts> m_places;                              ///< outermost first
    std::vector<std::array<bool, model::kTensors>> m_keeps;        ///< by level
    std::map<std::pair<std::size_t, model::Tensor>, bool> m_said;  ///< to keep, by level and tensor
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
        for (const Dim dim : model::kAllLoopDims)
            m_rest[indexOf(dim)] = model::loopSize(layer, dim) - 1;
    }
    /// The factor of the next loop outwards.
    Factor next(const Loop& loop) {
        auto& rest = m_rest[indexOf(loop.dim)];
        const Factor factor{loop.trips, rest % loop.trips + 1};
        rest /= loop.trips;
        return factor;
    }
    std::optional<Dim> uncovered() const {
        for (const Dim dim : model::kAllLoopDims) {
            if (m_rest[indexOf(dim)] > 0) return dim;
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
        if (loop.fanOut > 0) return refuse("a second fan-out follows the first");
        const bool temporal = loop.kind == LoopKind::Temporal;
        auto& part = parts[temporal ? 0 : 1];
        if (temporal && !parts[1].empty()) return refuse("a temporal loop is inside a spatial one");
        for (const auto& other : part) {
            if (other.dim == loop.dim) {
                return refuse("there are two " + std::string(temporal ? "temporal" : "spatial") +
                              " loops over " + std::string(word(loop.dim)));
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
        const auto name = std::string(word(loop->dim));
        const auto factor = last.next(*loop);
        permutation += name;
        factors += " " + name + "=" + std::to_string(factor.trips);
        if (factor.last != factor.trips) factors += "," + std::to_string(factor.last);
        columns += loop->kind == LoopKind::Columns ? 1 : 0;
        done.insert(loop->dim);
    }
    for (const Dim dim : kFillOrder) {
        if (done.contains(dim) || (dim == Dim::G && !groups)) continue;
        permutation += word(dim);
        factors += " " + std::string(word(dim)) + "=1";
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

base::Result<model::Mapping> mappingFromTimeloop(std::string_view text, const std::string& where,
                                                 const model::Layer& layer,
                                                 const nest::Hierarchy& hierarchy,
                                                 const std::vector<TimeloopContainer>& containers,
                                                 const TimeloopNames& names) {
    if (looksLikeTimeloopListing(text)) return timeloopListingError(where);
    return readYaml<model::Mapping>(text, where, [&](const YamlReader& root) {
        return MappingReader(layer, hierarchy, containers, names).read(root);
    });
}

bool looksLikeTimeloopListing(std::string_view text) {
    const auto begin = text.substr(0, 4096);
    return begin.find("target:") == begin.npos && begin.find("for ") != begin.npos &&
           begin.find(" in [") != begin.npos;
}

base::Error timeloopListingError(const std::string& where) {
    return {where, "this is the listing of a mapping that Timeloop writes for people (map.txt)",
            "Give the file beside it that ends in map.yaml"};
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
        const auto target = base::jsonText(level->memory);
        const auto& [temporal, spatial] = *parts;
        std::string inner;
        if (!spatial.empty()) inner = directiveText(target, spatial, true, groups, last);
        blocks.push_back(keptText(target, *level) +
                         directiveText(target, temporal, false, groups, last) + inner);
    }
    if (const auto dim = last.uncovered()) {
        return Error{layer.name, "the mapping does not cover " + std::string(word(*dim)), {}};
    }
    std::string text = "mapping:\n";
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) text += *block;
    return text;
}

}  // namespace cohelix::interop
