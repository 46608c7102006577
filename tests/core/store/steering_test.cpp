// SPDX-License-Identifier: GPL-3.0-or-later
// The changes to a run in the project file, and files from before there were any.
#include <sqlite3.h>

#include "core/base/units.h"

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

void execute(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(database);
}

SteeringRow applied(std::int64_t step, const spec::Change& change) {
    SteeringRow row;
    row.step = step;
    row.change = change;
    row.state = SteeringState::Applied;
    return row;
}

class SteeringInFile : public testing::Test {
protected:
    Folder folder;
    std::string path = folder.file("a.cohelix");
};

TEST_F(SteeringInFile, IsReadBackByStepWithPlansAndRefusals) {
    {
        const auto project = created(path);
        RunRow run;
        run.revision = project->addRevision(specification()).value();
        ASSERT_TRUE(project
                        ->addRun(run, {{30, spec::WeighTarget{0, 2}},
                                       {10, spec::MoveLimit{spec::LimitKind::Dsp, 0.1 + 0.2}}})
                        .ok());
        auto planned = project->steering(1).value();
        ASSERT_EQ(planned.size(), 2U);
        EXPECT_EQ(planned[0].step, 10);
        EXPECT_EQ(planned[0].state, SteeringState::Planned);
        EXPECT_TRUE(planned[0].time.empty());

        Commit commit;
        commit.run = 1;
        planned[0].state = SteeringState::Applied;
        planned[1].state = SteeringState::Refused;
        planned[1].message = "too heavy";
        commit.steering = {planned[0], planned[1],
                           applied(20, spec::PinChoice{"block0", std::nullopt})};
        commit.checkpoint = Checkpoint{30, {1}};
        ASSERT_TRUE(project->commit(commit).ok());
    }
    const auto project = opened(path, Access::ReadOnly);
    const auto rows = project->steering(1).value();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].change, spec::Change(spec::MoveLimit{spec::LimitKind::Dsp, 0.1 + 0.2}));
    EXPECT_EQ(rows[0].state, SteeringState::Applied);
    EXPECT_FALSE(rows[0].time.empty());
    EXPECT_EQ(rows[1].step, 20);
    EXPECT_EQ(rows[2].state, SteeringState::Refused);
    EXPECT_EQ(rows[2].message, "too heavy");
    EXPECT_EQ(project->inForce(1)->specification.limits.dsp, 0.1 + 0.2);
    EXPECT_EQ(project->inForce(1)->weights[0], 1) << "a refused change is not in force";
    EXPECT_TRUE(project->check().value().empty());
    EXPECT_FALSE(project->steering(2).ok()) << "there is no such run";
}

TEST_F(SteeringInFile, DesignsBeyondATightenedLimitStayButAreNotWithin) {
    const auto project = created(path);
    Commit commit;
    commit.run = startedRun(*project);
    for (int i = 0; i < 8; ++i) commit.designs.push_back(design(i));
    ASSERT_TRUE(project->commit(commit).ok());
    auto before = project->designs(commit.run).value();
    double middle = 0;
    for (const auto& row : before) {
        EXPECT_TRUE(row.within);
        middle += row.fps / static_cast<double>(before.size());
    }
    Commit steering;
    steering.run = commit.run;
    steering.steering = {applied(1, spec::MoveLimit{spec::LimitKind::LeastFps, middle})};
    ASSERT_TRUE(project->commit(steering).ok());
    int beyond = 0;
    const auto tightened = project->designs(commit.run).value();
    for (const auto& row : tightened) {
        EXPECT_EQ(row.within, row.fps >= middle) << row.id;
        EXPECT_TRUE(row.within || !row.front);
        EXPECT_EQ(project->design(row.id)->within, row.within);
        EXPECT_EQ(project->design(row.id)->front, row.front);
        beyond += !row.within;
    }
    EXPECT_GT(beyond, 0);
    EXPECT_LT(beyond, 8);
    // A commit tells the same of what it writes.
    const auto committed = project->commit(commit).value();
    for (const auto& row : committed) {
        EXPECT_EQ(row.within, row.fps >= middle);
    }
    // Taken back, they are what they were.
    steering.steering = {applied(2, spec::MoveLimit{spec::LimitKind::LeastFps, std::nullopt})};
    ASSERT_TRUE(project->commit(steering).ok());
    const auto after = project->designs(commit.run).value();
    for (std::size_t i = 0; i < after.size(); ++i) {
        EXPECT_TRUE(after[i].within);
        EXPECT_EQ(after[i].front, before[i].front);
    }
}

TEST_F(SteeringInFile, NothingOfACommitIsKeptWhenAPartOfItFails) {
    const auto project = created(path);
    Commit commit;
    commit.run = startedRun(*project);
    commit.steering = {applied(-1, spec::WeighTarget{0, 2})};
    commit.checkpoint = Checkpoint{3, {1}};
    EXPECT_FALSE(project->commit(commit).ok());
    EXPECT_TRUE(project->steering(commit.run).value().empty());
    EXPECT_FALSE(project->latestCheckpoint(commit.run).value());
}

TEST_F(SteeringInFile, AChangeThatCannotBeReadIsAFinding) {
    makeProject(path, 2);
    for (const char* change :
         {"nonsense", "{\"change\":\"fly\"}", "{\"change\":\"stop\",\"target\":60}"}) {
        execute(path, std::string("DELETE FROM steering; INSERT INTO steering(run, step, change, "
                                  "state, time, message) VALUES(1, 3, '") +
                          change + "', 'applied', 'now', '')");
        const auto project = opened(path);
        EXPECT_FALSE(project->designs(1).ok()) << change;
        const auto findings = project->check().value();
        ASSERT_FALSE(findings.empty()) << change;
        EXPECT_NE(findings.front().find("steering of run 1"), std::string::npos)
            << findings.front();
    }
}

TEST_F(SteeringInFile, AFileFromBeforeIsReadAsItIsAndBroughtUpToDateWhenWritten) {
    makeProject(path, 3);
    execute(path,
            "DROP TABLE checksum; DROP TABLE reached; DROP TABLE steering; "
            "DROP TABLE reference_design; DROP TABLE reference_front; "
            "PRAGMA user_version = 1");
    {
        const auto project = opened(path, Access::ReadOnly);
        EXPECT_TRUE(project->steering(1).value().empty());
        EXPECT_EQ(project->designs(1).value().size(), 3U);
        EXPECT_TRUE(project->check().value().empty());
    }
    {
        const auto project = opened(path);
        Commit commit;
        commit.run = 1;
        commit.steering = {applied(4, spec::WeighTarget{0, 3})};
        ASSERT_TRUE(project->commit(commit).ok());
    }
    EXPECT_EQ(opened(path, Access::ReadOnly)->inForce(1)->weights[0], 3);
}

}  // namespace
}  // namespace cohelix::store
