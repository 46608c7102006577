// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files from outside: whatever they are, opening one ends with a project that can be read or with
// an Error that says what to do, and the file stays as it was.

#include <algorithm>

#include "core/base/random.h"

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

/// Refused for reading and for writing, with advice and the text; and unchanged.
void expectRefused(const std::string& path, const std::string& text) {
    const auto before = contentOf(path);
    for (const auto access : {Access::ReadOnly, Access::ReadWrite}) {
        const auto project = Project::open(path, access);
        ASSERT_FALSE(project);
        EXPECT_NE(project.error().what.find(text), std::string::npos) << project.error().what;
        EXPECT_FALSE(project.error().advice.empty());
        EXPECT_FALSE(project.error().where.empty());
    }
    EXPECT_EQ(contentOf(path), before);
}

class Untrusted : public testing::Test {
protected:
    Folder folder;
    std::string path = folder.file("a.cohelix");
};

TEST_F(Untrusted, NotThereOrNotAFile) {
    expectRefused(path, "no such file");
    expectRefused(folder.path(), "folder");
    expectRefused("/dev/null", "not a regular file");
    writeContent(path, "");
    expectRefused(path, "empty");
    expectRefused(path + "/below", "not a folder");
}

TEST_F(Untrusted, NotADatabase) {
    writeContent(path, "{\"name\": \"a specification\"}");
    expectRefused(path, "not a Cohelix project");
    std::string noise(100'000, '\0');
    base::Random random(1, "noise");
    for (char& byte : noise) byte = static_cast<char>(random.next());
    writeContent(path, noise);
    expectRefused(path, "not a Cohelix project");
    writeContent(path, std::string("SQLite format 3\0", 16));
    expectRefused(path, "damaged");
}

TEST_F(Untrusted, ADamagedHeaderIsToldHowToBeRescued) {
    const auto adviceFor = [this](const std::string& name, const std::string& content) {
        writeContent(folder.file(name), content);
        const auto project = Project::open(folder.file(name), Access::ReadOnly);
        EXPECT_FALSE(project);
        return project ? std::string() : project.error().advice;
    };
    created(path).reset();
    auto content = contentOf(path);
    content.replace(0, 16, 16, '\x55');
    EXPECT_NE(adviceFor("b.cohelix", content).find("rescue"), std::string::npos);
    EXPECT_EQ(adviceFor("b.txt", content).find("rescue"), std::string::npos);
    content = contentOf(path);
    content.replace(68, 4, 4, '\x55');  // the number that tells its program
    EXPECT_NE(adviceFor("c.cohelix", content).find("rescue"), std::string::npos);
}

TEST_F(Untrusted, AnotherProgramsDatabase) {
    execute(path, "CREATE TABLE bookmark(url TEXT); PRAGMA application_id = 7");
    expectRefused(path, "another program");
}

TEST_F(Untrusted, ANewerVersion) {
    makeProject(path, 1);
    execute(path, "PRAGMA user_version = 1000000");
    expectRefused(path, "format version 1000000");
    execute(path, "PRAGMA user_version = 0");
    expectRefused(path, "damaged");
    execute(path, "PRAGMA user_version = -5");
    expectRefused(path, "damaged");
}

TEST_F(Untrusted, AChangedSchema) {
    const std::vector<std::pair<std::string, std::string>> changes = {
        {"CREATE TRIGGER spy AFTER INSERT ON design BEGIN DELETE FROM run; END", "trigger spy"},
        {"CREATE VIEW all_designs AS SELECT * FROM design", "view all_designs"},
        {"CREATE TABLE extra(x)", "table extra"},
        {"CREATE INDEX slow ON design(fps)", "index slow"},
        {"DROP TABLE event", "missing"},
        {"ALTER TABLE run ADD COLUMN owner TEXT", "table run"},
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto file = folder.file(std::to_string(i));
        makeProject(file, 1);
        execute(file, changes[i].first);
        expectRefused(file, changes[i].second);
    }
}

TEST_F(Untrusted, ValuesThatTheTablesForbidAreErrorsWhenRead) {
    const std::vector<std::string> changes = {
        "design SET fps = 9e999",      "design SET fps = -1",
        "layer SET cycles = 9e999",    "design SET accuracy = 1e300",
        "design SET state = 'asleep'", "design SET grade = 'best'",
        "run SET state = 'asleep'",    "run SET active_seconds = 9e999",
        "checkpoint SET step = -3",    "chunk SET utilization = -0.5",
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto file = folder.file(std::to_string(i));
        makeProject(file, 2);
        execute(file, "PRAGMA ignore_check_constraints = ON; UPDATE " + changes[i]);
        for (const auto access : {Access::ReadOnly, Access::ReadWrite}) {
            const auto project = opened(file, access);
            EXPECT_FALSE(project->designs({}) && project->designCost(2) && project->runs() &&
                         project->latestCheckpoint(1))
                << changes[i];
        }
    }
}

TEST_F(Untrusted, TextsThatTheTablesCannotJudgeAreErrorsWhenRead) {
    makeProject(path, 2);
    const auto damaged = [&](const std::string& sql) {
        const auto file = folder.file("damaged");
        std::filesystem::remove(file);
        std::filesystem::copy_file(path, file);
        execute(file, sql);
        return opened(file);
    };
    EXPECT_FALSE(damaged("UPDATE design SET choices = '1.-2|x' WHERE id = 1")->designs({}));
    EXPECT_FALSE(damaged("UPDATE design SET choices = '99999999999|0' WHERE id = 1")->design(1));
    EXPECT_FALSE(damaged("UPDATE revision SET text = '{\"seed\": 1e999}'")->specificationOf(1));
    EXPECT_FALSE(damaged("UPDATE revision SET text = ''")->latestSpecification());
    const std::vector<std::string> texts = {"",
                                            "7",
                                            "{}",
                                            "[7]",
                                            "[[\"DRAM\"]]",
                                            "[[\"DRAM\",99,[]]]",
                                            "[[\"DRAM\",1,[[9,1,0]]]]",
                                            "[[\"DRAM\",1,[[0,1e99,0]]]]",
                                            "[[\"DRAM\",1,[[0,18446744073709551615,0]]]]",
                                            "[[\"DRAM\",1,{\"a\":1}]]",
                                            "[[\"DRAM\",[1,2],[1,2,3],[1,2,3],0,0]]",
                                            std::string(500'000, '[')};
    for (const auto& text : texts) {
        EXPECT_FALSE(damaged("UPDATE layer SET mapping = '" + text + "'")->designCost(1)) << text;
        EXPECT_FALSE(damaged("UPDATE layer SET traffic = '" + text + "'")->designCost(1)) << text;
    }
    EXPECT_FALSE(damaged("DELETE FROM layer WHERE design = 1 AND position = 1")->designCost(1));
    EXPECT_FALSE(damaged("DELETE FROM chunk WHERE design = 1")->designCost(1));
}

/// Opens a damaged file and reads all of it; neither may crash, and the file stays as it is.
void readEverything(const std::string& path) {
    const auto before = contentOf(path);
    auto project = Project::open(path, Access::ReadOnly);
    if (!project) {
        EXPECT_FALSE(project.error().advice.empty()) << toText(project.error());
    } else {
        (void)(*project)->revisions();
        (void)(*project)->latestSpecification();
        (void)(*project)->runs();
        (void)(*project)->events({});
        (void)(*project)->check();
        const auto rows = (*project)->designs({});
        for (std::int64_t id = 1; rows && id <= static_cast<std::int64_t>(rows->size()); ++id) {
            (void)(*project)->designCost(id);
        }
    }
    EXPECT_EQ(contentOf(path), before);
}

TEST_F(Untrusted, CutAtAnyLength) {
    makeProject(path, 30);
    const auto whole = contentOf(path);
    const auto file = folder.file("cut");
    base::Random random(2, "cut");
    for (int i = 0; i < 60; ++i) {
        const auto length = i == 0   ? whole.size() - 1
                            : i < 20 ? static_cast<std::size_t>(i) * 4096
                                     : random.below(whole.size());
        ASSERT_LT(length, whole.size());
        writeContent(file, whole.substr(0, length));
        const auto opened = Project::open(file, Access::ReadOnly);
        ASSERT_FALSE(opened) << length << " of " << whole.size();
        if (length < 4096) continue;
        const auto pages = whole.size() / 4096;
        const auto missing = std::to_string(pages - length / 4096) + " of " + std::to_string(pages);
        EXPECT_NE(opened.error().what.find("its end is missing: " + missing + " pages"),
                  std::string::npos)
            << opened.error().what;
    }
}

TEST_F(Untrusted, FlippedBytesAndPages) {
    makeProject(path, 30);
    const auto whole = contentOf(path);
    const auto file = folder.file("flipped");
    base::Random random(3, "flip");
    for (int i = 0; i < 150; ++i) {
        auto damaged = whole;
        if (i % 3 == 0) {
            const auto page = random.below(whole.size() / 4096) * 4096;
            for (std::size_t at = 0; at < 4096; ++at) {
                damaged[page + at] = static_cast<char>(random.next());
            }
        } else {
            for (std::uint64_t flips = 1 + random.below(20); flips > 0; --flips) {
                damaged[random.below(damaged.size())] ^= static_cast<char>(1 << random.below(8));
            }
        }
        writeContent(file, damaged);
        readEverything(file);
    }
}

}  // namespace
}  // namespace cohelix::store
