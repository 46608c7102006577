// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/checkpoints.h"

#include <array>

#include <xxhash.h>

#include "core/store/file_project.h"
#include "core/store/schema.h"

namespace cohelix::store {
namespace {

constexpr const char* kChecksums = "checksum";
constexpr int kKept = 2;
constexpr std::size_t kMostStateBytes = 900'000'000;

struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

/// XXH3, 128 bits, of the run and the step as text and then the bytes.
std::vector<std::uint8_t> checksumOf(std::int64_t run, const Checkpoint& checkpoint) {
    const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
    if (!state) throw std::bad_alloc();
    const std::string place = std::to_string(run) + " " + std::to_string(checkpoint.step) + " ";
    XXH3_128bits_reset(state.get());
    XXH3_128bits_update(state.get(), place.data(), place.size());
    XXH3_128bits_update(state.get(), checkpoint.bytes.data(), checkpoint.bytes.size());
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
    return {std::begin(canonical.digest), std::end(canonical.digest)};
}

void writeChecksum(SQLite::Database& database, std::int64_t id, std::int64_t run,
                   const Checkpoint& checkpoint) {
    SQLite::Statement insert(database, "INSERT INTO checksum(checkpoint, sum) VALUES(?1, ?2)");
    const auto sum = checksumOf(run, checkpoint);
    Binder{insert}(id)(sum);
    insert.exec();
}

/// Nothing where there is none.
std::optional<std::vector<std::uint8_t>> storedChecksum(SQLite::Database& database,
                                                        std::int64_t id) {
    SQLite::Statement query(database, "SELECT sum FROM checksum WHERE checkpoint = ?1");
    Binder{query}(id);
    if (!query.executeStep()) return std::nullopt;
    return bytesOf(query.getColumn(0));
}

/// Of a file of an older version that is open for reading there are no checksums.
void requireUnchanged(SQLite::Database& database, std::int64_t id, std::int64_t run,
                      const Checkpoint& checkpoint) {
    if (!hasTable(database, kChecksums)) return;
    const std::string name = "the state that run " + std::to_string(run) + " saved at step " +
                             std::to_string(checkpoint.step);
    const auto stored = storedChecksum(database, id);
    if (!stored) throw Refusal{damagedError({}, name + " has lost its checksum")};
    if (*stored != checksumOf(run, checkpoint)) {
        throw Refusal{damagedError({}, name + " is not as it was saved: its checksum is wrong")};
    }
}

void dropWhere(SQLite::Database& database, const std::string& condition,
               const std::vector<std::int64_t>& values) {
    for (const char* statement : {"DELETE FROM checksum WHERE checkpoint IN "
                                  "(SELECT id FROM checkpoint WHERE ",
                                  "DELETE FROM checkpoint WHERE id IN "
                                  "(SELECT id FROM checkpoint WHERE "}) {
        SQLite::Statement drop(database, statement + condition + ")");
        Binder bind{drop};
        for (const auto value : values) bind(value);
        drop.exec();
    }
}

}  // namespace

void dropOlderCheckpoints(SQLite::Database& database, std::int64_t run, int kept) {
    dropWhere(database,
              "run = ?1 AND id NOT IN (SELECT id FROM checkpoint WHERE run = ?1 ORDER BY id DESC "
              "LIMIT ?2)",
              {run, kept});
}

void writeCheckpoint(SQLite::Database& database, std::int64_t run, const Checkpoint& checkpoint) {
    // Not compressed: trained weights are nearly incompressible, and a search must not wait.
    if (checkpoint.bytes.size() > kMostStateBytes) {
        throw Refusal{{{},
                       "a checkpoint is larger than 900 MB and cannot be kept",
                       "Use a smaller network space"}};
    }
    dropWhere(database, "run = ?1 AND step = ?2", {run, checkpoint.step});
    SQLite::Statement insert(database,
                             "INSERT INTO checkpoint(run, step, bytes) VALUES(?1, ?2, ?3)");
    Binder{insert}(run)(checkpoint.step)(checkpoint.bytes);
    insert.exec();
    writeChecksum(database, database.getLastInsertRowid(), run, checkpoint);
    dropOlderCheckpoints(database, run, kKept);
}

void sealCheckpoints(SQLite::Database& database) {
    SQLite::Statement query(database, "SELECT id, run, step, bytes FROM checkpoint");
    while (query.executeStep()) {
        const Checkpoint checkpoint{query.getColumn(2).getInt64(), bytesOf(query.getColumn(3))};
        writeChecksum(database, query.getColumn(0).getInt64(), query.getColumn(1).getInt64(),
                      checkpoint);
    }
}

base::Result<std::vector<CheckpointRow>> FileProject::checkpoints(std::int64_t run) {
    return read([&]() -> base::Result<std::vector<CheckpointRow>> {
        requireRun(run);
        SQLite::Statement query(*m_database,
                                "SELECT id, step FROM checkpoint WHERE run = ?1 "
                                "ORDER BY id DESC");
        Binder{query}(run);
        std::vector<CheckpointRow> rows;
        while (query.executeStep()) {
            rows.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getInt64()});
        }
        return rows;
    });
}

base::Result<Checkpoint> FileProject::checkpoint(std::int64_t id) {
    return read([&]() -> base::Result<Checkpoint> {
        SQLite::Transaction snapshot(*m_database);
        SQLite::Statement query(*m_database,
                                "SELECT run, step, bytes FROM checkpoint "
                                "WHERE id = ?1");
        Binder{query}(id);
        if (!query.executeStep()) {
            return base::Error{m_path, "there is no checkpoint " + std::to_string(id), {}};
        }
        Checkpoint found{query.getColumn(1).getInt64(), bytesOf(query.getColumn(2))};
        if (found.step < 0) {
            return damagedError(m_path, "a checkpoint of step " + std::to_string(found.step));
        }
        requireUnchanged(*m_database, id, query.getColumn(0).getInt64(), found);
        return found;
    });
}

base::Result<std::optional<Checkpoint>> FileProject::latestCheckpoint(std::int64_t run) {
    using Latest = base::Result<std::optional<Checkpoint>>;
    const auto rows = checkpoints(run);
    if (!rows) return rows.error();
    if (rows->empty()) return Latest(std::nullopt);
    auto latest = checkpoint(rows->front().id);
    if (!latest) return latest.error();
    return Latest(std::move(*latest));
}

void FileProject::checkCheckpoints(std::int64_t run, Findings& findings) {
    const auto rows = checkpoints(run);
    if (!rows) return findings.push_back(rows.error().what);
    for (const auto& row : *rows) {
        if (const auto sound = checkpoint(row.id); !sound) findings.push_back(sound.error().what);
    }
}

base::Result<std::int64_t> FileProject::reached(std::int64_t run) {
    return read([&]() -> base::Result<std::int64_t> {
        requireRun(run);
        if (!hasTable(*m_database, "reached")) return std::int64_t{0};
        SQLite::Statement query(*m_database, "SELECT step FROM reached WHERE run = ?1");
        Binder{query}(run);
        if (!query.executeStep()) return std::int64_t{0};
        const auto step = query.getColumn(0).getInt64();
        if (step < 0) return damagedError(m_path, "a run of " + std::to_string(step) + " steps");
        return step;
    });
}

}  // namespace cohelix::store
