// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/candidates.h"

#include <algorithm>

namespace cohelix::search {

std::size_t Candidates::put(Candidate candidate) {
    const auto [entry, isNew] = m_index.try_emplace(candidate.choices, m_items.size());
    if (isNew) {
        m_items.push_back(std::move(candidate));
    } else {
        m_items[entry->second] = std::move(candidate);
    }
    return entry->second;
}

std::vector<std::size_t> Candidates::select(std::size_t count) const {
    std::map<std::vector<int>, std::size_t> bestOfNetwork;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const auto [entry, isNew] = bestOfNetwork.try_emplace(m_items[i].choices.network, i);
        if (!isNew && m_items[i].merit > m_items[entry->second].merit) entry->second = i;
    }
    std::vector<std::size_t> kept;
    for (const auto& [network, index] : bestOfNetwork) kept.push_back(index);
    std::sort(kept.begin(), kept.end());
    std::vector<Point> points;
    for (const std::size_t index : kept) {
        points.push_back({m_items[index].estimate, m_items[index].merit});
    }
    std::vector<std::size_t> selected;
    for (const std::size_t i : spreadSelection(points, count)) selected.push_back(kept[i]);
    std::stable_sort(selected.begin(), selected.end(), [this](std::size_t a, std::size_t b) {
        return m_items[a].merit < m_items[b].merit;
    });
    return selected;
}

base::Json Candidates::save() const {
    base::Json json = base::Json::array();
    for (const auto& item : m_items) {
        json.push_back({keyOf(item.choices), item.target, item.merit, item.estimate});
    }
    return json;
}

void Candidates::restore(const base::Json& json) {
    m_items.clear();
    m_index.clear();
    for (const auto& row : json) {
        Candidate item;
        item.choices = model::choicesFromKey(row.at(0).get<std::string>()).value();
        item.target = row.at(1).get<int>();
        item.merit = row.at(2).get<double>();
        item.estimate = row.at(3).get<double>();
        (void)put(std::move(item));
    }
}

}  // namespace cohelix::search
