// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Writing a whole file: all of it or nothing.

#include <QByteArray>
#include <QString>

#include "core/base/result.h"

namespace cohelix::ui {

/// Writes all of the bytes or leaves the file as it was. Blocks; any thread.
base::Result<void> writeFile(const QString& path, const QByteArray& bytes);

}  // namespace cohelix::ui
