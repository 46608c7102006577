// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The filter as a row of chips, each of which can be taken away; hidden when nothing is filtered.

#include <QWidget>

#include "ui/hub/filter.h"

class QHBoxLayout;

namespace cohelix::ui {

class ParetoChips : public QWidget {
    Q_OBJECT

public:
    /// `filter` must outlive the widget.
    explicit ParetoChips(FilterStack& filter, QWidget* parent = nullptr);

private:
    void rebuild();

    FilterStack& m_filter;
    QHBoxLayout* m_row;
};

}  // namespace cohelix::ui
