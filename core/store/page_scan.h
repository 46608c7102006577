// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The records of an SQLite file read page by page, without SQLite, so that a damaged page costs what
// stands on it and nothing else (sqlite.org/fileformat2.html). First the pages to which the tables'
// trees lead, then those to which nothing leads any more. Every number in the file may be wrong.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/store/file_hold.h"

namespace cohelix::store {

using Bytes = std::vector<std::uint8_t>;
/// NULL, integer, real, text, blob.
using Field = std::variant<std::monostate, std::int64_t, double, std::string, Bytes>;

struct Record {
    std::string table;    ///< empty: of a page to which no tree leads
    bool hasRowid = true;
    std::int64_t rowid = 0;
    std::vector<Field> fields;
};

/// A row that is known to have been there, whether it can be read or not.
struct KnownRow {
    std::string table;
    std::int64_t rowid = 0;
    std::int64_t first = 0;  ///< its first column, where an index tells it and it is a number
};

/// What a scan found beside records.
struct ScanCount {
    std::int64_t pages = 0;         ///< that the file should have
    std::int64_t missingPages = 0;  ///< of these, behind the end of the file
    /// Pages of a table's tree that cannot be read, by table; of an empty name those of the list of
    /// tables.
    std::map<std::string, std::int64_t> damagedPages;
    std::set<std::string> incomplete;  ///< tables of which a page or a part of a record is lost
    std::vector<KnownRow> known;  ///< by indices, by inner pages, by records that are there in part
    /// Records that are there in part, by table.
    std::map<std::string, std::int64_t> partialRecords;
};

class PageScan {
public:
    /// Holds the file by reference.
    explicit PageScan(const FileHold& file);

    /// Calls `visit` with every record, of a table the later page after the earlier; strays last.
    ScanCount run(const std::function<void(Record)>& visit);

private:
    struct Tree {
        std::uint32_t root = 0;
        std::string table;  ///< empty: the list of tables
        bool isIndex = false;
    };
    struct Cell {
        std::int64_t rowid = 0;
        std::optional<std::vector<Field>> fields;  ///< nothing: its payload is damaged
    };

    Bytes page(std::uint32_t number) const;
    void markFreePages();
    bool isPointerMap(std::uint32_t number) const;
    std::vector<Tree> readTrees();
    /// Visits the records of a table's tree; of an index it notes the rows.
    void walk(const Tree& tree, const std::function<void(Record)>& visit);
    void take(const Tree& tree, const Cell& cell, bool isTableLeaf,
              const std::function<void(Record)>& visit);
    void noteDamage(const Tree& tree, std::uint32_t page);
    /// The rows that an inner page of a table names, if it is sound.
    void noteInnerKeys(const Bytes& page, std::uint32_t number, const std::string& table);
    void visitStrays(const std::function<void(Record)>& visit);
    /// Of the page, in order; nothing when it is no such page.
    std::optional<std::vector<Cell>> cellsOf(const Bytes& page, std::uint32_t number);
    std::vector<std::uint32_t> childrenOf(const Bytes& page, std::uint32_t number) const;
    std::optional<Cell> cellAt(const Bytes& page, std::size_t at, std::uint8_t kind);
    std::optional<Bytes> payload(const Bytes& page, std::size_t at, std::uint64_t bytes,
                                 bool isTableLeaf);

    const FileHold& m_file;
    std::uint32_t m_pageBytes = 4096;
    std::uint32_t m_pages = 0;
    std::uint32_t m_pagesNamed = 0;  ///< by the header; no fewer than there are
    std::set<std::uint32_t> m_used;  ///< visited, overflow, free
    ScanCount m_count;
};

}  // namespace cohelix::store
