// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The actions that start, pause, stop and go on with a search; they can be pressed when they would
// do something.

#include "ui/hub/view_context.h"

namespace cohelix::ui {

class SearchActions : public QObject {
    Q_OBJECT

public:
    /// Offers them; the context must outlive it.
    SearchActions(const ViewContext& context, QObject* parent);

    /// Of the bar: start, pause, stop.
    const std::vector<QAction*>& buttons() const { return m_buttons; }

private:
    void refresh();
    void goOn();

    Hub& m_hub;
    QAction* m_start;
    QAction* m_pause;
    QAction* m_stop;
    QAction* m_resume;
    std::vector<QAction*> m_buttons;
};

}  // namespace cohelix::ui
