// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What lies beside a project file. SQLite finds the journal of a transaction that was cut off by
// its name alone, and would play back that of another file which had the name before, or of another
// state of the same file. So every file carries a number of its own in its first page, a
// transaction begins with that page, and a journal whose copy of it is not of the state before
// (or of the number) is set aside: renamed, never played back and never deleted. Another program's
// journal may have no copy of it; where it may be the file's own the file is not opened.

#include <cstdint>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/base/result.h"
#include "core/store/file_hold.h"

namespace cohelix::store {

/// What was done, in sentences for the user.
using Notices = std::vector<std::string>;

/// Gives the file a number of its own. Not within a transaction, and not while another connection
/// has it open. Throws SQLite::Exception.
void giveIdentity(SQLite::Database& database);
/// What tells a file's states, and it from other files.
struct FileState {
    std::uint32_t identity = 0;  ///< also counts changes of the schema
    std::uint32_t changes = 0;
    /// Whether it can have become the other by commits.
    bool canBecome(const FileState& other) const;
};
/// Of a file without a whole header all are 0. With a write-ahead log it tells nothing.
FileState stateOf(const FileHold& file);
bool hasLog(const FileHold& file);

/// Puts the first page at the head of the transaction's journal. Within a transaction, before
/// anything else is written.
void journalFirstPage(SQLite::Database& database);

/// Before a name is given to a new file: sets aside what lies beside it.
base::Result<Notices> setAsideAll(const std::string& path);
/// Before a file is opened, while no process writes it: sets aside what is not its own. A journal
/// that is its own stays, SQLite plays it back. Errors: one may be its own, or not; something
/// cannot be moved.
base::Result<Notices> setAsideStrangers(const std::string& path, const FileHold& file);

}  // namespace cohelix::store
