// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <limits>

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

/// Everything of a row but its id and front mark.
void expectSameFigures(const DesignRow& found, const DesignRow& expected) {
    EXPECT_EQ(found.choices, expected.choices);
    EXPECT_EQ(found.target, expected.target);
    EXPECT_EQ(found.state, expected.state);
    EXPECT_EQ(found.grade, expected.grade);
    EXPECT_EQ(found.accuracy, expected.accuracy);
    EXPECT_EQ(found.validationAccuracy, expected.validationAccuracy);
    EXPECT_EQ(found.supernetAccuracy, expected.supernetAccuracy);
    EXPECT_EQ(found.fps, expected.fps);
    EXPECT_EQ(found.latencyMs, expected.latencyMs);
    EXPECT_EQ(found.energyMj, expected.energyMj);
    EXPECT_EQ(found.edp, expected.edp);
    EXPECT_EQ(found.dsp, expected.dsp);
    EXPECT_EQ(found.bram18k, expected.bram18k);
    EXPECT_EQ(found.macs, expected.macs);
    EXPECT_EQ(found.parameters, expected.parameters);
}

TEST(Project, ReadsBackExactlyWhatWasCommitted) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    std::int64_t run = 0;
    {
        const auto project = created(path);
        run = startedRun(*project);
        Commit commit;
        commit.run = run;
        for (int i = 0; i < 5; ++i) commit.designs.push_back(design(i));
        commit.checkpoint = Checkpoint{17, {1, 0, 255}};
        commit.events = {{0, 0, {}, "warning", "odd 'text'"}};
        commit.activeSeconds = 12.5;
        const auto rows = project->commit(commit);
        ASSERT_TRUE(rows) << toText(rows.error());
        ASSERT_EQ(rows->size(), 5u);
        for (int i = 0; i < 5; ++i) EXPECT_EQ((*rows)[static_cast<std::size_t>(i)].id, i + 1);
        ASSERT_TRUE(project->setRunState(run, RunState::Stopped, "by hand"));
    }
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a.cohelix"}) << "the file stands alone";

    const auto project = opened(path, Access::ReadOnly);
    const auto rows = project->designs(run).value();
    ASSERT_EQ(rows.size(), 5u);
    for (int i = 0; i < 5; ++i) {
        const auto& row = rows[static_cast<std::size_t>(i)];
        expectSameFigures(row, design(i).row);
        EXPECT_EQ(row.run, run);
        EXPECT_EQ(project->designCost(row.id).value(), cost(i));
        EXPECT_EQ(project->design(row.id)->choices, row.choices);
        EXPECT_EQ(project->design(row.id)->front, row.front);
    }
    const auto row = project->run(run).value();
    EXPECT_EQ(row.seed, 0xfedcba9876543210ULL);
    EXPECT_EQ(row.threads, 2);
    EXPECT_EQ(row.name, "first");
    EXPECT_EQ(row.programVersion, "0.1.0");
    EXPECT_EQ(row.torchVersion, "none");
    EXPECT_EQ(row.activeSeconds, 12.5);
    EXPECT_EQ(row.state, RunState::Stopped);
    EXPECT_EQ(row.message, "by hand");
    EXPECT_EQ(row.designs, 5);
    EXPECT_FALSE(row.started.empty());
    EXPECT_FALSE(row.ended.empty());
    const auto checkpoint = project->latestCheckpoint(run).value();
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->step, 17);
    EXPECT_EQ(checkpoint->bytes, (std::vector<std::uint8_t>{1, 0, 255}));
    const auto events = project->events(run).value();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, "warning");
    EXPECT_EQ(events[0].text, "odd 'text'");
    EXPECT_EQ(events[0].time.size(), std::string("2025-01-31T09:15:00.250Z").size());
    EXPECT_EQ(project->specificationOf(run).value(), specification());
    EXPECT_EQ(project->check().value(), Findings{});
}

TEST(Project, RevisionsAreStoredOnceAndKeepTheirText) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    EXPECT_FALSE(project->latestSpecification().value().has_value());
    auto spec = specification();
    const auto first = project->addRevision(spec).value();
    EXPECT_EQ(project->addRevision(spec).value(), first);
    spec.seed += 1;
    const auto second = project->addRevision(spec).value();
    EXPECT_GT(second, first);
    EXPECT_EQ(project->latestSpecification().value(), spec);
    EXPECT_GT(project->addRevision(specification()).value(), second) << "going back is an edit too";
    const auto rows = project->revisions().value();
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].text, toText(specification()));
    EXPECT_EQ(rows[1].text, toText(spec));
}

TEST(Project, KnownChoicesAreUpdatedInPlace) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    Commit commit;
    commit.run = startedRun(*project);
    commit.designs = {design(0), design(1)};
    ASSERT_TRUE(project->commit(commit));

    auto trained = design(0);
    trained.cost.reset();
    trained.row.state = DesignState::Trained;
    trained.row.grade = model::AccuracyGrade::TrainedFromScratch;
    trained.row.accuracy = 0.91;
    trained.row.validationAccuracy = 0.905;
    trained.row.supernetAccuracy.reset();
    commit.designs = {design(2), trained};
    const auto rows = project->commit(commit).value();
    EXPECT_EQ(rows[0].id, 3);
    EXPECT_EQ(rows[1].id, 1);
    EXPECT_FALSE(rows[0].front) << "the run has a trained design now";
    EXPECT_TRUE(rows[1].front);
    EXPECT_EQ(rows[1].accuracy, 0.91);
    EXPECT_EQ(rows[1].validationAccuracy, 0.905);
    EXPECT_EQ(rows[1].supernetAccuracy, design(0).row.accuracy) << "the estimate is kept";
    EXPECT_EQ(project->designCost(1).value(), cost(0)) << "so is the cost";
    EXPECT_EQ(project->designs({})->size(), 3u);

    auto repriced = trained;
    repriced.cost = cost(40);
    repriced.cost->layers.pop_back();
    commit.designs = {repriced};
    const auto again = project->commit(commit).value();
    EXPECT_EQ(project->designCost(1).value(), *repriced.cost);
    EXPECT_EQ(again[0].fps, repriced.cost->fps) << "totals of the cost win";
}

TEST(Project, TheSameChoicesInTwoRunsAreTwoDesigns) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    for (int i = 0; i < 2; ++i) {
        Commit commit;
        commit.run = startedRun(*project);
        commit.designs = {design(0)};
        ASSERT_TRUE(project->commit(commit));
    }
    const auto rows = project->designs({}).value();
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_NE(rows[0].run, rows[1].run);
    EXPECT_TRUE(rows[0].front);
    EXPECT_TRUE(rows[1].front);
    EXPECT_EQ(project->designs(rows[1].run)->size(), 1u);
    EXPECT_EQ(project->runs()->size(), 2u);
}

TEST(Project, ARefusedFigureUndoesTheWholeCommit) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    Commit commit;
    commit.run = startedRun(*project);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<std::function<void(DesignRecord&)>> defects = {
        [&](auto& record) { record.row.accuracy = nan; },
        [&](auto& record) { record.row.accuracy = 1.5; },
        [&](auto& record) { record.row.validationAccuracy = infinity; },
        [&](auto& record) { record.row.macs = -1; },
        [&](auto& record) { record.cost->fps = infinity; },
        [&](auto& record) { record.cost->periodCycles = nan; },
        [&](auto& record) { record.cost->chunks[1].utilization = nan; },
        [&](auto& record) { record.cost->layers[2].cycles = -infinity; },
        [&](auto& record) { record.cost->layers[2].chunk = 2; },
        [&](auto& record) { record.cost->layers[0].traffic[1].writes[2] = nan; },
    };
    for (std::size_t i = 0; i < defects.size(); ++i) {
        commit.designs = {design(0), design(1)};
        commit.checkpoint = Checkpoint{static_cast<std::int64_t>(i), {1}};
        commit.events = {{0, 0, {}, "info", "found"}};
        defects[i](commit.designs[1]);
        const auto done = project->commit(commit);
        ASSERT_FALSE(done) << "defect " << i;
        EXPECT_NE(done.error().what.find("cannot be kept"), std::string::npos) << done.error().what;
    }
    EXPECT_TRUE(project->designs({})->empty());
    EXPECT_FALSE(project->latestCheckpoint(commit.run)->has_value());
    EXPECT_TRUE(project->events({})->empty());
}

TEST(Project, UnknownThingsAreNamed) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    Commit commit;
    commit.run = 9;
    EXPECT_NE(toText(project->commit(commit).error()).find("no run 9"), std::string::npos);
    EXPECT_NE(toText(project->run(9).error()).find("no run 9"), std::string::npos);
    EXPECT_FALSE(project->specificationOf(9));
    EXPECT_FALSE(project->designs(9));
    EXPECT_FALSE(project->latestCheckpoint(9));
    EXPECT_FALSE(project->setRunState(9, RunState::Finished, {}));
    EXPECT_NE(toText(project->design(9).error()).find("no design 9"), std::string::npos);
    EXPECT_FALSE(project->designCost(9));
    EXPECT_FALSE(project->putArtifact(9, {"weights", {1}}));
    EXPECT_FALSE(project->addEvent({0, 9, {}, "info", "x"}));
    EXPECT_FALSE(project->addRun(RunRow{})) << "a run needs its specification";
    commit.run = startedRun(*project);
    commit.designs = {design(0)};
    commit.designs[0].row.run = commit.run + 1;
    EXPECT_FALSE(project->commit(commit)) << "a design of another run";
}

TEST(Project, KeepsTwoCheckpointsAndOneOfAFinishedRun) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    const std::vector<std::uint8_t> large(1'000'000, 3);
    std::uintmax_t withTwo = 0;
    {
        const auto project = created(path);
        Commit commit;
        commit.run = startedRun(*project);
        for (int step = 0; step < 10; ++step) {
            commit.checkpoint = Checkpoint{step, large};
            commit.checkpoint->bytes[0] = static_cast<std::uint8_t>(step);
            ASSERT_TRUE(project->commit(commit));
        }
        const auto checkpoint = project->latestCheckpoint(commit.run).value();
        EXPECT_EQ(checkpoint->step, 9);
        EXPECT_EQ(checkpoint->bytes, commit.checkpoint->bytes);
        ASSERT_TRUE(project->copyTo(folder.file("two.cohelix")));
        ASSERT_TRUE(project->setRunState(commit.run, RunState::Finished, {}));
        EXPECT_EQ(project->latestCheckpoint(commit.run).value()->step, 9);
        ASSERT_TRUE(project->copyTo(folder.file("one.cohelix")));
        withTwo = std::filesystem::file_size(folder.file("two.cohelix"));
    }
    EXPECT_GT(withTwo, 2u * large.size());
    EXPECT_LT(withTwo, 3u * large.size());
    EXPECT_LT(std::filesystem::file_size(folder.file("one.cohelix")), 2u * large.size());
    EXPECT_LT(std::filesystem::file_size(path), 2u * large.size())
        << "closing gives the space of old checkpoints back";
}

TEST(Project, ActiveTimeIsThatOfTheLastCommitWhichGaveIt) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    Commit commit;
    commit.run = startedRun(*project);
    commit.activeSeconds = 3;
    ASSERT_TRUE(project->commit(commit));
    commit.activeSeconds = 0;
    ASSERT_TRUE(project->commit(commit));
    EXPECT_EQ(project->run(commit.run)->activeSeconds, 3);
    EXPECT_EQ(project->run(commit.run)->state, RunState::Running);
    EXPECT_TRUE(project->run(commit.run)->ended.empty());
}

TEST(Project, ArtifactsAndProjectEvents) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeProject(path, 2);
    const auto project = opened(path);
    std::vector<std::uint8_t> bytes(3'000'000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i);
    ASSERT_TRUE(project->putArtifact(2, {"weights", {1, 2}}));
    ASSERT_TRUE(project->putArtifact(2, {"weights", bytes}));
    ASSERT_TRUE(project->putArtifact(1, {"empty", {}}));
    EXPECT_EQ(project->artifact(2, "weights").value()->bytes, bytes);
    EXPECT_TRUE(project->artifact(1, "empty").value()->bytes.empty());
    EXPECT_FALSE(project->artifact(1, "weights").value().has_value());
    ASSERT_TRUE(project->addEvent({0, 0, {}, "error", "of the project"}));
    EXPECT_FALSE(project->addEvent({0, 0, {}, "whisper", "no such kind"}));
    EXPECT_EQ(project->events(0)->size(), 1u);
    EXPECT_EQ(project->events({})->size(), 2u);
}

TEST(Project, TextsAreReadableWhateverBytesWereWritten) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    ASSERT_TRUE(project->addEvent({0, 0, {}, "info", "caf\xc3\xa9 \xff.json"}));
    EXPECT_EQ(project->events({})->front().text, "caf\xc3\xa9 \xef\xbf\xbd.json");
    Commit commit;
    commit.run = startedRun(*project);
    commit.designs = {design(0)};
    commit.designs[0].cost->model = "\xc3";
    const auto done = project->commit(commit);
    ASSERT_TRUE(done) << toText(done.error());
    EXPECT_EQ(project->designCost(1)->model, "\xef\xbf\xbd");
    // Mappings are JSON: what it cannot hold is refused, not lost.
    commit.designs[0].cost->layers[0].mapping.levels[0].memory = "\xff";
    EXPECT_FALSE(project->commit(commit));
    EXPECT_EQ(project->designCost(1)->layers[0].mapping, cost(0).layers[0].mapping);
}

TEST(Project, CopiesAreWholeAndNeverReplaceAFile) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeProject(path, 9);
    const auto project = opened(path);
    const auto copy = folder.file("it's a copy.cohelix");
    ASSERT_TRUE(project->copyTo(copy));
    const auto before = contentOf(copy);
    EXPECT_NE(toText(project->copyTo(copy).error()).find("already"), std::string::npos);
    EXPECT_FALSE(project->copyTo(path));
    EXPECT_FALSE(project->copyTo(folder.file("missing/b.cohelix")));
    EXPECT_EQ(contentOf(copy), before);
    std::ofstream(copy) << "something else";
    EXPECT_FALSE(project->copyTo(path, Existing::Replace)) << "the file itself";
    ASSERT_TRUE(project->copyTo(copy, Existing::Replace));
    const auto other = opened(copy);
    EXPECT_FALSE(other->readOnly()) << other->readOnlyReason();
    EXPECT_EQ(other->designs({})->size(), 9u);
    EXPECT_EQ(other->designCost(9).value(), cost(8));
    EXPECT_EQ(other->latestCheckpoint(1).value()->bytes.size(), 20000u);
    EXPECT_EQ(other->check().value(), Findings{});
}

TEST(Project, CreateRefusesWhatItCannotMake) {
    const Folder folder;
    writeContent(folder.file("mine.txt"), "precious");
    const auto existing = Project::create(folder.file("mine.txt"));
    ASSERT_FALSE(existing);
    EXPECT_NE(toText(existing.error()).find("already"), std::string::npos);
    EXPECT_EQ(contentOf(folder.file("mine.txt")), "precious");
    EXPECT_FALSE(Project::create(folder.path()));
    EXPECT_FALSE(Project::create(""));
    EXPECT_FALSE(Project::create(std::string("nul\0l", 5)));
    EXPECT_FALSE(Project::create(folder.file(std::string(300, 'n'))));
    const auto missing = Project::create(folder.file("no/such/folder.cohelix"));
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().what.find("folder does not exist"), std::string::npos);
    EXPECT_FALSE(missing.error().advice.empty());
    EXPECT_FALSE(Project::create(folder.file("mine.txt/below.cohelix")));
    EXPECT_EQ(folder.names(), std::vector<std::string>{"mine.txt"}) << "nothing is left behind";
}

TEST(Project, AVanishedFileIsNoticedAndCanStillBeCopied) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    const auto project = created(path);
    Commit commit;
    commit.run = startedRun(*project);
    commit.designs = {design(0)};
    ASSERT_TRUE(project->commit(commit));
    std::filesystem::remove(path);
    commit.designs = {design(1)};
    const auto lost = project->commit(commit);
    ASSERT_FALSE(lost);
    EXPECT_NE(lost.error().what.find("deleted"), std::string::npos);
    ASSERT_TRUE(project->copyTo(folder.file("rescued.cohelix")));
    EXPECT_EQ(opened(folder.file("rescued.cohelix"))->designs({})->size(), 1u);
}

}  // namespace
}  // namespace cohelix::store
