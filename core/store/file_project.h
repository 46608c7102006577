// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Project over one SQLite connection. Private to the room; its methods are spread over the files
// named after what they keep: revisions, runs, steering, designs, costs, checkpoints, events,
// reference fronts, copying, checking.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/store/file_hold.h"
#include "core/store/leftovers.h"
#include "core/store/project.h"
#include "core/store/sql.h"

namespace cohelix::store {

class FileProject final : public Project {
public:
    /// `readOnlyReason` is empty for a project that may be written.
    FileProject(std::string path, FileHold hold, std::unique_ptr<SQLite::Database> database,
                std::string readOnlyReason, Notices notices);
    ~FileProject() override;

    const std::string& path() const override { return m_path; }
    bool readOnly() const override { return !m_readOnlyReason.empty(); }
    std::string readOnlyReason() const override { return m_readOnlyReason; }
    const std::vector<std::string>& notices() const override { return m_notices; }
    /// Whether the file holds something else than the last commit left, or what other programs made
    /// of it since.
    bool isOverwritten() const override;
    bool isMoved() const override { return !m_hold.isAt(m_path) || isOverwritten(); }
    base::Result<std::unique_ptr<Project>> followed() override;

    base::Result<std::int64_t> addRevision(const spec::Specification& spec) override;
    base::Result<std::vector<RevisionRow>> revisions() override;
    base::Result<std::optional<spec::Specification>> latestSpecification() override;

    base::Result<std::int64_t> addRun(const RunRow& run,
                                      const std::vector<spec::TimedChange>& plan) override;
    base::Result<std::vector<RunRow>> runs() override;
    base::Result<RunRow> run(std::int64_t id) override;
    base::Result<spec::Specification> specificationOf(std::int64_t run) override;
    base::Result<void> setRunState(std::int64_t run, RunState state,
                                   const std::string& message) override;

    base::Result<std::vector<SteeringRow>> steering(std::int64_t run) override;
    base::Result<spec::InForce> inForce(std::int64_t run) override;

    base::Result<std::vector<DesignRow>> commit(const Commit& commit) override;
    base::Result<std::int64_t> reached(std::int64_t run) override;
    base::Result<std::vector<CheckpointRow>> checkpoints(std::int64_t run) override;
    base::Result<Checkpoint> checkpoint(std::int64_t id) override;
    base::Result<std::optional<Checkpoint>> latestCheckpoint(std::int64_t run) override;

    base::Result<std::vector<DesignRow>> designs(std::optional<std::int64_t> run) override;
    base::Result<DesignRow> design(std::int64_t id) override;
    base::Result<model::DesignCost> designCost(std::int64_t id) override;
    base::Result<bool> hasCost(std::int64_t design) override;

    base::Result<void> putArtifact(std::int64_t design, const Artifact& artifact) override;
    base::Result<std::optional<Artifact>> artifact(std::int64_t design,
                                                   const std::string& name) override;

    base::Result<std::vector<Event>> events(std::optional<std::int64_t> run) override;
    base::Result<void> addEvent(const Event& event) override;

    base::Result<std::int64_t> putReferenceFront(const ReferenceFront& front) override;
    base::Result<std::vector<ReferenceFront>> referenceFronts() override;
    base::Result<void> removeReferenceFront(std::int64_t id) override;

    base::Result<void> copyTo(const std::string& path, Existing existing) override;
    base::Result<Findings> check() override;

private:
    /// Runs `work`, which reads, where the file still is.
    template <typename Work>
    auto read(Work&& work) -> decltype(work());
    /// Runs `work` in one transaction; anything it throws or returns as an error undoes all of it.
    template <typename Work>
    auto write(Work&& work) -> decltype(work());
    /// Throws a Refusal when the file may not be written, or is no longer where it was.
    void requireWritable();
    /// Throws a Refusal when the file is no longer where it was.
    void requireThere() const;
    /// Throws a Refusal when the file was written over.
    void requireOwnContent() const;
    base::Result<void> writeCopy(base::DraftFile& draft);
    base::Result<std::string> copyBesideOldName();
    /// Makes the file smaller where more than half of it is free.
    void giveBackPages();
    /// Checksums that are not those of the bytes.
    void checkCheckpoints(std::int64_t run, Findings& findings);
    /// Choices that can be read and are in their run's space, costs that can be read.
    void checkDesigns(std::int64_t run, Findings& findings,
                      const std::function<bool(const model::DesignChoices&)>& inSpace);
    /// In the caller's transaction.
    void insertEvent(const Event& event, std::int64_t run);
    void writeSteering(const SteeringRow& row, std::int64_t run);
    bool isSpecificationLost(std::int64_t run);
    /// What its applied changes led to; nothing when there are none, or when it cannot be known
    /// since the specification is lost. Throws a Refusal.
    std::optional<spec::InForce> steered(std::int64_t run);
    void markWithin(std::vector<DesignRow>& rows);
    std::vector<DesignRow> allRows(std::optional<std::int64_t> run);
    std::vector<DesignRow> rowsOf(std::int64_t run, const std::vector<std::int64_t>& ids);
    /// Throws a Refusal when there is no such run.
    void requireRun(std::int64_t run);

    std::string m_path;
    FileHold m_hold;  ///< outlives the connection, see FileHold
    std::unique_ptr<SQLite::Database> m_database;
    std::string m_readOnlyReason;
    Notices m_notices;
    FileState m_state;  ///< as the last commit left it
};

template <typename Work>
auto FileProject::read(Work&& work) -> decltype(work()) {
    return guarded(m_path, [&]() -> decltype(work()) {
        requireThere();
        return work();
    });
}

template <typename Work>
auto FileProject::write(Work&& work) -> decltype(work()) {
    return guarded(m_path, [&]() -> decltype(work()) {
        requireWritable();
        SQLite::Transaction transaction(*m_database, SQLite::TransactionBehavior::IMMEDIATE);
        requireOwnContent();  // which may have changed while the lock was waited for
        journalFirstPage(*m_database);
        auto result = work();
        requireOwnContent();
        if (result) transaction.commit();
        m_state = stateOf(m_hold);
        return result;
    });
}

}  // namespace cohelix::store
