// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/shapes.h"

namespace cohelix::store {
namespace {

bool fitsColumn(const Field& field, const Column& column) {
    if (std::holds_alternative<std::monostate>(field)) return column.mayBeNull;
    if (column.type == "INTEGER") return std::holds_alternative<std::int64_t>(field);
    if (column.type == "TEXT") return std::holds_alternative<std::string>(field);
    if (column.type == "BLOB") return std::holds_alternative<Bytes>(field);
    return std::holds_alternative<double>(field) || std::holds_alternative<std::int64_t>(field);
}

/// The columns of an index are followed by the number of the row.
Shape shapeOfIndex(SQLite::Database& database, const std::string& index, const Shape& table) {
    Shape shape;
    shape.hasRowid = false;
    SQLite::Statement query(database, "SELECT cid FROM pragma_index_xinfo(?1) ORDER BY seqno");
    query.bind(1, index);
    while (query.executeStep()) {
        const auto column = query.getColumn(0).getInt();
        shape.columns.push_back(column < 0 ? Column{"INTEGER", false}
                                           : table.columns[static_cast<std::size_t>(column)]);
    }
    return shape;
}

Shape shapeOfList() {
    const Column text{"TEXT", false};
    return {{text, text, text, {"INTEGER", false}, {"TEXT", true}}, std::nullopt, true};
}

}  // namespace

bool Shape::fits(const std::vector<Field>& fields) const {
    if (fields.size() != columns.size()) return false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool isNumber = rowidAt == i;
        if (isNumber ? !std::holds_alternative<std::monostate>(fields[i])
                     : !fitsColumn(fields[i], columns[i])) {
            return false;
        }
    }
    return true;
}

Shape shapeOfTable(SQLite::Database& database, const std::string& table) {
    Shape shape;
    SQLite::Statement query(database, "SELECT type, \"notnull\", pk FROM pragma_table_info(?1)");
    query.bind(1, table);
    int keys = 0;
    while (query.executeStep()) {
        const bool isKey = query.getColumn(2).getInt() != 0;
        keys += isKey ? 1 : 0;
        const auto type = query.getColumn(0).getString();
        if (isKey && type == "INTEGER") shape.rowidAt = shape.columns.size();
        shape.columns.push_back({type, query.getColumn(1).getInt() == 0 && !isKey});
    }
    shape.hasRowid = keys == 1;
    if (!shape.hasRowid) shape.rowidAt.reset();
    return shape;
}

std::map<std::string, Shape> shapesIn(SQLite::Database& database) {
    std::map<std::string, Shape> shapes = {{{}, shapeOfList()}};
    SQLite::Statement query(database,
                            "SELECT name, tbl_name, type FROM sqlite_schema "
                            "WHERE type IN ('table', 'index') ORDER BY type DESC");
    while (query.executeStep()) {  // tables first
        const auto name = query.getColumn(0).getString();
        shapes[name] = query.getColumn(2).getString() == "table"
                           ? shapeOfTable(database, name)
                           : shapeOfIndex(database, name, shapes[query.getColumn(1).getString()]);
    }
    return shapes;
}

}  // namespace cohelix::store
