// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a rescue could not save, in lines for the user: what is equal but for its number becomes one
// line with all numbers.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cohelix::store {

class Losses {
public:
    void add(std::string line);
    /// "design ", 12, ": its choices cannot be read".
    void add(const std::string& what, std::int64_t id, const std::string& rest = {});

    /// In the order in which each was first added: "design 3 to 5, 9: its choices cannot be read".
    std::vector<std::string> lines() const;

private:
    struct Entry {
        std::string what;
        std::string rest;
        std::set<std::int64_t> numbers;  ///< none: a line without a number
    };
    std::vector<Entry> m_entries;
    std::map<std::pair<std::string, std::string>, std::size_t> m_places;
};

}  // namespace cohelix::store
