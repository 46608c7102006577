// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/file_project.h"
#include "core/store/schema.h"

namespace cohelix::store {
namespace {

constexpr const char* kSelect =
    "SELECT id, created, program_version, network_space, source, network, accelerator_space, "
    "accelerator, dsp_limit, bram18k_limit, least_accuracy, seconds FROM reference_front "
    "ORDER BY id";

/// "0.3.12".
std::string choicesText(const std::vector<int>& choices) {
    std::string text;
    for (const int choice : choices) text += (text.empty() ? "" : ".") + std::to_string(choice);
    return text;
}

std::vector<int> choicesFrom(const std::string& text) {
    auto choices = model::choicesFromKey("|" + text);
    if (!choices) throw Refusal{damagedError({}, "an accelerator of a true front cannot be read")};
    return std::move(choices->accelerator);
}

/// Columns that the tables bound, since a hostile file need not have kept their checks.
double bounded(const SQLite::Column& column, double most) {
    const double value = column.getDouble();
    if (value >= 0 && value <= most) return value;
    throw Refusal{damagedError({}, "a true front has a figure that cannot be")};
}

constexpr double kMost = 1e308;

ReferenceFront frontAt(SQLite::Statement& query) {
    ReferenceFront front;
    front.id = query.getColumn(0).getInt64();
    front.created = readableText(query.getColumn(1));
    front.programVersion = readableText(query.getColumn(2));
    front.networkSpace = readableText(query.getColumn(3));
    front.source = readableText(query.getColumn(4));
    front.network = readableText(query.getColumn(5));
    front.acceleratorSpace = readableText(query.getColumn(6));
    front.accelerator = readableText(query.getColumn(7));
    front.limits.dsp = bounded(query.getColumn(8), kMost);
    front.limits.bram18k = bounded(query.getColumn(9), kMost);
    front.leastAccuracy = bounded(query.getColumn(10), 1);
    front.seconds = bounded(query.getColumn(11), kMost);
    return front;
}

void readDesigns(SQLite::Database& database, ReferenceFront& front) {
    SQLite::Statement query(database,
                            "SELECT network, accelerator, fps, accuracy, dsp, bram18k "
                            "FROM reference_design WHERE front = ?1 ORDER BY position");
    Binder{query}(front.id);
    while (query.executeStep()) {
        const model::Resources taken{bounded(query.getColumn(4), kMost),
                                     bounded(query.getColumn(5), kMost)};
        front.designs.push_back(
            {taken, readableText(query.getColumn(0)), choicesFrom(query.getColumn(1).getString()),
             bounded(query.getColumn(2), kMost), bounded(query.getColumn(3), 1)});
    }
}

void remove(SQLite::Database& database, std::int64_t id) {
    for (const char* sql : {"DELETE FROM reference_design WHERE front = ?1",
                            "DELETE FROM reference_front WHERE id = ?1"}) {
        SQLite::Statement statement(database, sql);
        Binder{statement}(id);
        statement.exec();
    }
}

/// Of the same networks, accelerators and limits: at most one.
void removeSame(SQLite::Database& database, const ReferenceFront& front) {
    SQLite::Statement query(database,
                            "SELECT id FROM reference_front WHERE network_space = ?1 "
                            "AND accelerator = ?2 AND dsp_limit = ?3 AND bram18k_limit = ?4");
    Binder{query}(front.networkSpace)(front.accelerator)(front.limits.dsp)(front.limits.bram18k);
    if (!query.executeStep()) return;
    const auto id = query.getColumn(0).getInt64();
    query.reset();
    remove(database, id);
}

std::int64_t insert(SQLite::Database& database, const ReferenceFront& front) {
    SQLite::Statement row(
        database,
        "INSERT INTO reference_front(created, program_version, network_space, source, network, "
        "accelerator_space, accelerator, dsp_limit, bram18k_limit, least_accuracy, seconds) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    Binder{row}(front.created.empty() ? timeNow() : front.created)(front.programVersion)(
        front.networkSpace)(front.source)(front.network)(front.acceleratorSpace)(front.accelerator)(
        front.limits.dsp)(front.limits.bram18k)(front.leastAccuracy)(front.seconds);
    row.exec();
    const auto id = database.getLastInsertRowid();
    SQLite::Statement member(database,
                             "INSERT INTO reference_design(front, position, network, accelerator, "
                             "fps, accuracy, dsp, bram18k) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    std::int64_t position = 0;
    for (const ReferenceDesign& design : front.designs) {
        Binder{member}(id)(position++)(design.network)(choicesText(design.accelerator))(design.fps)(
            design.accuracy)(design.dsp)(design.bram18k);
        member.exec();
        member.reset();
    }
    return id;
}

}  // namespace

std::string spaceText(const spec::NetworkSpace& space) {
    spec::Specification specification;
    specification.network = space;
    return spec::toJson(specification).at("network").dump();
}

std::string spaceText(const hardware::AcceleratorSpace& space) {
    spec::Specification specification;
    specification.accelerator = space;
    return spec::toJson(specification).at("accelerator").dump();
}

base::Result<std::int64_t> FileProject::putReferenceFront(const ReferenceFront& front) {
    return write([&]() -> base::Result<std::int64_t> {
        if (front.designs.empty()) {
            return base::Error{m_path, "a true front without a design cannot be kept", {}};
        }
        removeSame(*m_database, front);
        return insert(*m_database, front);
    });
}

base::Result<std::vector<ReferenceFront>> FileProject::referenceFronts() {
    return read([&]() -> base::Result<std::vector<ReferenceFront>> {
        std::vector<ReferenceFront> fronts;
        if (!hasTable(*m_database, "reference_front")) return fronts;
        SQLite::Statement query(*m_database, kSelect);
        while (query.executeStep()) fronts.push_back(frontAt(query));
        for (ReferenceFront& front : fronts) readDesigns(*m_database, front);
        return fronts;
    });
}

base::Result<void> FileProject::removeReferenceFront(std::int64_t id) {
    return write([&]() -> base::Result<void> {
        SQLite::Statement known(*m_database, "SELECT 1 FROM reference_front WHERE id = ?1");
        Binder{known}(id);
        if (!known.executeStep()) {
            return base::Error{m_path, "there is no true front " + std::to_string(id),
                               "List the true fronts to see their numbers"};
        }
        known.reset();
        remove(*m_database, id);
        return {};
    });
}

}  // namespace cohelix::store
