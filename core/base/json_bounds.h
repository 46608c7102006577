// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Whether a document may be built at all: looked through before its values take memory.

#include <cstdint>

#include "core/base/json.h"

namespace cohelix::base {

/// Ends where a document has more values than may be, nests deeper, or is not well formed. Keys
/// and the document itself count, too.
class JsonBounds : public nlohmann::json_sax<Json> {
public:
    JsonBounds(std::int64_t mostValues, int mostDepth)
        : m_mostValues(mostValues), m_mostDepth(mostDepth) {}

    bool null() override { return count(); }
    bool boolean(bool) override { return count(); }
    bool number_integer(number_integer_t) override { return count(); }
    bool number_unsigned(number_unsigned_t) override { return count(); }
    bool number_float(number_float_t, const string_t&) override { return count(); }
    bool string(string_t&) override { return count(); }
    bool binary(binary_t&) override { return count(); }
    bool key(string_t&) override { return count(); }
    bool start_object(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
        return false;
    }

    bool hasTooMany() const { return m_values > m_mostValues; }
    bool isTooDeep() const { return m_depth > m_mostDepth; }

private:
    bool count() { return ++m_values <= m_mostValues; }
    bool open() { return ++m_depth <= m_mostDepth && count(); }
    bool close() { return --m_depth >= 0; }

    std::int64_t m_mostValues;
    int m_mostDepth;
    std::int64_t m_values = 0;
    int m_depth = 0;
};

}  // namespace cohelix::base
