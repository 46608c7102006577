// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A part of the form under a heading that folds it away.

#include <QWidget>

class QGridLayout;
class QToolButton;

namespace cohelix::ui {

class SpacesSection : public QWidget {
    Q_OBJECT

public:
    SpacesSection(const QString& title, bool minor, QWidget* parent = nullptr);

    /// Where the section's rows go: label, field, unit.
    QGridLayout* grid() const { return m_grid; }
    QWidget* body() const { return m_body; }
    /// A button at the right end of the heading.
    QToolButton* addButton(const QString& text, const QString& toolTip);
    void setOpen(bool open);
    bool isOpen() const { return m_open; }

Q_SIGNALS:
    void toggled(bool open);

private:
    QToolButton* m_heading;
    QWidget* m_head;
    QWidget* m_body;
    QGridLayout* m_grid;
    bool m_open = true;
};

}  // namespace cohelix::ui
