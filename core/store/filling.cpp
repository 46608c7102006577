// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/filling.h"

#include <algorithm>

#include <sqlite3.h>

namespace cohelix::store {
namespace {

void bindField(SQLite::Statement& statement, int at, const Field& field) {
    if (const auto* number = std::get_if<std::int64_t>(&field)) {
        statement.bind(at, *number);
    } else if (const auto* real = std::get_if<double>(&field)) {
        statement.bind(at, *real);
    } else if (const auto* text = std::get_if<std::string>(&field)) {
        statement.bind(at, *text);
    } else if (const auto* bytes = std::get_if<Bytes>(&field)) {
        statement.bind(at, bytes->empty() ? static_cast<const void*>("") : bytes->data(),
                       static_cast<int>(bytes->size()));
    } else {
        statement.bind(at);
    }
}

}  // namespace

bool isNumbered(const std::string& table) {
    return std::ranges::find(kNumbered, table) != std::end(kNumbered);
}

Filling::Filling(SQLite::Database& database, const KnownRows& known, std::vector<std::string>& lost)
    : m_known(known), m_lost(lost) {
    for (const char* name : kTables) m_tables.push_back(tableOf(database, name));
    for (const auto& table : m_tables) {
        std::string values;
        for (std::size_t i = 0; i < table.columns.size(); ++i) values += i ? ", ?" : "?";
        m_inserts.emplace_back(database, "INSERT INTO " + table.name + " VALUES(" + values + ")");
    }
}

bool Filling::take(const Record& record) {
    const bool isStray = record.table.empty();
    for (std::size_t t = 0; t < m_tables.size(); ++t) {
        const auto& table = m_tables[t];
        if (!isStray && record.table != table.name) continue;
        if (fits(record, table) && insert(record, t)) return true;
        if (isStray) continue;
        lose(record, table);
        return false;
    }
    return isStray;
}

void Filling::lose(const Record& record, const Table& table) {
    const auto* owner =
        record.fields.empty() ? nullptr : std::get_if<std::int64_t>(&record.fields.front());
    m_lost.push_back(table.hasRowid
                         ? table.name + " " + std::to_string(record.rowid)
                         : "a " + table.name + " of number " + std::to_string(owner ? *owner : 0));
    m_lost.back() += ": its values cannot be";
}

Filling::Table Filling::tableOf(SQLite::Database& database, const std::string& name) {
    Table table{name, {}, std::nullopt, true};
    SQLite::Statement query(database, "SELECT type, \"notnull\", pk FROM pragma_table_info(?1)");
    query.bind(1, name);
    int keys = 0;
    while (query.executeStep()) {
        const bool isKey = query.getColumn(2).getInt() != 0;
        keys += isKey ? 1 : 0;
        const auto type = query.getColumn(0).getString();
        if (isKey && type == "INTEGER") table.rowidAt = table.columns.size();
        table.columns.push_back({type, query.getColumn(1).getInt() == 0 && !isKey});
    }
    table.hasRowid = keys == 1;
    if (!table.hasRowid) table.rowidAt.reset();
    return table;
}

bool Filling::fits(const Field& field, const Column& column) {
    if (std::holds_alternative<std::monostate>(field)) return column.mayBeNull;
    if (column.type == "INTEGER") return std::holds_alternative<std::int64_t>(field);
    if (column.type == "TEXT") return std::holds_alternative<std::string>(field);
    if (column.type == "BLOB") return std::holds_alternative<Bytes>(field);
    return std::holds_alternative<double>(field) || std::holds_alternative<std::int64_t>(field);
}

bool Filling::fits(const Record& record, const Table& table) const {
    if (record.hasRowid != table.hasRowid || record.fields.size() != table.columns.size()) {
        return false;
    }
    if (table.hasRowid && record.rowid < 1) return false;
    if (isNumbered(table.name) && !m_known.isPossible(record.rowid)) return false;
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        // The number stands before the record, not in it.
        const bool isNumber = table.rowidAt == i;
        if (isNumber ? !std::holds_alternative<std::monostate>(record.fields[i])
                     : !fits(record.fields[i], table.columns[i])) {
            return false;
        }
    }
    return true;
}

bool Filling::insert(const Record& record, std::size_t table) {
    auto& statement = m_inserts[table];
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        const int at = static_cast<int>(i) + 1;
        if (m_tables[table].rowidAt == i) {
            statement.bind(at, record.rowid);
        } else {
            bindField(statement, at, record.fields[i]);
        }
    }
    try {
        statement.exec();
        statement.reset();
        return true;
    } catch (const SQLite::Exception& problem) {
        statement.tryReset();
        if ((problem.getErrorCode() & 0xff) == SQLITE_CONSTRAINT) return false;
        throw;
    }
}

}  // namespace cohelix::store
