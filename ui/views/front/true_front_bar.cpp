// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/true_front_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include "ui/hub/references.h"

namespace cohelix::ui {

TrueFrontBar::TrueFrontBar(References& references, QWidget* parent)
    : QWidget(parent),
      m_references(references),
      m_what(new QLabel(this)),
      m_bar(new QProgressBar(this)),
      m_cancel(new QPushButton(tr("Cancel"), this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(6, 2, 6, 2);
    row->addWidget(m_what);
    row->addWidget(m_bar, 1);
    row->addWidget(m_cancel);
    connect(m_cancel, &QPushButton::clicked, &references, &References::cancel);
    connect(&references, &References::progressChanged, this, &TrueFrontBar::refresh);
    refresh();
}

void TrueFrontBar::refresh() {
    const auto share = m_references.progress();
    setVisible(share.has_value());
    m_what->setText(m_references.cancelling() ? tr("Cancelling the true front")
                                              : tr("Computing the true front"));
    m_cancel->setEnabled(!m_references.cancelling());
    // The layers are priced first, which cannot tell how far it is.
    m_bar->setRange(0, share && *share > 0 ? 100 : 0);
    if (share) m_bar->setValue(static_cast<int>(*share * 100));
}

}  // namespace cohelix::ui
