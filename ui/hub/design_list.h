// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The designs of the open project in memory: the order never changes and designs are only added,
// so that a place in the list stays valid until the next reset.

#include <optional>
#include <unordered_map>
#include <vector>

#include "core/store/project.h"

namespace cohelix::ui {

struct RowsChange {
    std::size_t firstAdded = 0;
    std::size_t added = 0;
    std::vector<std::size_t> changed;  ///< places before firstAdded, ascending
};

class DesignList {
public:
    const std::vector<store::DesignRow>& rows() const { return m_rows; }
    std::optional<std::size_t> placeOf(std::int64_t id) const;
    /// Null when there is no such design.
    const store::DesignRow* find(std::int64_t id) const;

    void reset(std::vector<store::DesignRow> rows);
    /// Adds new designs and takes over changed ones. Front marks of the runs concerned are brought
    /// up to date, those of designs that the update does not mention included.
    RowsChange merge(const std::vector<store::DesignRow>& update);

private:
    void remarkFront(std::int64_t run, std::vector<bool>& touched);

    std::vector<store::DesignRow> m_rows;
    std::unordered_map<std::int64_t, std::size_t> m_places;
};

}  // namespace cohelix::ui
