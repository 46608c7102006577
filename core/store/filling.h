// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Records of a damaged file on their way into the tables of a new project: what fits a table's
// columns and checks is kept.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/store/known_rows.h"
#include "core/store/losses.h"
#include "core/store/page_scan.h"
#include "core/store/shapes.h"

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
    Filling(SQLite::Database& database, const KnownRows& known, Losses& lost);

    /// Of a stray record the first table that takes it; as Visit. A record that its own table does
    /// not take, and has not, is lost.
    std::string take(const Record& record);
    /// Of tables of which rows may be deleted, what stands on free pages is taken only where they
    /// are damaged, and never where it could be mixed with what came later.
    std::string takeFree(const Record& record, const std::set<std::string>& damaged);

    /// The numbers of the records that their own table refused, by table.
    const std::map<std::string, std::set<std::int64_t>>& refused() const { return m_refused; }

private:
    struct Table {
        std::string name;
        Shape shape;
        std::string isOfKey;  ///< a condition, with ?1 and ?2 where it has no rows' numbers
    };
    bool fits(const Record& record, const Table& table) const;
    /// False where the table refuses it, or has it already.
    bool insert(const Record& record, std::size_t table);
    bool has(const Record& record, const Table& table);
    void lose(const Record& record, const Table& table);

    SQLite::Database& m_database;
    const KnownRows& m_known;
    Losses& m_lost;
    std::vector<Table> m_tables;
    std::vector<SQLite::Statement> m_inserts;
    std::map<std::string, std::set<std::int64_t>> m_refused;
};

}  // namespace cohelix::store
