// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/message.h"

namespace cohelix::ui {

Message errorMessage(const base::Error& error) {
    return {Severity::Error, QString::fromStdString(error.where),
            QString::fromStdString(error.what), QString::fromStdString(error.advice)};
}

Message infoMessage(const QString& what, const QString& where) {
    return {Severity::Info, where, what, {}};
}

}  // namespace cohelix::ui
