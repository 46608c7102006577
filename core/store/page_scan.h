// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The records of an SQLite file read page by page, without SQLite, so that a damaged page costs what
// stands on it and nothing else (sqlite.org/fileformat2.html). First the pages to which the tables'
// trees lead, then those to which nothing leads any more. Every number in the file may be wrong.

#include <cstdint>
#include <functional>
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

/// What a scan found.
struct ScanCount {
    std::int64_t pages = 0;
    std::int64_t damagedPages = 0;  ///< tree pages that cannot be read
    std::vector<std::string> lost;  ///< records that are there in part: "design 7"
};

class PageScan {
public:
    /// Holds the file by reference.
    explicit PageScan(const FileHold& file);

    /// Calls `visit` with every record, of a table the later page after the earlier; strays last.
    ScanCount run(const std::function<void(Record)>& visit);

private:
    struct Cell {
        std::int64_t rowid = 0;
        std::optional<std::vector<Field>> fields;  ///< nothing: its payload is damaged
    };

    Bytes page(std::uint32_t number) const;
    void markFreePages();
    bool isPointerMap(std::uint32_t number) const;
    /// The records of a tree; `table` is its name.
    void walk(std::uint32_t root, const std::string& table,
              const std::function<void(Record)>& visit);
    /// Of the page, in order; nothing when it is no such page.
    std::optional<std::vector<Cell>> cellsOf(const Bytes& page, std::uint32_t number);
    std::vector<std::uint32_t> childrenOf(const Bytes& page, std::uint32_t number) const;
    std::optional<Cell> cellAt(const Bytes& page, std::size_t at, std::uint8_t kind);
    std::optional<Bytes> payload(const Bytes& page, std::size_t at, std::uint64_t bytes,
                                 bool isTableLeaf);

    const FileHold& m_file;
    std::uint32_t m_pageBytes = 4096;
    std::uint32_t m_pages = 0;
    std::set<std::uint32_t> m_used;  ///< visited, overflow, free
    ScanCount m_count;
};

}  // namespace cohelix::store
