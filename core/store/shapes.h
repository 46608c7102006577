// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What records of each table and index look like: how many columns and of which types. No two
// tables look alike, so that a record, and the page that it stands on, tells whose it is.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

namespace cohelix::store {

using Bytes = std::vector<std::uint8_t>;
/// NULL, integer, real, text, blob.
using Field = std::variant<std::monostate, std::int64_t, double, std::string, Bytes>;

struct Column {
    std::string type;  ///< as declared
    bool mayBeNull = false;
};

struct Shape {
    std::vector<Column> columns;
    std::optional<std::size_t>
        rowidAt;  ///< the column that is the row's number, which is not in it
    bool hasRowid = true;

    bool fits(const std::vector<Field>& fields) const;
};

Shape shapeOfTable(SQLite::Database& database, const std::string& table);
/// Of all tables and indices of a project by name; of an empty name of the list of them.
std::map<std::string, Shape> shapesIn(SQLite::Database& database);

}  // namespace cohelix::store
