// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A file from outside is not trusted: what must hold before it is read as a project, and how a
// connection is set up so that a hostile file cannot make SQLite do more than read and write rows.

#include <cstdint>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/base/result.h"
#include "core/store/file_hold.h"

namespace cohelix::store {

/// Judges the first bytes of a file without SQLite: the file's schema version, or an Error for an
/// empty file, one that is no SQLite database, another program's, a newer Cohelix's.
base::Result<int> checkHeader(const std::string& path, const std::vector<std::uint8_t>& header);

/// Defensive mode, untrusted schema, no triggers, views or memory maps, bounded sizes, foreign
/// keys. Call it before anything else is done with a connection.
void harden(SQLite::Database& database);

/// What a check of SQLite found, in words of ours: "3 places of the file do not fit the rest, in
/// pages 7, 12". Empty where it found nothing.
std::string damageIn(const std::string& verdict);

/// The schema is that of the version, nothing more; the file was not cut off; and quick_check finds
/// no damage. Within a transaction, so that no commit is under way.
base::Result<void> checkContent(const std::string& path, SQLite::Database& database, int version,
                                const FileHold& file);

}  // namespace cohelix::store
