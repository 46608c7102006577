// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/candidates.h"

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

std::vector<std::size_t> Candidates::bestOfEachNetwork(const Admitted& admitted) const {
    std::map<std::pair<std::vector<int>, std::vector<int>>, std::size_t> best;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (admitted && !admitted(m_items[i].choices)) continue;
        const auto [entry, isNew] =
            best.try_emplace({m_items[i].choices.network, m_items[i].precision}, i);
        if (!isNew && m_items[i].merit > m_items[entry->second].merit) entry->second = i;
    }
    std::vector<std::size_t> kept;
    for (const auto& [network, index] : best) kept.push_back(index);
    std::sort(kept.begin(), kept.end());
    return kept;
}

std::vector<std::size_t> Candidates::select(std::size_t count, const spec::Objective& objective,
                                            std::size_t perWindow, const Admitted& admitted) const {
    const auto kept = bestOfEachNetwork(admitted);
    const auto pick = [&](const std::vector<std::size_t>& from, std::size_t most) {
        std::vector<model::Point> points;
        for (const std::size_t index : from) {
            points.push_back({m_items[index].estimate, m_items[index].merit});
        }
        std::vector<std::size_t> picked;
        for (const std::size_t i : model::spreadSelection(points, most)) picked.push_back(from[i]);
        return picked;
    };
    std::vector<std::size_t> selected;
    const auto add = [&](std::size_t index) {
        if (std::find(selected.begin(), selected.end(), index) == selected.end()) {
            selected.push_back(index);
        }
    };
    const bool larger = spec::largerIsBetter(objective.metric);
    for (const auto& window : objective.targets) {
        std::vector<std::size_t> inside;
        for (const std::size_t index : kept) {
            const double metric = larger ? m_items[index].merit : 1 / m_items[index].merit;
            if (metric >= window.low && metric <= window.high) inside.push_back(index);
        }
        std::stable_sort(inside.begin(), inside.end(), [this](std::size_t a, std::size_t b) {
            return m_items[a].estimate > m_items[b].estimate;
        });
        inside.resize(std::min(inside.size(), perWindow));
        for (const std::size_t index : inside) add(index);
    }
    if (selected.size() > count) selected = pick(selected, count);
    for (const std::size_t index : pick(kept, kept.size())) {
        if (selected.size() < count) add(index);
    }
    std::stable_sort(selected.begin(), selected.end(), [this](std::size_t a, std::size_t b) {
        return m_items[a].merit < m_items[b].merit;
    });
    return selected;
}

base::Json Candidates::save() const {
    base::Json json = base::Json::array();
    for (const auto& item : m_items) {
        json.push_back({keyOf(item.choices), item.target, item.merit, item.estimate});
        if (!item.precision.empty()) json.back().push_back(item.precision);
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
        if (row.size() > 4) item.precision = row.at(4).get<std::vector<int>>();
        (void)put(std::move(item));
    }
}

}  // namespace cohelix::search
