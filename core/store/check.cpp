// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/accelerator_space.h"
#include "core/specification/network_space.h"
#include "core/specification/pins.h"
#include "core/store/file_project.h"
#include "core/store/filling.h"
#include "core/store/schema.h"
#include "core/store/trust.h"

namespace cohelix::store {
namespace {

/// What may be chosen in a specification.
struct Spaces {
    std::vector<hardware::Choice> network;
    std::vector<hardware::Choice> accelerator;
    std::string model;  ///< by which designs are priced
};

/// Damage in one sentence: how much of it, and in which pages.
void checkIntegrity(SQLite::Database& database, Findings& findings) {
    SQLite::Statement query(database, "PRAGMA integrity_check(100)");
    std::string verdict;
    while (query.executeStep()) verdict += query.getColumn(0).getString() + "\n";
    if (const auto damage = damageIn(verdict); !damage.empty()) {
        findings.push_back("damage: " + damage + "; " + kHowToRescue);
    }
}

void checkForeignKeys(SQLite::Database& database, Findings& findings) {
    SQLite::Statement query(database, "PRAGMA foreign_key_check");
    while (query.executeStep()) {
        findings.push_back("table " + query.getColumn(0).getString() +
                           " has a row that belongs to no row of table " +
                           query.getColumn(2).getString());
    }
}

/// Rows are numbered from 1 on, and a file has room for so many.
void checkNumbers(SQLite::Database& database, Findings& findings) {
    const auto most = mostRowsIn(database.execAndGet("PRAGMA page_count").getInt64() *
                                 database.execAndGet("PRAGMA page_size").getInt64());
    for (const std::string table : kNumbered) {
        if (!hasTable(database, table)) continue;  // of an older version
        SQLite::Statement query(database,
                                "SELECT id FROM " + table + " WHERE id NOT BETWEEN 1 AND ?1");
        Binder{query}(most);
        while (query.executeStep()) {
            findings.push_back(table + " " + query.getColumn(0).getString() +
                               " has a number that cannot be");
        }
    }
}

/// A rescued project says where they are lost, and is sound.
void checkWeights(SQLite::Database& database, Findings& findings) {
    SQLite::Statement query(
        database,
        "SELECT id FROM design WHERE state = 'trained' AND NOT EXISTS("
        "SELECT 1 FROM artifact WHERE design = design.id AND name IN ('weights', ?1))");
    Binder{query}(kLostWeights);
    while (query.executeStep()) {
        findings.push_back("design " + query.getColumn(0).getString() +
                           " is marked as trained but its weights are missing");
    }
}

/// Of designs that are priced otherwise than their run's specification says.
void checkModels(SQLite::Database& database, std::int64_t run, const std::string& expected,
                 Findings& findings) {
    SQLite::Statement query(database,
                            "SELECT id, model FROM design WHERE run = ?1 "
                            "AND model IS NOT NULL AND model <> ?2");
    Binder{query}(run)(expected);
    while (query.executeStep()) {
        findings.push_back("design " + query.getColumn(0).getString() + " is priced by '" +
                           query.getColumn(1).getString() + "'; its run's specification says '" +
                           expected + "'");
    }
}

std::optional<Spaces> checkRevision(Project& project, const RunRow& run, Findings& findings) {
    if (!run.hasSpecification) return std::nullopt;  // a rescued project says so, and is sound
    const auto spec = project.specificationOf(run.id);
    if (!spec) {
        findings.push_back(spec.error().what);
        return std::nullopt;
    }
    const auto& accelerator = spec->accelerator;
    return Spaces{
        spec::networkChoices(spec->network), hardware::acceleratorChoices(accelerator),
        model::costModelName(accelerator.kind, accelerator.fpgaModel, accelerator.technology)};
}

}  // namespace

base::Result<Findings> FileProject::check() {
    return read([&]() -> base::Result<Findings> {
        Findings findings;
        checkIntegrity(*m_database, findings);
        checkForeignKeys(*m_database, findings);
        checkNumbers(*m_database, findings);
        checkWeights(*m_database, findings);
        if (const auto fronts = referenceFronts(); !fronts) {
            findings.push_back(toText(fronts.error()));
        }
        const auto allRuns = runs();
        if (!allRuns) {
            findings.push_back(toText(allRuns.error()));
            return findings;
        }
        for (const auto& row : *allRuns) {
            checkCheckpoints(row.id, findings);
            const auto spaces = checkRevision(*this, row, findings);
            if (spaces) checkModels(*m_database, row.id, spaces->model, findings);
            if (const auto now = inForce(row.id); spaces && !now) {
                findings.push_back("the steering of run " + std::to_string(row.id) +
                                   " cannot be followed: " + now.error().what);
            }
            checkDesigns(row.id, findings, [&](const model::DesignChoices& choices) {
                return !spaces || (spec::contains(spaces->network, choices.network) &&
                                   spec::contains(spaces->accelerator, choices.accelerator));
            });
        }
        return findings;
    });
}

void FileProject::checkDesigns(std::int64_t run, Findings& findings,
                               const std::function<bool(const model::DesignChoices&)>& inSpace) {
    SQLite::Statement query(*m_database,
                            "SELECT id, choices, model IS NOT NULL, "
                            "EXISTS(SELECT 1 FROM layer WHERE design = design.id) "
                            "FROM design WHERE run = ?1 ORDER BY id");
    Binder{query}(run);
    while (query.executeStep()) {
        const auto id = query.getColumn(0).getInt64();
        const std::string name = "design " + std::to_string(id);
        const auto choices = model::choicesFromKey(query.getColumn(1).getString());
        if (!choices) {
            findings.push_back(name + " has choices that cannot be read");
        } else if (!inSpace(*choices)) {
            findings.push_back(name + " has choices outside its run's specification");
        }
        if (const auto row = choices ? design(id) : base::Result<DesignRow>(DesignRow{}); !row) {
            findings.push_back(row.error().what);
        }
        const bool hasTotals = query.getColumn(2).getInt() != 0;
        const bool hasLayers = query.getColumn(3).getInt() != 0;
        if (hasLayers && !hasTotals) {
            findings.push_back(name + " has layers but no totals");
        } else if (hasTotals) {
            const auto cost = designCost(id);
            if (!cost) findings.push_back(name + ": " + cost.error().what);
        }
    }
}

}  // namespace cohelix::store
