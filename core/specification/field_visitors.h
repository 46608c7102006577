// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Three that go over the fields of a part of the specification (*_fields.cpp): one reads them from
// JSON, one writes them, one collects what is said of them. Private to the room.
//
// A field is named once, with its key, its value, what it may be and what it means. `applies` asks
// whether fields belong to such a part at all, `said` whether they are worth writing; whoever
// explains sees all of them.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/specification/field_help.h"
#include "core/specification/specification.h"

namespace cohelix::spec {

/// What people are told of a field.
struct About {
    std::string_view meaning;
    std::string_view unit = {};
    std::string_view label = {};                     ///< empty: its key, spoken
    std::optional<std::string_view> shortUnit = {};  ///< beside it; absent: the unit
    bool optional = false;                           ///< may be absent
    bool fixed = false;                              ///< other fields depend on it
};

template <typename T>
struct Bounds {
    T least;
    T most;
};

class ReadsFields {
public:
    static constexpr bool kReads = true;
    static constexpr bool kExplains = false;

    explicit ReadsFields(base::JsonReader json) : m_json(std::move(json)) {}

    base::JsonReader& json() { return m_json; }
    static bool applies(bool condition) { return condition; }
    static bool said(bool) { return true; }

    void text(std::string_view key, std::string& value, const About&) { value = m_json.text(key); }
    void text(std::string_view key, std::string& value, std::string fallback, const About&) {
        value = m_json.text(key, std::move(fallback));
    }
    void flag(std::string_view key, bool& value, const About&) { value = m_json.flag(key, false); }
    template <typename T>
    void integer(std::string_view key, T& value, Bounds<std::int64_t> bounds, const About&) {
        value = static_cast<T>(m_json.integer(key, bounds.least, bounds.most));
    }
    template <typename T>
    void integer(std::string_view key, T& value, Bounds<std::int64_t> bounds, int fallback,
                 const About&) {
        value = static_cast<T>(m_json.integer(key, bounds.least, bounds.most, fallback));
    }
    void number(std::string_view key, double& value, Bounds<double> bounds, const About&) {
        value = m_json.number(key, bounds.least, bounds.most);
    }
    void number(std::string_view key, double& value, Bounds<double> bounds, double fallback,
                const About&) {
        value = m_json.number(key, bounds.least, bounds.most, fallback);
    }
    void number(std::string_view key, std::optional<double>& value, Bounds<double> bounds,
                const About&) {
        value = m_json.optionalNumber(key, bounds.least, bounds.most);
    }
    template <base::Worded E>
    void word(std::string_view key, E& value, const About&) {
        value = m_json.word<E>(key);
    }
    template <base::Worded E>
    void word(std::string_view key, E& value, E fallback, const About&) {
        value = m_json.word(key, fallback);
    }
    void integers(std::string_view key, std::vector<int>& values, Bounds<int> bounds,
                  const About&) {
        values = m_json.integers(key, bounds.least, bounds.most);
    }
    /// Those of which none may stand there twice.
    void sizes(std::string_view key, std::vector<int>& values, Bounds<int> bounds, const About&) {
        values = m_json.integers(key, bounds.least, bounds.most);
        if (std::set<int>(values.begin(), values.end()).size() != values.size()) {
            m_json.fail(key, "a choice stands there twice");
        }
    }

    template <typename Fields>
    void object(std::string_view key, const Fields& fields) {
        ReadsFields inner(m_json.object(key));
        fields(inner);
        inner.m_json.finish();
    }
    template <typename T, typename Fields>
    void objects(std::string_view key, std::vector<T>& list, const Fields& fields) {
        m_json.eachObject(key, [&](base::JsonReader json) {
            ReadsFields inner(json);
            fields(inner, list.emplace_back());
            inner.m_json.finish();
        });
    }

private:
    base::JsonReader m_json;
};

class WritesFields {
public:
    static constexpr bool kReads = false;
    static constexpr bool kExplains = false;

    base::Json take() { return std::move(m_json); }
    base::Json& json() { return m_json; }
    static bool applies(bool condition) { return condition; }
    static bool said(bool condition) { return condition; }

    void text(std::string_view key, const std::string& value, const About&) { m_json[key] = value; }
    void text(std::string_view key, const std::string& value, std::string_view, const About&) {
        m_json[key] = value;
    }
    void flag(std::string_view key, bool value, const About&) { m_json[key] = value; }
    template <typename T>
    void integer(std::string_view key, const T& value, Bounds<std::int64_t>, const About&) {
        m_json[key] = value;
    }
    template <typename T>
    void integer(std::string_view key, const T& value, Bounds<std::int64_t>, int, const About&) {
        m_json[key] = value;
    }
    void number(std::string_view key, double value, Bounds<double>, const About&) {
        m_json[key] = value;
    }
    void number(std::string_view key, double value, Bounds<double>, double, const About&) {
        m_json[key] = value;
    }
    void number(std::string_view key, const std::optional<double>& value, Bounds<double>,
                const About&) {
        if (value) m_json[key] = *value;
    }
    template <base::Worded E>
    void word(std::string_view key, E value, const About&) {
        m_json[key] = base::wordOf(value);
    }
    template <base::Worded E>
    void word(std::string_view key, E value, E, const About&) {
        m_json[key] = base::wordOf(value);
    }
    void integers(std::string_view key, const std::vector<int>& values, Bounds<int>, const About&) {
        m_json[key] = values;
    }
    void sizes(std::string_view key, const std::vector<int>& values, Bounds<int>, const About&) {
        m_json[key] = values;
    }

    template <typename Fields>
    void object(std::string_view key, const Fields& fields) {
        WritesFields inner;
        fields(inner);
        m_json[key] = inner.take();
    }
    template <typename T, typename Fields>
    void objects(std::string_view key, const std::vector<T>& list, const Fields& fields) {
        base::Json array = base::Json::array();
        for (const auto& item : list) {
            WritesFields inner;
            fields(inner, item);
            array.push_back(inner.take());
        }
        m_json[key] = std::move(array);
    }

private:
    base::Json m_json = base::Json::object();
};

class ExplainsFields {
public:
    static constexpr bool kReads = false;
    static constexpr bool kExplains = true;

    ExplainsFields(std::string pointer, std::vector<FieldHelp>& all)
        : m_pointer(std::move(pointer)), m_all(all) {}

    static bool applies(bool) { return true; }
    static bool said(bool) { return true; }

    void say(std::string_view key, const About& about, std::vector<std::string> options = {}) {
        m_all.push_back({key.empty() ? m_pointer : m_pointer + "/" + std::string(key),
                         std::string(about.meaning), std::string(about.unit),
                         std::string(about.label),
                         std::string(about.shortUnit.value_or(about.unit)), std::move(options),
                         about.optional, about.fixed});
    }

    template <typename T>
    void text(std::string_view key, const T&, const About& about) {
        say(key, about);
    }
    template <typename T>
    void text(std::string_view key, const T&, std::string_view, const About& about) {
        say(key, about);
    }
    void flag(std::string_view key, bool, const About& about) { say(key, about); }
    template <typename T>
    void integer(std::string_view key, const T&, Bounds<std::int64_t>, const About& about) {
        say(key, about);
    }
    template <typename T>
    void integer(std::string_view key, const T&, Bounds<std::int64_t>, int, const About& about) {
        say(key, about);
    }
    template <typename T>
    void number(std::string_view key, const T&, Bounds<double>, const About& about) {
        say(key, about);
    }
    void number(std::string_view key, double, Bounds<double>, double, const About& about) {
        say(key, about);
    }
    template <base::Worded E>
    void word(std::string_view key, E, const About& about) {
        say(key, about, base::words<E>());
    }
    template <base::Worded E>
    void word(std::string_view key, E, E, const About& about) {
        say(key, about, base::words<E>());
    }
    void integers(std::string_view key, const std::vector<int>&, Bounds<int>, const About& about) {
        say(key, about);
    }
    void sizes(std::string_view key, const std::vector<int>&, Bounds<int>, const About& about) {
        say(key, about);
    }

    template <typename Fields>
    void object(std::string_view key, const Fields& fields) {
        ExplainsFields inner(m_pointer + "/" + std::string(key), m_all);
        fields(inner);
    }
    template <typename T, typename Fields>
    void objects(std::string_view key, const std::vector<T>&, const Fields& fields) {
        ExplainsFields inner(m_pointer + "/" + std::string(key) + "/*", m_all);
        fields(inner, T());
    }

private:
    std::string m_pointer;
    std::vector<FieldHelp>& m_all;
};

}  // namespace cohelix::spec
