// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the program is, its versions and its licence.

#include <QString>

class QWidget;

namespace cohelix::ui {

QString aboutText();
void showAbout(QWidget* parent);

}  // namespace cohelix::ui
