// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The saved states of runs. Beside each stands a checksum of its bytes, run and step; of a run the
// last two are kept, so that there is another one where a state turns out to be damaged.

#include <cstdint>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/store/project.h"

namespace cohelix::store {

/// In the caller's transaction. Throws a Refusal for one that is too large.
void writeCheckpoint(SQLite::Database& database, std::int64_t run, const Checkpoint& checkpoint);
/// All but the newest of a run, in the caller's transaction.
void dropOlderCheckpoints(SQLite::Database& database, std::int64_t run, int kept);
/// Gives every checkpoint of a file of an older version its checksum, in the caller's transaction.
void sealCheckpoints(SQLite::Database& database);

}  // namespace cohelix::store
