// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Where the words of the design views are translated that no widget of its own says: facts, lines,
// tool tips and rich text.

#include <QCoreApplication>

namespace cohelix::ui {

struct DesignWords {
    Q_DECLARE_TR_FUNCTIONS(DesignWords)
};

}  // namespace cohelix::ui
