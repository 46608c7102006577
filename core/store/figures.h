// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a figure must be to be kept: a finite number that is not negative; a share or an accuracy is
// not above 1. The tables say so too, but cannot name the figure; and SQLite leaves their checks
// out on a read-only connection, so what was read is judged by the same rules.

#include <optional>
#include <string>
#include <string_view>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/model/design.h"
#include "core/store/project.h"

namespace cohelix::store {

/// The first figure that cannot be, in words ("a frame rate that is not a number"); nothing when
/// all are sound.
std::optional<std::string> unsoundFigure(const DesignRow& row);

std::optional<std::string> unsoundFigure(const model::DesignCost& cost);

/// How the state of a design contradicts where its accuracy comes from, after its name: "is marked
/// as trained, but …". Nothing where they fit: trained designs alone have trained accuracies.
std::optional<std::string> contradictionIn(const DesignRow& row);

/// Of each figure's column what `pattern` makes of its name, which it calls %: ", %" gives
/// ", fps, latency_ms, …".
std::string figureColumns(std::string_view pattern);
/// From a row whose columns from `first` on are those.
void readFigures(SQLite::Statement& query, int first, model::Figures& figures);

}  // namespace cohelix::store
