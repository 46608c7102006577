// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The table of views: the one place that knows them all. Docks, the View menu, the command palette
// and the first layout follow from its rows.

#include <QWidget>
#include <cstdint>
#include <span>

#include "ui/hub/view_context.h"

namespace cohelix::ui {

/// Where a view stands at first. Those of one place share it as tabs, in the order of the table.
enum class Place : std::uint8_t {
    Bar,     ///< the toolbar
    Centre,  ///< between the docks; it has no dock itself
    Left,
    Right,  ///< where the window is narrow, with those of Left
    Bottom,
};

struct ViewRow {
    const char* id;  ///< of the dock, in stored layouts: never to be changed
    const char* title;
    Place place;
    const char* shortcut;  ///< shows and hides it; empty: none
    QWidget* (*make)(const ViewContext& context, QWidget* parent);
};

std::span<const ViewRow> viewTable();

/// In the user's language.
QString titleOf(const ViewRow& view);

}  // namespace cohelix::ui
