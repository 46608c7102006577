// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The records of an SQLite file read page by page, without SQLite, so that a damaged page costs
// what stands on it and nothing else (sqlite.org/fileformat2.html). First the pages to which the
// tables' trees lead, then those to which none leads, or only a tree that they are not of, and at
// last those that are free. Every number in the file may be wrong.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/store/file_hold.h"
#include "core/store/shapes.h"

namespace cohelix::store {

struct Record {
    std::string table;    ///< empty: of a page of no tree
    bool isFree = false;  ///< of a page that is free: it may have been deleted
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

/// Is called with a record; the table that has taken it, empty where none did or has it already.
using Visit = std::function<std::string(const Record&)>;

/// What a scan found beside records.
struct ScanCount {
    std::int64_t pages = 0;         ///< that the file should have
    std::int64_t missingPages = 0;  ///< of these, behind the end of the file
    /// Pages of a table's tree that cannot be read, or are of something else, and whose rows were
    /// not found elsewhere, by table; of an empty name those of the list of tables.
    std::map<std::string, std::int64_t> damagedPages;
    std::set<std::string> trees;       ///< tables that were read from their roots on
    std::set<std::string> incomplete;  ///< tables of which a page or a part of a record is lost
    std::vector<KnownRow> known;  ///< by indices, by inner pages, by records that are there in part
    /// The numbers of records that are there in part, by table; 0 where a table has no numbers.
    std::map<std::string, std::vector<std::int64_t>> partialRecords;
};

class PageScan {
public:
    /// Holds the file by reference. `shapes`: as of shapesIn(), of the tables that may be in it.
    PageScan(const FileHold& file, std::map<std::string, Shape> shapes);

    /// Calls `visit` with every record but those of free pages, of a table the later page after the
    /// earlier; strays last.
    ScanCount run(const Visit& visit);
    /// After run(): those of free pages.
    void runFree(const Visit& visit);

private:
    struct Tree {
        std::uint32_t root = 0;
        std::string name;   ///< of the table or the index
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
    void walk(const Tree& tree, const Visit& visit);
    /// False where it is no page of the tree; then nothing on it is taken.
    bool walkPage(const Tree& tree, std::uint32_t number, std::vector<std::uint32_t>& open,
                  const Visit& visit);
    bool isOf(const Tree& tree, std::uint8_t kind, const std::vector<Cell>& cells) const;
    /// By its children: whether one is of the tree, or none of something else.
    bool isInnerPageOf(const Tree& tree, const std::vector<std::uint32_t>& children);
    void take(const Tree& tree, const Cell& cell, bool isTableLeaf, const Visit& visit);
    void noteDamage(const Tree& tree, std::uint32_t page);
    /// Of pages that were found elsewhere nothing is lost.
    void settleDamage();
    /// The rows that an inner page of a table names, if it is sound.
    void noteInnerKeys(const Bytes& page, std::uint32_t number, const std::string& table);
    void visitStrays(const Visit& visit);
    void visitAlone(std::uint32_t number, bool isFree, const Visit& visit);
    /// Of the page, in order; nothing when it is no such page. What its payloads take up is used
    /// until released.
    std::optional<std::vector<Cell>> cellsOf(const Bytes& page, std::uint32_t number);
    void release();
    std::vector<std::uint32_t> childrenOf(const Bytes& page, std::uint32_t number) const;
    std::optional<Cell> cellAt(const Bytes& page, std::size_t at, std::uint8_t kind);
    std::optional<Bytes> payload(const Bytes& page, std::size_t at, std::uint64_t bytes,
                                 bool isTableLeaf);

    const FileHold& m_file;
    std::map<std::string, Shape> m_shapes;
    std::uint32_t m_pageBytes = 4096;
    std::uint32_t m_pages = 0;
    std::uint32_t m_pagesNamed = 0;  ///< by the header; no fewer than there are
    std::set<std::uint32_t> m_used;  ///< visited, overflow
    std::set<std::uint32_t> m_free;
    std::vector<std::uint32_t> m_claimed;  ///< overflow pages of the cells that were read last
    std::map<std::string, std::int64_t> m_foundElsewhere;  ///< pages, by table
    ScanCount m_count;
};

}  // namespace cohelix::store
