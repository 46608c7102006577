// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/filter.h"

#include <algorithm>

namespace cohelix::ui {

namespace {

constexpr std::size_t kMostHistory = 100;

QString bound(const QString& sign, double value, Column column) {
    const QString unit = columnUnit(column);
    return columnName(column) + ' ' + sign + ' ' + valueText(value, column) +
           (unit.isEmpty() ? QString() : ' ' + unit);
}

QString chipText(const LimitFilter& limit) {
    if (limit.least && limit.most) {
        return bound(QStringLiteral("≥"), *limit.least, limit.column) + QStringLiteral(", ≤ ") +
               valueText(*limit.most, limit.column);
    }
    return limit.least ? bound(QStringLiteral("≥"), *limit.least, limit.column)
                       : bound(QStringLiteral("≤"), limit.most.value_or(0), limit.column);
}

bool within(const LimitFilter& limit, const store::DesignRow& row) {
    const auto value = columnValue(row, limit.column);
    return value && (!limit.least || *value >= *limit.least) &&
           (!limit.most || *value <= *limit.most);
}

}  // namespace

bool accepts(const Filter& filter, const store::DesignRow& row) {
    if (filter.frontOnly && !row.front) return false;
    if (filter.run && row.run != *filter.run) return false;
    return std::all_of(filter.limits.begin(), filter.limits.end(),
                       [&row](const LimitFilter& limit) { return within(limit, row); });
}

void FilterStack::setFrontOnly(bool on) {
    Filter next = m_filter;
    next.frontOnly = on;
    apply(std::move(next));
}

void FilterStack::setRun(std::optional<std::int64_t> run) {
    Filter next = m_filter;
    next.run = run;
    apply(std::move(next));
}

void FilterStack::setLimit(const LimitFilter& limit) {
    Filter next = m_filter;
    const auto same = [&limit](const LimitFilter& other) { return other.column == limit.column; };
    const auto found = std::find_if(next.limits.begin(), next.limits.end(), same);
    const bool bounded = limit.least || limit.most;
    if (found == next.limits.end()) {
        if (bounded) next.limits.push_back(limit);
    } else if (bounded) {
        *found = limit;
    } else {
        next.limits.erase(found);
    }
    apply(std::move(next));
}

std::optional<LimitFilter> FilterStack::limit(Column column) const {
    for (const LimitFilter& limit : m_filter.limits) {
        if (limit.column == column) return limit;
    }
    return std::nullopt;
}

void FilterStack::clear() { apply(Filter{}); }

void FilterStack::goBack() {
    if (m_history.empty()) return;
    m_filter = std::move(m_history.back());
    m_history.pop_back();
    Q_EMIT changed();
}

void FilterStack::apply(Filter next) {
    if (next == m_filter) return;
    m_history.push_back(std::move(m_filter));
    if (m_history.size() > kMostHistory) m_history.erase(m_history.begin());
    m_filter = std::move(next);
    Q_EMIT changed();
}

QStringList FilterStack::chips() const {
    QStringList result;
    if (m_filter.frontOnly) result << tr("front only");
    if (m_filter.run) result << tr("run %1").arg(*m_filter.run);
    for (const LimitFilter& limit : m_filter.limits) result << chipText(limit);
    return result;
}

void FilterStack::removeChip(int index) {
    Filter next = m_filter;
    int at = 0;
    if (next.frontOnly && at++ == index) next.frontOnly = false;
    if (next.run && at++ == index) next.run.reset();
    const int limit = index - at;
    if (limit >= 0 && limit < static_cast<int>(next.limits.size())) {
        next.limits.erase(next.limits.begin() + limit);
    }
    apply(std::move(next));
}

}  // namespace cohelix::ui
