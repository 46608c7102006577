// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/file_write.h"

#include <QFileInfo>

#include "core/base/output_file.h"

namespace cohelix::ui {

base::Result<void> writeFile(const QString& path, const QByteArray& bytes) {
    const QFileInfo place(path);
    if (place.exists() && !place.isFile() && !place.isDir()) {  // a device is not to be replaced
        return base::Error{path.toStdString(), "is no regular file", "Choose another name"};
    }
    return base::writeFile(path.toStdString(),
                           {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

}  // namespace cohelix::ui
