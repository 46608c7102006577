// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Records of a damaged file on their way into the tables of a new project: what fits a table's
// columns and checks is kept.

#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/store/known_rows.h"
#include "core/store/page_scan.h"

namespace cohelix::store {

/// In this order what they refer to comes first.
inline constexpr const char* kTables[] = {
    "revision", "run",      "design", "chunk",    "layer",           "checkpoint",
    "checksum", "artifact", "event",  "steering", "reference_front", "reference_design",
    "reached"};
/// Of these no row is ever deleted, so that a gap in their numbers is a loss.
inline constexpr const char* kNumbered[] = {"revision", "run", "design", "event", "steering"};
bool isNumbered(const std::string& table);

/// Fills a new, empty project with what a scan finds. Holds all by reference.
class Filling {
public:
    Filling(SQLite::Database& database, const KnownRows& known, std::vector<std::string>& lost);

    /// Of a stray record the first table that takes it. False where its own table does not take it,
    /// which is lost.
    bool take(const Record& record);

private:
    struct Column {
        std::string type;
        bool mayBeNull = false;
    };
    struct Table {
        std::string name;
        std::vector<Column> columns;
        std::optional<std::size_t> rowidAt;  ///< the column that is the row's number
        bool hasRowid = true;
    };
    static Table tableOf(SQLite::Database& database, const std::string& name);
    static bool fits(const Field& field, const Column& column);
    bool fits(const Record& record, const Table& table) const;
    /// False where the table refuses it, or has it already.
    bool insert(const Record& record, std::size_t table);
    void lose(const Record& record, const Table& table);

    const KnownRows& m_known;
    std::vector<std::string>& m_lost;
    std::vector<Table> m_tables;
    std::vector<SQLite::Statement> m_inserts;
};

}  // namespace cohelix::store
