// SPDX-License-Identifier: GPL-3.0-or-later
//
// What lies beside a file: journals of transactions that were cut off, its own and others'.

#include "core/store/leftovers.h"

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

class Leftovers : public testing::Test {
protected:
    std::unique_ptr<Project> openedHere() { return opened(path); }

    Folder folder;
    std::string path = folder.file("a.cohelix");
};

/// A transaction that has reached the file when its process ends: what it changed stands in the
/// file, what was there before in the journal.
void cutOffTransaction(const std::string& path) {
    EXPECT_EQ(inChild([&] {
                  sqlite3* database = nullptr;
                  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) return 1;
                  const char* work =
                      "PRAGMA cache_size = 4; BEGIN IMMEDIATE; PRAGMA user_version = 4; "
                      "UPDATE design SET fps = 0; UPDATE layer SET cycles = 0;";
                  return sqlite3_exec(database, work, nullptr, nullptr, nullptr) == SQLITE_OK ? 0
                                                                                              : 2;
              }),
              0);
    ASSERT_GT(std::filesystem::file_size(path + "-journal"), 512u);
}

TEST_F(Leftovers, AFilesOwnJournalIsPlayedBack) {
    makeProject(path, 40);
    const auto before = contentOf(path);
    cutOffTransaction(path);
    ASSERT_NE(contentOf(path), before) << "the transaction had reached the file";
    for (const auto access : {Access::ReadOnly, Access::ReadWrite}) {
        const auto project = opened(path, access);
        EXPECT_TRUE(project->notices().empty());
        EXPECT_EQ(project->designs({})->size(), 40u);
        EXPECT_EQ(project->check().value(), Findings{});
        EXPECT_EQ(project->designCost(40).value(), cost(39));
    }
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a.cohelix"});
}

TEST_F(Leftovers, AnotherFilesJournalIsSetAsideNotPlayedBack) {
    makeProject(path, 40);
    cutOffTransaction(path);
    const auto journal = contentOf(path + "-journal");
    std::filesystem::remove(path);
    makeProject(folder.file("other.cohelix"), 7);
    std::filesystem::rename(folder.file("other.cohelix"), path);
    for (const auto access : {Access::ReadOnly, Access::ReadWrite}) {
        const auto project = opened(path, access);
        EXPECT_EQ(project->designs({})->size(), 7u);
        EXPECT_EQ(project->check().value(), Findings{});
        EXPECT_EQ(project->notices().size(), access == Access::ReadOnly ? 1u : 0u);
    }
    EXPECT_EQ(contentOf(path + "-journal.aside"), journal) << "kept as it was";
}

TEST_F(Leftovers, AJournalOfALaterStateIsNotPlayedBackIntoABackup) {
    makeProject(path, 7);
    const auto backup = contentOf(path);
    {
        const auto project = opened(path);
        for (int i = 7; i < 40; ++i) {
            Commit commit;
            commit.run = 1;
            commit.designs = {design(i)};
            ASSERT_TRUE(project->commit(commit));
        }
    }
    cutOffTransaction(path);
    writeContent(path, backup);
    const auto project = openedHere();
    EXPECT_EQ(project->designs({})->size(), 7u);
    EXPECT_EQ(project->check().value(), Findings{});
    ASSERT_EQ(project->notices().size(), 1u);
    EXPECT_NE(project->notices().front().find("-journal"), std::string::npos);
}

/// As cutOffTransaction(), by a program that does not put the first page into the journal.
void cutOffAnotherProgram(const std::string& path) {
    EXPECT_EQ(inChild([&] {
                  sqlite3* database = nullptr;
                  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) return 1;
                  const char* work =
                      "PRAGMA cache_size = 1; BEGIN; UPDATE design SET fps = 0; "
                      "UPDATE layer SET cycles = 0;";
                  return sqlite3_exec(database, work, nullptr, nullptr, nullptr) == SQLITE_OK ? 0
                                                                                              : 2;
              }),
              0);
    ASSERT_GT(std::filesystem::file_size(path + "-journal"), 512u);
}

TEST_F(Leftovers, AFileIsNotOpenedInTheMiddleOfAnotherProgramsChange) {
    makeProject(path, 40);
    const auto before = contentOf(path);
    cutOffAnotherProgram(path);
    const auto half = contentOf(path);
    const auto journal = contentOf(path + "-journal");
    ASSERT_NE(half, before) << "the transaction had reached the file";
    for (const auto access : {Access::ReadOnly, Access::ReadWrite}) {
        const auto project = Project::open(path, access);
        ASSERT_FALSE(project);
        EXPECT_NE(project.error().what.find(path + "-journal"), std::string::npos);
        EXPECT_TRUE(contentOf(path) == half);
        EXPECT_TRUE(contentOf(path + "-journal") == journal);
    }
    execute(path, "SELECT count(*) FROM design");
    EXPECT_TRUE(contentOf(path) == before) << "SQLite takes the change back";
    EXPECT_EQ(openedHere()->check().value(), Findings{});
}

TEST_F(Leftovers, AnotherProgramsJournalOfAnotherFileIsSetAside) {
    makeProject(path, 40);
    cutOffAnotherProgram(path);
    std::filesystem::remove(path);
    makeProject(folder.file("other.cohelix"), 7);
    std::filesystem::rename(folder.file("other.cohelix"), path);
    const auto project = openedHere();
    EXPECT_EQ(project->designs({})->size(), 7u);
    EXPECT_EQ(project->notices().size(), 1u);
    EXPECT_TRUE(std::filesystem::exists(path + "-journal.aside"));
}

TEST_F(Leftovers, ANewFileTakesNothingFromAnEarlierOneOfItsName) {
    for (const char* suffix : {"-wal", "-shm", "-journal"}) writeContent(path + suffix, "kept");
    auto project = created(path);
    EXPECT_TRUE(project->runs()->empty());
    EXPECT_EQ(project->notices().size(), 3u);
    project.reset();
    EXPECT_EQ(contentOf(path + "-wal.aside"), "kept");
    std::filesystem::remove(path);
    writeContent(path + "-wal", "kept too");
    (void)created(path);
    EXPECT_EQ(contentOf(path + "-wal.aside"), "kept") << "an earlier one stays";
    EXPECT_EQ(contentOf(path + "-wal.aside-2"), "kept too");
}

TEST_F(Leftovers, ACopyUnderATakenJournalsNameSetsItAside) {
    makeProject(path, 3);
    writeContent(folder.file("b.cohelix-journal"), "another's");
    const auto project = openedHere();
    ASSERT_TRUE(project->copyTo(folder.file("b.cohelix")));
    EXPECT_EQ(opened(folder.file("b.cohelix"))->designs({})->size(), 3u);
    EXPECT_EQ(contentOf(folder.file("b.cohelix-journal.aside")), "another's");
}

/// A file of an older version whose program was killed: the last commits are in its log alone.
void keepInLog(const std::string& path, int designs) {
    EXPECT_EQ(
        inChild([&] {
            sqlite3* database = nullptr;
            if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) return 1;
            const std::string work =
                "PRAGMA journal_mode = WAL; BEGIN; UPDATE design SET parameters = " +
                std::to_string(designs) + "; UPDATE run SET state = 'running', started = '" +
                std::to_string(designs) + "'; COMMIT";
            return sqlite3_exec(database, work.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK ? 0
                                                                                                : 2;
        }),
        0);
    ASSERT_GT(std::filesystem::file_size(path + "-wal"), 0u);
}

TEST_F(Leftovers, AnOlderFilesOwnLogIsTakenIn) {
    makeProject(path, 5);
    execute(path, "UPDATE run SET started = '5'");
    keepInLog(path, 5);
    const auto project = openedHere();
    EXPECT_TRUE(project->notices().empty());
    EXPECT_EQ(project->designs({})->front().parameters, 5);
    EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
}

TEST_F(Leftovers, ALogOfAnotherFileIsSetAside) {
    makeProject(path, 5);
    keepInLog(path, 5);
    std::filesystem::remove(path);
    std::filesystem::remove(path + "-shm");
    makeProject(folder.file("closed.cohelix"), 9);
    std::filesystem::copy_file(folder.file("closed.cohelix"), path);
    {
        const auto project = openedHere();
        EXPECT_EQ(project->designs({})->size(), 9u);
        EXPECT_EQ(project->notices().size(), 1u);
        EXPECT_TRUE(std::filesystem::exists(path + "-wal.aside"));
    }
    // Of a file that was open too: its runs are not those of the log.
    std::filesystem::rename(path + "-wal.aside", path + "-wal");
    execute(folder.file("closed.cohelix"), "PRAGMA journal_mode = WAL");
    makeProject(folder.file("open.cohelix"), 4);
    keepInLog(folder.file("open.cohelix"), 4);
    std::filesystem::copy_file(folder.file("open.cohelix"), path,
                               std::filesystem::copy_options::overwrite_existing);
    const auto project = openedHere();
    EXPECT_EQ(project->designs({})->size(), 4u);
    EXPECT_EQ(project->notices().size(), 2u) << "the log and its index";
}

TEST_F(Leftovers, AMissingLogOfAnOlderFileIsTold) {
    makeProject(path, 5);
    keepInLog(path, 5);
    std::filesystem::remove(path + "-wal");
    std::filesystem::remove(path + "-shm");
    const auto project = openedHere();
    ASSERT_EQ(project->notices().size(), 1u);
    EXPECT_NE(project->notices().front().find("missing"), std::string::npos);
}

TEST_F(Leftovers, TheFileAloneHoldsEveryCommitThatReturned) {
    const auto project = created(path);
    Commit commit;
    commit.run = startedRun(*project);
    for (int i = 0; i < 30; ++i) {
        commit.designs = {design(i)};
        ASSERT_TRUE(project->commit(commit));
        const auto copy = folder.file("copy.cohelix");
        std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
        const auto other = opened(copy);
        EXPECT_EQ(other->designs({})->size(), static_cast<std::size_t>(i) + 1);
        EXPECT_EQ(other->check().value(), Findings{});
    }
}

}  // namespace
}  // namespace cohelix::store
