// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A value of a saved state and the place where it stands. Asked for what it must be, it is that or
// throws an UnsoundState. Private to the room.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/units.h"

namespace cohelix::search {

/// Thrown by SavedValue, caught where a state is read.
struct UnsoundState {
    std::string what;
};

class SavedValue {
public:
    SavedValue(const base::Json& json, std::string place)
        : m_json(json), m_place(std::move(place)) {}

    [[noreturn]] void fail(const std::string& what) const {
        throw UnsoundState{(m_place.empty() ? "it" : m_place) + " " + what};
    }

    bool has(const char* key) const { return m_json.is_object() && m_json.contains(key); }
    SavedValue at(const char* key) const {
        if (!has(key)) fail(std::string("has no \"") + key + "\"");
        return {m_json.at(key), m_place.empty() ? key : m_place + "." + key};
    }
    /// The entries of a list of so many.
    std::vector<SavedValue> list(std::size_t least, std::size_t most) const {
        if (!m_json.is_array()) fail("is no list");
        if (m_json.size() < least || m_json.size() > most) {
            fail("has " + std::to_string(m_json.size()) + " entries instead of " +
                 std::to_string(least) + (least == most ? "" : " to " + std::to_string(most)));
        }
        std::vector<SavedValue> values;
        values.reserve(m_json.size());
        for (std::size_t i = 0; i < m_json.size(); ++i) {
            values.emplace_back(m_json[i], m_place + "[" + std::to_string(i) + "]");
        }
        return values;
    }
    std::int64_t integer(std::int64_t least, std::int64_t most) const {
        const bool huge = m_json.is_number_unsigned() &&
                          m_json.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
        if (!m_json.is_number_integer() || huge) fail("is no whole number");
        const auto value = m_json.get<std::int64_t>();
        if (value < least || value > most) {
            fail("is " + std::to_string(value) + " instead of " + std::to_string(least) + " to " +
                 std::to_string(most));
        }
        return value;
    }
    double number(double least, double most) const {
        const double value = m_json.is_number() ? m_json.get<double>() : std::nan("");
        if (!(value >= least && value <= most)) {
            fail("is " + (m_json.is_number() ? base::exact(value) : std::string("no number")) +
                 " instead of " + base::exact(least) + " to " + base::exact(most));
        }
        return value;
    }
    void numbers(std::size_t count, double least, double most) const {
        for (const auto& value : list(count, count)) (void)value.number(least, most);
    }
    std::vector<int> integers(std::size_t fewest, std::size_t most, int least, int greatest) const {
        std::vector<int> values;
        for (const auto& value : list(fewest, most)) {
            values.push_back(static_cast<int>(value.integer(least, greatest)));
        }
        return values;
    }
    bool flag() const {
        if (!m_json.is_boolean()) fail("is neither true nor false");
        return m_json.get<bool>();
    }
    std::string text() const {
        if (!m_json.is_string()) fail("is no text");
        return m_json.get<std::string>();
    }
    void bytes() const {
        if (!m_json.is_binary()) fail("holds no bytes");
    }
    const base::Json& json() const { return m_json; }

private:
    const base::Json& m_json;
    std::string m_place;
};

}  // namespace cohelix::search
