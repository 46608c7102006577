// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which designs are shown, in every view alike. Each change is remembered, so that one can go back
// step by step.

#include <QObject>
#include <QStringList>
#include <optional>
#include <vector>

#include "ui/hub/columns.h"

namespace cohelix::ui {

/// A bound on a numeric column, in its unit.
struct LimitFilter {
    Column column = Column::Fps;
    std::optional<double> least;
    std::optional<double> most;
    friend bool operator==(const LimitFilter&, const LimitFilter&) = default;
};

struct Filter {
    bool frontOnly = false;
    std::optional<std::int64_t> run;
    std::vector<LimitFilter> limits;  ///< one a column
    friend bool operator==(const Filter&, const Filter&) = default;
};

/// True if the design is shown. A figure that is not known passes no limit.
bool accepts(const Filter& filter, const store::DesignRow& row);

class FilterStack : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    const Filter& current() const { return m_filter; }
    bool empty() const { return m_filter == Filter{}; }

    void setFrontOnly(bool on);
    void setRun(std::optional<std::int64_t> run);
    /// Replaces the bounds of a column; without any the column is free again.
    void setLimit(const LimitFilter& limit);
    std::optional<LimitFilter> limit(Column column) const;
    void clear();

    bool canGoBack() const { return !m_history.empty(); }
    void goBack();

    /// One short text a part, "FPS ≥ 60 1/s"; removeChip() takes that part away.
    QStringList chips() const;
    void removeChip(int index);

Q_SIGNALS:
    void changed();

private:
    void apply(Filter next);

    Filter m_filter;
    std::vector<Filter> m_history;
};

}  // namespace cohelix::ui
