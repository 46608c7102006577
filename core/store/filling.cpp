// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/filling.h"

#include <algorithm>
#include <array>

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

/// "design = ?1 AND position = ?2".
std::string comparedKey(SQLite::Database& database, const std::string& table) {
    std::string text;
    SQLite::Statement query(database,
                            "SELECT name, pk FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk");
    query.bind(1, table);
    while (query.executeStep()) {
        text += (text.empty() ? "" : " AND ") + query.getColumn(0).getString() + " = ?" +
                query.getColumn(1).getString();
    }
    return text;
}

/// The numbers that tell a row of a table without numbers of its own.
std::array<std::int64_t, 2> keyOf(const Record& record) {
    std::array<std::int64_t, 2> key{};
    for (std::size_t i = 0; i < key.size() && i < record.fields.size(); ++i) {
        if (const auto* number = std::get_if<std::int64_t>(&record.fields[i])) key[i] = *number;
    }
    return key;
}

}  // namespace

bool isNumbered(const std::string& table) {
    return std::ranges::find(kNumbered, table) != std::end(kNumbered);
}

Filling::Filling(SQLite::Database& database, const KnownRows& known, Losses& lost)
    : m_database(database), m_known(known), m_lost(lost) {
    for (const char* name : kTables) {
        auto shape = shapeOfTable(database, name);
        auto isOfKey = shape.hasRowid ? "rowid = ?1" : comparedKey(database, name);
        m_tables.push_back({name, std::move(shape), std::move(isOfKey)});
    }
    for (const auto& table : m_tables) {
        std::string values;
        for (std::size_t i = 0; i < table.shape.columns.size(); ++i) values += i ? ", ?" : "?";
        m_inserts.emplace_back(database, "INSERT INTO " + table.name + " VALUES(" + values + ")");
    }
}

std::string Filling::take(const Record& record) {
    const bool isStray = record.table.empty();
    for (std::size_t t = 0; t < m_tables.size(); ++t) {
        const auto& table = m_tables[t];
        if (!isStray && record.table != table.name) continue;
        if (fits(record, table) && insert(record, t)) return table.name;
        if (isStray) continue;
        if (!has(record, table)) lose(record, table);
        return {};
    }
    return {};
}

std::string Filling::takeFree(const Record& record, const std::set<std::string>& damaged) {
    // A part of an older true front, or a state without its checksum, is worse than none.
    static const std::set<std::string> kNever = {"checkpoint", "checksum", "reference_front",
                                                 "reference_design"};
    for (std::size_t t = 0; t < m_tables.size(); ++t) {
        const auto& table = m_tables[t];
        const bool mayBe = isNumbered(table.name) ||
                           (damaged.contains(table.name) && !kNever.contains(table.name));
        if (mayBe && fits(record, table) && insert(record, t)) return table.name;
    }
    return {};
}

bool Filling::has(const Record& record, const Table& table) {
    const auto key = keyOf(record);
    SQLite::Statement query(m_database, "SELECT 1 FROM " + table.name + " WHERE " + table.isOfKey);
    query.bind(1, table.shape.hasRowid ? record.rowid : key[0]);
    if (!table.shape.hasRowid) query.bind(2, key[1]);
    return query.executeStep();
}

void Filling::lose(const Record& record, const Table& table) {
    m_refused[table.name].insert(record.rowid);
    const std::string why = ": holds values that this table cannot have";
    if (table.shape.hasRowid) {
        m_lost.add(table.name + " ", record.rowid, why);
    } else {
        m_lost.add("a row of " + table.name + " of number ", keyOf(record)[0], why);
    }
}

bool Filling::fits(const Record& record, const Table& table) const {
    if (record.hasRowid != table.shape.hasRowid) return false;
    if (table.shape.hasRowid && record.rowid < 1) return false;
    if (isNumbered(table.name) && !m_known.isPossible(record.rowid)) return false;
    return table.shape.fits(record.fields);
}

bool Filling::insert(const Record& record, std::size_t table) {
    auto& statement = m_inserts[table];
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        const int at = static_cast<int>(i) + 1;
        if (m_tables[table].shape.rowidAt == i) {
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
