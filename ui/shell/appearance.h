// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Light, dark or as the system has it, for the whole program.

#include "ui/hub/theme.h"

class QApplication;

namespace cohelix::ui {

/// Names of settings, icons of windows and the style that both palettes are made for. Once, at the
/// start.
void setUpApplication(QApplication& application);
void applyThemeChoice(ThemeChoice choice);

}  // namespace cohelix::ui
