// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rescue.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "core/store/checkpoints.h"
#include "core/store/filling.h"
#include "core/store/header.h"
#include "core/store/mending.h"
#include "core/store/new_file.h"
#include "core/store/page_scan.h"
#include "core/store/schema.h"
#include "core/store/sql.h"
#include "core/store/whole_design.h"

namespace cohelix::store {
namespace {

constexpr int kVersionOfChecksums = 4;
/// Of any row, with its place in the page.
constexpr std::uint64_t kLeastRowBytes = 16;

/// Costs that do not fit their design, and states that are not as they were saved.
struct Unsound {
    std::vector<std::int64_t> designs;
    std::vector<std::int64_t> checkpoints;
};

base::Result<void> findUnsoundStates(Project& project, std::int64_t run,
                                     const std::optional<space::Specification>& specification,
                                     const Judges& judges, Unsound& unsound) {
    const auto rows = project.checkpoints(run);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
        const auto state = project.checkpoint(row.id);
        const bool isJudged = state && specification && judges.isState;
        if (!state || (isJudged && !judges.isState(state->bytes, *specification))) {
            unsound.checkpoints.push_back(row.id);
        }
    }
    return {};
}

/// Without a specification the chunks say how many layers that cost something there were.
bool isCostWhole(Project& project, const DesignRow& row,
                 const std::optional<space::Specification>& specification) {
    if (specification) return wholeDesign(project, row, *specification).ok();
    const auto cost = project.designCost(row.id);
    if (!cost || cost->layers.empty()) return false;
    std::vector<int> layers(cost->chunks.size());
    for (const auto& layer : cost->layers) {
        if (layer.cycles > 0) ++layers[static_cast<std::size_t>(layer.chunk)];
    }
    return std::ranges::equal(layers, cost->chunks, {}, {}, &model::ChunkCost::layers);
}

base::Result<Unsound> findUnsound(const std::string& path, const Judges& judges) {
    auto project = Project::open(path, Access::ReadWrite);
    if (!project) return project.error();
    Unsound unsound;
    const auto runs = (*project)->runs();
    if (!runs) return runs.error();
    for (const auto& run : *runs) {
        const auto specification = keptSpecification(**project, run.id);
        if (!specification) return specification.error();
        if (auto found = findUnsoundStates(**project, run.id, *specification, judges, unsound);
            !found) {
            return found.error();
        }
        const auto designs = (*project)->designs(run.id);
        if (!designs) return designs.error();
        for (const auto& row : *designs) {
            const auto has = (*project)->hasCost(row.id);
            if (has && *has && !isCostWhole(**project, row, *specification)) {
                unsound.designs.push_back(row.id);
            }
        }
    }
    return unsound;
}

void dropUnsound(SQLite::Database& database, const Unsound& unsound, Losses& lost) {
    dropCosts(database, unsound.designs, lost);
    for (const auto id : unsound.checkpoints) {
        const auto number = std::to_string(id);
        database.exec("DELETE FROM checksum WHERE checkpoint = " + number +
                      "; DELETE FROM checkpoint WHERE id = " + number);
        lost.push_back("a saved state (checkpoint " + number + ")");
    }
}

bool hadChecksums(const FileHold& file) {
    const auto header = file.firstBytes(kHeaderBytes);
    if (header.size() < kHeaderBytes) return true;
    const auto version = unsignedAt(header, kUserVersionAt);
    return version == 0 || version >= kVersionOfChecksums;
}

/// Rows that a file has room for, as far as its size and its header say.
std::int64_t mostRowsOf(const FileHold& file) {
    const auto header = file.firstBytes(kHeaderBytes);
    std::uint64_t bytes = file.size();
    if (header.size() == kHeaderBytes) {
        bytes =
            std::max(bytes, std::uint64_t{pageBytesOf(header)} * pagesNamedBy(header).value_or(0));
    }
    return static_cast<std::int64_t>(bytes / kLeastRowBytes);
}

std::string countOf(std::int64_t count, const std::string& thing) {
    return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

void nameDamage(const ScanCount& count, Losses& lost) {
    if (count.missingPages > 0) {
        lost.push_back(std::to_string(count.missingPages) + " of " + countOf(count.pages, "page") +
                       ": the file ends too early, and what stood on them is lost");
    }
    for (const auto& [table, pages] : count.damagedPages) {
        lost.push_back(table.empty()
                           ? "the list of tables: rows were looked for without it"
                           : "what stood on " + countOf(pages, "page") + " of table " + table);
    }
    for (const auto& [table, records] : count.partialRecords) {
        if (isNumbered(table)) continue;  // which is named by its number
        lost.push_back(countOf(records, "row") + " of table " + table +
                       ", of which a part is lost");
    }
}

void noteRow(const KnownRow& row, KnownRows& known) {
    if (!isNumbered(row.table)) return;
    known.add(row.table, row.rowid, row.first);
    known.add("run", row.first);
}

/// The tables that are known not to be whole.
base::Result<std::set<std::string>> readRows(const FileHold& from, SQLite::Database& database,
                                             Losses& lost) {
    std::int64_t found = 0;
    std::set<std::string> incomplete;
    KnownRows known(mostRowsOf(from));
    Filling filling(database, known, lost);
    const auto count = PageScan(from).run([&](const Record& record) {
        ++found;
        if (!filling.take(record)) incomplete.insert(record.table);
    });
    if (found == 0) return base::Error{{}, "nothing in it can be read", "Go back to a copy"};
    nameDamage(count, lost);
    for (const auto& row : count.known) noteRow(row, known);
    nameMissingRows(database, known, lost);
    incomplete.insert(count.incomplete.begin(), count.incomplete.end());
    return incomplete;
}

base::Result<void> makeSound(const std::string& path, const Judges& judges, Losses& lost) {
    const auto unsound = findUnsound(path, judges);
    if (!unsound) return unsound.error();
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    SQLite::Transaction transaction(database);
    dropUnsound(database, *unsound, lost);
    transaction.commit();
    return {};
}

std::vector<Rescue::Kept> keptIn(const std::string& path) {
    SQLite::Database database(path, SQLite::OPEN_READONLY);
    std::vector<Rescue::Kept> kept;
    for (const std::string table : kTables) {
        const auto rows = database.execAndGet("SELECT count(*) FROM " + table).getInt64();
        if (rows > 0) kept.push_back({table, rows});
    }
    return kept;
}

base::Result<void> fill(const FileHold& from, base::DraftFile& draft, const Judges& judges,
                        Rescue& result) {
    if (auto made = draft.write(emptyProjectBytes()); !made) return made;
    {
        SQLite::Database database(draft.path(), SQLite::OPEN_READWRITE);
        SQLite::Transaction transaction(database);
        const auto incomplete = readRows(from, database, result.lost);
        if (!incomplete) return incomplete.error();
        if (!hadChecksums(from)) sealCheckpoints(database);
        if (incomplete->contains("reference_design")) dropTrueFronts(database, result.lost);
        mend(database, judges, result.lost);
        transaction.commit();
    }
    if (auto sound = makeSound(draft.path(), judges, result.lost); !sound) return sound;
    result.kept = keptIn(draft.path());
    return {};
}

void nameJournal(const std::string& from, Losses& lost) {
    std::error_code ignored;
    if (!std::filesystem::exists(from + "-journal", ignored)) return;
    lost.push_back("what " + from + "-journal would undo was not undone: a commit was cut off, and "
                   "some rows may be of it");
}

/// So that it can be read later what the new project lacks.
void logLosses(const std::string& path, const Losses& lost) {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    SQLite::Transaction transaction(database);
    SQLite::Statement insert(database,
                             "INSERT INTO event(time, kind, text) VALUES(?1, 'warning', ?2)");
    for (const auto& loss : lost) {
        Binder{insert}(timeNow())("Lost when this project was rescued: " + loss);
        insert.exec();
        insert.reset();
    }
    transaction.commit();
}

}  // namespace

base::Result<Rescue> rescue(const std::string& from, const std::string& to, const Judges& judges) {
    const auto file = FileHold::open(from);
    if (!file) return file.error();
    Rescue result;
    const auto made = makeFile(to, Existing::Refuse, [&](base::DraftFile& draft) {
        return guarded(from, [&]() -> base::Result<void> {
            if (auto filled = fill(*file, draft, judges, result); !filled) return filled;
            nameJournal(from, result.lost);
            logLosses(draft.path(), result.lost);
            return {};
        });
    });
    if (!made) {
        auto error = made.error();
        if (error.what == "nothing in it can be read") error.where = from;
        return error;
    }
    return result;
}

}  // namespace cohelix::store
