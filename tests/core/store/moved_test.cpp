// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that is moved, deleted or replaced while it is open.

#include <chrono>
#include <thread>

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

class Moved : public testing::Test {
protected:
    void SetUp() override {
        project = created(path);
        commitOne(0, startedRun(*project));
    }

    bool commitOne(int number, std::int64_t run = 1) {
        Commit commit;
        commit.run = run;
        commit.designs = {design(number)};
        return project->commit(commit).ok();
    }

    /// Nothing is read or written here any more, and the project it leads to has all of it and goes
    /// on.
    void expectItGoesOnAt(const std::string& name) {
        ASSERT_TRUE(project->isMoved());
        EXPECT_FALSE(commitOne(1));
        EXPECT_FALSE(project->designs({})) << "it could be another's journal that SQLite looks at";
        auto elsewhere = project->followed();
        ASSERT_TRUE(elsewhere) << toText(elsewhere.error());
        project = std::move(*elsewhere);
        EXPECT_EQ(project->path(), folder.file(name));
        EXPECT_FALSE(project->readOnly()) << project->readOnlyReason();
        EXPECT_TRUE(commitOne(1));
        EXPECT_EQ(project->designs({})->size(), 2u);
        EXPECT_EQ(project->check().value(), Findings{});
        EXPECT_TRUE(opened(folder.file(name))->readOnly()) << "this one writes it";
        project.reset();
        EXPECT_EQ(opened(folder.file(name))->designs({})->size(), 2u);
    }

    Folder folder;
    std::string path = folder.file("a.cohelix");
    std::unique_ptr<Project> project;
};

TEST_F(Moved, AnUntouchedFileIsNot) { EXPECT_FALSE(project->isMoved()); }

TEST_F(Moved, ARenamedFileIsFollowed) {
    std::filesystem::rename(path, folder.file("b.cohelix"));
    expectItGoesOnAt("b.cohelix");
    EXPECT_EQ(folder.names(), std::vector<std::string>{"b.cohelix"});
}

TEST_F(Moved, ADeletedFileIsCopiedBesideItsName) {
    std::filesystem::remove(path);
    expectItGoesOnAt("a-rescued.cohelix");
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a-rescued.cohelix"});
}

TEST_F(Moved, AReplacedFileIsCopiedAndTheOtherLeftAlone) {
    std::filesystem::remove(path);
    makeProject(path, 5);
    writeContent(folder.file("a-rescued.cohelix"), "another's");
    const auto other = contentOf(path);
    expectItGoesOnAt("a-rescued-2.cohelix");
    EXPECT_EQ(contentOf(path), other);
    EXPECT_EQ(contentOf(folder.file("a-rescued.cohelix")), "another's");
}

TEST_F(Moved, AnOverwrittenFileIsNoLongerTouched) {
    makeProject(folder.file("other.cohelix"), 5);
    std::filesystem::copy_file(path, folder.file("earlier.cohelix"));
    ASSERT_TRUE(commitOne(1));
    for (const std::string& content : {contentOf(folder.file("other.cohelix")),
                                       contentOf(folder.file("earlier.cohelix")), std::string()}) {
        writeContent(path, content);  // into the same file
        EXPECT_TRUE(project->isMoved());
        EXPECT_FALSE(commitOne(2));
        EXPECT_FALSE(project->designs({}));
        const std::string said = content.empty() ? "emptied" : "written over";
        const auto elsewhere = project->followed();
        ASSERT_FALSE(elsewhere);
        EXPECT_NE(elsewhere.error().what.find(said), std::string::npos);
        EXPECT_TRUE(project->isOverwritten());
        for (const std::string& to : {folder.file("copy.cohelix"), path}) {
            const auto copied = project->copyTo(to, Existing::Replace);
            ASSERT_FALSE(copied);
            EXPECT_NE(copied.error().what.find(said), std::string::npos);
        }
        EXPECT_FALSE(std::filesystem::exists(folder.file("copy.cohelix")));
        EXPECT_EQ(contentOf(path), content);
    }
    writeContent(path, contentOf(folder.file("other.cohelix")));
    project.reset();
    EXPECT_EQ(contentOf(path), contentOf(folder.file("other.cohelix")));
}

TEST_F(Moved, AFileThatIsOverwrittenWhileACommitWaitsIsNoLongerTouched) {
    makeProject(folder.file("other.cohelix"), 5);
    const auto other = contentOf(folder.file("other.cohelix"));
    SQLite::Database second(path, SQLite::OPEN_READWRITE);
    std::thread committing;
    std::string refusal;
    {
        SQLite::Transaction inTheWay(second, SQLite::TransactionBehavior::IMMEDIATE);
        committing = std::thread([&] {
            Event note;
            note.kind = "info";
            const auto added = project->addEvent(note);
            if (!added) refusal = added.error().what;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        writeContent(path, other);
    }
    committing.join();
    EXPECT_NE(refusal.find("written over"), std::string::npos) << refusal;
    EXPECT_TRUE(contentOf(path) == other);
}

TEST_F(Moved, WhatAnotherProgramAddsIsNotTakenForAnotherFile) {
    {
        SQLite::Database database(path, SQLite::OPEN_READWRITE);
        database.exec("CREATE TABLE note(text TEXT); INSERT INTO note VALUES('kept')");
    }
    EXPECT_FALSE(project->isMoved());
    EXPECT_TRUE(commitOne(1));
}

TEST_F(Moved, TwoOfOneNameShareNothing) {
    std::filesystem::remove(path);
    auto second = created(path);
    Commit commit;
    commit.run = startedRun(*second);
    for (int i = 0; i < 5; ++i) {
        commit.designs = {design(i)};
        ASSERT_TRUE(second->commit(commit));
        EXPECT_FALSE(commitOne(10 + i));
    }
    expectItGoesOnAt("a-rescued.cohelix");
    EXPECT_EQ(second->designs({})->size(), 5u);
    EXPECT_EQ(second->check().value(), Findings{});
}

TEST_F(Moved, AFolderOfAnotherNameIsFollowed) {
    std::filesystem::rename(folder.path(), folder.path() + "-elsewhere");
    EXPECT_TRUE(project->isMoved());
    {
        const auto elsewhere = project->followed();
        ASSERT_TRUE(elsewhere) << toText(elsewhere.error());
        EXPECT_EQ((*elsewhere)->path(), folder.path() + "-elsewhere/a.cohelix");
    }
    std::filesystem::remove_all(folder.path() + "-elsewhere");
}

TEST_F(Moved, WithoutItsFolderItIsCopiedIntoTheNearestAbove) {
    const auto deep = folder.file("deep");
    std::filesystem::create_directories(deep + "/deeper");
    path = deep + "/deeper/a.cohelix";
    project = created(path);
    ASSERT_TRUE(commitOne(0, startedRun(*project)));
    std::filesystem::remove_all(deep);
    expectItGoesOnAt("a-rescued.cohelix");
}

}  // namespace
}  // namespace cohelix::store
