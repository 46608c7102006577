// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <unordered_set>

#include "core/store/checkpoints.h"
#include "core/store/costs.h"
#include "core/store/figures.h"
#include "core/store/file_project.h"
#include "core/store/names.h"

namespace cohelix::store {
namespace {

const std::string kSelectDesigns =
    "SELECT id, run, choices, target, state, grade, accuracy, validation_accuracy, "
    "supernet_accuracy, macs, parameters" +
    figureColumns(", %") + " FROM design ";

/// A later commit of the same choices replaces the figures; the id and a supernet estimate that
/// the new row does not repeat stay, and so do totals when the commit brings no cost.
const std::string kUpsertDesign =
    "INSERT INTO design(run, choices, target, state, grade, accuracy, validation_accuracy, "
    "supernet_accuracy, macs, parameters, period_cycles, latency_cycles, model" +
    figureColumns(", %") + ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?" + figureColumns(", ?") +
    ") "
    "ON CONFLICT(run, choices) DO UPDATE SET target = excluded.target, state = excluded.state, "
    "grade = excluded.grade, accuracy = excluded.accuracy, "
    "validation_accuracy = excluded.validation_accuracy, "
    "supernet_accuracy = coalesce(excluded.supernet_accuracy, supernet_accuracy), "
    "macs = excluded.macs, parameters = excluded.parameters, "
    "period_cycles = coalesce(excluded.period_cycles, period_cycles), "
    "latency_cycles = coalesce(excluded.latency_cycles, latency_cycles), "
    "model = coalesce(excluded.model, model)" +
    figureColumns(", % = excluded.%") + " RETURNING id";

DesignRow rowAt(SQLite::Statement& query) {
    DesignRow row;
    row.id = query.getColumn(0).getInt64();
    row.run = query.getColumn(1).getInt64();
    const auto choices = model::choicesFromKey(query.getColumn(2).getString());
    if (!choices) {
        throw Refusal{damagedError(
            {}, "the choices of design " + std::to_string(row.id) + " cannot be read")};
    }
    row.choices = *choices;
    row.target = query.getColumn(3).getInt();
    row.state = valueFrom<DesignState>(query.getColumn(4).getString());
    row.grade = valueFrom<model::AccuracyGrade>(query.getColumn(5).getString());
    row.accuracy = query.getColumn(6).getDouble();
    row.validationAccuracy = optionalDouble(query.getColumn(7));
    row.supernetAccuracy = optionalDouble(query.getColumn(8));
    row.macs = query.getColumn(9).getInt64();
    row.parameters = query.getColumn(10).getInt64();
    readFigures(query, 11, row);
    if (const auto finding = unsoundFigure(row)) {
        throw Refusal{damagedError({}, "design " + std::to_string(row.id) + " has " + *finding)};
    }
    if (const auto wrong = contradictionIn(row)) {
        throw Refusal{damagedError({}, "design " + std::to_string(row.id) + " " + *wrong)};
    }
    return row;
}

/// The row with the totals of its cost, if it has one, in the given run.
DesignRow rowOf(const DesignRecord& record, std::int64_t run) {
    DesignRow row = record.row;
    row.run = run;
    if (record.cost) {
        row.figures() = *record.cost;
    }
    return row;
}

std::int64_t upsert(SQLite::Statement& statement, const DesignRow& row,
                    const std::optional<model::DesignCost>& cost) {
    Binder bind{statement};
    bind(row.run)(keyOf(row.choices))(row.target)(word(row.state))(word(row.grade))(row.accuracy)(
        row.validationAccuracy)(row.supernetAccuracy)(row.macs)(row.parameters);
    if (cost) {
        bind(cost->periodCycles)(cost->latencyCycles)(cost->model);
    } else {
        constexpr std::optional<double> kNone;
        bind(kNone)(kNone)(kNone);
    }
    for (const auto& name : model::kFigureNames) bind(row.*name.member);
    // RETURNING needs a second step to finish the statement.
    statement.executeStep();
    const auto id = statement.getColumn(0).getInt64();
    statement.executeStep();
    statement.reset();
    return id;
}

void requireSound(const DesignRow& row, const std::optional<model::DesignCost>& cost) {
    auto finding = unsoundFigure(row);
    if (!finding && cost) finding = unsoundFigure(*cost);
    if (finding) {
        throw Refusal{
            {{},
             "the design " + keyOf(row.choices) + " has " + *finding + ", which cannot be kept",
             "Nothing of this commit was written"}};
    }
    if (const auto wrong = contradictionIn(row)) {
        throw Refusal{{{},
                       "the design " + keyOf(row.choices) + " " + *wrong,
                       "Nothing of this commit was written"}};
    }
}

std::vector<std::int64_t> writeDesigns(SQLite::Database& database, const Commit& commit) {
    std::vector<std::int64_t> ids;
    SQLite::Statement statement(database, kUpsertDesign);
    CostWriter costs(database);
    for (const auto& record : commit.designs) {
        if (record.row.run != 0 && record.row.run != commit.run) {
            throw Refusal{{{},
                           "a design of run " + std::to_string(record.row.run) +
                               " was committed to run " + std::to_string(commit.run),
                           {}}};
        }
        const DesignRow row = rowOf(record, commit.run);
        requireSound(row, record.cost);
        ids.push_back(upsert(statement, row, record.cost));
        if (record.cost) costs.write(ids.back(), *record.cost);
    }
    return ids;
}

void writeReached(SQLite::Database& database, std::int64_t run, std::int64_t step) {
    SQLite::Statement upsert(database,
                             "INSERT INTO reached(run, step) VALUES(?1, ?2) "
                             "ON CONFLICT(run) DO UPDATE SET step = max(step, excluded.step)");
    Binder{upsert}(run)(step);
    upsert.exec();
}

void touchRun(SQLite::Database& database, const Commit& commit) {
    if (!(commit.activeSeconds >= 0 && commit.activeSeconds < 1e300)) {
        throw Refusal{{{}, "the active time of a run is not a sensible number", {}}};
    }
    SQLite::Statement update(database,
                             "UPDATE run SET updated = ?2, "
                             "active_seconds = iif(?3 > 0, ?3, active_seconds) WHERE id = ?1");
    Binder{update}(commit.run)(timeNow())(commit.activeSeconds);
    update.exec();
}

/// Marks the front over the whole run, from an index that holds what it depends on.
std::unordered_set<std::int64_t> frontOf(SQLite::Database& database, std::int64_t run) {
    std::vector<DesignRow> rows;
    SQLite::Statement query(database,
                            "SELECT id, grade, accuracy, fps FROM design "
                            "INDEXED BY front_of_run WHERE run = ?1 ORDER BY id");
    Binder{query}(run);
    while (query.executeStep()) {
        DesignRow row;
        row.id = query.getColumn(0).getInt64();
        row.run = run;
        row.grade = valueFrom<model::AccuracyGrade>(query.getColumn(1).getString());
        row.accuracy = query.getColumn(2).getDouble();
        row.fps = query.getColumn(3).getDouble();
        rows.push_back(std::move(row));
    }
    markFront(rows);
    std::unordered_set<std::int64_t> marks;
    for (const auto& row : rows) {
        if (row.front) marks.insert(row.id);
    }
    return marks;
}

/// Rows of a run in which everything is within its limits.
std::vector<DesignRow> unsteeredRows(SQLite::Database& database, std::int64_t run,
                                     const std::vector<std::int64_t>& ids) {
    std::vector<DesignRow> rows;
    if (ids.empty()) return rows;
    const auto marks = frontOf(database, run);
    SQLite::Statement query(database, kSelectDesigns + "WHERE id = ?1");
    for (const auto id : ids) {
        Binder{query}(id);
        query.executeStep();
        rows.push_back(rowAt(query));
        rows.back().front = marks.contains(id);
        query.reset();
    }
    return rows;
}

}  // namespace

model::DesignCost totalsOf(const DesignRow& row) {
    model::DesignCost cost;
    cost.figures() = row;
    return cost;
}

std::vector<DesignRow> FileProject::allRows(std::optional<std::int64_t> run) {
    std::vector<DesignRow> rows;
    SQLite::Statement query(*m_database,
                            kSelectDesigns + (run ? "WHERE run = ?1 " : "") + "ORDER BY id");
    if (run) Binder{query}(*run);
    while (query.executeStep()) rows.push_back(rowAt(query));
    markWithin(rows);
    markFront(rows);
    return rows;
}

std::vector<DesignRow> FileProject::rowsOf(std::int64_t run, const std::vector<std::int64_t>& ids) {
    if (!steered(run)) return unsteeredRows(*m_database, run, ids);
    const auto all = allRows(run);
    std::vector<DesignRow> rows;
    for (const auto id : ids) {
        rows.push_back(*std::find_if(all.begin(), all.end(),
                                     [id](const DesignRow& row) { return row.id == id; }));
    }
    return rows;
}

base::Result<std::vector<DesignRow>> FileProject::commit(const Commit& commit) {
    return write([&]() -> base::Result<std::vector<DesignRow>> {
        requireRun(commit.run);
        const auto ids = writeDesigns(*m_database, commit);
        if (commit.checkpoint) writeCheckpoint(*m_database, commit.run, *commit.checkpoint);
        if (commit.reached) writeReached(*m_database, commit.run, *commit.reached);
        for (const auto& row : commit.steering) writeSteering(row, commit.run);
        for (const auto& event : commit.events) insertEvent(event, commit.run);
        touchRun(*m_database, commit);
        return rowsOf(commit.run, ids);
    });
}

base::Result<std::vector<DesignRow>> FileProject::designs(std::optional<std::int64_t> run) {
    return read([&]() -> base::Result<std::vector<DesignRow>> {
        if (run) requireRun(*run);
        return allRows(run);
    });
}

base::Result<DesignRow> FileProject::design(std::int64_t id) {
    return read([&]() -> base::Result<DesignRow> {
        SQLite::Transaction snapshot(*m_database);
        SQLite::Statement query(*m_database, kSelectDesigns + "WHERE id = ?1");
        Binder{query}(id);
        if (!query.executeStep()) {
            return base::Error{m_path, "there is no design " + std::to_string(id),
                               "List the designs to see their numbers"};
        }
        return rowsOf(rowAt(query).run, {id}).front();
    });
}

}  // namespace cohelix::store
