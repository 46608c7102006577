// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

class Checkpoints : public testing::Test {
protected:
    void SetUp() override {
        const auto project = created(path);
        Commit commit;
        commit.run = startedRun(*project);
        for (const int step : {10, 20}) {
            base::Random random(1, "state", static_cast<std::uint64_t>(step));
            Checkpoint checkpoint{step, std::vector<std::uint8_t>(9000)};
            for (auto& byte : checkpoint.bytes) byte = static_cast<std::uint8_t>(random.next());
            commit.checkpoint = checkpoint;
            ASSERT_TRUE(project->commit(commit));
            states.push_back(checkpoint.bytes);
        }
    }

    /// What another program makes of the newest state.
    void change(const std::string& sql) {
        execute(path, "UPDATE checkpoint SET " + sql + " WHERE step = 20");
    }

    void expectOnlyTheOlderOne() {
        const auto project = opened(path);
        const auto rows = project->checkpoints(1).value();
        ASSERT_EQ(rows.size(), 2u);
        EXPECT_FALSE(project->checkpoint(rows[0].id));
        EXPECT_FALSE(project->latestCheckpoint(1));
        EXPECT_EQ(project->checkpoint(rows[1].id)->bytes, states[0]);
        const auto findings = project->check().value();
        ASSERT_EQ(findings.size(), 1u);
        EXPECT_NE(findings[0].find("checksum"), std::string::npos) << findings[0];
    }

    Folder folder;
    std::string path = folder.file("a.cohelix");
    std::vector<std::vector<std::uint8_t>> states;
};

TEST_F(Checkpoints, AreWhatWasSavedTheNewestFirst) {
    const auto project = opened(path);
    const auto rows = project->checkpoints(1).value();
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].step, 20);
    EXPECT_EQ(project->checkpoint(rows[0].id)->bytes, states[1]);
    EXPECT_EQ(project->checkpoint(rows[1].id)->step, 10);
    EXPECT_EQ(project->check().value(), Findings{});
    EXPECT_FALSE(project->checkpoint(99));
    EXPECT_FALSE(project->checkpoints(99));
}

TEST_F(Checkpoints, AFlippedBitIsNoticedWhereverItIs) {
    base::Random random(2, "flip");
    const auto whole = contentOf(path);
    const std::string part(states[1].begin() + 40, states[1].begin() + 80);
    const auto state = whole.find(part) - 40;
    ASSERT_NE(whole.find(part), std::string::npos);
    for (int i = 0; i < 40; ++i) {
        auto flipped = whole;
        // Its first pages only: further on the blob is cut into pages by SQLite.
        flipped[state + 30 + random.below(60)] ^= static_cast<char>(1 << random.below(8));
        writeContent(path, flipped);
        expectOnlyTheOlderOne();
    }
}

TEST_F(Checkpoints, OtherBytesAnotherStepOrRunAndALostChecksumAreNoticed) {
    const auto whole = contentOf(path);
    for (const char* sql :
         {"bytes = x'a0'", "bytes = (SELECT bytes FROM checkpoint WHERE step = 10)",
          "bytes = CAST(bytes || x'00' AS BLOB)", "bytes = zeroblob(9000)"}) {
        writeContent(path, whole);
        change(sql);
        expectOnlyTheOlderOne();
    }
    writeContent(path, whole);
    change("step = 21");
    expectOnlyTheOlderOne();
    writeContent(path, whole);
    execute(path, "DELETE FROM checksum WHERE checkpoint = 2");
    expectOnlyTheOlderOne();
}

/// The file as the version before checksums left it.
void makeOlder(const std::string& path) {
    execute(path, "DROP TABLE checksum; DROP TABLE reached; PRAGMA user_version = 3");
}

TEST_F(Checkpoints, OfOlderFilesAreReadAndGetAChecksumWhereTheyMayBeWritten) {
    makeOlder(path);
    const auto before = contentOf(path);
    {
        const auto project = opened(path, Access::ReadOnly);
        EXPECT_EQ(project->latestCheckpoint(1).value()->bytes, states[1]);
        EXPECT_EQ(project->reached(1).value(), 0);
        EXPECT_EQ(project->check().value(), Findings{});
    }
    EXPECT_EQ(contentOf(path), before);
    EXPECT_EQ(opened(path)->latestCheckpoint(1).value()->bytes, states[1]);
    change("bytes = x'a0'");
    expectOnlyTheOlderOne();
}

TEST_F(Checkpoints, WhatIsReachedNeverGoesBack) {
    const auto project = opened(path);
    Commit commit;
    commit.run = 1;
    EXPECT_EQ(project->reached(1).value(), 0);
    for (const int step : {7, 30, 12}) {
        commit.reached = step;
        ASSERT_TRUE(project->commit(commit));
    }
    EXPECT_EQ(project->reached(1).value(), 30);
    EXPECT_FALSE(project->reached(2));
}

}  // namespace
}  // namespace cohelix::store
