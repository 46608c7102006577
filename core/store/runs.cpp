// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>

#include "core/store/checkpoints.h"
#include "core/store/file_project.h"
#include "core/store/names.h"

namespace cohelix::store {
namespace {

/// ?1 is kLostText.
constexpr const char* kSelectRuns =
    "SELECT id, revision, name, seed, threads, program_version, torch_version, started, ended, "
    "active_seconds, state, message, (SELECT count(*) FROM design WHERE design.run = run.id), "
    "(SELECT text FROM revision WHERE revision.id = run.revision) IS NOT ?1, updated FROM run ";

bool isOpen(RunState state) { return state == RunState::Running || state == RunState::Paused; }

/// `isHeld`: a process writes the file. Without one, a run that is still open is what the next
/// writer will mark it as.
RunRow runAt(SQLite::Statement& query, bool isHeld) {
    RunRow row;
    row.id = query.getColumn(0).getInt64();
    row.revision = query.getColumn(1).getInt64();
    row.name = readableText(query.getColumn(2));
    row.seed = std::bit_cast<std::uint64_t>(query.getColumn(3).getInt64());
    row.threads = query.getColumn(4).getInt();
    row.programVersion = readableText(query.getColumn(5));
    row.torchVersion = readableText(query.getColumn(6));
    row.started = readableText(query.getColumn(7));
    row.ended = readableText(query.getColumn(8));
    row.activeSeconds = query.getColumn(9).getDouble();
    row.state = valueFrom<RunState>(query.getColumn(10).getString());
    row.message = readableText(query.getColumn(11));
    row.designs = query.getColumn(12).getInt64();
    row.hasSpecification = query.getColumn(13).getInt() != 0;
    if (row.threads < 0 || !(row.activeSeconds >= 0 && row.activeSeconds <= 1e308)) {
        throw Refusal{damagedError(
            {}, "run " + std::to_string(row.id) + " has a time or thread count that cannot be")};
    }
    if (isOpen(row.state) && !isHeld) {
        row.state = RunState::Interrupted;
        row.ended = readableText(query.getColumn(14));
        row.message = kEndedEarly;
    }
    return row;
}

base::Error noSpecification(const std::string& path, std::int64_t run) {
    return {path,
            "the specification of run " + std::to_string(run) +
                " is lost: this project was rescued from a damaged file",
            "Its designs keep their figures and the numbers of their choices (cohelix-cli designs "
            "and show)"};
}

base::Error unreadableSpecification(const std::string& path, const std::string& which,
                                    const base::Error& reason) {
    const auto where = reason.where == path ? std::string() : reason.where + ": ";
    return {path, which + " cannot be read: " + where + reason.what, damagedAdvice()};
}

base::Error noRun(const std::string& path, std::int64_t id) {
    return {path, "there is no run " + std::to_string(id), "List the runs to see their numbers"};
}

}  // namespace

void FileProject::requireRun(std::int64_t run) {
    SQLite::Statement query(*m_database, "SELECT 1 FROM run WHERE id = ?1");
    Binder{query}(run);
    if (!query.executeStep()) throw Refusal{noRun(m_path, run)};
}

base::Result<std::int64_t> FileProject::addRun(const RunRow& run,
                                               const std::vector<spec::TimedChange>& plan) {
    return write([&]() -> base::Result<std::int64_t> {
        SQLite::Statement known(*m_database, "SELECT 1 FROM revision WHERE id = ?1");
        Binder{known}(run.revision);
        if (!known.executeStep()) {
            return base::Error{m_path, "there is no revision " + std::to_string(run.revision),
                               "Store the specification first"};
        }
        SQLite::Statement insert(
            *m_database,
            "INSERT INTO run(revision, name, seed, threads, program_version, torch_version, "
            "started, updated, ended, active_seconds, state, message) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
        const std::string now = timeNow();
        Binder{insert}(run.revision)(run.name)(std::bit_cast<std::int64_t>(run.seed))(run.threads)(
            run.programVersion)(run.torchVersion)(run.started.empty() ? now : run.started)(
            now)(run.ended)(run.activeSeconds)(word(run.state))(run.message);
        insert.exec();
        const auto id = m_database->getLastInsertRowid();
        for (const auto& planned : plan) {
            SteeringRow row;
            row.step = planned.step;
            row.change = planned.change;
            writeSteering(row, id);
        }
        return id;
    });
}

base::Result<std::vector<RunRow>> FileProject::runs() {
    return read([&]() -> base::Result<std::vector<RunRow>> {
        // Asked first: a run that ends meanwhile has its end among the rows.
        const bool isHeld = m_hold.hasWriter();
        std::vector<RunRow> rows;
        SQLite::Statement query(*m_database, std::string(kSelectRuns) + "ORDER BY id");
        Binder{query}(kLostText);
        while (query.executeStep()) rows.push_back(runAt(query, isHeld));
        return rows;
    });
}

base::Result<RunRow> FileProject::run(std::int64_t id) {
    return read([&]() -> base::Result<RunRow> {
        const bool isHeld = m_hold.hasWriter();
        SQLite::Statement query(*m_database, std::string(kSelectRuns) + "WHERE id = ?2");
        Binder{query}(kLostText)(id);
        if (!query.executeStep()) return noRun(m_path, id);
        return runAt(query, isHeld);
    });
}

base::Result<spec::Specification> FileProject::specificationOf(std::int64_t run) {
    return read([&]() -> base::Result<spec::Specification> {
        SQLite::Statement query(*m_database,
                                "SELECT revision.text FROM run JOIN revision "
                                "ON revision.id = run.revision WHERE run.id = ?1");
        Binder{query}(run);
        if (!query.executeStep()) return noRun(m_path, run);
        const auto text = query.getColumn(0).getString();
        if (text == kLostText) return noSpecification(m_path, run);
        auto spec = spec::parseSpecification(text, m_path);
        if (spec) return spec;
        return unreadableSpecification(m_path, "the specification of run " + std::to_string(run),
                                       spec.error());
    });
}

bool FileProject::isSpecificationLost(std::int64_t run) {
    const auto row = this->run(run);
    if (!row) throw Refusal{row.error()};
    return !row->hasSpecification;
}

base::Result<void> FileProject::setRunState(std::int64_t run, RunState state,
                                            const std::string& message) {
    return write([&]() -> base::Result<void> {
        requireRun(run);
        const bool goesOn = isOpen(state);
        const std::string now = timeNow();
        SQLite::Statement update(*m_database,
                                 "UPDATE run SET state = ?2, message = ?3, updated = ?4, "
                                 "ended = ?5 WHERE id = ?1");
        Binder{update}(run)(word(state))(message)(now)(goesOn ? std::string() : now);
        update.exec();
        if (state == RunState::Finished) dropOlderCheckpoints(*m_database, run, 1);
        return {};
    });
}

base::Result<std::optional<spec::Specification>> keptSpecification(Project& project,
                                                                   std::int64_t run) {
    using Kept = base::Result<std::optional<spec::Specification>>;
    const auto row = project.run(run);
    if (!row) return row.error();
    if (!row->hasSpecification) return Kept(std::nullopt);
    auto specification = project.specificationOf(run);
    if (!specification) return specification.error();
    return Kept(std::move(*specification));
}

}  // namespace cohelix::store
