// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the message bar says: not a dialogue, so that nothing has to be clicked away to go on.

#include <QString>
#include <cstdint>

#include "core/base/result.h"

namespace cohelix::ui {

enum class Severity : std::uint8_t { Info, Warning, Error };

struct Message {
    Severity severity = Severity::Info;
    QString where;
    QString what;
    QString advice;
    friend bool operator==(const Message&, const Message&) = default;
};

Message errorMessage(const base::Error& error);
Message infoMessage(const QString& what, const QString& where = {});

}  // namespace cohelix::ui
