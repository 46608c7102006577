// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to project files around the command line: signals, limits, files that are moved,
// damaged or put together wrongly.
#include <thread>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "core/base/units.h"
#include "core/learn/learn.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"
#include "tests/support/training.h"

namespace cohelix {
namespace {

class ProjectFiles : public testing::Test {
protected:
    void SetUp() override {
        COHELIX_NEEDS_TRAINING();
        const auto spec = test::smallSpecification(m_folder.path());
        if (!spec) GTEST_SKIP() << "NOT CHECKED: Fashion-MNIST is not installed";
        std::ofstream(file("spec.json")) << toText(*spec);
    }

    std::string file(const std::string& name) const { return (m_folder / name).string(); }
    test::Outcome cli(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    std::vector<std::string> search(const std::string& project) const {
        return {COHELIX_CLI, "search", file("spec.json"), "--project", file(project)};
    }
    static void waitFor(const test::Subprocess& process, const std::string& text) {
        while (process.text("err").find(text) == std::string::npos && !process.ended()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    static void execute(const std::string& path, const std::string& sql) {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
        char* problem = nullptr;
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &problem), SQLITE_OK)
            << (problem ? problem : "");
        sqlite3_free(problem);
        sqlite3_close(database);
    }

    test::TemporaryFolder m_folder;
};

TEST_F(ProjectFiles, AClosedTerminalStopsAsATermination) {
    test::Subprocess process(search("a.cohelix"), m_folder.path());
    waitFor(process, "joint search");
    process.signal(SIGHUP);
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exitCode, 1);
    EXPECT_NE(outcome.err.find("Run 1 is stopped"), std::string::npos) << outcome.err;
    EXPECT_EQ(cli({"resume", file("a.cohelix")}).exitCode, 0);
}

TEST_F(ProjectFiles, AFileSizeLimitStopsTidilyAndIsNamed) {
    std::vector<std::string> limited = {"/bin/sh", "-c", "ulimit -f 230; exec \"$@\"", "sh"};
    const auto arguments = search("a.cohelix");
    limited.insert(limited.end(), arguments.begin(), arguments.end());
    const auto outcome = test::runToEnd(limited, m_folder.path());
    EXPECT_EQ(outcome.exitCode, 1) << outcome.err;
    EXPECT_NE(outcome.err.find("file size limit"), std::string::npos) << outcome.err;
    EXPECT_EQ(cli({"check", file("a.cohelix")}).exitCode, 0);
    EXPECT_EQ(cli({"resume", file("a.cohelix")}).exitCode, 0) << "without the limit it goes on";
}

TEST_F(ProjectFiles, TheLastLinesTellWhereADeletedFileIs) {
    test::Subprocess process(search("a.cohelix"), m_folder.path());
    waitFor(process, "joint search");
    std::filesystem::remove(file("a.cohelix"));
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto rescued = file("a-rescued.cohelix");
    EXPECT_NE(outcome.err.find("goes on in " + rescued), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("The project is now " + rescued), std::string::npos) << outcome.err;
    EXPECT_EQ(cli({"check", rescued}).exitCode, 0);
    EXPECT_FALSE(std::filesystem::exists(file("a.cohelix")));
}

TEST_F(ProjectFiles, ASearchGoesOnWithoutTheFolderOfItsProject) {
    std::filesystem::create_directory(file("deep"));
    test::Subprocess process(search("deep/a.cohelix"), m_folder.path());
    waitFor(process, "joint search");
    std::filesystem::remove_all(file("deep"));
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto rescued = file("a-rescued.cohelix");
    EXPECT_NE(outcome.err.find("The project is now " + rescued), std::string::npos) << outcome.err;
    EXPECT_EQ(cli({"check", rescued}).exitCode, 0);
}

TEST_F(ProjectFiles, ADeletedFilesSearchAndANewOneOfItsNameShareNothing) {
    test::Subprocess first(search("a.cohelix"), m_folder.path());
    waitFor(first, "joint search");
    std::filesystem::remove(file("a.cohelix"));
    std::filesystem::create_directory(file("second"));
    test::Subprocess second(search("a.cohelix"), m_folder / "second");
    EXPECT_EQ(first.wait().exitCode, 0);
    EXPECT_EQ(second.wait().exitCode, 0);
    const auto one = cli({"designs", file("a.cohelix"), "--format", "csv"}).out;
    EXPECT_EQ(cli({"designs", file("a-rescued.cohelix"), "--format", "csv"}).out, one);
    EXPECT_EQ(cli({"check", file("a.cohelix")}).exitCode, 0);
    EXPECT_NE(cli({"runs", file("a.cohelix"), "--format", "json"}).out.find("\"id\": 1"),
              std::string::npos);
}

TEST_F(ProjectFiles, ADesignThatDoesNotFitTogetherIsRefusedByAllWithTheReason) {
    const auto path = file("a.cohelix");
    ASSERT_EQ(test::runToEnd(search("a.cohelix"), m_folder.path()).exitCode, 0);
    const auto reasons = std::vector<std::pair<std::string, std::string>>{
        {"INSERT INTO chunk SELECT 1, max(position) + 1, 1, 1, 1, 1, 0, 1 FROM chunk WHERE design "
         "= "
         "1; UPDATE layer SET chunk = (SELECT max(position) FROM chunk WHERE design = 1) WHERE "
         "design = 1 AND position = 0",
         "chunks, 1 too many"},
        {"INSERT INTO chunk SELECT 1, 77, 1, 1, 1, 1, 0, 1", "chunks, 1 too many"},
        {"INSERT INTO chunk SELECT 1, 77, 1, 1, 1, 1, 0, 1; DELETE FROM chunk WHERE design = 1 AND "
         "position = 0",
         "there is chunk 1 in the place of chunk 0"},
        {"DELETE FROM chunk WHERE design = 1 AND position = 0", "1 too few"},
        {"UPDATE layer SET chunk = 1 - chunk WHERE design = 1 AND position = 0", "on chunk"},
        {"DELETE FROM layer WHERE design = 1 AND position = (SELECT max(position) FROM layer WHERE "
         "design = 1)",
         "its cost has"},
        {"UPDATE layer SET mapping = '[]' WHERE design = 1 AND position = 2", "no mapping"}};
    for (const auto& [sql, reason] : reasons) {
        const auto changed = file("changed.cohelix");
        std::filesystem::copy_file(path, changed,
                                   std::filesystem::copy_options::overwrite_existing);
        execute(changed, sql);
        const auto check = cli({"check", changed});
        EXPECT_EQ(check.exitCode, 1) << sql;
        EXPECT_NE(check.out.find(reason), std::string::npos) << check.out;
        EXPECT_NE(check.out.find("cohelix-cli rescue " + changed), std::string::npos) << check.out;
        for (const char* command : {"show", "explain"}) {
            const auto refused = cli({command, changed, "--design", "1"});
            EXPECT_EQ(refused.exitCode, 1) << command << " " << sql;
            EXPECT_NE(refused.err.find(reason), std::string::npos) << refused.err;
            EXPECT_NE(refused.err.find(changed), std::string::npos) << refused.err;
            EXPECT_NE(refused.err.find("cohelix-cli rescue"), std::string::npos) << refused.err;
        }
        EXPECT_EQ(cli({"replay", changed, "--design", "1"}).exitCode, 1) << sql;
        EXPECT_EQ(cli({"export", changed, "--design", "1", "--out", file("out")}).exitCode, 1);
        EXPECT_EQ(cli({"show", changed, "--design", "2"}).exitCode, 0) << "others are whole";
    }
}

/// To resume is advised where it can go well alone.
TEST_F(ProjectFiles, ARunWithoutASoundStateIsNotSaidToBeResumable) {
    const auto path = file("a.cohelix");
    ASSERT_EQ(test::runToEnd(search("a.cohelix"), m_folder.path()).exitCode, 0);
    execute(path, "UPDATE run SET state = 'stopped'; UPDATE checkpoint SET bytes = x'00'");
    const auto outcome = cli({"resume", path});
    EXPECT_EQ(outcome.exitCode, 1);
    EXPECT_NE(outcome.err.find("none of its saved states can be used"), std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.err.find("It cannot be resumed"), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find("cohelix-cli resume"), std::string::npos) << outcome.err;
}

TEST_F(ProjectFiles, ADamagedFileNamesTheRescueAndIsRescued) {
    const auto path = file("a.cohelix");
    ASSERT_EQ(test::runToEnd(search("a.cohelix"), m_folder.path()).exitCode, 0);
    const auto designs = cli({"designs", path, "--format", "csv"}).out;
    {
        std::fstream damage(path, std::ios::binary | std::ios::in | std::ios::out);
        damage.seekp(40);
        damage.write(std::string(60, '\xff').data(), 60);
    }
    const auto refused = cli({"designs", path});
    EXPECT_EQ(refused.exitCode, 1);
    const auto again = file("again.cohelix");
    const auto rescued = cli({"rescue", path, again});
    EXPECT_EQ(rescued.exitCode, 0) << rescued.err;
    EXPECT_NE(rescued.out.find("design"), std::string::npos) << rescued.out;
    EXPECT_EQ(cli({"designs", again, "--format", "csv"}).out, designs);
    EXPECT_EQ(cli({"check", again}).exitCode, 0) << cli({"check", again}).out;
    EXPECT_EQ(cli({"rescue", path, again}).exitCode, 1) << "nothing is written over";
    {
        std::fstream damage(again, std::ios::binary | std::ios::in | std::ios::out);
        damage.seekp(4096 * 3);
        damage.write(std::string(4096, '\x01').data(), 4096);
    }
    EXPECT_NE(cli({"designs", again}).err.find("cohelix-cli rescue"), std::string::npos);
}

TEST_F(ProjectFiles, WhatLiesBesideAFileIsSetAsideAndTold) {
    std::ofstream(file("a.cohelix-wal")) << "another's";
    const auto outcome = test::runToEnd(search("a.cohelix"), m_folder.path());
    EXPECT_EQ(outcome.exitCode, 0);
    EXPECT_NE(outcome.err.find("was set aside as " + file("a.cohelix-wal.aside")),
              std::string::npos)
        << outcome.err;
    std::ofstream(file("a.cohelix-journal")) << "another's";
    const auto listed = cli({"runs", file("a.cohelix")});
    EXPECT_EQ(listed.exitCode, 0);
    EXPECT_NE(listed.err.find("warning: "), std::string::npos) << listed.err;
    EXPECT_TRUE(std::filesystem::exists(file("a.cohelix-journal.aside")));
}

}  // namespace
}  // namespace cohelix
