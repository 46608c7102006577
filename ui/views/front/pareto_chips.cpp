// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/pareto_chips.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace cohelix::ui {

ParetoChips::ParetoChips(FilterStack& filter, QWidget* parent)
    : QWidget(parent), m_filter(filter), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(6, 0, 6, 2);
    m_row->setSpacing(4);
    connect(&filter, &FilterStack::changed, this, &ParetoChips::rebuild);
    rebuild();
}

void ParetoChips::rebuild() {
    while (QLayoutItem* item = m_row->takeAt(0)) {
        // A chip may be what was just pressed, so it cannot go at once.
        if (QWidget* chip = item->widget()) {
            chip->hide();
            chip->deleteLater();
        }
        delete item;
    }
    const QStringList chips = m_filter.chips();
    setVisible(!chips.isEmpty());
    if (chips.isEmpty()) return;
    m_row->addWidget(new QLabel(tr("Shown:"), this));
    for (int i = 0; i < chips.size(); ++i) {
        auto* chip = new QToolButton(this);
        chip->setText(chips[i] + QStringLiteral("  ✕"));
        chip->setToolTip(tr("Remove this filter"));
        chip->setAccessibleName(tr("Remove the filter %1").arg(chips[i]));
        connect(chip, &QToolButton::clicked, this, [this, i] { m_filter.removeChip(i); });
        m_row->addWidget(chip);
    }
    if (chips.size() > 1) {
        auto* all = new QToolButton(this);
        all->setText(tr("Remove all"));
        connect(all, &QToolButton::clicked, this, [this] { m_filter.clear(); });
        m_row->addWidget(all);
    }
    m_row->addStretch();
}

}  // namespace cohelix::ui
