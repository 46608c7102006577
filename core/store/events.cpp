// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/file_project.h"

namespace cohelix::store {

void FileProject::insertEvent(const Event& event, std::int64_t run) {
    SQLite::Statement insert(*m_database,
                             "INSERT INTO event(run, time, kind, text) VALUES(?1, ?2, ?3, ?4)");
    const auto owner = run == 0 ? std::nullopt : std::optional<std::int64_t>(run);
    Binder{insert}(owner)(event.time.empty() ? timeNow() : event.time)(event.kind)(event.text);
    insert.exec();
}

base::Result<void> FileProject::addEvent(const Event& event) {
    return write([&]() -> base::Result<void> {
        if (event.run != 0) requireRun(event.run);
        insertEvent(event, event.run);
        return {};
    });
}

base::Result<std::vector<Event>> FileProject::events(std::optional<std::int64_t> run) {
    return read([&]() -> base::Result<std::vector<Event>> {
        std::vector<Event> rows;
        SQLite::Statement query(*m_database,
                                std::string("SELECT id, run, time, kind, text FROM event ") +
                                    (run ? "WHERE coalesce(run, 0) = ?1 " : "") + "ORDER BY id");
        if (run) Binder{query}(*run);
        while (query.executeStep()) {
            rows.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getInt64(),
                            readableText(query.getColumn(2)), readableText(query.getColumn(3)),
                            readableText(query.getColumn(4))});
        }
        return rows;
    });
}

base::Result<void> FileProject::putArtifact(std::int64_t design, const Artifact& artifact) {
    return write([&]() -> base::Result<void> {
        SQLite::Statement known(*m_database, "SELECT 1 FROM design WHERE id = ?1");
        Binder{known}(design);
        if (!known.executeStep()) {
            return base::Error{m_path, "there is no design " + std::to_string(design),
                               "List the designs to see their numbers"};
        }
        SQLite::Statement insert(
            *m_database, "INSERT OR REPLACE INTO artifact(design, name, bytes) VALUES(?1, ?2, ?3)");
        Binder{insert}(design)(artifact.name)(artifact.bytes);
        insert.exec();
        return {};
    });
}

base::Result<std::optional<Artifact>> FileProject::artifact(std::int64_t design,
                                                            const std::string& name) {
    using Found = base::Result<std::optional<Artifact>>;
    return read([&]() -> Found {
        SQLite::Statement query(*m_database,
                                "SELECT bytes FROM artifact WHERE design = ?1 AND name = ?2");
        Binder{query}(design)(name);
        if (!query.executeStep()) return Found(std::nullopt);
        return Found(Artifact{name, bytesOf(query.getColumn(0))});
    });
}

}  // namespace cohelix::store
