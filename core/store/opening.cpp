// SPDX-License-Identifier: GPL-3.0-or-later
//
// Creating, opening and closing. An existing file is judged by its first bytes, then read through
// a hardened read-only connection, and only then, if it may be written, opened for writing.
//
// The journal is a rollback journal, so that the file alone holds every commit that returned: a
// copy of it is whole, and nothing that lies beside it belongs to it but for the moment of a
// commit. (A write-ahead log would let readers go on during a commit; but the log holds what the
// file lacks, survives the file, and has everything written twice.) Readers and the writer wait for
// each other, which takes as long as one commit or one query. A killed process loses nothing with
// any setting of `synchronous`, since what was written is in the kernel's hands; a power cut loses
// nothing with EXTRA, and at a few commits a second its syncs cost little.

#include <filesystem>

#include <sqlite3.h>

#include "core/store/checkpoints.h"
#include "core/store/file_project.h"
#include "core/store/header.h"
#include "core/store/leftovers.h"
#include "core/store/names.h"
#include "core/store/new_file.h"
#include "core/store/schema.h"
#include "core/store/trust.h"

namespace cohelix::store {
namespace {

namespace fs = std::filesystem;

/// A commit of a large checkpoint, or a query over all designs, on a slow disk.
constexpr int kBusyMilliseconds = 20'000;

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

/// A crash can leave a journal, which only a writing connection can play back, also where the
/// project is opened for reading; the checks are the same.
std::unique_ptr<SQLite::Database> checkedReader(const std::string& path, int version,
                                                const FileHold& file) {
    for (const int flags : {SQLite::OPEN_READONLY, SQLite::OPEN_READWRITE}) {
        try {
            auto database = connect(path, flags);
            {
                // Its first query takes the lock under which no commit is half written.
                SQLite::Transaction snapshot(*database);
                if (const auto sound = checkContent(path, *database, version, file); !sound) {
                    throw Refusal{sound.error()};
                }
            }
            return database;
        } catch (const SQLite::Exception& problem) {
            if (flags == SQLite::OPEN_READWRITE || !readOnlyRefusal(problem)) throw;
        }
    }
    return nullptr;
}

void becomeCurrent(SQLite::Database& database, int version) {
    if (version == schemaVersion()) return;
    giveIdentity(database);
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    journalFirstPage(database);
    migrate(database, version, schemaVersion());
    sealCheckpoints(database);
    transaction.commit();
}

void markInterruptedRuns(SQLite::Database& database) {
    SQLite::Statement open(database, "SELECT 1 FROM run WHERE state IN ('running', 'paused')");
    if (!open.executeStep()) return;
    open.reset();
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    journalFirstPage(database);
    SQLite::Statement mark(database,
                           "UPDATE run SET state = 'interrupted', ended = updated, message = ?1 "
                           "WHERE state IN ('running', 'paused')");
    Binder{mark}(kEndedEarly);
    mark.exec();
    transaction.commit();
}

/// A connection that writes, or an exception; freed pages are not zeroed, checkpoints come and go.
std::unique_ptr<SQLite::Database> writer(const std::string& path, int version) {
    auto database = connect(path, SQLite::OPEN_READWRITE);
    database->exec("PRAGMA synchronous = EXTRA; PRAGMA secure_delete = OFF");
    // A file of an older version may have a log, which is folded in now. Where a reader is in the
    // way the log stays for this time, and is folded in at every commit.
    database->tryExec("PRAGMA journal_mode = DELETE");
    database->tryExec("PRAGMA wal_autocheckpoint = 1");
    becomeCurrent(*database, version);
    markInterruptedRuns(*database);
    return database;
}

/// Why the file cannot be written by this process; empty when it can.
std::string writeObstacle(const std::string& path, FileHold& hold, Access access) {
    if (access == Access::ReadOnly) return "it was opened for reading only";
    if (const auto lock = hold.becomeWriter(); !lock) return lock.error().what;
    const auto folder = fs::path(path).parent_path();
    if (!platform::mayWriteInto(folder)) {
        return "its folder is read-only, so that changes could not be kept safe";
    }
    return {};
}

/// What is not the file's own is set aside, unless a process writes the file: then what lies beside
/// it is that process's affair.
base::Result<Notices> clearAround(const std::string& path, const FileHold& file, bool isWriter) {
    if (isWriter) return setAsideStrangers(path, file);
    auto again = FileHold::open(path);
    if (!again || !again->becomeWriter()) return Notices{};
    return setAsideStrangers(path, file);
}

base::Result<std::unique_ptr<Project>> openHeld(const std::string& path, FileHold hold,
                                                Access access, Notices notices) {
    const auto version = checkHeader(path, hold.firstBytes(kHeaderBytes));
    if (!version) return version.error();

    std::string obstacle = writeObstacle(path, hold, access);
    const auto cleared = clearAround(path, hold, obstacle.empty());
    if (!cleared) return cleared.error();
    notices.insert(notices.end(), cleared->begin(), cleared->end());
    auto database = checkedReader(path, *version, hold);
    if (obstacle.empty()) {
        database.reset();  // a log can be folded in by a connection that is alone
        try {
            database = writer(path, *version);
        } catch (const SQLite::Exception& problem) {
            obstacle = sqlError({}, problem).what;
        }
    }
    if (!database) {
        const auto now = checkHeader(path, hold.firstBytes(kHeaderBytes));
        if (!now) return now.error();
        database = checkedReader(path, *now, hold);
    }
    return std::unique_ptr<Project>(std::make_unique<FileProject>(
        path, std::move(hold), std::move(database), std::move(obstacle), std::move(notices)));
}

base::Result<std::unique_ptr<Project>> openFile(const std::string& path, Access access,
                                                Notices notices = {}) {
    auto opened = FileHold::open(path);
    if (!opened) return opened.error();
    return openHeld(path, std::move(opened).value(), access, std::move(notices));
}

}  // namespace

base::Result<std::unique_ptr<Project>> Project::create(const std::string& path) {
    using Opened = base::Result<std::unique_ptr<Project>>;
    return guarded(path, [&]() -> Opened {
        const auto whole = absolutePath(path);
        if (!whole) return whole.error();
        auto notices = makeFile(*whole, Existing::Refuse, [](base::DraftFile& draft) {
            return draft.write(emptyProjectBytes());
        });
        if (!notices) return notices.error();
        return openFile(*whole, Access::ReadWrite, std::move(*notices));
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
                         std::unique_ptr<SQLite::Database> database, std::string readOnlyReason,
                         Notices notices)
    : m_path(std::move(path)),
      m_hold(std::move(hold)),
      m_database(std::move(database)),
      m_readOnlyReason(std::move(readOnlyReason)),
      m_notices(std::move(notices)),
      m_state(stateOf(m_hold)) {}

base::Result<std::unique_ptr<Project>> FileProject::followed() {
    using Opened = base::Result<std::unique_ptr<Project>>;
    const auto access = readOnly() ? Access::ReadOnly : Access::ReadWrite;
    return guarded(m_path, [&]() -> Opened {
        requireOwnContent();
        if (const auto name = m_hold.nameNow()) {
            return openHeld(*name, m_hold.handedOver(), access, {});
        }
        const auto copy = copyBesideOldName();
        if (!copy) return copy.error();
        return openFile(*copy, access);
    });
}

FileProject::~FileProject() {
    if (readOnly() || isMoved()) return;
    try {
        giveBackPages();
    } catch (const SQLite::Exception&) {  // a reader is in the way, or the disk is full
    }
    m_database->tryExec("PRAGMA journal_mode = DELETE");
}

void FileProject::giveBackPages() {
    const auto pages = [&](const char* pragma) {
        return m_database->execAndGet(pragma).getInt64();
    };
    // Some free pages are those that the next checkpoint goes to.
    if (2 * pages("PRAGMA freelist_count") <= pages("PRAGMA page_count")) return;
    m_database->exec("PRAGMA busy_timeout = 500");
    SQLite::Transaction transaction(*m_database, SQLite::TransactionBehavior::IMMEDIATE);
    journalFirstPage(*m_database);
    m_database->exec("PRAGMA incremental_vacuum");
    transaction.commit();
}

void FileProject::requireWritable() {
    if (readOnly()) {
        throw Refusal{{m_path, "the project is open for reading only: " + m_readOnlyReason,
                       "Save a copy and work on that"}};
    }
    requireThere();
}

}  // namespace cohelix::store
