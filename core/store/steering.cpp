// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "core/store/file_project.h"
#include "core/store/names.h"
#include "core/store/schema.h"

namespace cohelix::store {
namespace {

constexpr const char* kTable = "steering";

spec::Change changeAt(const std::string& text, std::int64_t id) {
    const std::string name = "change " + std::to_string(id) + " to a run";
    const auto json = base::parseJson(text, name);
    const auto change =
        json ? spec::changeFromJson(*json) : base::Result<spec::Change>(json.error());
    if (!change) throw Refusal{damagedError({}, name + " cannot be read: " + change.error().what)};
    return *change;
}

SteeringRow steeringAt(SQLite::Statement& query) {
    SteeringRow row;
    row.id = query.getColumn(0).getInt64();
    row.run = query.getColumn(1).getInt64();
    row.step = query.getColumn(2).getInt64();
    row.change = changeAt(query.getColumn(3).getString(), row.id);
    row.state = valueFrom<SteeringState>(query.getColumn(4).getString());
    row.time = readableText(query.getColumn(5));
    row.message = readableText(query.getColumn(6));
    return row;
}

}  // namespace

void FileProject::writeSteering(const SteeringRow& row, std::int64_t run) {
    const bool planned = row.state == SteeringState::Planned;
    const std::string time = !row.time.empty() || planned ? row.time : timeNow();
    if (row.id != 0) {
        SQLite::Statement update(*m_database,
                                 "UPDATE steering SET state = ?3, time = ?4, message = ?5 "
                                 "WHERE id = ?1 AND run = ?2");
        Binder{update}(row.id)(run)(word(row.state))(time)(row.message);
        update.exec();
        return;
    }
    SQLite::Statement insert(*m_database,
                             "INSERT INTO steering(run, step, change, state, time, message) "
                             "VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    Binder{insert}(run)(row.step)(spec::toJson(row.change).dump())(word(row.state))(
        time)(row.message);
    insert.exec();
}

base::Result<std::vector<SteeringRow>> FileProject::steering(std::int64_t run) {
    return read([&]() -> base::Result<std::vector<SteeringRow>> {
        requireRun(run);
        std::vector<SteeringRow> rows;
        if (!hasTable(*m_database, kTable)) return rows;
        SQLite::Statement query(*m_database,
                                "SELECT id, run, step, change, state, time, message FROM steering "
                                "WHERE run = ?1 ORDER BY step, id");
        Binder{query}(run);
        while (query.executeStep()) rows.push_back(steeringAt(query));
        return rows;
    });
}

std::optional<spec::InForce> FileProject::steered(std::int64_t run) {
    const auto rows = steering(run);
    if (!rows) throw Refusal{rows.error()};
    std::optional<spec::InForce> inForce;
    for (const auto& row : *rows) {
        if (row.state != SteeringState::Applied) continue;
        if (!inForce) {
            if (isSpecificationLost(run)) return std::nullopt;
            const auto spec = specificationOf(run);
            if (!spec) throw Refusal{spec.error()};
            inForce = spec::asSpecified(*spec);
        }
        if (const auto applied = spec::apply(row.change, *inForce); !applied) {
            throw Refusal{damagedError({}, "change " + std::to_string(row.id) + " to run " +
                                               std::to_string(run) +
                                               " does not fit it: " + applied.error().what)};
        }
    }
    return inForce;
}

base::Result<spec::InForce> FileProject::inForce(std::int64_t run) {
    return read([&]() -> base::Result<spec::InForce> {
        if (auto after = steered(run)) return std::move(*after);
        const auto spec = specificationOf(run);
        if (!spec) return spec.error();
        return spec::asSpecified(*spec);
    });
}

void FileProject::markWithin(std::vector<DesignRow>& rows) {
    std::map<std::int64_t, std::optional<spec::InForce>> byRun;
    for (auto& row : rows) {
        const auto [entry, isNew] = byRun.try_emplace(row.run);
        if (isNew) entry->second = steered(row.run);
        row.within = !entry->second || spec::keeps(*entry->second, row.choices, totalsOf(row));
    }
}

}  // namespace cohelix::store
