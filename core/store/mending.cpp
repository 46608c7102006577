// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mending.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/specification/steering.h"
#include "core/store/filling.h"
#include "core/store/sql.h"
#include "core/store/whole_design.h"

namespace cohelix::store {
namespace {

/// As SQL.
const std::string kLost = "'" + std::string(kLostText) + "'";

std::vector<std::int64_t> idsOf(SQLite::Database& database, const std::string& query) {
    std::vector<std::int64_t> ids;
    SQLite::Statement rows(database, query);
    while (rows.executeStep()) ids.push_back(rows.getColumn(0).getInt64());
    return ids;
}

void deleteRow(SQLite::Database& database, const char* table, std::int64_t id) {
    database.exec(std::string("DELETE FROM ") + table + " WHERE id = " + std::to_string(id));
}

void dropCost(SQLite::Database& database, std::int64_t design) {
    const auto number = std::to_string(design);
    database.exec("DELETE FROM chunk WHERE design = " + number +
                  "; DELETE FROM layer WHERE design = " + number +
                  "; UPDATE design SET model = NULL, period_cycles = NULL, latency_cycles = NULL "
                  "WHERE id = " +
                  number);
}

void deleteWhere(SQLite::Database& database, const std::string& table, const std::string& condition,
                 const std::string& reason, Losses& lost) {
    const auto count = database.exec("DELETE FROM " + table + " WHERE " + condition);
    if (count > 0) lost.add(std::to_string(count) + " of table " + table + ": " + reason);
}

/// What rows say of other rows: the columns that refer to them.
void addReferred(SQLite::Database& database, KnownRows& known) {
    struct Reference {
        const char* table;
        const char* column;
        const char* to;
    };
    for (const auto& [table, column, to] : {Reference{"run", "revision", "revision"},
                                            {"design", "run", "run"},
                                            {"chunk", "design", "design"},
                                            {"layer", "design", "design"},
                                            {"artifact", "design", "design"},
                                            {"checkpoint", "run", "run"},
                                            {"event", "run", "run"},
                                            {"steering", "run", "run"},
                                            {"reached", "run", "run"}}) {
        for (const auto id : idsOf(database, std::string("SELECT DISTINCT ") + column + " FROM " +
                                                 table + " WHERE " + column + " IS NOT NULL")) {
            if (!known.isWhole(to)) known.add(to, id);
        }
    }
}

void dropUnreadableWords(SQLite::Database& database, const std::string& table,
                         const std::string& column, bool (*isReadable)(const std::string&),
                         Losses& lost) {
    std::vector<std::int64_t> ids;
    SQLite::Statement query(database, "SELECT id, " + column + " FROM " + table);
    while (query.executeStep()) {
        if (!isReadable(query.getColumn(1).getString()))
            ids.push_back(query.getColumn(0).getInt64());
    }
    query.reset();
    for (const auto id : ids) {
        deleteRow(database, table.c_str(), id);
        lost.add(table + " ", id, ": its " + column + " cannot be read");
    }
}

bool isChoices(const std::string& text) { return model::choicesFromKey(text).has_value(); }

bool isChange(const std::string& text) {
    const auto json = base::parseJson(text, "change");
    return json && spec::changeFromJson(*json);
}

/// The revision of runs whose specification is lost.
std::int64_t lostRevision(SQLite::Database& database) {
    const auto known = idsOf(database, "SELECT id FROM revision WHERE text = " + kLost);
    if (!known.empty()) return known.front();
    database.exec(
        "INSERT INTO revision SELECT max(ifnull((SELECT max(id) FROM revision), 0), "
        "ifnull((SELECT max(revision) FROM run), 0)) + 1, '', " +
        kLost);
    return database.getLastInsertRowid();
}

constexpr const char* kWhatStays =
    "; its designs keep their figures and the numbers of their choices";

void loseSpecificationOf(SQLite::Database& database, std::int64_t run, const std::string& why,
                         Losses& lost) {
    database.exec("UPDATE run SET revision = " + std::to_string(lostRevision(database)) +
                  " WHERE id = " + std::to_string(run));
    lost.add("the specification of run ", run, ": " + why + kWhatStays);
}

void loseUnreadableSpecifications(SQLite::Database& database, Losses& lost) {
    std::vector<std::int64_t> unreadable;
    SQLite::Statement query(database, "SELECT id, text FROM revision");
    while (query.executeStep()) {
        if (spec::parseSpecification(query.getColumn(1).getString(), {})) continue;
        unreadable.push_back(query.getColumn(0).getInt64());
    }
    query.reset();
    for (const auto id : unreadable) {
        database.exec("UPDATE revision SET text = " + kLost + " WHERE id = " + std::to_string(id));
        lost.add("revision ", id, ": what is there of it cannot be read");
    }
}

/// What a row says of a run that cannot have been is damage.
void dropDesignsOfNoRun(SQLite::Database& database, const KnownRows& known, Losses& lost) {
    for (const auto run : idsOf(database,
                                "SELECT DISTINCT run FROM design "
                                "WHERE run NOT IN (SELECT id FROM run)")) {
        if (known.isPossible(run)) continue;
        for (const auto id :
             idsOf(database, "SELECT id FROM design WHERE run = " + std::to_string(run))) {
            deleteRow(database, "design", id);
            lost.add("design ", id, ": it names a run that cannot have been");
        }
    }
}

/// Which specification a lost run had can only be told where there is one. The runs of which it
/// cannot.
std::set<std::int64_t> addMissingRuns(SQLite::Database& database, Losses& lost) {
    const auto runs = idsOf(database,
                            "SELECT DISTINCT run FROM design "
                            "WHERE run NOT IN (SELECT id FROM run) ORDER BY run");
    const auto revisions =
        idsOf(database, "SELECT id FROM revision UNION SELECT revision FROM run");
    const bool isOnly = revisions == std::vector<std::int64_t>{1};
    for (const auto run : runs) {
        SQLite::Statement insert(
            database,
            "INSERT INTO run(id, revision, name, seed, threads, program_version, torch_version, "
            "started, updated, ended, active_seconds, state, message) VALUES(?1, ?2, 'rescued', "
            "0, 0, '', '', '', '', '', 0, 'interrupted', 'what was known of this run is lost')");
        Binder{insert}(run)(isOnly ? 1 : lostRevision(database));
        insert.exec();
        lost.add("what was known of run ", run,
                 isOnly || revisions.empty()
                     ? ": its designs are kept"
                     : ": its designs are kept. Which specification it had is not known; those "
                       "that can be read are kept as revisions");
    }
    if (isOnly) return {};
    return {runs.begin(), runs.end()};
}

void addMissingRevisions(SQLite::Database& database) {
    database.exec("INSERT INTO revision SELECT DISTINCT revision, '', " + kLost +
                  " FROM run "
                  "WHERE revision NOT IN (SELECT id FROM revision)");
}

/// Designs of a run that its specification does not allow, or prices otherwise.
struct Misfits {
    std::size_t designs = 0;  ///< of the run, misfits or not
    std::vector<std::int64_t> outside;
    std::vector<std::int64_t> priced;
};

Misfits misfitsOf(SQLite::Database& database, std::int64_t run,
                  const spec::Specification& specification) {
    Misfits misfits;
    const auto& accelerator = specification.accelerator;
    const auto model =
        model::costModelName(accelerator.kind, accelerator.fpgaModel, accelerator.technology);
    SQLite::Statement query(database,
                            "SELECT id, choices, model FROM design WHERE run = ?1 ORDER BY id");
    Binder{query}(run);
    for (; query.executeStep(); ++misfits.designs) {
        DesignRow row;
        row.id = query.getColumn(0).getInt64();
        row.choices = model::choicesFromKey(query.getColumn(1).getString()).value();
        if (!assembled(specification, row, std::nullopt)) {
            misfits.outside.push_back(row.id);
        } else if (!query.getColumn(2).isNull() && query.getColumn(2).getString() != model) {
            misfits.priced.push_back(row.id);
        }
    }
    return misfits;
}

/// A design of no target keeps all of its figures.
void settleTargets(SQLite::Database& database, std::int64_t run, std::size_t targets,
                   Losses& lost) {
    for (const auto id :
         idsOf(database, "SELECT id FROM design WHERE target NOT BETWEEN -1 AND " +
                             std::to_string(static_cast<std::int64_t>(targets) - 1) +
                             " AND run = " + std::to_string(run))) {
        database.exec("UPDATE design SET target = -1 WHERE id = " + std::to_string(id));
        lost.add("for which target design ", id,
                 " was found: its specification has none of that number");
    }
}

/// Where most designs do not fit a specification it is the specification that is damaged, or the
/// wrong one.
void settleRun(SQLite::Database& database, std::int64_t run,
               const std::optional<spec::Specification>& specification, Losses& lost) {
    if (!specification) return loseSpecificationOf(database, run, "it cannot be read", lost);
    const auto misfits = misfitsOf(database, run, *specification);
    if (2 * (misfits.outside.size() + misfits.priced.size()) > misfits.designs) {
        return loseSpecificationOf(database, run, "most of its designs do not fit it", lost);
    }
    for (const auto id : misfits.outside) {
        deleteRow(database, "design", id);
        lost.add("design ", id, ": its choices do not fit its specification");
    }
    dropCosts(database, misfits.priced, lost);
    settleTargets(database, run, specification->objective.targets.size(), lost);
}

struct SpecifiedRun {
    std::int64_t id = 0;
    std::optional<spec::Specification> specification;  ///< nothing where it is lost
};

std::vector<SpecifiedRun> specifiedRuns(SQLite::Database& database) {
    std::vector<SpecifiedRun> runs;
    SQLite::Statement query(database,
                            "SELECT run.id, text FROM run JOIN revision "
                            "ON revision.id = revision ORDER BY run.id");
    while (query.executeStep()) {
        runs.push_back({query.getColumn(0).getInt64(), std::nullopt});
        auto specification = spec::parseSpecification(query.getColumn(1).getString(), {});
        if (specification) runs.back().specification = std::move(*specification);
    }
    return runs;
}

/// `unknown`: runs of which it has been said that theirs is not known.
void settleSpecifications(SQLite::Database& database, const std::set<std::int64_t>& unknown,
                          Losses& lost) {
    for (const auto& run : specifiedRuns(database)) {
        if (unknown.contains(run.id)) continue;
        settleRun(database, run.id, run.specification, lost);
    }
}

void dropOrphans(SQLite::Database& database, Losses& lost) {
    const auto without = [&](const char* table, const char* key, const char* owner) {
        deleteWhere(
            database, table,
            std::string(key) + " IS NOT NULL AND " + key + " NOT IN (SELECT id FROM " + owner + ")",
            std::string("their ") + owner + " is lost", lost);
    };
    for (const char* table : {"chunk", "layer", "artifact"}) without(table, "design", "design");
    for (const char* table : {"checkpoint", "event", "steering", "reached"}) {
        without(table, "run", "run");
    }
    without("checksum", "checkpoint", "checkpoint");
    without("reference_design", "front", "reference_front");
}

/// Changes that were made to a run and do not fit what was in force.
std::vector<std::int64_t> unfitChanges(SQLite::Database& database, std::int64_t run,
                                       const spec::Specification& specification) {
    std::vector<std::int64_t> unfit;
    auto inForce = spec::asSpecified(specification);
    SQLite::Statement query(database,
                            "SELECT id, change FROM steering WHERE run = ?1 AND "
                            "state = 'applied' ORDER BY step, id");
    Binder{query}(run);
    while (query.executeStep()) {
        const auto json = base::parseJson(query.getColumn(1).getString(), "change");
        const auto change = spec::changeFromJson(json.value());
        auto next = inForce;
        if (spec::apply(change.value(), next)) {
            inForce = std::move(next);
        } else {
            unfit.push_back(query.getColumn(0).getInt64());
        }
    }
    return unfit;
}

void settleSteering(SQLite::Database& database, Losses& lost) {
    for (const auto& run : specifiedRuns(database)) {
        if (!run.specification) continue;
        for (const auto id : unfitChanges(database, run.id, *run.specification)) {
            deleteRow(database, "steering", id);
            lost.add("change ", id,
                     " to run " + std::to_string(run.id) + ": it does not fit what was in force");
        }
    }
}

/// A true front without some of its designs would be a false one.
void dropTrueFront(SQLite::Database& database, std::int64_t id, Losses& lost) {
    database.exec("DELETE FROM reference_design WHERE front = " + std::to_string(id));
    deleteRow(database, "reference_front", id);
    lost.add("true front ", id, ": designs of it are lost, or may be; compute it again");
}

void dropPartialFronts(SQLite::Database& database, Losses& lost) {
    std::set<std::int64_t> partial;
    for (const auto id : idsOf(database,
                               "SELECT id FROM reference_front WHERE (SELECT "
                               "ifnull(max(position) + 1 <> count(*), 1) FROM "
                               "reference_design WHERE front = reference_front.id)")) {
        partial.insert(id);
    }
    SQLite::Statement members(database, "SELECT front, accelerator FROM reference_design");
    while (members.executeStep()) {
        if (isChoices("|" + members.getColumn(1).getString())) continue;
        partial.insert(members.getColumn(0).getInt64());
    }
    members.reset();
    for (const auto id : partial) dropTrueFront(database, id, lost);
}

void dropUnreadableWeights(SQLite::Database& database, const Judges& judges) {
    if (!judges.isWeights) return;
    std::vector<std::int64_t> unreadable;
    SQLite::Statement query(database, "SELECT id, bytes FROM artifact WHERE name = 'weights'");
    while (query.executeStep()) {
        if (judges.isWeights(bytesOf(query.getColumn(1)))) continue;
        unreadable.push_back(query.getColumn(0).getInt64());
    }
    query.reset();
    for (const auto id : unreadable) deleteRow(database, "artifact", id);
}

/// Of a design that is marked as not trained. Its weights say that it was; without them the lesser
/// claim is made.
void settleTrainedAccuracy(SQLite::Database& database, std::int64_t id, Losses& lost) {
    const auto design = std::to_string(id);
    const bool hasWeights =
        !idsOf(database, "SELECT id FROM artifact WHERE name = 'weights' AND design = " + design)
             .empty();
    if (hasWeights) {
        database.exec("UPDATE design SET state = 'trained' WHERE id = " + design);
        lost.add("the state of design ", id, ": it has weights, so that it was trained");
    } else {
        database.exec("UPDATE design SET grade = 'supernet' WHERE id = " + design);
        lost.add("that the accuracy of design ", id,
                 " is of a trained network: it has no weights, and counts as an estimate");
    }
}

void settleGrades(SQLite::Database& database, Losses& lost) {
    for (const auto id : idsOf(database,
                               "SELECT id FROM design WHERE state = 'trained' AND "
                               "grade <> 'trained'")) {
        database.exec("UPDATE design SET state = 'estimated' WHERE id = " + std::to_string(id));
        lost.add("that design ", id, " was trained: its accuracy is of another grade, and stays");
    }
    for (const auto id : idsOf(database,
                               "SELECT id FROM design WHERE state <> 'trained' AND "
                               "grade = 'trained'")) {
        settleTrainedAccuracy(database, id, lost);
    }
}

/// Their accuracies are what training found, and stay.
void markLostWeights(SQLite::Database& database, Losses& lost) {
    for (const auto id :
         idsOf(database,
               "SELECT id FROM design WHERE state = 'trained' AND id NOT IN (SELECT design FROM "
               "artifact WHERE name IN ('weights', '" +
                   std::string(kLostWeights) + "'))")) {
        database.exec("INSERT INTO artifact(design, name, bytes) VALUES(" + std::to_string(id) +
                      ", '" + kLostWeights + "', x'')");
        lost.add("trained weights of design ", id, ": the measured accuracy is kept");
    }
}

}  // namespace

void nameMissingRows(SQLite::Database& database, KnownRows& known,
                     const std::map<std::string, std::set<std::int64_t>>& named, Losses& lost) {
    addReferred(database, known);
    for (const std::string table : kNumbered) {
        const auto ids = idsOf(database, "SELECT id FROM " + table);
        std::set<std::int64_t> there(ids.begin(), ids.end());
        if (const auto those = named.find(table); those != named.end()) {
            there.insert(those->second.begin(), those->second.end());
        }
        for (auto& line : known.missing(table, there)) lost.add(std::move(line));
    }
}

void dropTrueFronts(SQLite::Database& database, Losses& lost) {
    for (const auto id : idsOf(database, "SELECT id FROM reference_front")) {
        dropTrueFront(database, id, lost);
    }
}

void dropCosts(SQLite::Database& database, std::vector<std::int64_t> designs, Losses& lost) {
    std::ranges::sort(designs);
    for (const auto design : designs) {
        dropCost(database, design);
        lost.add("layers and mappings of design ", design, ": the figures are kept");
    }
}

void mend(SQLite::Database& database, const KnownRows& known, const Judges& judges, Losses& lost) {
    dropUnreadableWords(database, "design", "choices", isChoices, lost);
    dropUnreadableWords(database, "steering", "change", isChange, lost);
    loseUnreadableSpecifications(database, lost);
    dropDesignsOfNoRun(database, known, lost);
    const auto unknown = addMissingRuns(database, lost);
    addMissingRevisions(database);
    settleSpecifications(database, unknown, lost);
    dropOrphans(database, lost);
    settleSteering(database, lost);
    dropPartialFronts(database, lost);
    dropUnreadableWeights(database, judges);
    settleGrades(database, lost);
    markLostWeights(database, lost);
}

}  // namespace cohelix::store
