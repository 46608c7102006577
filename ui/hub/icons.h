// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The program's pictures. Line icons are drawn in the text colour of the moment, so that they
// follow the theme by themselves.

#include <QIcon>
#include <QString>

namespace cohelix::ui {

/// A line icon of resources/icons by name, "start"; the UI thread.
QIcon lineIcon(const QString& name);
/// The program's own.
QIcon programIcon();

}  // namespace cohelix::ui
