// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The dock that a view stands in, wherever the user has put it. Nothing happens where there is
// none.

class QWidget;

namespace cohelix::ui {

/// Brings a view before those that share its place, if its dock is open.
void raiseView(QWidget& view);
/// Opens its dock first.
void openView(QWidget& view);

}  // namespace cohelix::ui
