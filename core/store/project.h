// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The project file: one SQLite database with specification revisions, runs, designs, checkpoints
// and events. The only room with SQL.
//
// A Project belongs to one thread at a time. Everything that changes the file does so in one
// transaction: after a crash at any instant the file holds every commit that returned, and no half
// of another. Designs are committed as they are found, checkpoints more rarely: the file says
// through which step a run has been committed, so that the repetition of its steps can be told from
// what is new. Between two commits the file alone is the whole project.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/design.h"
#include "core/specification/specification.h"
#include "core/specification/steering.h"
#include "core/store/reference_front.h"

namespace cohelix::store {

/// Now, as all times in a project are written: ISO 8601 in UTC, "2025-01-31T09:15:00.250Z".
std::string timeNow();

enum class Access : std::uint8_t { ReadWrite, ReadOnly };
/// What becomes of a file that has the name of one that is to be made.
enum class Existing : std::uint8_t { Refuse, Replace };

enum class RunState : std::uint8_t { Running, Paused, Stopped, Interrupted, Finished, Failed };
constexpr std::string_view word(RunState state) {
    switch (state) {
        case RunState::Running: return "running";
        case RunState::Paused: return "paused";
        case RunState::Stopped: return "stopped";
        case RunState::Interrupted: return "interrupted";
        case RunState::Finished: return "finished";
        case RunState::Failed: return "failed";
    }
    return {};
}

struct RevisionRow {
    std::int64_t id = 0;
    std::string created;  ///< ISO 8601, UTC
    std::string text;     ///< canonical JSON; "lost" where a rescue found it so
};

/// A run and what it takes to replay it.
struct RunRow {
    std::int64_t id = 0;
    std::int64_t revision = 0;
    std::string name;
    std::uint64_t seed = 0;
    int threads = 0;
    std::string programVersion;
    std::string torchVersion;
    std::string started;       ///< ISO 8601, UTC
    std::string ended;         ///< empty while running
    double activeSeconds = 0;  ///< time spent searching, over all resumptions
    RunState state = RunState::Running;
    std::string message;  ///< why it ended
    std::int64_t designs = 0;
    /// False in a rescued project where it was lost: then neither its choices nor its limits are
    /// known, and its designs are figures and numbers of choices.
    bool hasSpecification = true;
};

enum class DesignState : std::uint8_t { Estimated, Training, Trained };
constexpr std::string_view word(DesignState state) {
    switch (state) {
        case DesignState::Estimated: return "estimated";
        case DesignState::Training: return "training";
        case DesignState::Trained: return "trained";
    }
    return {};
}

/// The figures of a design, one table row. Fields that do not apply are empty.
struct DesignRow : model::Figures {
    std::int64_t id = 0;  ///< 0: not yet in the file
    std::int64_t run = 0;
    model::DesignChoices choices;  ///< unique in its run
    int target = -1;               ///< index of the objective's target that found it
    DesignState state = DesignState::Estimated;
    model::AccuracyGrade grade = model::AccuracyGrade::None;
    double accuracy = 0;                       ///< 0..1, of that grade
    std::optional<double> validationAccuracy;  ///< 0..1, of the same weights, held-out split
    std::optional<double> supernetAccuracy;    ///< 0..1, kept by updates that leave it empty
    std::int64_t macs = 0;
    std::int64_t parameters = 0;
    /// Keeps what is in force of its run, see Project::steering; true where that cannot be known,
    /// since the specification is lost.
    bool within = true;
    bool front = false;  ///< see markFront
};
/// The row's figures as a cost without chunks and layers.
model::DesignCost totalsOf(const DesignRow& row);

enum class SteeringState : std::uint8_t { Planned, Applied, Refused };
constexpr std::string_view word(SteeringState state) {
    switch (state) {
        case SteeringState::Planned: return "planned";
        case SteeringState::Applied: return "applied";
        case SteeringState::Refused: return "refused";
    }
    return {};
}

/// A change to a running search.
struct SteeringRow {
    std::int64_t id = 0;  ///< 0: not yet in the file
    std::int64_t run = 0;
    std::int64_t step = 0;  ///< of the run, before which it takes effect
    spec::Change change;
    SteeringState state = SteeringState::Planned;
    std::string time;     ///< ISO 8601, UTC, of its application or refusal; empty while planned
    std::string message;  ///< why it was refused
};

/// What a commit writes of a design: its row, and its details when they are new.
struct DesignRecord {
    DesignRow row;
    /// Per-layer figures and mappings; its totals replace the row's fps … bram18k.
    std::optional<model::DesignCost> cost;
};

struct Event {
    std::int64_t id = 0;
    std::int64_t run = 0;  ///< 0: of the project
    std::string time;      ///< ISO 8601, UTC
    std::string kind;      ///< "info", "warning", "error"
    std::string text;
};

struct Checkpoint {
    std::int64_t step = 0;
    std::vector<std::uint8_t> bytes;
};
/// A checkpoint without its bytes.
struct CheckpointRow {
    std::int64_t id = 0;
    std::int64_t step = 0;
};

/// One atomic write of a running search.
struct Commit {
    std::int64_t run = 0;
    std::vector<DesignRecord> designs;  ///< inserted, or updated where the choices are known
    std::optional<Checkpoint> checkpoint;
    std::optional<std::int64_t> reached;  ///< steps of the run after which nothing is uncommitted
    std::vector<SteeringRow> steering;    ///< inserted, or brought up to date where they have an id
    std::vector<Event> events;
    double activeSeconds = 0;  ///< of the run so far, over all resumptions; 0 leaves it as it is
};

/// Named bytes that belong to a design: trained weights.
struct Artifact {
    std::string name;  ///< "weights"
    std::vector<std::uint8_t> bytes;
};

/// The name of the artifact, without bytes, of a design whose weights a rescue found lost. Its
/// accuracy is a measured one nevertheless, so that it stays trained.
inline constexpr const char* kLostWeights = "lost weights";

/// Findings of check(); empty when the file is sound.
using Findings = std::vector<std::string>;

class Project {
public:
    /// A new file; refuses an existing one.
    static base::Result<std::unique_ptr<Project>> create(const std::string& path);
    /// An existing file, treated as untrusted until its schema and integrity are checked. When
    /// another process holds it for writing, ReadWrite falls back to read-only (see readOnly()).
    /// Runs that a crash left "running" are marked interrupted by the next writer. Until then every
    /// reader takes them as interrupted, since no process holds the file.
    static base::Result<std::unique_ptr<Project>> open(const std::string& path, Access access);
    virtual ~Project() = default;

    virtual const std::string& path() const = 0;
    /// What was done about files that lay beside this one and were not its own, in sentences.
    virtual const std::vector<std::string>& notices() const = 0;
    /// Whether the path no longer leads to the open file: it was moved, deleted or replaced.
    /// Nothing can be read or written then.
    virtual bool isMoved() const = 0;
    /// Whether isMoved() because other bytes were written into the open file: another project's, or
    /// those of an earlier state. What it held is gone then, and neither followed nor copied.
    virtual bool isOverwritten() const = 0;
    /// Of a moved file: the same project under its new name, or where it has none a copy, made as
    /// "NAME-rescued.cohelix" in its old folder, the nearest above that is left or the current one.
    /// Holds every commit that returned, written if this one could be. This object is of no use
    /// then.
    virtual base::Result<std::unique_ptr<Project>> followed() = 0;
    virtual bool readOnly() const = 0;
    virtual std::string readOnlyReason() const = 0;

    /// Stores a specification unless its text is the latest revision already; the revision's id.
    virtual base::Result<std::int64_t> addRevision(const spec::Specification& spec) = 0;
    virtual base::Result<std::vector<RevisionRow>> revisions() = 0;
    /// The latest revision that is not lost, parsed; nothing when there is none.
    virtual base::Result<std::optional<spec::Specification>> latestSpecification() = 0;

    /// `plan`: changes that are to take effect at certain steps.
    virtual base::Result<std::int64_t> addRun(const RunRow& run,
                                              const std::vector<spec::TimedChange>& plan = {}) = 0;
    virtual base::Result<std::vector<RunRow>> runs() = 0;
    virtual base::Result<RunRow> run(std::int64_t id) = 0;
    /// Errors: there is no such run; its specification is lost (see RunRow) or cannot be read.
    virtual base::Result<spec::Specification> specificationOf(std::int64_t run) = 0;
    virtual base::Result<void> setRunState(std::int64_t run, RunState state,
                                           const std::string& message) = 0;

    /// All changes to a run, by step and then in the order in which they were made.
    virtual base::Result<std::vector<SteeringRow>> steering(std::int64_t run) = 0;
    /// What a run looks for after all changes that were applied.
    virtual base::Result<spec::InForce> inForce(std::int64_t run) = 0;

    /// Writes all of it or nothing; returns the rows of the designs with ids and marks in order.
    virtual base::Result<std::vector<DesignRow>> commit(const Commit& commit) = 0;
    /// The greatest Commit::reached of the run; 0 where there was none.
    virtual base::Result<std::int64_t> reached(std::int64_t run) = 0;
    /// Of a run, the newest first.
    virtual base::Result<std::vector<CheckpointRow>> checkpoints(std::int64_t run) = 0;
    /// Errors: there is none of that id; its bytes are not those that were saved.
    virtual base::Result<Checkpoint> checkpoint(std::int64_t id) = 0;
    /// The newest of a run, if there is one; errors as above.
    virtual base::Result<std::optional<Checkpoint>> latestCheckpoint(std::int64_t run) = 0;

    /// All designs, or those of one run, by id; front marks set.
    virtual base::Result<std::vector<DesignRow>> designs(std::optional<std::int64_t> run) = 0;
    virtual base::Result<DesignRow> design(std::int64_t id) = 0;
    /// Errors: there is none of it; it cannot be read.
    virtual base::Result<model::DesignCost> designCost(std::int64_t id) = 0;
    /// Whether a cost was committed with the design, or its figures alone.
    virtual base::Result<bool> hasCost(std::int64_t design) = 0;

    virtual base::Result<void> putArtifact(std::int64_t design, const Artifact& artifact) = 0;
    virtual base::Result<std::optional<Artifact>> artifact(std::int64_t design,
                                                           const std::string& name) = 0;

    virtual base::Result<std::vector<Event>> events(std::optional<std::int64_t> run) = 0;
    virtual base::Result<void> addEvent(const Event& event) = 0;

    /// Keeps a true front; one of the same table, spaces and limits is replaced. Its id. Errors: no
    /// design, a figure that is not finite or out of range.
    virtual base::Result<std::int64_t> putReferenceFront(const ReferenceFront& front) = 0;
    /// In the order in which they were computed, the newest last; none in a file of an older
    /// version that is open for reading.
    virtual base::Result<std::vector<ReferenceFront>> referenceFronts() = 0;
    virtual base::Result<void> removeReferenceFront(std::int64_t id) = 0;

    /// A consistent copy as a closed file of its own, there as a whole or not at all: also where it
    /// replaces another one.
    virtual base::Result<void> copyTo(const std::string& path,
                                      Existing existing = Existing::Refuse) = 0;
    /// integrity_check, foreign keys, checksums, finite figures, parsable specifications and
    /// choices.
    virtual base::Result<Findings> check() = 0;
};

/// The specification of a run, or nothing where it is lost (RunRow::hasSpecification).
base::Result<std::optional<spec::Specification>> keptSpecification(Project& project,
                                                                   std::int64_t run);

/// Sets `front` on the designs that no other design of the same run and grade beats: one that is
/// at least as good in accuracy and in FPS and better in one of them (equal in both: the first
/// stays). In a run that has trained designs only these can be on the front, so grades never mix;
/// a design without an accuracy, or beyond the limits in force, is never on it.
void markFront(std::vector<DesignRow>& designs);

}  // namespace cohelix::store
