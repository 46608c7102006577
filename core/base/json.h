// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Strict reading and canonical writing of JSON. A JsonReader walks an object field by field and
// remembers the first thing that is wrong, with the JSON pointer (RFC 6901) at which it stands:
// missing and unknown fields, wrong types, numbers out of range.

#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/words.h"

namespace cohelix::base {

/// Keys keep the order in which they were written: our documents read top down.
using Json = nlohmann::ordered_json;

/// Errors of form say line and column. No key twice; at most 64 deep, 64 MiB, 1,000,000 values.
Result<Json> parseJson(std::string_view text, const std::string& where);

/// Two spaces, arrays of numbers or short strings on one line, a final newline.
std::string canonicalText(const Json& json);

/// Replaces the value at a JSON pointer; the path must exist except for its last step in an
/// object. `valueText` is JSON, or taken as a string when it is not.
Result<void> setAtPointer(Json& json, const std::string& pointer, const std::string& valueText);

class JsonReader {
public:
    /// Reads `json`, which stands at `pointer` ("" for the document's root).
    JsonReader(const Json& json, std::string pointer, std::optional<Error>& firstError);

    bool has(std::string_view key) const;
    /// Whether the field is there and is a list.
    bool isList(std::string_view key) const;
    /// The reader of a sub-object; an error and an empty reader when it is missing or no object.
    JsonReader object(std::string_view key);
    /// Calls visit for each element of an array of objects.
    void eachObject(std::string_view key, const std::function<void(JsonReader)>& visit);

    std::string text(std::string_view key);
    std::string text(std::string_view key, std::string fallback);
    /// One of `allowed`; the index into it.
    int oneOf(std::string_view key, const std::vector<std::string>& allowed);
    int oneOf(std::string_view key, const std::vector<std::string>& allowed, int fallback);
    /// The value whose word stands there.
    template <Worded E>
    E word(std::string_view key) {
        return kValues<E>[static_cast<std::size_t>(oneOf(key, words<E>()))];
    }
    template <Worded E>
    E word(std::string_view key, E fallback) {
        return kValues<E>[static_cast<std::size_t>(
            oneOf(key, words<E>(), static_cast<int>(fallback)))];
    }
    bool flag(std::string_view key, bool fallback);
    std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
    std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most,
                         std::int64_t fallback);
    double number(std::string_view key, double least, double most);
    double number(std::string_view key, double least, double most, double fallback);
    std::optional<double> optionalNumber(std::string_view key, double least, double most);
    std::vector<int> integers(std::string_view key, int least, int most);
    std::vector<double> numbers(std::string_view key, double least, double most);
    std::vector<std::string> texts(std::string_view key, std::size_t least = 1);

    /// Records an error at a field of this object ("tm", or "tm/2" for an element of its list),
    /// unless there is one already.
    void fail(std::string_view key, std::string what, std::string advice = {});
    /// Refuses every field that was not read; `others` are known, too, and read only where they are
    /// there. Call it last.
    void finish(std::initializer_list<std::string_view> others = {});

    const std::string& pointer() const { return m_pointer; }

private:
    const Json* find(std::string_view key, bool required);
    std::string at(std::string_view key) const;

    const Json& m_json;
    std::string m_pointer;
    std::optional<Error>& m_error;
    std::vector<std::string> m_known;
};

}  // namespace cohelix::base
