// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/file_project.h"

namespace cohelix::store {

base::Result<std::int64_t> FileProject::addRevision(const spec::Specification& spec) {
    return write([&]() -> base::Result<std::int64_t> {
        const std::string text = toText(spec);
        SQLite::Statement latest(*m_database,
                                 "SELECT id, text FROM revision ORDER BY id DESC LIMIT 1");
        if (latest.executeStep() && latest.getColumn(1).getString() == text) {
            return latest.getColumn(0).getInt64();
        }
        latest.reset();
        SQLite::Statement insert(*m_database, "INSERT INTO revision(created, text) VALUES(?1, ?2)");
        Binder{insert}(timeNow())(text);
        insert.exec();
        return m_database->getLastInsertRowid();
    });
}

base::Result<std::vector<RevisionRow>> FileProject::revisions() {
    return read([&]() -> base::Result<std::vector<RevisionRow>> {
        std::vector<RevisionRow> rows;
        SQLite::Statement query(*m_database, "SELECT id, created, text FROM revision ORDER BY id");
        while (query.executeStep()) {
            rows.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getString(),
                            query.getColumn(2).getString()});
        }
        return rows;
    });
}

base::Result<std::optional<spec::Specification>> FileProject::latestSpecification() {
    using Latest = base::Result<std::optional<spec::Specification>>;
    return read([&]() -> Latest {
        SQLite::Statement query(*m_database,
                                "SELECT text FROM revision WHERE text <> ?1 "
                                "ORDER BY id DESC LIMIT 1");
        Binder{query}(kLostText);
        if (!query.executeStep()) return Latest(std::nullopt);
        auto spec = spec::parseSpecification(query.getColumn(0).getString(), m_path);
        if (!spec) return spec.error();
        return Latest(std::move(spec).value());
    });
}

}  // namespace cohelix::store
