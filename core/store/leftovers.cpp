// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/leftovers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <set>
#include <span>

#include <sqlite3.h>

#include "core/store/header.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

namespace cohelix::store {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> kBeside = {"-journal", "-wal", "-shm"};

// Places in a rollback journal of SQLite.
constexpr std::array<std::uint8_t, 8> kJournalMagic = {0xd9, 0xd5, 0x05, 0xf9,
                                                       0x20, 0xa1, 0x63, 0xd7};
constexpr std::size_t kJournalHeaderBytes = 28;
constexpr std::size_t kRecordsAt = 8;
constexpr std::size_t kPagesBeforeAt = 16;
constexpr std::size_t kSectorSizeAt = 20;
constexpr std::size_t kJournalPageSizeAt = 24;
/// A migration changes the number once for every statement.
constexpr std::uint32_t kMostSchemaChanges = 256;

bool hasContent(const std::string& path) {
    std::error_code problem;
    const auto bytes = fs::file_size(path, problem);
    return !problem && bytes > 0;
}

base::Result<void> setAside(const std::string& path, const std::string& why, Notices& notices) {
    std::string target = path + ".aside";
    std::error_code problem;
    for (int i = 2; fs::exists(fs::symlink_status(target, problem)); ++i) {
        target = path + ".aside-" + std::to_string(i);
    }
    fs::rename(path, target, problem);
    if (problem) {
        return base::Error{path,
                           "it lies beside the project file and is not its own, and cannot "
                           "be moved: " +
                               problem.message(),
                           "Move it to another folder"};
    }
    notices.push_back(path + " " + why + ". It was set aside as " + target);
    return {};
}

/// Not open where it is no regular file: a named pipe would be waited for.
std::ifstream opened(const std::string& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored) ? std::ifstream(path, std::ios::binary)
                                              : std::ifstream();
}

std::vector<std::uint8_t> read(std::ifstream& file, std::uint64_t at, std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    file.clear();
    file.seekg(static_cast<std::streamoff>(at));
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return bytes;
}

/// Precondition: a whole header.
FileState stateIn(std::span<const std::uint8_t> header) {
    return {unsignedAt(header, kSchemaCookieAt), unsignedAt(header, kChangeCounterAt)};
}

struct Journal {
    std::uint32_t pagesBefore = 0;  ///< of its file, before the transaction
    std::uint64_t records = 0;
    std::optional<std::vector<std::uint8_t>>
        firstPage;  ///< the head of page 1 before, if it holds it
};

/// Reads the records that a header counts, from behind it on; where they end, nothing where the
/// journal does.
std::optional<std::uint64_t> readRecords(std::ifstream& file, std::uint64_t at,
                                         std::uint32_t records, std::uint32_t pageBytes,
                                         Journal& journal) {
    for (std::uint32_t i = 0; i < records; ++i, at += std::uint64_t{pageBytes} + 8) {
        const auto record = read(file, at, 4 + kHeaderBytes);
        if (record.size() < 4 + kHeaderBytes) return std::nullopt;
        ++journal.records;
        if (unsignedAt(record, 0) != 1) continue;
        journal.firstPage = std::vector<std::uint8_t>(record.begin() + 4, record.end());
    }
    return at;
}

/// Nothing where it is none of that page size. It has a header whenever it was synced.
std::optional<Journal> journalIn(const std::string& path, std::uint32_t pageBytes) {
    auto file = opened(path);
    std::optional<Journal> journal;
    std::optional<std::uint64_t> at = 0;
    while (at) {
        const auto header = read(file, *at, kJournalHeaderBytes);
        if (header.size() < kJournalHeaderBytes ||
            std::memcmp(header.data(), kJournalMagic.data(), kJournalMagic.size()) != 0) {
            break;
        }
        const std::uint64_t sector = unsignedAt(header, kSectorSizeAt);
        if (unsignedAt(header, kJournalPageSizeAt) != pageBytes || sector == 0) break;
        if (!journal) journal = Journal{unsignedAt(header, kPagesBeforeAt), 0, std::nullopt};
        at = readRecords(file, *at + sector, unsignedAt(header, kRecordsAt), pageBytes, *journal);
        if (at) *at = (*at + sector - 1) / sector * sector;
    }
    return journal;
}

/// A journal begins with a zero until its transaction may reach the file: then there is nothing to
/// play back.
bool canBePlayedBack(const std::string& journal) {
    auto file = opened(journal);
    const int first = file.get();
    return first != 0 && first != std::ifstream::traits_type::eof();
}

enum class Owner { ThisFile, AnotherFile, Unknown };

/// A journal with the first page is this file's where its transaction began in the state in which
/// the file is, or ended in it. Ours all have it. Where another program's has not, the file's first
/// page is as it was, and says how many pages there were: if as many as the journal says, no one
/// can tell.
Owner ownerOf(const std::string& path, const std::vector<std::uint8_t>& header) {
    if (header.size() < kHeaderBytes) return Owner::AnotherFile;
    const auto journal = journalIn(path, pageBytesOf(header));
    if (!journal) return Owner::AnotherFile;
    if (!journal->firstPage) {
        const auto pages = pagesNamedBy(header).value_or(journal->pagesBefore);
        const bool fits = journal->records > 0 && journal->pagesBefore == pages;
        return fits ? Owner::Unknown : Owner::AnotherFile;
    }
    const auto before = stateIn(*journal->firstPage);
    const auto now = stateIn(header);
    const bool isThis = before.canBecome(now) && now.changes - before.changes <= 1;
    return isThis ? Owner::ThisFile : Owner::AnotherFile;
}

base::Result<void> judgeJournal(const std::string& path, const std::vector<std::uint8_t>& header,
                                Notices& notices) {
    const std::string journal = path + "-journal";
    if (!canBePlayedBack(journal)) return {};
    switch (ownerOf(journal, header)) {
        case Owner::ThisFile: return {};
        case Owner::AnotherFile:
            return setAside(journal, "does not belong to the file beside it", notices);
        case Owner::Unknown: break;
    }
    return base::Error{path,
                       "another program's change to it may have been cut off, or be under way: " +
                           journal + " may hold what must be taken back first",
                       "If a program changed this file, open it with that program again (sqlite3 "
                       "does too), which takes the change back. If none did, move " +
                           journal + " to another folder"};
}

/// Without the URI's special characters.
std::string escaped(const std::string& path) {
    std::string text;
    for (const char c : path) {
        if (c == '?' || c == '#' || c == '%') {
            constexpr char kDigits[] = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(c);
            text += '%';
            text += kDigits[byte >> 4];
            text += kDigits[byte & 15];
        } else {
            text += c;
        }
    }
    return text;
}

/// What tells the runs of a file from those of others.
std::optional<std::set<std::string>> runsOf(const std::string& name, int flags) {
    try {
        SQLite::Database database(name, flags);
        SQLite::Statement query(database, "SELECT id || ' ' || seed || ' ' || started FROM run");
        std::set<std::string> runs;
        while (query.executeStep()) runs.insert(query.getColumn(0).getString());
        return runs;
    } catch (const SQLite::Exception&) {
        return std::nullopt;
    }
}

/// A log of older versions. It holds all runs of its file, and is of no use to a file that has
/// others.
bool logFits(const std::string& path) {
    const auto alone =
        runsOf("file:" + escaped(path) + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    const auto together = runsOf(path, SQLite::OPEN_READONLY);
    if (!alone) return true;  // the file needs it, or is damaged and will be found to be
    return together &&
           std::includes(together->begin(), together->end(), alone->begin(), alone->end());
}

base::Result<void> judgeLog(const std::string& path, const std::vector<std::uint8_t>& header,
                            Notices& notices) {
    const std::string log = path + "-wal";
    const bool wasOpen = header.size() > kWriteVersionAt && header[kWriteVersionAt] == 2;
    if (!hasContent(log)) {
        if (wasOpen && !fs::exists(log)) {
            notices.push_back(path + " was not closed by the program that wrote it, and its log (" +
                              log + ") is missing: what was found last may be missing too");
        }
        return {};
    }
    if (wasOpen && logFits(path)) return {};
    if (auto moved = setAside(log, "does not belong to the file beside it", notices); !moved) {
        return moved;
    }
    if (!fs::exists(path + "-shm")) return {};
    return setAside(path + "-shm", "belongs to that log", notices);
}

}  // namespace

void giveIdentity(SQLite::Database& database) {
    sqlite3* handle = database.getHandle();
    int before = 0;
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, -1, &before);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    std::random_device device;
    const auto number = static_cast<std::int32_t>(device() >> 2) + 1;
    database.exec("PRAGMA schema_version = " + std::to_string(number));
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, before, nullptr);
}

bool FileState::canBecome(const FileState& other) const {
    constexpr std::uint32_t kMostChanges = std::uint32_t{1} << 31;  // the counter may wrap around
    return other.identity - identity <= kMostSchemaChanges &&
           other.changes - changes < kMostChanges;
}

FileState stateOf(const FileHold& file) {
    const auto header = file.firstBytes(kHeaderBytes);
    return header.size() < kHeaderBytes ? FileState{} : stateIn(header);
}

bool hasLog(const FileHold& file) {
    const auto header = file.firstBytes(kHeaderBytes);
    return header.size() == kHeaderBytes && header[kWriteVersionAt] == 2;
}

void journalFirstPage(SQLite::Database& database) {
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    database.exec("PRAGMA user_version = " + std::to_string(version));
}

base::Result<Notices> setAsideAll(const std::string& path) {
    Notices notices;
    for (const char* suffix : kBeside) {
        std::error_code problem;
        if (!fs::exists(fs::symlink_status(path + suffix, problem))) continue;
        if (auto moved =
                setAside(path + suffix, "was left by an earlier file of this name", notices);
            !moved) {
            return moved.error();
        }
    }
    return notices;
}

base::Result<Notices> setAsideStrangers(const std::string& path, const FileHold& file) {
    Notices notices;
    for (const char* suffix : kBeside) {
        const std::string beside = path + suffix;
        std::error_code problem;
        const auto status = fs::symlink_status(beside, problem);
        if (!fs::exists(status) || fs::is_regular_file(status)) continue;
        if (auto moved = setAside(beside, "is no regular file", notices); !moved) {
            return moved.error();
        }
    }
    const auto header = file.firstBytes(kHeaderBytes);
    if (auto judged = judgeLog(path, header, notices); !judged) return judged.error();
    if (auto judged = judgeJournal(path, header, notices); !judged) return judged.error();
    return notices;
}

}  // namespace cohelix::store
