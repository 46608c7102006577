// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "core/base/json_bounds.h"
#include "core/base/json_text.h"
#include "core/base/unicode.h"

namespace cohelix::base {
namespace {

constexpr std::size_t kMostDocumentBytes = 64U << 20;
constexpr int kMostDepth = 64;
constexpr std::int64_t kMostValues = 1'000'000;  // with keys

const char* typeName(const Json& json) {
    if (json.is_null()) return "null";
    if (json.is_boolean()) return "true or false";
    if (json.is_number()) return "a number";
    if (json.is_string()) return "a text";
    if (json.is_array()) return "a list";
    return "an object";
}

std::string lineAndColumn(std::string_view text, std::size_t byte) {
    byte = std::min(byte, text.size());
    const auto head = text.substr(0, byte);
    const auto line = 1 + std::count(head.begin(), head.end(), '\n');
    const auto start = head.rfind('\n');
    const auto column = start == std::string_view::npos ? byte + 1 : byte - start;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

bool isFlat(const Json& json) {
    return std::none_of(json.begin(), json.end(), [](const Json& item) {
        return item.is_object() ||
               (item.is_array() && std::any_of(item.begin(), item.end(), [](const Json& inner) {
                    return inner.is_structured();
                }));
    });
}

std::string compact(const Json& json) {
    if (!json.is_array()) return jsonText(json);
    std::string line = "[";
    for (std::size_t i = 0; i < json.size(); ++i) line += (i ? ", " : "") + compact(json[i]);
    return line + "]";
}

void write(const Json& json, int indent, std::string& out) {
    const std::string margin(static_cast<std::size_t>(indent) + 2, ' ');
    if (json.is_array() && isFlat(json)) {
        out += compact(json);
    } else if (json.is_structured() && !json.empty()) {
        out += json.is_array() ? "[\n" : "{\n";
        bool first = true;
        for (auto item = json.begin(); item != json.end(); ++item) {
            if (!first) out += ",\n";
            first = false;
            out += margin;
            if (json.is_object()) out += jsonText(item.key()) + ": ";
            write(*item, indent + 2, out);
        }
        out += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
        out += json.is_array() ? "]" : "}";
    } else {
        out += jsonText(json);
    }
}

std::string range(double least, double most) {
    return "from " + Json(least).dump() + " to " + Json(most).dump();
}

std::string range(std::int64_t least, std::int64_t most) {
    return "from " + std::to_string(least) + " to " + std::to_string(most);
}

std::string escaped(std::string_view key) {
    std::string out;
    for (const char c : key) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

/// True when json is a whole number within the bounds; huge and fractional numbers are not.
bool readInteger(const Json& json, std::int64_t least, std::int64_t most, std::int64_t& out) {
    if (json.is_number_unsigned()) {
        const auto value = json.get<std::uint64_t>();
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            return false;
        }
        out = static_cast<std::int64_t>(value);
    } else if (json.is_number_integer()) {
        out = json.get<std::int64_t>();
    } else {
        return false;
    }
    return out >= least && out <= most;
}

/// Looks also for keys that an object names twice, where JSON lets the last one win, which nobody
/// means.
class Watch final : public JsonBounds {
public:
    Watch() : JsonBounds(kMostValues + 1, kMostDepth) {}  // and the document

    bool start_object(std::size_t size) override {
        m_open.emplace_back();
        return JsonBounds::start_object(size);
    }
    bool end_object() override {
        m_open.pop_back();
        return JsonBounds::end_object();
    }
    bool key(string_t& key) override {
        if (!m_open.back().insert(key).second && m_twice.empty()) m_twice = key;
        return JsonBounds::key(key);
    }

    /// The first key that an object names twice; empty: there is none.
    const std::string& twice() const { return m_twice; }

private:
    std::vector<std::set<std::string>> m_open;
    std::string m_twice;
};

}  // namespace

Result<Json> parseJson(std::string_view text, const std::string& where) {
    if (text.size() > kMostDocumentBytes) {
        return Error{where, "the text has more than 64 MiB",
                     "What this program reads and writes has fewer"};
    }
    if (const auto zero = text.find('\0'); zero != text.npos) {
        return Error{
            where,
            "this is not JSON, at " + lineAndColumn(text, zero) + ": a byte of zero stands there",
            {}};
    }
    try {
        Watch watch;
        const bool whole = Json::sax_parse(text, &watch);
        if (watch.isTooDeep()) return Error{where, "lists or objects nest too deeply", {}};
        if (watch.hasTooMany()) {
            return Error{
                where, "it has more than 1,000,000 keys and values; so many are not read", {}};
        }
        if (whole && !watch.twice().empty()) {
            return Error{where, "an object names '" + watch.twice() + "' twice",
                         "Keep one of them"};
        }
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        std::string reason = error.what();
        if (const auto colon = reason.find(": "); colon != std::string::npos) {
            reason = reason.substr(colon + 2);
        }
        if (const auto cut = reason.find("; last read"); cut != std::string::npos) {
            reason.resize(cut);
        }
        return Error{
            where, "this is not JSON, at " + lineAndColumn(text, error.byte) + ": " + reason, {}};
    } catch (const Json::out_of_range& error) {
        // "[json.exception.out_of_range.406] number overflow parsing '1e400'".
        const std::string what = error.what();
        const auto open = what.find('\'');
        return Error{where,
                     (open == what.npos ? "a number" : "the number " + what.substr(open)) +
                         " is beyond what can be counted with",
                     "Give a smaller one"};
    } catch (const Json::exception& error) {
        return Error{where, std::string("this is not usable JSON: ") + error.what(), {}};
    }
}

std::string canonicalText(const Json& json) {
    std::string out;
    write(json, 0, out);
    return out + "\n";
}

Result<void> setAtPointer(Json& json, const std::string& pointer, const std::string& valueText) {
    try {
        const Json::json_pointer path(pointer);
        if (path.empty()) return Error{pointer, "the whole document cannot be replaced", {}};
        const auto parent = path.parent_pointer();
        if (!json.contains(parent) || !json[parent].is_structured() ||
            (json[parent].is_array() && !json.contains(path))) {
            return Error{pointer, "there is no such field", "'cohelix-cli spec fields' lists them"};
        }
        Json value = valueText;
        if (Json::accept(valueText)) {
            auto parsed = parseJson(valueText, pointer);
            if (!parsed) return parsed.error();
            value = std::move(*parsed);
        }
        static_cast<void>(value.dump());  // throws where a text is no UTF-8
        json[path] = std::move(value);
        return {};
    } catch (const Json::type_error&) {
        return Error{pointer, "its value is not UTF-8", {}};
    } catch (const Json::exception&) {
        return Error{pointer, "this is no JSON pointer",
                     "Write it like /limits/dsp=450, a slash before each step"};
    }
}

JsonReader::JsonReader(const Json& json, std::string pointer, std::optional<Error>& firstError)
    : m_json(json), m_pointer(std::move(pointer)), m_error(firstError) {
    if (!json.is_object() && !m_error) {
        m_error = Error{m_pointer, std::string("must be an object, but is ") + typeName(json), {}};
    }
}

std::string JsonReader::at(std::string_view key) const {
    return key.empty() ? m_pointer : m_pointer + "/" + std::string(key);
}

bool JsonReader::has(std::string_view key) const {
    return m_json.is_object() && m_json.contains(std::string(key));
}

bool JsonReader::isList(std::string_view key) const {
    return has(key) && m_json[std::string(key)].is_array();
}

const Json* JsonReader::find(std::string_view key, bool required) {
    m_known.emplace_back(key);
    if (has(key)) return &m_json[std::string(key)];
    if (required) fail(key, "this field is missing");
    return nullptr;
}

void JsonReader::fail(std::string_view key, std::string what, std::string advice) {
    if (!m_error) m_error = Error{at(key), std::move(what), std::move(advice)};
}

JsonReader JsonReader::object(std::string_view key) {
    static const Json kEmpty = Json::object();
    const Json* json = find(key, true);
    if (json && !json->is_object()) {
        fail(key, std::string("must be an object, but is ") + typeName(*json));
        json = nullptr;
    }
    return {json ? *json : kEmpty, at(key), m_error};
}

void JsonReader::eachObject(std::string_view key, const std::function<void(JsonReader)>& visit) {
    const Json* json = find(key, true);
    if (!json) return;
    if (!json->is_array()) {
        fail(key, std::string("must be a list, but is ") + typeName(*json));
        return;
    }
    for (std::size_t i = 0; i < json->size(); ++i) {
        visit({(*json)[i], at(key) + "/" + std::to_string(i), m_error});
    }
}

std::string JsonReader::text(std::string_view key) {
    const Json* json = find(key, true);
    if (json && json->is_string()) return json->get<std::string>();
    if (json) fail(key, std::string("must be a text, but is ") + typeName(*json));
    return {};
}

std::string JsonReader::text(std::string_view key, std::string fallback) {
    if (has(key)) return text(key);
    m_known.emplace_back(key);
    return fallback;
}

int JsonReader::oneOf(std::string_view key, const std::vector<std::string>& allowed) {
    const std::string value = text(key);
    const auto found = std::find(allowed.begin(), allowed.end(), value);
    if (found != allowed.end()) return static_cast<int>(found - allowed.begin());
    std::string list;
    for (const auto& item : allowed) list += (list.empty() ? "" : ", ") + item;
    fail(key, "'" + value + "' is not known here", "Use one of: " + list);
    return 0;
}

int JsonReader::oneOf(std::string_view key, const std::vector<std::string>& allowed, int fallback) {
    if (has(key)) return oneOf(key, allowed);
    m_known.emplace_back(key);
    return fallback;
}

bool JsonReader::flag(std::string_view key, bool fallback) {
    const Json* json = find(key, false);
    if (!json) return fallback;
    if (json->is_boolean()) return json->get<bool>();
    fail(key, std::string("must be true or false, but is ") + typeName(*json));
    return fallback;
}

std::int64_t JsonReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    const Json* json = find(key, true);
    if (json && !readInteger(*json, least, most, value)) {
        fail(key, "must be a whole number " + range(least, most) + ", but is " + jsonText(*json));
        return least;
    }
    return json ? value : least;
}

std::int64_t JsonReader::integer(std::string_view key, std::int64_t least, std::int64_t most,
                                 std::int64_t fallback) {
    if (has(key)) return integer(key, least, most);
    m_known.emplace_back(key);
    return fallback;
}

double JsonReader::number(std::string_view key, double least, double most) {
    const Json* json = find(key, true);
    if (!json) return least;
    const double value = json->is_number() ? json->get<double>() : std::nan("");
    if (value >= least && value <= most) return value;
    fail(key, "must be a number " + range(least, most) + ", but is " + jsonText(*json));
    return least;
}

double JsonReader::number(std::string_view key, double least, double most, double fallback) {
    if (has(key)) return number(key, least, most);
    m_known.emplace_back(key);
    return fallback;
}

std::optional<double> JsonReader::optionalNumber(std::string_view key, double least, double most) {
    if (has(key)) return number(key, least, most);
    m_known.emplace_back(key);
    return std::nullopt;
}

std::vector<int> JsonReader::integers(std::string_view key, int least, int most) {
    std::vector<int> values;
    const Json* json = find(key, true);
    if (!json) return values;
    if (!json->is_array() || json->empty()) {
        fail(key, "must be a list of at least one whole number, but is " +
                      std::string(json->is_array() ? "empty" : typeName(*json)));
        return values;
    }
    for (std::size_t i = 0; i < json->size(); ++i) {
        std::int64_t value = 0;
        if (!readInteger((*json)[i], least, most, value)) {
            fail(std::string(key) + "/" + std::to_string(i),
                 "must be a whole number " + range(std::int64_t{least}, std::int64_t{most}) +
                     ", but is " + jsonText((*json)[i]));
            return values;
        }
        values.push_back(static_cast<int>(value));
    }
    return values;
}

std::vector<double> JsonReader::numbers(std::string_view key, double least, double most) {
    std::vector<double> values;
    const Json* json = find(key, true);
    if (!json) return values;
    if (!json->is_array()) {
        fail(key, std::string("must be a list of numbers, but is ") + typeName(*json));
        return values;
    }
    for (std::size_t i = 0; i < json->size(); ++i) {
        const auto& item = (*json)[i];
        const double value = item.is_number() ? item.get<double>() : std::nan("");
        if (!(value >= least && value <= most)) {
            fail(std::string(key) + "/" + std::to_string(i),
                 "must be a number " + range(least, most) + ", but is " + jsonText(item));
            return values;
        }
        values.push_back(value);
    }
    return values;
}

std::vector<std::string> JsonReader::texts(std::string_view key, std::size_t least) {
    std::vector<std::string> values;
    const Json* json = find(key, true);
    if (!json) return values;
    if (!json->is_array() || json->size() < least) {
        fail(key, "must be a list of at least one text, but is " +
                      std::string(json->is_array() ? "empty" : typeName(*json)));
        return values;
    }
    for (std::size_t i = 0; i < json->size(); ++i) {
        if (!(*json)[i].is_string()) {
            fail(std::string(key) + "/" + std::to_string(i),
                 std::string("must be a text, but is ") + typeName((*json)[i]));
            return values;
        }
        values.push_back((*json)[i].get<std::string>());
    }
    return values;
}

void JsonReader::finish(std::initializer_list<std::string_view> others) {
    if (!m_json.is_object()) return;
    for (auto item = m_json.begin(); item != m_json.end(); ++item) {
        if (std::find(m_known.begin(), m_known.end(), item.key()) != m_known.end()) continue;
        std::string list;
        for (const auto& name : m_known) list += (list.empty() ? "" : ", ") + name;
        for (const auto name : others) {
            if (std::ranges::find(m_known, name) == m_known.end()) list += ", " + std::string(name);
        }
        fail(escaped(item.key()), "there is no such field", "Known here: " + list);
        return;
    }
}

}  // namespace cohelix::base
