// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/file_write.h"

#include <QFileInfo>
#include <QSaveFile>

namespace cohelix::ui {

base::Result<void> writeFile(const QString& path, const QByteArray& bytes) {
    const QFileInfo place(path);
    if (place.exists() && !place.isFile() && !place.isDir()) {  // a device is not to be replaced
        return base::Error{path.toStdString(), "is no regular file", "Choose another name"};
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return base::Error{path.toStdString(),
                           "cannot be written: " + file.errorString().toStdString(),
                           "Choose a folder that exists, may be written and has room"};
    }
    return {};
}

}  // namespace cohelix::ui
