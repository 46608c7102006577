// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/known_rows.h"

#include <utility>

namespace cohelix::store {
namespace {

struct Span {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t run = 0;
};

void append(std::vector<Span>& spans, const Span& next) {
    if (!spans.empty() && spans.back().last + 1 == next.first && spans.back().run == next.run) {
        spans.back().last = next.last;
    } else {
        spans.push_back(next);
    }
}

std::string spanText(const std::string& table, const Span& span) {
    std::string text = table + " " + std::to_string(span.first);
    if (span.last > span.first) text += " to " + std::to_string(span.last);
    return span.run > 0 ? text + " of run " + std::to_string(span.run) : text;
}

}  // namespace

void KnownRows::setScanned(std::set<std::string> trees, std::set<std::string> damaged) {
    m_trees = std::move(trees);
    m_damaged = std::move(damaged);
}

void KnownRows::add(const std::string& table, std::int64_t id, std::int64_t run) {
    if (!isPossible(id)) return;
    auto& known = m_runs[table][id];
    if (run > 0) known = run;
}

std::vector<std::string> KnownRows::missing(const std::string& table,
                                            const std::set<std::int64_t>& there) const {
    const auto found = m_runs.find(table);
    auto all = found == m_runs.end() ? std::map<std::int64_t, std::int64_t>() : found->second;
    for (const auto id : there) all.emplace(id, 0);
    std::vector<Span> spans;
    std::int64_t next = 1;
    for (const auto& [id, run] : all) {
        if (id > next) append(spans, {next, id - 1, 0});
        if (!there.contains(id)) append(spans, {id, id, run});
        next = id + 1;
    }
    std::vector<std::string> texts;
    for (const auto& span : spans) texts.push_back(spanText(table, span));
    return texts;
}

}  // namespace cohelix::store
