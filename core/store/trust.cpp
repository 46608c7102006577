// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/trust.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <set>
#include <sstream>

#include <sqlite3.h>

#include "core/base/units.h"
#include "core/store/header.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

namespace cohelix::store {
namespace {

constexpr char kMagic[] = "SQLite format 3";  // with its final NUL: 16 bytes
constexpr int kLongestValue = 950'000'000;

std::int32_t signedAt(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return static_cast<std::int32_t>(unsignedAt(bytes, at));
}

/// A project has all its pages; the end of the last one may hold nothing, so that SQLite itself
/// would not miss it.
/// How much is missing, in words; empty where nothing is.
std::string cutOff(const FileHold& file) {
    const auto header = file.firstBytes(kHeaderBytes);
    if (header.size() < kHeaderBytes) return "it ends within its header";
    const auto pages = pagesNamedBy(header);
    const std::uint64_t page = pageBytesOf(header);
    if (!pages || file.size() >= page * *pages) return {};
    const auto whole = file.size() / page;
    return "its end is missing: " + std::to_string(*pages - whole) + " of " +
           base::counted(static_cast<std::int64_t>(*pages), "page", "pages");
}

/// Where the end is missing SQLite may find nothing else readable either.
std::vector<std::string> schemaOfWhole(SQLite::Database& database, const std::string& path,
                                       const FileHold& file) {
    try {
        return schemaOf(database);
    } catch (const SQLite::Exception&) {
        if (const auto missing = cutOff(file); !missing.empty()) {
            throw Refusal{damagedError(path, missing)};
        }
        throw;
    }
}

void configure(sqlite3* handle, int option, int value) {
    int now = 0;
    sqlite3_db_config(handle, option, value, &now);
}

/// The first object in which the two differ, for the message.
std::string firstDifference(const std::vector<std::string>& found,
                            const std::vector<std::string>& expected) {
    std::vector<std::string> extra;
    std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                        std::back_inserter(extra));
    if (!extra.empty()) return "unexpected " + extra.front().substr(0, extra.front().find(':'));
    std::vector<std::string> missing;
    std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                        std::back_inserter(missing));
    return "missing " + missing.front().substr(0, missing.front().find(':'));
}

/// A project with a damaged header cannot be told from a file that was never one but by its name.
std::string adviceForStranger(const std::string& path) {
    if (!path.ends_with(".cohelix")) {
        return "Choose a .cohelix file; a specification (.json) is imported, not opened";
    }
    return std::string("If it was one, ") + kHowToRescue;
}

/// The page in what SQLite says of a place ("Tree 5 page 12 cell 3: …"); 0 where it names none
/// ("row 7 missing from index …").
int pageOf(const std::string& line) {
    const std::string word = "page ";
    const auto at = line.find(word);
    return at == std::string::npos ? 0 : std::atoi(line.c_str() + at + word.size());
}

}  // namespace

base::Result<int> checkHeader(const std::string& path, const std::vector<std::uint8_t>& header) {
    if (header.empty()) {
        return base::Error{path, "the file is empty", "Delete it and create a new project"};
    }
    if (header.size() < sizeof kMagic || std::memcmp(header.data(), kMagic, sizeof kMagic) != 0) {
        return base::Error{path, "this is not a Cohelix project (no SQLite database)",
                           adviceForStranger(path)};
    }
    if (header.size() < kHeaderBytes) return damagedError(path, "it ends within its header");
    if (signedAt(header, kApplicationIdAt) != kApplicationId) {
        return base::Error{path, "this is a database of another program, not a Cohelix project",
                           adviceForStranger(path)};
    }
    const int version = signedAt(header, kUserVersionAt);
    if (version > schemaVersion()) {
        return base::Error{path,
                           "the file has format version " + std::to_string(version) +
                               "; this program reads up to version " +
                               std::to_string(schemaVersion()),
                           "Open it with a newer Cohelix"};
    }
    if (version < 1) {
        return damagedError(path, "format version " + std::to_string(version) + " does not exist");
    }
    return version;
}

void harden(SQLite::Database& database) {
    sqlite3* handle = database.getHandle();
    configure(handle, SQLITE_DBCONFIG_DEFENSIVE, 1);
    configure(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    configure(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0);
    configure(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0);
    configure(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kLongestValue);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 1);  // VACUUM INTO attaches its target
    database.exec("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON");
}

std::string damageIn(const std::string& verdict) {
    constexpr std::size_t kMostListed = 8;
    std::int64_t places = 0;
    std::set<int> pages;
    std::istringstream lines(verdict);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line == "ok" || line.starts_with("***")) continue;  // a heading
        ++places;
        if (const int page = pageOf(line); page > 0) pages.insert(page);
    }
    if (places == 0) return {};
    std::string text = base::counted(places, "place of the file does not fit the rest",
                                     "places of the file do not fit the rest");
    if (pages.empty()) return text;
    text += pages.size() == 1 ? ", in page " : ", in pages ";
    std::size_t listed = 0;
    for (const int page : pages) {
        if (listed == kMostListed) return text + " and others";
        text += (listed++ > 0 ? ", " : "") + std::to_string(page);
    }
    return text;
}

base::Result<void> checkContent(const std::string& path, SQLite::Database& database, int version,
                                const FileHold& file) {
    const auto expected = expectedSchema(version);
    const auto found = schemaOfWhole(database, path, file);
    if (found != expected) {
        return base::Error{path,
                           "the file's tables are not those of a Cohelix project (" +
                               firstDifference(found, expected) + ")",
                           "Another program changed it; it was not opened. " + damagedAdvice()};
    }
    if (const auto missing = cutOff(file); !missing.empty()) return damagedError(path, missing);
    SQLite::Statement check(database, "PRAGMA quick_check(100)");
    std::string verdict;
    while (check.executeStep()) verdict += check.getColumn(0).getString() + "\n";
    if (verdict.empty()) return damagedError(path, "it cannot be checked");
    if (const auto damage = damageIn(verdict); !damage.empty()) return damagedError(path, damage);
    return {};
}

}  // namespace cohelix::store
