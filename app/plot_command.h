// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// `cohelix plot PROJECT.cohelix --out FILE`: draws the front of a project without a window.

#include <QStringList>

namespace cohelix::app {

/// `arguments` are those after "plot"; needs a QApplication. Returns the exit code: 0 drawn,
/// 1 failed, 2 wrong use. Messages go to standard error.
int plotCommand(const QStringList& arguments);

/// How the command is used, for help texts.
const char* plotUsage();

}  // namespace cohelix::app
