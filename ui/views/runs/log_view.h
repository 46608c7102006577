// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What happened, newest last.

#include <QPlainTextEdit>

#include "ui/hub/view_context.h"

namespace cohelix::ui {

class LogView : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit LogView(const ViewContext& context, QWidget* parent = nullptr);

private:
    void append(const store::Event& event);
    void changeEvent(QEvent* event) override;
    void refill();

    const Projection& m_projection;
};

}  // namespace cohelix::ui
