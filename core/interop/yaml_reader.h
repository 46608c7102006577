// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Reading YAML that names file and line of what is wrong. Private to core/interop.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "core/base/result.h"

namespace cohelix::interop {

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

    /// Of a map; names are compared with '-' as '_', as Timeloop's older files write them.
    std::optional<YamlReader> find(std::string_view key) const;
    YamlReader at(std::string_view key) const;
    /// The first of these that is there.
    std::optional<YamlReader> findAny(std::initializer_list<std::string_view> keys) const;
    /// With '-' as '_'.
    std::vector<std::string> keys() const;
    /// Of a list.
    std::vector<YamlReader> items() const;

    std::string text() const;
    std::int64_t integer(std::int64_t least, std::int64_t most) const;
    double number(double least, double most) const;
    bool flag() const;

    /// "!Parallel"; "?" where there is none.
    std::string tag() const { return m_node.Tag(); }
    /// "FILE, line 7".
    std::string where() const;
    [[noreturn]] void fail(std::string what, std::string advice = {}) const;

private:
    YAML::Node m_node;
    std::string m_file;
};

/// The document's root. Throws BadYaml.
YamlReader parseYaml(std::string_view text, const std::string& where);

/// Parses a text of at most 16 MiB and lets `read` walk it.
template <typename T>
base::Result<T> readYaml(std::string_view text, const std::string& where,
                         const std::function<T(const YamlReader&)>& read) {
    try {
        return read(parseYaml(text, where));
    } catch (const BadYaml& bad) {
        return bad.error;
    } catch (const YAML::Exception& bad) {
        return base::Error{where, std::string("the YAML cannot be read: ") + bad.what(), {}};
    }
}

}  // namespace cohelix::interop
