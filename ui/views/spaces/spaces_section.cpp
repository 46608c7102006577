// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_section.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace cohelix::ui {

SpacesSection::SpacesSection(const QString& title, bool minor, QWidget* parent)
    : QWidget(parent),
      m_heading(new QToolButton(this)),
      m_head(new QWidget(this)),
      m_body(new QWidget(this)),
      m_grid(new QGridLayout(m_body)) {
    m_heading->setText(title);
    m_heading->setAutoRaise(true);
    m_heading->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_heading->setFocusPolicy(Qt::StrongFocus);
    QFont font = m_heading->font();
    font.setBold(!minor);
    m_heading->setFont(font);
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(2);
    head->addWidget(m_heading);
    head->addStretch(1);
    m_grid->setContentsMargins(minor ? 14 : 8, 0, 0, minor ? 4 : 8);
    m_grid->setHorizontalSpacing(6);
    m_grid->setVerticalSpacing(0);
    m_grid->setColumnStretch(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_head);
    layout->addWidget(m_body);
    m_heading->setArrowType(Qt::DownArrow);
    connect(m_heading, &QToolButton::clicked, this, [this] { setOpen(!m_open); });
}

QToolButton* SpacesSection::addButton(const QString& text, const QString& toolTip) {
    auto* button = new QToolButton(m_head);
    button->setText(text);
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    button->setAutoRaise(true);
    m_head->layout()->addWidget(button);
    return button;
}

void SpacesSection::setOpen(bool open) {
    if (open == m_open) return;
    m_open = open;
    m_body->setVisible(open);
    m_heading->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    Q_EMIT toggled(open);
}

}  // namespace cohelix::ui
