// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How far the computation of a true front is, with Cancel; hidden while none goes on.

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace cohelix::ui {

class References;

class TrueFrontBar : public QWidget {
    Q_OBJECT

public:
    /// `references` must outlive the widget.
    explicit TrueFrontBar(References& references, QWidget* parent = nullptr);

private:
    void refresh();

    References& m_references;
    QLabel* m_what;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
};

}  // namespace cohelix::ui
