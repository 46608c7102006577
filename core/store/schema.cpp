// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/schema.h"

#include <algorithm>
#include <array>

#include <sqlite3.h>

#include "core/store/leftovers.h"

namespace cohelix::store {
namespace {

// STRICT columns still accept infinity, and NaN arrives as NULL: hence NOT NULL and an upper bound
// on every REAL. Texts and blobs are bounded, so that a hostile file cannot ask for memory at will.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE revision(
    id INTEGER PRIMARY KEY,
    created TEXT NOT NULL CHECK(length(created) <= 40),
    text TEXT NOT NULL CHECK(length(text) <= 67108864)
) STRICT;

CREATE TABLE run(
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES revision(id),
    name TEXT NOT NULL CHECK(length(name) <= 65536),
    seed INTEGER NOT NULL,
    threads INTEGER NOT NULL CHECK(threads BETWEEN 0 AND 1000000),
    program_version TEXT NOT NULL CHECK(length(program_version) <= 1024),
    torch_version TEXT NOT NULL CHECK(length(torch_version) <= 1024),
    started TEXT NOT NULL CHECK(length(started) <= 40),
    updated TEXT NOT NULL CHECK(length(updated) <= 40),
    ended TEXT NOT NULL CHECK(length(ended) <= 40),
    active_seconds REAL NOT NULL CHECK(active_seconds BETWEEN 0 AND 1e308),
    state TEXT NOT NULL
        CHECK(state IN ('running','paused','stopped','interrupted','finished','failed')),
    message TEXT NOT NULL CHECK(length(message) <= 1048576)
) STRICT;

CREATE TABLE design(
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run(id),
    choices TEXT NOT NULL CHECK(length(choices) <= 1048576),
    target INTEGER NOT NULL CHECK(target BETWEEN -1 AND 1000000),
    state TEXT NOT NULL CHECK(state IN ('estimated','training','trained')),
    grade TEXT NOT NULL CHECK(grade IN ('none','supernet','trained','tabulated')),
    accuracy REAL NOT NULL CHECK(accuracy BETWEEN 0 AND 1),
    validation_accuracy REAL CHECK(validation_accuracy BETWEEN 0 AND 1),
    supernet_accuracy REAL CHECK(supernet_accuracy BETWEEN 0 AND 1),
    fps REAL NOT NULL CHECK(fps BETWEEN 0 AND 1e308),
    latency_ms REAL NOT NULL CHECK(latency_ms BETWEEN 0 AND 1e308),
    energy_mj REAL NOT NULL CHECK(energy_mj BETWEEN 0 AND 1e308),
    edp REAL NOT NULL CHECK(edp BETWEEN 0 AND 1e308),
    dsp REAL NOT NULL CHECK(dsp BETWEEN 0 AND 1e308),
    bram18k REAL NOT NULL CHECK(bram18k BETWEEN 0 AND 1e308),
    macs INTEGER NOT NULL CHECK(macs >= 0),
    parameters INTEGER NOT NULL CHECK(parameters >= 0),
    period_cycles REAL CHECK(period_cycles BETWEEN 0 AND 1e308),
    latency_cycles REAL CHECK(latency_cycles BETWEEN 0 AND 1e308),
    model TEXT CHECK(length(model) <= 65536),
    UNIQUE(run, choices),
    CHECK((model IS NULL) = (period_cycles IS NULL)
          AND (model IS NULL) = (latency_cycles IS NULL))
) STRICT;
CREATE INDEX front_of_run ON design(run, grade, accuracy, fps);

CREATE TABLE chunk(
    design INTEGER NOT NULL REFERENCES design(id),
    position INTEGER NOT NULL CHECK(position BETWEEN 0 AND 1000000),
    cycles REAL NOT NULL CHECK(cycles BETWEEN 0 AND 1e308),
    dsp REAL NOT NULL CHECK(dsp BETWEEN 0 AND 1e308),
    bram18k REAL NOT NULL CHECK(bram18k BETWEEN 0 AND 1e308),
    pes INTEGER NOT NULL CHECK(pes >= 0),
    layers INTEGER NOT NULL CHECK(layers BETWEEN 0 AND 1000000),
    utilization REAL NOT NULL CHECK(utilization BETWEEN 0 AND 1e308),
    PRIMARY KEY(design, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE layer(
    design INTEGER NOT NULL REFERENCES design(id),
    position INTEGER NOT NULL CHECK(position BETWEEN 0 AND 1000000),
    chunk INTEGER NOT NULL CHECK(chunk BETWEEN 0 AND 1000000),
    cycles REAL NOT NULL CHECK(cycles BETWEEN 0 AND 1e308),
    compute_cycles REAL NOT NULL CHECK(compute_cycles BETWEEN 0 AND 1e308),
    energy_picojoule REAL NOT NULL CHECK(energy_picojoule BETWEEN 0 AND 1e308),
    spatial_utilization REAL NOT NULL CHECK(spatial_utilization BETWEEN 0 AND 1e308),
    temporal_utilization REAL NOT NULL CHECK(temporal_utilization BETWEEN 0 AND 1e308),
    time_limit TEXT NOT NULL CHECK(length(time_limit) <= 1024),
    mapping TEXT NOT NULL CHECK(length(mapping) <= 1048576),
    traffic TEXT NOT NULL CHECK(length(traffic) <= 1048576),
    PRIMARY KEY(design, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint(
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run(id),
    step INTEGER NOT NULL CHECK(step >= 0),
    bytes BLOB NOT NULL CHECK(length(bytes) <= 900000000),
    UNIQUE(run, step)
) STRICT;

CREATE TABLE artifact(
    id INTEGER PRIMARY KEY,
    design INTEGER NOT NULL REFERENCES design(id),
    name TEXT NOT NULL CHECK(length(name) <= 1024),
    bytes BLOB NOT NULL CHECK(length(bytes) <= 900000000),
    UNIQUE(design, name)
) STRICT;

CREATE TABLE event(
    id INTEGER PRIMARY KEY,
    run INTEGER REFERENCES run(id),
    time TEXT NOT NULL CHECK(length(time) <= 40),
    kind TEXT NOT NULL CHECK(kind IN ('info','warning','error')),
    text TEXT NOT NULL CHECK(length(text) <= 1048576)
) STRICT;
CREATE INDEX event_of_run ON event(run);
)sql";

constexpr const char* kSteering = R"sql(
CREATE TABLE steering(
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run(id),
    step INTEGER NOT NULL CHECK(step >= 0),
    change TEXT NOT NULL CHECK(length(change) <= 65536),
    state TEXT NOT NULL CHECK(state IN ('planned','applied','refused')),
    time TEXT NOT NULL CHECK(length(time) <= 40),
    message TEXT NOT NULL CHECK(length(message) <= 1048576)
) STRICT;
CREATE INDEX steering_of_run ON steering(run, step);
)sql";

// True fronts: what they hold for, and their members by ascending FPS.
constexpr const char* kReferenceFronts = R"sql(
CREATE TABLE reference_front(
    id INTEGER PRIMARY KEY,
    created TEXT NOT NULL CHECK(length(created) <= 40),
    program_version TEXT NOT NULL CHECK(length(program_version) <= 1024),
    network_space TEXT NOT NULL CHECK(length(network_space) BETWEEN 1 AND 1024),
    source TEXT NOT NULL CHECK(length(source) <= 65536),
    network TEXT NOT NULL CHECK(length(network) <= 1048576),
    accelerator_space TEXT NOT NULL CHECK(length(accelerator_space) <= 1024),
    accelerator TEXT NOT NULL CHECK(length(accelerator) <= 1048576),
    dsp_limit REAL NOT NULL CHECK(dsp_limit BETWEEN 0 AND 1e308),
    bram18k_limit REAL NOT NULL CHECK(bram18k_limit BETWEEN 0 AND 1e308),
    least_accuracy REAL NOT NULL CHECK(least_accuracy BETWEEN 0 AND 1),
    seconds REAL NOT NULL CHECK(seconds BETWEEN 0 AND 1e308),
    UNIQUE(network_space, accelerator, dsp_limit, bram18k_limit)
) STRICT;

CREATE TABLE reference_design(
    front INTEGER NOT NULL REFERENCES reference_front(id),
    position INTEGER NOT NULL CHECK(position BETWEEN 0 AND 1000000),
    network TEXT NOT NULL CHECK(length(network) <= 65536),
    accelerator TEXT NOT NULL CHECK(length(accelerator) <= 1048576),
    fps REAL NOT NULL CHECK(fps BETWEEN 0 AND 1e308),
    accuracy REAL NOT NULL CHECK(accuracy BETWEEN 0 AND 1),
    dsp REAL NOT NULL CHECK(dsp BETWEEN 0 AND 1e308),
    bram18k REAL NOT NULL CHECK(bram18k BETWEEN 0 AND 1e308),
    PRIMARY KEY(front, position)
) STRICT, WITHOUT ROWID;
)sql";

// What a run has been committed through, since checkpoints are rarer than commits: the repetition
// of its steps up to there finds what is known. And of each checkpoint what its bytes must sum up
// to.
constexpr const char* kReached = R"sql(
CREATE TABLE reached(
    run INTEGER PRIMARY KEY REFERENCES run(id),
    step INTEGER NOT NULL CHECK(step >= 0)
) STRICT;

CREATE TABLE checksum(
    checkpoint INTEGER PRIMARY KEY REFERENCES checkpoint(id),
    sum BLOB NOT NULL CHECK(length(sum) = 16)
) STRICT;
)sql";

/// In this order for ever: a file's version is how many of them it has seen.
constexpr std::array kMigrations = {kVersion1, kSteering, kReferenceFronts, kReached};

SQLite::Database emptyDatabase(int version) {
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    // Before the first table, or never: closing gives back the pages of checkpoints long gone.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    migrate(database, 0, version);
    return database;
}

}  // namespace

int schemaVersion() { return static_cast<int>(kMigrations.size()); }

void migrate(SQLite::Database& database, int from, int to) {
    for (int version = from; version < to; ++version) {
        database.exec(kMigrations[static_cast<std::size_t>(version)]);
    }
    database.exec("PRAGMA user_version = " + std::to_string(to));
}

bool hasTable(SQLite::Database& database, const std::string& name) {
    SQLite::Statement query(database,
                            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
    query.bind(1, name);
    return query.executeStep();
}

std::vector<std::string> schemaOf(SQLite::Database& database) {
    std::vector<std::string> lines;
    SQLite::Statement rows(database, "SELECT type, name, tbl_name, sql FROM sqlite_schema");
    while (rows.executeStep()) {
        lines.push_back(rows.getColumn(0).getString() + " " + rows.getColumn(1).getString() +
                        " of " + rows.getColumn(2).getString() + ": " +
                        rows.getColumn(3).getString());
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::string> expectedSchema(int version) {
    SQLite::Database database = emptyDatabase(version);
    return schemaOf(database);
}

std::string emptyProjectBytes() {
    SQLite::Database database = emptyDatabase(schemaVersion());
    database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    giveIdentity(database);
    sqlite3_int64 size = 0;
    unsigned char* image = sqlite3_serialize(database.getHandle(), "main", &size, 0);
    if (!image) throw SQLite::Exception("out of memory", SQLITE_NOMEM);
    std::string bytes(reinterpret_cast<const char*>(image), static_cast<std::size_t>(size));
    sqlite3_free(image);
    return bytes;
}

}  // namespace cohelix::store
