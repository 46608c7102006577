// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The projects used last, newest first, kept in the settings.

#include <QSettings>
#include <QStringList>

namespace cohelix::ui {

inline constexpr int kMostRecent = 10;

QStringList recentFiles(const QSettings& settings);
void addRecentFile(QSettings& settings, const QString& path);
void clearRecentFiles(QSettings& settings);

}  // namespace cohelix::ui
