// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// All that a view is made from. It takes the parts of the hub that it shows, offers what it can do
// as actions, and keeps between two sessions what is its own under its name in the settings. All of
// it outlives the view.

#include <QSettings>

#include "ui/hub/actions.h"
#include "ui/hub/hub.h"

namespace cohelix::ui {

struct ViewContext {
    Hub& hub;
    Actions& actions;
    QSettings& settings;
};

}  // namespace cohelix::ui
