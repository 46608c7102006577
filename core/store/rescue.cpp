// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rescue.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <sqlite3.h>

#include "core/store/checkpoints.h"
#include "core/store/header.h"
#include "core/store/new_file.h"
#include "core/store/page_scan.h"
#include "core/store/schema.h"
#include "core/store/sql.h"
#include "core/store/whole_design.h"

namespace cohelix::store {
namespace {

/// In this order what they refer to comes first.
constexpr const char* kTables[] = {"revision",        "run",      "design",   "chunk",
                                   "layer",           "checkpoint", "checksum", "artifact",
                                   "event",           "steering", "reference_front",
                                   "reference_design", "reached"};
/// Of these no row is ever deleted, so that a gap in their numbers is a loss.
constexpr const char* kNumbered[] = {"revision", "run", "design", "event", "steering"};
constexpr int kVersionOfChecksums = 4;

struct Column {
    std::string type;
    bool mayBeNull = false;
};

struct Table {
    std::string name;
    std::vector<Column> columns;
    std::optional<std::size_t> rowidAt;  ///< the column that is the row's number
    bool hasRowid = true;
};

Table tableOf(SQLite::Database& database, const std::string& name) {
    Table table{name, {}, std::nullopt, true};
    SQLite::Statement query(database, "SELECT type, \"notnull\", pk FROM pragma_table_info(?1)");
    query.bind(1, name);
    int keys = 0;
    while (query.executeStep()) {
        const bool isKey = query.getColumn(2).getInt() != 0;
        keys += isKey ? 1 : 0;
        const auto type = query.getColumn(0).getString();
        if (isKey && type == "INTEGER") table.rowidAt = table.columns.size();
        table.columns.push_back({type, query.getColumn(1).getInt() == 0 && !isKey});
    }
    table.hasRowid = keys == 1;
    if (!table.hasRowid) table.rowidAt.reset();
    return table;
}

bool fits(const Field& field, const Column& column) {
    if (std::holds_alternative<std::monostate>(field)) return column.mayBeNull;
    if (column.type == "INTEGER") return std::holds_alternative<std::int64_t>(field);
    if (column.type == "TEXT") return std::holds_alternative<std::string>(field);
    if (column.type == "BLOB") return std::holds_alternative<Bytes>(field);
    return std::holds_alternative<double>(field) || std::holds_alternative<std::int64_t>(field);
}

bool fits(const Record& record, const Table& table) {
    if (record.hasRowid != table.hasRowid || record.fields.size() != table.columns.size()) {
        return false;
    }
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        // The number stands before the record, not in it.
        const bool isNumber = table.rowidAt == i;
        if (isNumber ? !std::holds_alternative<std::monostate>(record.fields[i])
                     : !fits(record.fields[i], table.columns[i])) {
            return false;
        }
    }
    return true;
}

void bind(SQLite::Statement& statement, int at, const Field& field) {
    if (const auto* number = std::get_if<std::int64_t>(&field)) {
        statement.bind(at, *number);
    } else if (const auto* real = std::get_if<double>(&field)) {
        statement.bind(at, *real);
    } else if (const auto* text = std::get_if<std::string>(&field)) {
        statement.bind(at, *text);
    } else if (const auto* bytes = std::get_if<Bytes>(&field)) {
        statement.bind(at, bytes->empty() ? static_cast<const void*>("") : bytes->data(),
                       static_cast<int>(bytes->size()));
    } else {
        statement.bind(at);
    }
}

std::string placeOf(const Record& record, const Table& table) {
    if (table.hasRowid) return table.name + " " + std::to_string(record.rowid);
    const auto* owner = std::get_if<std::int64_t>(&record.fields.front());
    return "a " + table.name + " of design " + std::to_string(owner ? *owner : 0);
}

/// Fills a new, empty project with what a scan finds.
class Filling {
public:
    Filling(SQLite::Database& database, std::vector<std::string>& lost)
        : m_database(database), m_lost(lost) {
        for (const char* name : kTables) m_tables.push_back(tableOf(database, name));
        for (const auto& table : m_tables) {
            std::string values;
            for (std::size_t i = 0; i < table.columns.size(); ++i) values += i ? ", ?" : "?";
            m_inserts.emplace_back(database,
                                   "INSERT INTO " + table.name + " VALUES(" + values + ")");
        }
    }

    void take(const Record& record) {
        const bool isStray = record.table.empty();
        for (std::size_t t = 0; t < m_tables.size(); ++t) {
            const auto& table = m_tables[t];
            if (!isStray && record.table != table.name) continue;
            if (fits(record, table) && insert(record, t)) return;
            if (!isStray) m_lost.push_back(placeOf(record, table) + ": its values cannot be");
        }
    }

private:
    /// False where the table refuses it, or has it already.
    bool insert(const Record& record, std::size_t table) {
        auto& statement = m_inserts[table];
        for (std::size_t i = 0; i < record.fields.size(); ++i) {
            const int at = static_cast<int>(i) + 1;
            if (m_tables[table].rowidAt == i) {
                statement.bind(at, record.rowid);
            } else {
                bind(statement, at, record.fields[i]);
            }
        }
        try {
            statement.exec();
            statement.reset();
            return true;
        } catch (const SQLite::Exception& problem) {
            statement.tryReset();
            if ((problem.getErrorCode() & 0xff) == SQLITE_CONSTRAINT) return false;
            throw;
        }
    }

    SQLite::Database& m_database;
    std::vector<std::string>& m_lost;
    std::vector<Table> m_tables;
    std::vector<SQLite::Statement> m_inserts;
};

std::int64_t countOf(SQLite::Database& database, const std::string& from) {
    return database.execAndGet("SELECT count(*) FROM " + from).getInt64();
}

void deleteWhere(SQLite::Database& database, const std::string& table, const std::string& condition,
                 const std::string& reason, std::vector<std::string>& lost) {
    const auto rows = countOf(database, table + " WHERE " + condition);
    if (rows == 0) return;
    database.exec("DELETE FROM " + table + " WHERE " + condition);
    lost.push_back(std::to_string(rows) + " of table " + table + ": " + reason);
}

std::string span(std::int64_t first, std::int64_t last) {
    return first == last ? std::to_string(first)
                         : std::to_string(first) + " to " + std::to_string(last);
}

void nameGaps(SQLite::Database& database, std::vector<std::string>& lost) {
    for (const std::string table : kNumbered) {
        SQLite::Statement ids(database, "SELECT id FROM " + table + " ORDER BY id");
        std::int64_t next = 1;
        while (ids.executeStep()) {
            const auto id = ids.getColumn(0).getInt64();
            if (id > next) lost.push_back(table + " " + span(next, id - 1));
            next = id + 1;
        }
    }
}

/// Runs and revisions that rows speak of and that are not there.
void addMissingOwners(SQLite::Database& database, std::vector<std::string>& lost) {
    database.exec("INSERT INTO run(id, revision, name, seed, threads, program_version, "
                  "torch_version, started, updated, ended, active_seconds, state, message) "
                  "SELECT DISTINCT run, coalesce((SELECT max(id) FROM revision), 1), 'rescued', 0, "
                  "0, '', '', '', '', '', 0, 'interrupted', 'what was known of this run is lost' "
                  "FROM design WHERE run NOT IN (SELECT id FROM run)");
    SQLite::Statement missing(database, "SELECT DISTINCT revision FROM run "
                                        "WHERE revision NOT IN (SELECT id FROM revision)");
    std::vector<std::int64_t> revisions;
    while (missing.executeStep()) revisions.push_back(missing.getColumn(0).getInt64());
    for (const auto id : revisions) {
        SQLite::Statement insert(database, "INSERT INTO revision VALUES(?1, '', '{}')");
        insert.bind(1, id);
        insert.exec();
        lost.push_back("the specification of revision " + std::to_string(id) +
                       ": designs of its runs keep their figures and choices");
    }
}

void dropOrphans(SQLite::Database& database, std::vector<std::string>& lost) {
    const auto without = [&](const char* table, const char* key, const char* owner) {
        deleteWhere(database, table,
                    std::string(key) + " IS NOT NULL AND " + key + " NOT IN (SELECT id FROM " +
                        owner + ")",
                    std::string("their ") + owner + " is lost", lost);
    };
    for (const char* table : {"chunk", "layer", "artifact"}) without(table, "design", "design");
    for (const char* table : {"checkpoint", "event", "steering", "reached"}) {
        without(table, "run", "run");
    }
    without("checksum", "checkpoint", "checkpoint");
    without("reference_design", "front", "reference_front");
}

/// Texts that no one can read any more would make all others of their table unreadable.
void dropUnreadable(SQLite::Database& database, std::vector<std::string>& lost) {
    const auto drop = [&](const std::string& table, const std::string& column, auto isReadable) {
        std::vector<std::int64_t> ids;
        {
            SQLite::Statement query(database, "SELECT id, " + column + " FROM " + table);
            while (query.executeStep()) {
                if (!isReadable(query.getColumn(1).getString())) {
                    ids.push_back(query.getColumn(0).getInt64());
                }
            }
        }
        for (const auto id : ids) {
            deleteWhere(database, table, "id = " + std::to_string(id),
                        "number " + std::to_string(id) + " cannot be read", lost);
        }
    };
    SQLite::Statement revisions(database, "SELECT id, text FROM revision");
    while (revisions.executeStep()) {
        if (space::parseSpecification(revisions.getColumn(1).getString(), "")) continue;
        lost.push_back("the specification of revision " + revisions.getColumn(0).getString() +
                       ": what is there of it cannot be read");
    }
    drop("design", "choices",
         [](const std::string& text) { return model::choicesFromKey(text).has_value(); });
    drop("steering", "change", [](const std::string& text) {
        const auto json = base::parseJson(text, "change");
        return json && space::changeFromJson(*json);
    });
}

/// Designs whose layers are not whole, and states that are not as they were saved.
struct Unsound {
    std::vector<std::int64_t> designs;
    std::vector<std::int64_t> checkpoints;
    bool fronts = false;
};

base::Result<Unsound> findUnsound(const std::string& path) {
    auto project = Project::open(path, Access::ReadWrite);
    if (!project) return project.error();
    Unsound unsound;
    unsound.fronts = !(*project)->referenceFronts();
    const auto runs = (*project)->runs();
    if (!runs) return runs.error();
    for (const auto& run : *runs) {
        const auto states = (*project)->checkpoints(run.id);
        if (!states) return states.error();
        for (const auto& state : *states) {
            if (!(*project)->checkpoint(state.id)) unsound.checkpoints.push_back(state.id);
        }
        const auto spec = (*project)->specificationOf(run.id);
        const auto designs = (*project)->designs(run.id);
        for (const auto& row : designs ? *designs : std::vector<DesignRow>{}) {
            const auto has = (*project)->hasCost(row.id);
            const bool isWhole = spec ? wholeDesign(**project, row, *spec).ok()
                                      : (*project)->designCost(row.id).ok();
            if (has && *has && !isWhole) unsound.designs.push_back(row.id);
        }
    }
    return unsound;
}

void dropUnsound(SQLite::Database& database, const Unsound& unsound,
                 std::vector<std::string>& lost) {
    for (const auto id : unsound.designs) {
        const auto number = std::to_string(id);
        database.exec("DELETE FROM chunk WHERE design = " + number +
                      "; DELETE FROM layer WHERE design = " + number +
                      "; UPDATE design SET model = NULL, period_cycles = NULL, latency_cycles = "
                      "NULL WHERE id = " + number);
        lost.push_back("layers and mappings of design " + number + ": its figures are kept");
    }
    if (unsound.fronts) {
        deleteWhere(database, "reference_design", "1", "a true front cannot be read", lost);
        deleteWhere(database, "reference_front", "1", "a true front cannot be read", lost);
    }
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

base::Result<void> fill(const FileHold& from, base::DraftFile& draft, Rescue& result) {
    if (auto made = draft.write(emptyProjectBytes()); !made) return made;
    {
        SQLite::Database database(draft.path(), SQLite::OPEN_READWRITE);
        SQLite::Transaction transaction(database);
        std::int64_t found = 0;
        {
            Filling filling(database, result.lost);
            const auto count = PageScan(from).run([&](const Record& record) {
                ++found;
                filling.take(record);
            });
            result.lost.insert(result.lost.end(), count.lost.begin(), count.lost.end());
            if (count.damagedPages > 0) {
                result.lost.push_back(std::to_string(count.damagedPages) + " of " +
                                      std::to_string(count.pages) +
                                      " pages are damaged, with what stood on them");
            }
        }
        if (found == 0) return base::Error{{}, "nothing in it can be read", "Go back to a copy"};
        if (!hadChecksums(from)) sealCheckpoints(database);
        dropUnreadable(database, result.lost);
        nameGaps(database, result.lost);
        addMissingOwners(database, result.lost);
        dropOrphans(database, result.lost);
        transaction.commit();
    }
    const auto unsound = findUnsound(draft.path());
    if (!unsound) return unsound.error();
    SQLite::Database database(draft.path(), SQLite::OPEN_READWRITE);
    SQLite::Transaction transaction(database);
    dropUnsound(database, *unsound, result.lost);
    transaction.commit();
    for (const std::string table : kTables) {
        const auto rows = countOf(database, table);
        if (rows > 0) result.kept.push_back({table, rows});
    }
    return {};
}

void nameJournal(const std::string& from, std::vector<std::string>& lost) {
    std::error_code ignored;
    if (!std::filesystem::exists(from + "-journal", ignored)) return;
    lost.push_back("what " + from + "-journal would undo was not undone: a commit was cut off, and "
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

base::Result<Rescue> rescue(const std::string& from, const std::string& to) {
    const auto file = FileHold::open(from);
    if (!file) return file.error();
    Rescue result;
    const auto made = makeFile(to, Existing::Refuse, [&](base::DraftFile& draft) {
        return guarded(from, [&]() -> base::Result<void> {
            if (auto filled = fill(*file, draft, result); !filled) return filled;
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
