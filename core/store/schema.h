// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The tables of a project file, as a list of migrations: migration i leads from version i to i + 1.
// What a file of a version must look like is found by running the same migrations on an empty
// database, so that the expectation cannot drift from what is created. Migrations add tables and
// change none, so that an older file that may not be written can still be read: see hasTable().

#include <cstdint>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

namespace cohelix::store {

/// "Chlx" in the database header, so that `file` and other programs can tell a project.
inline constexpr std::int32_t kApplicationId = 0x43686c78;
/// The version that this program writes; kept in user_version.
int schemaVersion();

/// Brings a database from version `from` to `to` and records the version. Inside a transaction of
/// the caller. Throws SQLite::Exception.
void migrate(SQLite::Database& database, int from, int to);

/// A table that came later is missing from an older file that was opened for reading only: as if
/// it were empty.
bool hasTable(SQLite::Database& database, const std::string& name);

/// One line per table, index, view and trigger, sorted; equal for equal schemas.
std::vector<std::string> schemaOf(SQLite::Database& database);
/// The same of an untouched file of that version.
std::vector<std::string> expectedSchema(int version);

/// The bytes of a new, empty project file.
std::string emptyProjectBytes();

}  // namespace cohelix::store
