// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What any part of the window has to say to the user, on its way to the message bar.

#include <QObject>

#include "ui/hub/message.h"

namespace cohelix::ui {

class Messages : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    void say(const Message& message) { Q_EMIT said(message); }
    /// What was said is no longer so.
    void takeBack() { Q_EMIT takenBack(); }

Q_SIGNALS:
    void said(const Message& message);
    void takenBack();
};

}  // namespace cohelix::ui
