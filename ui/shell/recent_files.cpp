// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/recent_files.h"

namespace cohelix::ui {

namespace {

QString key() { return QStringLiteral("recentFiles"); }

}  // namespace

QStringList recentFiles(const QSettings& settings) {
    return settings.value(key()).toStringList().mid(0, kMostRecent);
}

void addRecentFile(QSettings& settings, const QString& path) {
    QStringList files = recentFiles(settings);
    files.removeAll(path);
    files.prepend(path);
    settings.setValue(key(), files.mid(0, kMostRecent));
}

void clearRecentFiles(QSettings& settings) { settings.remove(key()); }

}  // namespace cohelix::ui
