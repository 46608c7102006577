// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/design_list.h"

#include <set>

namespace cohelix::ui {

std::optional<std::size_t> DesignList::placeOf(std::int64_t id) const {
    const auto found = m_places.find(id);
    return found == m_places.end() ? std::nullopt : std::optional(found->second);
}

const store::DesignRow* DesignList::find(std::int64_t id) const {
    const auto place = placeOf(id);
    return place ? &m_rows[*place] : nullptr;
}

void DesignList::reset(std::vector<store::DesignRow> rows) {
    m_rows = std::move(rows);
    m_places.clear();
    m_places.reserve(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) m_places.emplace(m_rows[i].id, i);
}

RowsChange DesignList::merge(const std::vector<store::DesignRow>& update) {
    RowsChange change;
    change.firstAdded = m_rows.size();
    std::vector<bool> touched(m_rows.size(), false);
    std::set<std::int64_t> runsToMark;
    for (const store::DesignRow& row : update) {
        const auto [place, isNew] = m_places.try_emplace(row.id, m_rows.size());
        const bool wasFront = !isNew && m_rows[place->second].front;
        if (row.front || wasFront) runsToMark.insert(row.run);
        if (isNew) {
            m_rows.push_back(row);
        } else {
            m_rows[place->second] = row;
            if (place->second < change.firstAdded) touched[place->second] = true;
        }
    }
    change.added = m_rows.size() - change.firstAdded;
    for (const std::int64_t run : runsToMark) remarkFront(run, touched);
    for (std::size_t i = 0; i < touched.size(); ++i) {
        if (touched[i]) change.changed.push_back(i);
    }
    return change;
}

void DesignList::remarkFront(std::int64_t run, std::vector<bool>& touched) {
    std::vector<std::size_t> places;
    std::vector<store::DesignRow> rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].run != run) continue;
        places.push_back(i);
        rows.push_back(m_rows[i]);
    }
    store::markFront(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        store::DesignRow& row = m_rows[places[i]];
        if (row.front != rows[i].front && places[i] < touched.size()) touched[places[i]] = true;
        row.front = rows[i].front;
    }
}

}  // namespace cohelix::ui
