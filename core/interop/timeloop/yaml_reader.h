// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one road for YAML texts: bounded in bytes, nodes and depth, and errors that name file and
// line. Private to the room.

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "core/base/result.h"

namespace cohelix::interop {

/// What a text may hold. Nodes and depth count with every alias unfolded.
struct YamlBudget {
    std::size_t bytes = 4U << 20;
    std::int64_t nodes = 1'000'000;
    int depth = 64;
};

/// Ends the reading; caught in readYaml.
struct BadYaml {
    base::Error error;
};

class YamlReader {
public:
    YamlReader(YAML::Node node, std::string file)
        : m_node(std::move(node)), m_file(std::move(file)) {}

    bool isMap() const { return m_node.IsMap(); }
    bool isList() const { return m_node.IsSequence(); }
    bool isText() const { return m_node.IsScalar(); }
    bool isNothing() const { return m_node.IsNull(); }

    /// A value of a map. Names are compared with '-' as '_', as Timeloop's older files write them.
    /// What a map lacks is looked for in the maps that it merges ("<<").
    std::optional<YamlReader> find(std::string_view key) const;
    YamlReader at(std::string_view key) const;
    /// The first of these that is there.
    std::optional<YamlReader> findAny(std::initializer_list<std::string_view> keys) const;
    /// With '-' as '_'; those of merged maps too.
    std::vector<std::string> keys() const;
    /// The items of a list.
    std::vector<YamlReader> items() const;

    std::string text() const;
    /// Both bounds are below 2^53. Also of an expression without names ("2*8"), and of 4.0.
    std::int64_t integer(std::int64_t least, std::int64_t most) const;
    /// What a name in an expression stands for.
    using Names = std::function<std::optional<double>(std::string_view)>;
    /// Also of an expression ("64 * 1024"; expression.h says which).
    double number(double least, double most, const Names& names = {}) const;
    bool flag() const;

    /// "!Parallel"; "?" where there is none.
    std::string tag() const { return m_node.Tag(); }
    /// "FILE, line 7".
    std::string where() const;
    [[noreturn]] void fail(std::string what, std::string advice = {}) const;

private:
    /// Fails where it is neither a number nor an expression; `kind` is what should be there.
    double evaluated(const std::string& kind, const Names& names) const;

    YAML::Node m_node;
    std::string m_file;
};

/// With '-' as '_'.
std::string normalisedName(std::string name);

/// The document's root. Throws BadYaml: past the budget, not UTF-8, an anchor inside itself, a name
/// twice in one map, a template of Jinja, or not YAML.
YamlReader parseYaml(std::string_view text, const std::string& where,
                     const YamlBudget& budget = {});

/// Parses a text and lets `read` walk it. No exception leaves it.
template <typename T>
base::Result<T> readYaml(std::string_view text, const std::string& where,
                         const std::function<T(const YamlReader&)>& read) {
    try {
        return read(parseYaml(text, where));
    } catch (const BadYaml& bad) {
        return bad.error;
    } catch (const std::exception& bad) {
        return base::Error{where, std::string("the YAML cannot be read: ") + bad.what(), {}};
    }
}

}  // namespace cohelix::interop
