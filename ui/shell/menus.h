// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The menu bar: which actions stand where. What no menu shows goes to the end of its group's, so
// that a view's actions need no line here.

#include <span>

#include "ui/hub/actions.h"
#include "ui/shell/view_table.h"

class QMenuBar;

namespace cohelix::ui {

void buildMenus(QMenuBar& bar, const Actions& actions, std::span<const ViewRow> views);

}  // namespace cohelix::ui
