// SPDX-License-Identifier: GPL-3.0-or-later
//
// Creating, opening and closing. An existing file is judged by its first bytes, then read through
// a hardened read-only connection, and only then, if it may be written, opened for writing.
//
// While open for writing, the journal is a write-ahead log: readers go on reading, and a commit is
// one append. A killed process loses nothing with any setting of `synchronous`, since what was
// written is in the kernel's hands; a power cut loses nothing with FULL only, and at a few commits
// a second its fsync costs little. Hence FULL.

#include <filesystem>

#include <sqlite3.h>
#include <unistd.h>

#include "core/store/file_project.h"
#include "core/store/new_file.h"
#include "core/store/schema.h"
#include "core/store/trust.h"

namespace cohelix::store {
namespace {

namespace fs = std::filesystem;

constexpr int kBusyMilliseconds = 5000;

/// Absolute, so that SQLite cannot take a name that starts with "file:" for a URI.
base::Result<std::string> absolutePath(const std::string& path) {
    std::error_code problem;
    if (path.empty() || path.find('\0') != std::string::npos) {
        return base::Error{path, "this is not a file name", "Give the path of a .cohelix file"};
    }
    const fs::path whole = fs::absolute(path, problem);
    if (problem) return base::Error{path, problem.message(), "Check the path"};
    return whole.string();
}

std::unique_ptr<SQLite::Database> connect(const std::string& path, int flags) {
    auto database = std::make_unique<SQLite::Database>(path, flags, kBusyMilliseconds);
    sqlite3_extended_result_codes(database->getHandle(), 1);
    harden(*database);
    return database;
}

bool readOnlyRefusal(const SQLite::Exception& problem) {
    return (problem.getErrorCode() & 0xff) == SQLITE_READONLY;
}

/// A crash can leave a rollback journal, which only a writing connection can play back; the
/// checks are the same.
std::unique_ptr<SQLite::Database> checkedReader(const std::string& path, int version,
                                                bool mayWrite) {
    for (const int flags : {SQLite::OPEN_READONLY, SQLite::OPEN_READWRITE}) {
        try {
            auto database = connect(path, flags);
            if (const auto sound = checkContent(path, *database, version); !sound) {
                throw Refusal{sound.error()};
            }
            return database;
        } catch (const SQLite::Exception& problem) {
            if (flags == SQLite::OPEN_READWRITE || !mayWrite || !readOnlyRefusal(problem)) throw;
        }
    }
    return nullptr;
}

void becomeCurrent(SQLite::Database& database, int version) {
    if (version == schemaVersion()) return;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    migrate(database, version, schemaVersion());
    transaction.commit();
}

void markInterruptedRuns(SQLite::Database& database) {
    database.exec(
        "UPDATE run SET state = 'interrupted', ended = updated, "
        "message = 'the program ended before the run did' WHERE state IN ('running', 'paused')");
}

/// A connection that writes, or an exception; freed pages are not zeroed, checkpoints come and go.
std::unique_ptr<SQLite::Database> writer(const std::string& path, int version) {
    auto database = connect(path, SQLite::OPEN_READWRITE);
    database->exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF");
    database->execAndGet("PRAGMA journal_mode = WAL");
    database->execAndGet("PRAGMA journal_size_limit = 67108864");
    becomeCurrent(*database, version);
    markInterruptedRuns(*database);
    return database;
}

/// Why the file cannot be written by this process; empty when it can.
std::string writeObstacle(const std::string& path, FileHold& hold, Access access) {
    if (access == Access::ReadOnly) return "it was opened for reading only";
    if (const auto lock = hold.becomeWriter(); !lock) return lock.error().what;
    const auto folder = fs::path(path).parent_path();
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        return "its folder is read-only, so that changes could not be kept safe";
    }
    return {};
}

base::Result<std::unique_ptr<Project>> openFile(const std::string& path, Access access) {
    auto opened = FileHold::open(path);
    if (!opened) return opened.error();
    FileHold hold = std::move(opened).value();
    const auto version = checkHeader(path, hold.firstBytes(kHeaderBytes), hold.size());
    if (!version) return version.error();

    std::string obstacle = writeObstacle(path, hold, access);
    auto database = checkedReader(path, *version, obstacle.empty());
    if (obstacle.empty()) {
        try {
            auto writing = writer(path, *version);
            database = std::move(writing);
        } catch (const SQLite::Exception& problem) {
            obstacle = sqlError({}, problem).what;
        }
    }
    return std::unique_ptr<Project>(std::make_unique<FileProject>(
        path, std::move(hold), std::move(database), std::move(obstacle)));
}

}  // namespace

base::Result<std::unique_ptr<Project>> Project::create(const std::string& path) {
    using Opened = base::Result<std::unique_ptr<Project>>;
    return guarded(path, [&]() -> Opened {
        const auto whole = absolutePath(path);
        if (!whole) return whole.error();
        const auto made = makeNewFile(*whole, [](const std::string& draft) {
            return writeBytes(draft, emptyProjectBytes());
        });
        if (!made) return made.error();
        return openFile(*whole, Access::ReadWrite);
    });
}

base::Result<std::unique_ptr<Project>> Project::open(const std::string& path, Access access) {
    using Opened = base::Result<std::unique_ptr<Project>>;
    return guarded(path, [&]() -> Opened {
        const auto whole = absolutePath(path);
        if (!whole) return whole.error();
        return openFile(*whole, access);
    });
}

FileProject::FileProject(std::string path, FileHold hold,
                         std::unique_ptr<SQLite::Database> database,
                         std::string readOnlyReason)
    : m_path(std::move(path)),
      m_hold(std::move(hold)),
      m_database(std::move(database)),
      m_readOnlyReason(std::move(readOnlyReason)) {}

FileProject::~FileProject() {
    if (readOnly()) return;
    // Where a reader is in the way, the log stays beside the file and the next writer folds it in.
    m_database->tryExec("PRAGMA busy_timeout = 500");
    m_database->tryExec("PRAGMA incremental_vacuum");
    m_database->tryExec("PRAGMA wal_checkpoint(TRUNCATE)");
    m_database->tryExec("PRAGMA journal_mode = DELETE");
}

void FileProject::requireWritable() {
    if (readOnly()) {
        throw Refusal{{m_path, "the project is open for reading only: " + m_readOnlyReason,
                       "Save a copy and work on that"}};
    }
    int moved = 0;
    sqlite3_file_control(m_database->getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved) {
        throw Refusal{{m_path, "the file was moved or deleted while it was open",
                       "Save the project under a new name; what was saved before is copied too"}};
    }
}

}  // namespace cohelix::store
