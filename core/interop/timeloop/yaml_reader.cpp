// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/yaml_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/units.h"
#include "core/interop/timeloop/expression.h"
#include "core/interop/timeloop/yaml_budget.h"

namespace cohelix::interop {
namespace {

template <typename Number>
std::optional<Number> numberFrom(const std::string& text) {
    Number number{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

std::string normalisedName(std::string name) {
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

YamlReader parseYaml(std::string_view text, const std::string& where, const YamlBudget& budget) {
    try {
        checkYamlBudget(text, where, budget);
        return {YAML::Load(std::string(text)), where};
    } catch (const YAML::ParserException& bad) {
        throw BadYaml{{where + ", line " + std::to_string(bad.mark.line + 1),
                       "this is not YAML: " + bad.msg,
                       {}}};
    }
}

std::string YamlReader::where() const {
    const auto mark = m_node.Mark();
    return mark.is_null() ? m_file : m_file + ", line " + std::to_string(mark.line + 1);
}

void YamlReader::fail(std::string what, std::string advice) const {
    throw BadYaml{{where(), std::move(what), std::move(advice)}};
}

namespace {

/// The maps that a map merges: the value of its key "<<", a map or a list of maps.
std::vector<YAML::Node> mergedBy(const YAML::Node& map) {
    std::vector<YAML::Node> merged;
    for (const auto& each : map) {
        if (!each.first.IsScalar() || each.first.Scalar() != "<<") continue;
        if (each.second.IsMap()) merged.push_back(each.second);
        if (!each.second.IsSequence()) continue;
        for (const auto& one : each.second) {
            if (one.IsMap()) merged.push_back(one);
        }
    }
    return merged;
}

}  // namespace

std::optional<YamlReader> YamlReader::find(std::string_view key) const {
    if (!m_node.IsMap()) return std::nullopt;
    for (const auto& each : m_node) {
        if (each.first.IsScalar() && normalisedName(each.first.Scalar()) == key) {
            return YamlReader(each.second, m_file);
        }
    }
    for (const auto& merged : mergedBy(m_node)) {
        if (auto found = YamlReader(merged, m_file).find(key)) return found;
    }
    return std::nullopt;
}

std::optional<YamlReader> YamlReader::findAny(std::initializer_list<std::string_view> keys) const {
    for (const auto key : keys) {
        if (auto found = find(key)) return found;
    }
    return std::nullopt;
}

YamlReader YamlReader::at(std::string_view key) const {
    if (auto found = find(key)) return *found;
    fail("'" + std::string(key) + "' is missing here");
}

std::vector<std::string> YamlReader::keys() const {
    std::vector<std::string> keys;
    if (!m_node.IsMap()) fail("this is no map of names and values");
    const auto add = [&](const std::string& key) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    };
    for (const auto& each : m_node) {
        if (!each.first.IsScalar()) fail("a name in it is no text");
        if (each.first.Scalar() != "<<") add(normalisedName(each.first.Scalar()));
    }
    for (const auto& merged : mergedBy(m_node)) {
        for (const auto& key : YamlReader(merged, m_file).keys()) add(key);
    }
    return keys;
}

std::vector<YamlReader> YamlReader::items() const {
    if (!m_node.IsSequence()) fail("this is no list");
    std::vector<YamlReader> items;
    for (const auto& each : m_node) items.emplace_back(each, m_file);
    return items;
}

std::string YamlReader::text() const {
    if (!m_node.IsScalar()) fail("this is no text");
    return m_node.Scalar();
}

std::int64_t YamlReader::integer(std::int64_t least, std::int64_t most) const {
    const auto value = text();
    const auto range = "from " + std::to_string(least) + " to " + std::to_string(most);
    const auto real = evaluated("whole number " + range, {});
    if (real == std::floor(real) && real >= static_cast<double>(least) &&
        real <= static_cast<double>(most)) {
        return static_cast<std::int64_t>(real);
    }
    fail("'" + value + "' is no whole number " + range);
}

double YamlReader::evaluated(const std::string& kind, const Names& names) const {
    const auto value = text();
    if (const auto number = numberFrom<double>(value)) return *number;
    if (const auto number = valueOfExpression(value, names)) return *number;
    fail("'" + value + "' is no " + kind + ", and no expression that can be evaluated here",
         "Write a number, or run Timeloop's front end: the file that it writes, "
         "parsed-processed-input.yaml, has numbers alone");
}

double YamlReader::number(double least, double most, const Names& names) const {
    const auto value = text();
    const auto number = evaluated("number", names);
    if (number >= least && number <= most) return number;
    fail("'" + value + "' is no number from " + base::exact(least) + " to " + base::exact(most));
}

bool YamlReader::flag() const {
    const auto value = text();
    if (value == "true" || value == "True" || value == "1") return true;
    if (value == "false" || value == "False" || value == "0") return false;
    fail("'" + value + "' is neither true nor false");
}

}  // namespace cohelix::interop
