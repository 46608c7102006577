// SPDX-License-Identifier: GPL-3.0-or-later
#include <sqlite3.h>

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

Findings findingsAfter(const std::string& sql) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeProject(path, 3);
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    const auto findings = opened(path, Access::ReadOnly)->check();
    EXPECT_TRUE(findings) << toText(findings.error());
    return findings ? *findings : Findings{};
}

void expectFinding(const std::string& sql, const std::string& text) {
    const auto findings = findingsAfter(sql);
    ASSERT_FALSE(findings.empty()) << sql;
    for (const auto& finding : findings) {
        if (finding.find(text) != std::string::npos) return;
    }
    ADD_FAILURE() << "'" << text
                  << "' is not among the findings; the first is: " << findings.front();
}

TEST(Check, ASoundProjectHasNoFindings) { EXPECT_EQ(findingsAfter(""), Findings{}); }

TEST(Check, SaysInItsOwnWordsWhereAFileIsDamaged) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeProject(path, 3);
    const auto whole = contentOf(path);
    constexpr std::size_t kPage = 4096;
    int inPages = 0;
    for (std::size_t page = 1; (page + 1) * kPage <= whole.size(); ++page) {
        auto damaged = whole;
        std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page * kPage), kPage, '\x5a');
        writeContent(path, damaged);
        const auto project = Project::open(path, Access::ReadOnly);
        if (project) continue;  // a free page, or one of values alone
        const auto text = toText(project.error());
        for (const char* theirs : {"***", "Tree", "btree", "malformed", "Freelist", "Page "}) {
            EXPECT_EQ(text.find(theirs), std::string::npos) << text;
        }
        if (text.find("the rest, in page") != std::string::npos) ++inPages;
    }
    EXPECT_GT(inPages, 0);
}

TEST(Check, FindsNumbersThatCannotBe) {
    for (const std::string number : {"-70", "0", "4000000000"}) {
        expectFinding("PRAGMA foreign_keys = OFF; UPDATE run SET id = " + number,
                      "run " + number + " has a number that cannot be");
        expectFinding("UPDATE design SET id = " + number + " WHERE id = 2",
                      "design " + number + " has a number that cannot be");
    }
}

TEST(Check, FindsWhatWasPlanted) {
    expectFinding("DELETE FROM run", "table design has a row that belongs to no row of table run");
    expectFinding("DELETE FROM revision", "belongs to no row of table revision");
    expectFinding("UPDATE revision SET text = '{}'",
                  "the specification of run 1 cannot be read: /cohelix: this field is missing");
    expectFinding("UPDATE design SET choices = 'x' WHERE id = 2", "design 2 has choices that");
    expectFinding("UPDATE design SET choices = '0.0.77|0' WHERE id = 2",
                  "design 2 has choices out");
    expectFinding("UPDATE design SET state = 'trained' WHERE id = 3",
                  "design 3 is marked as trained, but its accuracy is of another grade");
    for (const std::string state : {"estimated", "training"}) {
        expectFinding(
            "UPDATE design SET grade = 'trained', state = '" + state + "' WHERE id = 3",
            "design 3 is marked as " + state + ", but its accuracy as that of a trained network");
    }
    expectFinding(
        "PRAGMA ignore_check_constraints = ON; UPDATE layer SET cycles = -1 "
        "WHERE design = 3",
        "design 3: ");
    expectFinding(
        "PRAGMA ignore_check_constraints = ON; UPDATE design SET fps = 9e999 "
        "WHERE id = 3",
        "design 3: ");
    for (const char* change : {"accuracy = 1.5", "accuracy = -0.1", "supernet_accuracy = 7"}) {
        expectFinding(std::string("PRAGMA ignore_check_constraints = ON; UPDATE design SET ") +
                          change + " WHERE id = 2",
                      "design 2 has a");
    }
    expectFinding("UPDATE layer SET spatial_utilization = 1.01 WHERE design = 1",
                  "design 1 has a spatial utilization of 1.01");
    expectFinding("UPDATE layer SET temporal_utilization = 40 WHERE design = 1",
                  "design 1 has a temporal utilization of 40");
    expectFinding("UPDATE chunk SET utilization = 2 WHERE design = 1",
                  "design 1 has a utilization of 2");
    for (const char* limit : {"foo", "7", "buffers bandwidth", "register file refill"}) {
        expectFinding(std::string("UPDATE layer SET time_limit = '") + limit +
                          "' WHERE design = 2 AND position = 2",
                      std::string("design 2 has a time limit '") + limit +
                          "', which no cost model gives, of layer 2");
    }
    EXPECT_EQ(findingsAfter("UPDATE layer SET time_limit = 'buffer refill' WHERE position = 2"),
              Findings{});
    expectFinding("UPDATE design SET model = 'made up' WHERE id = 2",
                  "design 2 is priced by 'made up'; its run's specification says 'FPGA pipeline, "
                  "corrected'");
    expectFinding("UPDATE design SET state = 'trained', grade = 'trained' WHERE id = 3",
                  "design 3 is marked as trained but its weights are missing");
    expectFinding("DELETE FROM chunk WHERE design = 1 AND position = 0", "design 1: ");
    expectFinding("INSERT INTO chunk SELECT 99, 0, 1, 1, 1, 1, 0, 1",
                  "table chunk has a row that belongs to no row of table design");
    expectFinding("UPDATE layer SET traffic = '[1]' WHERE design = 2", "design 2: ");
    expectFinding(
        "UPDATE design SET model = NULL, period_cycles = NULL, latency_cycles = NULL "
        "WHERE id = 1",
        "design 1 has layers but no totals");
}

}  // namespace
}  // namespace cohelix::store
