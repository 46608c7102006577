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

class KnownRows {
public:
    /// `mostRows`: what a file of its size can hold; higher numbers are damage.
    explicit KnownRows(std::int64_t mostRows) : m_most(mostRows) {}

    bool isPossible(std::int64_t id) const { return id >= 1 && id <= m_most; }
    /// `run`: 0 where it is not known. Impossible numbers are passed over.
    void add(const std::string& table, std::int64_t id, std::int64_t run = 0);
    /// Of a table of which no row is ever deleted, those that are not `there`, in spans by run:
    /// "design 41 to 60 of run 1".
    std::vector<std::string> missing(const std::string& table,
                                     const std::set<std::int64_t>& there) const;

private:
    std::int64_t m_most;
    std::map<std::string, std::map<std::int64_t, std::int64_t>> m_runs;  ///< by table and number
};

}  // namespace cohelix::store
