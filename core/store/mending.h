// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What makes rows that were found one by one a sound project again: rows that speak of lost ones
// and rows that do not fit each other. Every function adds to `lost` what it gives up.

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/store/known_rows.h"
#include "core/store/losses.h"
#include "core/store/rescue.h"

namespace cohelix::store {

/// Of each numbered table the rows that were there and are not, but for those that are `named`.
void nameMissingRows(SQLite::Database& database, KnownRows& known,
                     const std::map<std::string, std::set<std::int64_t>>& named, Losses& lost);

/// Where designs of them are lost no one can tell of which.
void dropTrueFronts(SQLite::Database& database, Losses& lost);

/// All of the rest that SQL can see: unreadable words, lost owners, specifications and designs that
/// do not fit each other, changes that cannot be followed, true fronts in part, trained designs
/// without weights.
void mend(SQLite::Database& database, const KnownRows& known, const Judges& judges, Losses& lost);

/// The layers and mappings of designs; their figures stay. Neighbours are one loss.
void dropCosts(SQLite::Database& database, std::vector<std::int64_t> designs, Losses& lost);

}  // namespace cohelix::store
