// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/losses.h"

#include <iterator>

namespace cohelix::store {
namespace {

std::string spansOf(const std::set<std::int64_t>& numbers) {
    std::string text;
    for (auto first = numbers.begin(); first != numbers.end();) {
        auto last = first;
        while (std::next(last) != numbers.end() && *std::next(last) == *last + 1) ++last;
        text += (text.empty() ? "" : ", ") + std::to_string(*first);
        if (last != first) text += " to " + std::to_string(*last);
        first = std::next(last);
    }
    return text;
}

}  // namespace

void Losses::add(std::string line) {
    const auto [place, isNew] = m_places.try_emplace({line, {}}, m_entries.size());
    if (isNew) m_entries.push_back({std::move(line), {}, {}});
}

void Losses::add(const std::string& what, std::int64_t id, const std::string& rest) {
    const auto [place, isNew] = m_places.try_emplace({what, rest}, m_entries.size());
    if (isNew) m_entries.push_back({what, rest, {}});
    m_entries[place->second].numbers.insert(id);
}

std::vector<std::string> Losses::lines() const {
    std::vector<std::string> lines;
    for (const auto& entry : m_entries) {
        lines.push_back(entry.what + spansOf(entry.numbers) + entry.rest);
    }
    return lines;
}

}  // namespace cohelix::store
