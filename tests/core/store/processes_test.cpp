// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several processes, processes that are killed, users who may not write, disks that are full.

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>

#include "core/base/random.h"

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

/// Commits designs without end, each with the checkpoint of its step, and says so on `pipe` when
/// the commit has returned.
int commitForever(const std::string& path, int pipe) {
    auto project = Project::open(path, Access::ReadWrite);
    if (!project) return 1;
    const auto run = startedRun(**project);
    for (int i = 0; i < 27 * 256; ++i) {
        Commit commit;
        commit.run = run;
        commit.designs = {design(i)};
        commit.checkpoint = Checkpoint{i + 1, std::vector<std::uint8_t>(30'000, 1)};
        commit.events = {{0, 0, {}, "info", "step"}};
        if (!(*project)->commit(commit)) return 2;
        const char done = 1;
        if (::write(pipe, &done, 1) != 1) return 3;
    }
    return 0;
}

/// Starts commitForever, kills it after some commits and some time; how many commits returned.
std::int64_t killedAmidst(const std::string& path, int commits, std::uint64_t microseconds) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) ::_exit(commitForever(path, ends[1]));
    ::close(ends[1]);
    std::int64_t returned = 0;
    char byte = 0;
    while (returned < commits && ::read(ends[0], &byte, 1) == 1) ++returned;
    ::usleep(static_cast<useconds_t>(microseconds));
    ::kill(child, SIGKILL);
    while (::read(ends[0], &byte, 1) == 1) ++returned;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "ended by itself with " << WEXITSTATUS(status);
    return returned;
}

TEST(Processes, AKilledWriterLosesNothingThatWasCommitted) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    ASSERT_TRUE(created(path) != nullptr);
    base::Random random(11, "kill");
    for (int round = 1; round <= 12; ++round) {
        const auto returned =
            killedAmidst(path, static_cast<int>(1 + random.below(25)), random.below(20'000));
        const auto project = opened(path);
        ASSERT_TRUE(project);
        EXPECT_FALSE(project->readOnly()) << project->readOnlyReason();
        const auto runs = project->runs().value();
        ASSERT_EQ(runs.size(), static_cast<std::size_t>(round));
        const auto& run = runs.back();
        EXPECT_EQ(run.state, RunState::Interrupted);
        EXPECT_FALSE(run.ended.empty());
        // The last commit may have been written without time to say so.
        EXPECT_GE(run.designs, returned);
        EXPECT_LE(run.designs, returned + 1);
        EXPECT_EQ(project->latestCheckpoint(run.id).value()->step, run.designs);
        EXPECT_EQ(project->events(run.id)->size(), static_cast<std::size_t>(run.designs));
        EXPECT_EQ(project->check().value(), Findings{});
        const auto rows = project->designs(run.id).value();
        ASSERT_EQ(rows.size(), static_cast<std::size_t>(run.designs));
        EXPECT_EQ(project->designCost(rows.back().id).value(),
                  cost(static_cast<int>(rows.size()) - 1));
    }
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a.cohelix"});
}

TEST(Processes, AReaderSeesAnInterruptedRunAndDoesNotWriteThat) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    ASSERT_TRUE(created(path) != nullptr);
    killedAmidst(path, 3, 0);
    ASSERT_TRUE(opened(path, Access::ReadOnly)) << "the killed commit is played back";
    const auto before = contentOf(path);
    {
        const auto reader = opened(path, Access::ReadOnly);
        const auto run = reader->runs()->front();
        EXPECT_EQ(run.state, RunState::Interrupted);
        EXPECT_FALSE(run.ended.empty());
        EXPECT_FALSE(run.message.empty());
        EXPECT_EQ(reader->run(run.id)->state, RunState::Interrupted);
    }
    EXPECT_EQ(contentOf(path), before);
    const auto run = opened(path)->runs()->front();
    EXPECT_EQ(run.state, RunState::Interrupted) << "and the next writer agrees";
    EXPECT_FALSE(run.ended.empty());
}

TEST(Processes, AReaderSeesARunThatAWriterHoldsAsRunning) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    auto writer = created(path);
    const auto run = startedRun(*writer);
    const auto reader = opened(path, Access::ReadOnly);
    EXPECT_EQ(reader->run(run)->state, RunState::Running);
    writer.reset();
    EXPECT_EQ(reader->run(run)->state, RunState::Interrupted);
}

TEST(Processes, TheSecondProcessReadsOnly) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    const auto project = created(path);
    Commit commit;
    commit.run = startedRun(*project);
    commit.designs = {design(0)};
    ASSERT_TRUE(project->commit(commit));
    const int code = inChild([&] {
        // A fork shares the parent's lock; a process of its own is what matters.
        std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
        ::setenv("COHELIX_SECOND_PROCESS", path.c_str(), 1);
        ::execl(self.c_str(), self.c_str(), "--gtest_filter=SecondProcess.*",
                "--gtest_also_run_disabled_tests", static_cast<char*>(nullptr));
        return 99;
    });
    EXPECT_EQ(code, 0) << "see the output of SecondProcess above";
    commit.designs = {design(1)};
    EXPECT_TRUE(project->commit(commit)) << "the writer goes on";
}

/// The other side of the test above; started by it.
TEST(SecondProcess, DISABLED_SeesTheFileButMayNotWrite) {
    const char* path = std::getenv("COHELIX_SECOND_PROCESS");
    ASSERT_TRUE(path) << "this test is run by Processes.TheSecondProcessReadsOnly";
    const auto project = opened(path);
    ASSERT_TRUE(project);
    EXPECT_TRUE(project->readOnly());
    EXPECT_NE(project->readOnlyReason().find("another process"), std::string::npos);
    EXPECT_EQ(project->designs({})->size(), 1u);
    EXPECT_EQ(project->runs()->front().state, RunState::Running) << "its run is alive";
    const auto refused = project->addRevision(specification());
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("another process"), std::string::npos);
    EXPECT_FALSE(refused.error().advice.empty());
}

TEST(Processes, WithinOneProcessTheSecondReadsOnlyToo) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    auto first = created(path);
    const auto run = startedRun(*first);
    {
        const auto second = opened(path);
        EXPECT_TRUE(second->readOnly());
        EXPECT_NE(second->readOnlyReason().find("already"), std::string::npos);
        EXPECT_EQ(second->runs()->size(), 1u);
    }
    EXPECT_TRUE(first->setRunState(run, RunState::Stopped, {}));
    first.reset();
    EXPECT_FALSE(opened(path)->readOnly()) << "the lock ends with its holder";
}

TEST(Processes, ReadersSeeWhatIsCommittedMeanwhile) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    auto writer = created(path);
    const auto reader = opened(path, Access::ReadOnly);
    Commit commit;
    commit.run = startedRun(*writer);
    for (int i = 0; i < 3; ++i) {
        commit.designs = {design(i)};
        ASSERT_TRUE(writer->commit(commit));
        EXPECT_EQ(reader->designs({})->size(), static_cast<std::size_t>(i) + 1);
    }
    writer.reset();
    EXPECT_EQ(reader->designs({})->size(), 3u);
}

/// Runs `work` as a user who owns nothing; needs root to become one, else this user will do.
int asStranger(const std::function<int()>& work) {
    return inChild([&] {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return 98;
        return work();
    });
}

TEST(Processes, AReadOnlyFolderIsReadOnly) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeProject(path, 2);
    ::chmod(path.c_str(), 0666);
    ::chmod(folder.path().c_str(), 0555);
    EXPECT_EQ(asStranger([&] {
                  const auto project = Project::open(path, Access::ReadWrite);
                  if (!project) return 1;
                  if ((*project)->readOnlyReason().find("folder") == std::string::npos) return 2;
                  if ((*project)->designs({})->size() != 2) return 3;
                  if ((*project)->addRevision(specification())) return 4;
                  const auto fresh = Project::create(folder.file("b.cohelix"));
                  if (fresh || fresh.error().what.find("folder") == std::string::npos) return 5;
                  if ((*project)->copyTo(folder.file("c.cohelix"))) return 6;
                  return 0;
              }),
              0);
    ::chmod(folder.path().c_str(), 0755);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a.cohelix"});
}

TEST(Processes, AReadOnlyFileIsReadOnlyAndAnUnreadableOneRefused) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeProject(path, 2);
    ::chmod(folder.path().c_str(), 0777);
    ::chmod(path.c_str(), 0444);
    EXPECT_EQ(asStranger([&] {
                  const auto project = Project::open(path, Access::ReadWrite);
                  if (!project) return 1;
                  if ((*project)->readOnlyReason().find("read-only") == std::string::npos) return 2;
                  return (*project)->designs({})->size() == 2 ? 0 : 3;
              }),
              0);
    ::chmod(path.c_str(), 0000);
    EXPECT_EQ(
        asStranger([&] {
            const auto project = Project::open(path, Access::ReadOnly);
            return !project && project.error().what.find("may not be read") != std::string::npos &&
                           !project.error().advice.empty()
                       ? 0
                       : 1;
        }),
        0);
}

/// A file-size limit stops writes in the middle, as a full disk does.
void limitFiles(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

TEST(Processes, AFullDiskRefusesACommitAndKeepsTheEarlierOnes) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    const int code = inChild([&] {
        const auto project = Project::create(path);
        if (!project) return 1;
        Commit commit;
        commit.run = startedRun(**project);
        limitFiles(500'000);
        for (int i = 0; i < 100; ++i) {
            commit.designs = {design(i)};
            commit.checkpoint = Checkpoint{i, std::vector<std::uint8_t>(100'000, 1)};
            const auto done = (*project)->commit(commit);
            if (done) continue;
            if (done.error().advice.find("saved before is still there") == std::string::npos ||
                done.error().what.find("file size limit") == std::string::npos) {
                return 2;
            }
            if ((*project)->designs({})->size() != static_cast<std::size_t>(i)) return 3;
            return 100 + i;
        }
        return 0;
    });
    const int kept = code - 100;
    ASSERT_GT(kept, 0) << code;
    const auto project = opened(path);
    EXPECT_EQ(project->designs({})->size(), static_cast<std::size_t>(kept));
    EXPECT_EQ(project->latestCheckpoint(1).value()->step, kept - 1);
    EXPECT_EQ(project->check().value(), Findings{});
}

TEST(Processes, AFullDiskLeavesNoHalfFile) {
    const Folder folder;
    makeProject(folder.file("a.cohelix"), 50);
    EXPECT_EQ(
        inChild([&] {
            const auto project = Project::open(folder.file("a.cohelix"), Access::ReadOnly);
            if (!project) return 1;
            limitFiles(20'000);
            if ((*project)->copyTo(folder.file("b.cohelix"))) return 2;
            const auto fresh = Project::create(folder.file("c.cohelix"));
            return fresh || fresh.error().what.find("file size limit") == std::string::npos ? 3 : 0;
        }),
        0);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a.cohelix"});
}

}  // namespace
}  // namespace cohelix::store
