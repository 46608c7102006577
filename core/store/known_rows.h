// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which rows a damaged file must have had, by what else in it speaks of them: indices, inner pages,
// rows that refer to them, and the numbers below the last one where no row is ever deleted.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cohelix::store {

/// Rows that a file of so many bytes has room for.
constexpr std::int64_t mostRowsIn(std::int64_t bytes) {
    constexpr std::int64_t kLeastRowBytes = 16;  // with its place in the page
    return bytes / kLeastRowBytes;
}

class KnownRows {
public:
    /// `mostRows`: what a file of its size can hold; higher numbers are damage.
    explicit KnownRows(std::int64_t mostRows) : m_most(mostRows) {}

    /// `trees`: tables that were read from their roots on; `damaged`: those of which something is
    /// lost.
    void setScanned(std::set<std::string> trees, std::set<std::string> damaged);
    bool isDamaged(const std::string& table) const { return m_damaged.contains(table); }
    /// Of a table of which everything was read no row is missing because another speaks of it: the
    /// one that speaks is damaged.
    bool isWhole(const std::string& table) const {
        return m_trees.contains(table) && !isDamaged(table);
    }

    bool isPossible(std::int64_t id) const { return id >= 1 && id <= m_most; }
    /// `run`: 0 where it is not known. Impossible numbers are passed over.
    void add(const std::string& table, std::int64_t id, std::int64_t run = 0);
    /// Of a table of which no row is ever deleted, those that are not `there`, in spans by run:
    /// "design 41 to 60 of run 1".
    std::vector<std::string> missing(const std::string& table,
                                     const std::set<std::int64_t>& there) const;

private:
    std::int64_t m_most;
    std::set<std::string> m_trees;
    std::set<std::string> m_damaged;
    std::map<std::string, std::map<std::int64_t, std::int64_t>> m_runs;  ///< by table and number
};

}  // namespace cohelix::store
