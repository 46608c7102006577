// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Light, dark or as the system has it, for the whole program.

#include <QSettings>

#include "ui/hub/actions.h"
#include "ui/hub/theme.h"

class QApplication;
class QWidget;

namespace cohelix::ui {

/// Names of settings, icons of windows and the style that both palettes are made for. Once, at the
/// start.
void setUpApplication(QApplication& application);
void applyThemeChoice(ThemeChoice choice);
/// Applies what was chosen last, and offers the choice, which the settings keep.
void offerThemes(Actions& actions, QSettings& settings, QWidget& window);

}  // namespace cohelix::ui
