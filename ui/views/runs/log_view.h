// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What happened, newest last.

#include <QPlainTextEdit>

#include "ui/hub/hub.h"

namespace cohelix::ui {

class LogView : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit LogView(Hub& hub, QWidget* parent = nullptr);

private:
    void append(const store::Event& event);
    void changeEvent(QEvent* event) override;
    void refill();

    Hub& m_hub;
};

}  // namespace cohelix::ui
