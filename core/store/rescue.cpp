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

/// Costs that do not fit their design, and states that are not as they were saved.
struct Unsound {
    std::vector<std::int64_t> designs;
    std::vector<std::int64_t> checkpoints;
};

base::Result<void> findUnsoundStates(Project& project, std::int64_t run,
                                     const std::optional<spec::Specification>& specification,
                                     const Judges& judges, Unsound& unsound) {
    const auto rows = project.checkpoints(run);
    const auto reached = project.reached(run);
    const auto changes = project.steering(run);
    if (!rows) return rows.error();
    if (!reached) return reached.error();
    if (!changes) return changes.error();
    for (const auto& row : *rows) {
        const auto state = project.checkpoint(row.id);
        const bool isJudged = state && specification && judges.isState;
        if (!state || (isJudged && !judges.isState({*state, *reached, *changes}, *specification))) {
            unsound.checkpoints.push_back(row.id);
        }
    }
    return {};
}

/// Without a specification the chunks say how many layers that cost something there were.
bool isCostWhole(Project& project, const DesignRow& row,
                 const std::optional<spec::Specification>& specification) {
    if (specification) return wholeDesign(project, row, *specification).ok();
    const auto cost = project.designCost(row.id);
    return cost && !cost->layers.empty() && !otherLayers(*cost);
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
        lost.add("the saved state of checkpoint ", id);
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
    return mostRowsIn(static_cast<std::int64_t>(bytes));
}

std::string countOf(std::int64_t count, const std::string& thing) {
    return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

bool hasRow(SQLite::Database& database, const std::string& table, std::int64_t rowid) {
    SQLite::Statement query(database, "SELECT 1 FROM " + table + " WHERE rowid = ?1");
    query.bind(1, rowid);
    return query.executeStep();
}

void nameDamage(const ScanCount& count, Losses& lost) {
    if (count.missingPages > 0) {
        lost.add(std::to_string(count.missingPages) + " of " + countOf(count.pages, "page") +
                 ": the file ends too early, and what stood on them is lost");
    }
    for (const auto& [table, pages] : count.damagedPages) {
        lost.add(table.empty() ? "the list of tables: rows were looked for without it"
                               : "what stood on " + countOf(pages, "page") + " of table " + table);
    }
}

/// Those that are nowhere whole; of numbered tables they are named by their number.
void namePartialRecords(const ScanCount& count, SQLite::Database& database, Losses& lost) {
    for (const auto& [table, records] : count.partialRecords) {
        if (table.empty() || isNumbered(table)) continue;
        const auto missing = std::ranges::count_if(records, [&](std::int64_t rowid) {
            return rowid == 0 || !hasRow(database, table, rowid);
        });
        if (missing == 0) continue;
        lost.add(countOf(missing, "row") + " of table " + table + ", of which a part is lost");
    }
}

void noteRow(const KnownRow& row, KnownRows& known) {
    if (!isNumbered(row.table)) return;
    known.add(row.table, row.rowid, row.first);
    known.add("run", row.first);
}

std::set<std::string> damagedTables(const ScanCount& count, const Filling& filling) {
    std::set<std::string> tables = count.incomplete;
    for (const auto& [table, numbers] : filling.refused()) tables.insert(table);
    return tables;
}

/// What else in the file says of its rows.
base::Result<KnownRows> readRows(const FileHold& from, SQLite::Database& database, Losses& lost) {
    std::int64_t found = 0;
    KnownRows known(mostRowsOf(from));
    Filling filling(database, known, lost);
    PageScan scan(from, shapesIn(database));
    const auto count = scan.run([&](const Record& record) {
        ++found;
        return filling.take(record);
    });
    const auto damaged = damagedTables(count, filling);
    scan.runFree([&](const Record& record) {
        ++found;
        return filling.takeFree(record, damaged);
    });
    if (found == 0) return base::Error{{}, "nothing in it can be read", "Go back to a copy"};
    nameDamage(count, lost);
    namePartialRecords(count, database, lost);
    known.setScanned(count.trees, damaged);
    for (const auto& row : count.known) noteRow(row, known);
    nameMissingRows(database, known, filling.refused(), lost);
    return known;
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
                        Losses& lost) {
    if (auto made = draft.write(emptyProjectBytes()); !made) return made;
    {
        SQLite::Database database(draft.path(), SQLite::OPEN_READWRITE);
        SQLite::Transaction transaction(database);
        const auto known = readRows(from, database, lost);
        if (!known) return known.error();
        if (!hadChecksums(from)) sealCheckpoints(database);
        if (known->isDamaged("reference_design")) dropTrueFronts(database, lost);
        mend(database, *known, judges, lost);
        transaction.commit();
    }
    return makeSound(draft.path(), judges, lost);
}

void nameJournal(const std::string& from, Losses& lost) {
    std::error_code ignored;
    if (!std::filesystem::exists(from + "-journal", ignored)) return;
    lost.add("what " + from +
             "-journal would undo was not undone: a commit was cut off, and "
             "some rows may be of it");
}

/// So that it can be read later what the new project lacks.
void logLosses(const std::string& path, const std::vector<std::string>& lost) {
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
            Losses lost;
            if (auto filled = fill(*file, draft, judges, lost); !filled) return filled;
            nameJournal(from, lost);
            result = {keptIn(draft.path()), lost.lines()};
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
