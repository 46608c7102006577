// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is left of damaged files. What is rescued is compared with what was there.

#include "core/store/rescue.h"

#include <cstdlib>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/base/random.h"
#include "core/store/filling.h"
#include "core/store/whole_design.h"

#include "rescue_samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

/// More by hand: COHELIX_DRAWS=5000.
int draws() {
    const char* many = std::getenv("COHELIX_DRAWS");
    return many ? std::atoi(many) : 60;
}

class Rescued : public testing::Test {
protected:
    void SetUp() override {
        makeFullProject(path);
        rows = opened(path)->designs({}).value();
        ASSERT_EQ(rows.size(), static_cast<std::size_t>(kDesigns));
    }

    /// Of the damaged file a sound one is made, and what is in it is what was.
    Rescue rescuedFrom(const std::string& from) {
        const auto before = contentOf(from);
        const auto to = folder.file("new.cohelix");
        std::filesystem::remove(to);
        const auto done = rescue(from, to);
        EXPECT_EQ(contentOf(from), before) << "the damaged file is left as it is";
        EXPECT_TRUE(done) << toText(done.error());
        if (!done) return {};
        const auto project = opened(to);
        const auto found = project->designs({});
        EXPECT_TRUE(found) << toText(found.error());
        designsFound = wholeDesigns = 0;
        for (const auto& row : found ? *found : std::vector<DesignRow>{}) {
            const auto& was = rows[static_cast<std::size_t>(row.id) - 1];
            EXPECT_EQ(row.choices, was.choices);
            EXPECT_EQ(row.fps, was.fps);
            ++designsFound;
            if (project->hasCost(row.id).value()) {
                EXPECT_EQ(project->designCost(row.id).value(),
                          fittingCost(static_cast<int>(row.id) - 1));
                ++wholeDesigns;
            }
        }
        return *done;
    }

    Folder folder;
    std::string path = folder.file("a.cohelix");
    std::vector<DesignRow> rows;
    int designsFound = 0;
    int wholeDesigns = 0;
};

TEST_F(Rescued, ASoundFileIsWholeAgain) {
    const auto done = rescuedFrom(path);
    EXPECT_TRUE(done.lost.empty()) << done.lost.front();
    EXPECT_EQ(wholeDesigns, kDesigns);
    const auto project = opened(folder.file("new.cohelix"));
    EXPECT_EQ(project->check().value(), Findings{});
    EXPECT_EQ(project->latestCheckpoint(1).value()->bytes.size(), kStateBytes);
    EXPECT_EQ(project->artifact(4, "weights").value()->bytes.size(), kWeightBytes);
    EXPECT_EQ(project->events({})->size(), 40u);
    EXPECT_EQ(project->referenceFronts()->size(), 1u);
    EXPECT_EQ(project->steering(2)->size(), 1u);
    EXPECT_EQ(project->runs()->front().state, RunState::Interrupted);
    EXPECT_EQ(done.kept.front().table, "revision");
}

TEST_F(Rescued, NeighboursThatLoseTheirLayersAreOneLoss) {
    execute(path, "DELETE FROM layer WHERE design IN (3, 5, 6, 7, 9)");
    const auto done = rescuedFrom(path);
    const std::string loss = "layers and mappings of design 3, 5 to 7, 9: the figures are kept";
    EXPECT_NE(std::ranges::find(done.lost, loss), done.lost.end()) << loss;
    EXPECT_EQ(designsFound, kDesigns);
    EXPECT_EQ(wholeDesigns, kDesigns - 5);
}

TEST_F(Rescued, NothingIsWrittenOverAndNothingMadeOfNothing) {
    writeContent(folder.file("mine"), "precious");
    EXPECT_FALSE(rescue(path, folder.file("mine")));
    EXPECT_EQ(contentOf(folder.file("mine")), "precious");
    writeContent(folder.file("zeros"), std::string(50'000, '\0'));
    const auto none = rescue(folder.file("zeros"), folder.file("new.cohelix"));
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().what.find("nothing"), std::string::npos);
    EXPECT_FALSE(rescue(folder.file("missing"), folder.file("new.cohelix")));
    EXPECT_FALSE(std::filesystem::exists(folder.file("new.cohelix")));
}

TEST_F(Rescued, EvenWithoutTheFirstPage) {
    auto damaged = contentOf(path);
    std::fill(damaged.begin(), damaged.begin() + 4096, '\xff');
    writeContent(folder.file("damaged"), damaged);
    ASSERT_FALSE(Project::open(folder.file("damaged"), Access::ReadOnly));
    (void)rescuedFrom(folder.file("damaged"));
    EXPECT_EQ(wholeDesigns, kDesigns);
}

TEST_F(Rescued, OfEachDamagedPageOnlyWhatStoodOnItIsLost) {
    const auto whole = contentOf(path);
    const auto file = folder.file("damaged");
    base::Random random(4, "page");
    int withLoss = 0;
    for (std::size_t page = 0; page < whole.size() / 4096; ++page) {
        auto damaged = whole;
        for (std::size_t at = 0; at < 4096; ++at) {
            damaged[page * 4096 + at] = static_cast<char>(random.next());
        }
        writeContent(file, damaged);
        const auto done = rescuedFrom(file);
        EXPECT_GE(designsFound, kDesigns - 25) << "page " << page;
        if (designsFound < kDesigns || wholeDesigns < designsFound) {
            ++withLoss;
            EXPECT_FALSE(done.lost.empty()) << "page " << page;
        }
    }
    EXPECT_GT(withLoss, 3);
}

/// Of states and weights. They cannot be put together again where one of their pages has moved.
bool spansPages(const std::string& row) {
    // A state's checksum goes with it.
    return row.starts_with("check") || row.starts_with("artifact");
}

/// All rows as text, but for what a rescue adds.
std::set<std::string> rowsIn(const std::string& path) {
    std::set<std::string> rows;
    SQLite::Database database(path, SQLite::OPEN_READONLY);
    for (const std::string table : kTables) {
        SQLite::Statement query(database, "SELECT * FROM " + table);
        while (query.executeStep()) {
            std::string row = table;
            for (int i = 0; i < query.getColumnCount(); ++i) {
                row += "|" + query.getColumn(i).getString();
            }
            if (row.find("Lost when this project was rescued") == std::string::npos) {
                rows.insert(row.substr(0, 1000));
            }
        }
    }
    return rows;
}

TEST_F(Rescued, OfPagesThatHaveChangedPlacesNoRowIsLost) {
    const auto whole = contentOf(path);
    const auto file = folder.file("damaged");
    const auto to = folder.file("new.cohelix");
    const auto before = rowsIn(path);
    base::Random random(6, "swap");
    for (int draw = 0; draw < draws(); ++draw) {
        writeContent(file, misplaced(whole, false, random).bytes);
        std::filesystem::remove(to);
        const auto done = rescue(file, to);
        ASSERT_TRUE(done) << toText(done.error());
        const auto after = rowsIn(to);
        std::vector<std::string> missing;
        std::ranges::set_difference(before, after, std::back_inserter(missing));
        const bool isAllThere = missing.empty();
        std::erase_if(missing, spansPages);
        EXPECT_TRUE(missing.empty()) << "draw " << draw << ": " << missing.front();
        EXPECT_EQ(opened(to)->check().value(), Findings{}) << "draw " << draw;
        if (isAllThere) {
            for (const auto& line : done->lost) {
                EXPECT_TRUE(line.starts_with("the list of tables")) << draw << ": " << line;
            }
        }
        if (testing::Test::HasFailure()) FAIL() << "draw " << draw;
    }
}

TEST_F(Rescued, OfAPageInTwoPlacesOnlyWhatStoodInTheSecondIsLost) {
    const auto whole = contentOf(path);
    const auto file = folder.file("damaged");
    const auto to = folder.file("new.cohelix");
    base::Random random(7, "copy");
    for (int draw = 0; draw < draws(); ++draw) {
        auto [bytes, gone] = misplaced(whole, true, random);
        writeContent(file, bytes);
        std::filesystem::remove(to);
        ASSERT_TRUE(rescue(file, to));
        const auto found = rowsIn(to);
        // With the page blank instead of a copy no less would be lost.
        if (gone) bytes.replace(*gone * 4096, 4096, 4096, '\0');
        writeContent(file, bytes);
        std::filesystem::remove(to);
        ASSERT_TRUE(rescue(file, to));
        std::vector<std::string> missing;
        std::ranges::set_difference(rowsIn(to), found, std::back_inserter(missing));
        std::erase_if(missing, spansPages);
        EXPECT_TRUE(missing.empty()) << "draw " << draw << ": " << missing.front();
        EXPECT_EQ(opened(to)->check().value(), Findings{}) << "draw " << draw;
        if (testing::Test::HasFailure()) FAIL() << "draw " << draw;
    }
}

TEST_F(Rescued, ADesignOfARunThatCannotBeMakesNoRun) {
    for (const std::string run : {"-70", "0", "4000000000"}) {
        const auto copy = folder.file("copy");
        std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
        execute(copy,
                "PRAGMA foreign_keys = OFF; UPDATE design SET run = " + run + " WHERE id = 9");
        const auto done = rescuedFrom(copy);
        EXPECT_EQ(designsFound, kDesigns - 1);
        EXPECT_EQ(opened(folder.file("new.cohelix"))->runs()->size(), 2u);
        EXPECT_EQ(done.lost.front(), "design 9: it names a run that cannot have been");
    }
}

TEST_F(Rescued, EqualLossesAreOneLine) {
    execute(path, "UPDATE layer SET chunk = 9 WHERE design IN (3, 4, 5, 20)");
    EXPECT_EQ(
        rescuedFrom(path).lost,
        std::vector<std::string>{"layers and mappings of design 3 to 5, 20: the figures are kept"});
}

/// Every reader works, or says that the specification is lost.
void expectReadable(Project& project) {
    const auto runs = project.runs();
    ASSERT_TRUE(runs) << toText(runs.error());
    EXPECT_TRUE(project.latestSpecification());
    EXPECT_TRUE(project.events({}));
    EXPECT_TRUE(project.referenceFronts());
    for (const auto& run : *runs) {
        EXPECT_TRUE(project.steering(run.id));
        EXPECT_TRUE(project.latestCheckpoint(run.id));
        EXPECT_EQ(project.inForce(run.id).ok(), run.hasSpecification);
        const auto designs = project.designs(run.id);
        ASSERT_TRUE(designs) << toText(designs.error());
        for (const auto& row : *designs) {
            const auto whole = wholeDesign(project, row.id);
            EXPECT_EQ(whole.ok(), run.hasSpecification);
            if (whole) continue;
            EXPECT_NE(whole.error().what.find("specification of run " + std::to_string(run.id) +
                                              " is lost"),
                      std::string::npos)
                << toText(whole.error());
        }
    }
}

TEST_F(Rescued, OfAnyDamageWhatIsRescuedIsSoundAndReadable) {
    const auto whole = contentOf(path);
    const auto file = folder.file("damaged");
    const auto to = folder.file("new.cohelix");
    base::Random random(5, "damage");
    int rescued = 0;
    int withoutSpecification = 0;
    for (int draw = 0; draw < draws(); ++draw) {
        writeContent(file, damaged(whole, random));
        std::filesystem::remove(to);
        const auto done = rescue(file, to);
        if (!done) {
            EXPECT_EQ(done.error().what, "nothing in it can be read");
            continue;
        }
        ++rescued;
        const auto project = opened(to);
        ASSERT_TRUE(project);
        EXPECT_EQ(project->check().value(), Findings{}) << "draw " << draw;
        expectReadable(*project);
        const auto found = project->designs({}).value().size();
        EXPECT_TRUE(found >= static_cast<std::size_t>(kDesigns) || !done->lost.empty());
        const auto runs = project->runs().value();
        withoutSpecification += static_cast<int>(std::ranges::count(
            runs, false, [](const RunRow& run) { return run.hasSpecification; }));
        if (testing::Test::HasFailure()) FAIL() << "draw " << draw;
    }
    EXPECT_GT(rescued, draws() / 2);
    EXPECT_GT(withoutSpecification, 0);
}

/// Numbers of designs that the losses name, with their run or 0.
std::map<int, int> designsNamed(const std::vector<std::string>& lost) {
    static const std::regex kSpan("design (\\d+)(?: to (\\d+))?(?: of run (\\d+))?");
    std::map<int, int> named;
    for (const auto& line : lost) {
        std::smatch match;
        if (!std::regex_match(line, match, kSpan)) continue;
        const int last = std::stoi(match[2].matched ? match[2].str() : match[1].str());
        for (int id = std::stoi(match[1]); id <= last; ++id) {
            named[id] = match[3].matched ? std::stoi(match[3]) : 0;
        }
    }
    return named;
}

TEST_F(Rescued, WhatACutOffFileLacksIsNamed) {
    const auto whole = contentOf(path);
    const auto file = folder.file("cut");
    int allNamed = 0;
    int someLost = 0;
    const auto pages = whole.size() / 4096;
    for (std::size_t left = 30; left < pages; ++left) {
        writeContent(file, whole.substr(0, 4096 * left + left % 3 * 1000));
        const auto done = rescuedFrom(file);
        ASSERT_FALSE(done.lost.empty());
        const auto missing = pages - left - (left % 3 != 0 ? 1 : 0);
        if (missing > 0) {
            EXPECT_EQ(done.lost.front().find(std::to_string(missing) + " of " +
                                             std::to_string(pages) + " pages"),
                      0u)
                << done.lost.front();
        }
        const auto named = designsNamed(done.lost);
        for (const auto& [id, run] : named) {
            ASSERT_LE(id, kDesigns);
            EXPECT_TRUE(run == 0 || run == rows[static_cast<std::size_t>(id) - 1].run);
        }
        if (designsFound < kDesigns) ++someLost;
        if (designsFound < kDesigns && designsFound + named.size() == kDesigns) ++allNamed;
    }
    EXPECT_GT(someLost, 10);
    EXPECT_GT(allNamed, someLost / 2) << "most often something else speaks of them";
}

TEST_F(Rescued, ADesignWhoseWeightsAreLostStaysTrainedAndSaysSo) {
    execute(path, "DELETE FROM artifact WHERE design = 18");
    const auto done = rescuedFrom(path);
    ASSERT_EQ(done.lost.size(), 1u);
    EXPECT_EQ(done.lost.front().find("trained weights of design 18"), 0u) << done.lost.front();
    const auto project = opened(folder.file("new.cohelix"));
    const auto row = project->design(18).value();
    EXPECT_EQ(row.state, DesignState::Trained);
    EXPECT_EQ(row.grade, model::AccuracyGrade::TrainedFromScratch);
    EXPECT_EQ(row.accuracy, 0.9);
    EXPECT_TRUE(project->artifact(18, kLostWeights).value().has_value());
    EXPECT_FALSE(project->artifact(4, kLostWeights).value().has_value());
    EXPECT_EQ(project->check().value(), Findings{});
}

TEST_F(Rescued, AStateThatContradictsItsAccuracyIsSettledByTheWeights) {
    const int trained = kTrained[0] + 1;
    execute(path, "UPDATE design SET state = 'estimated' WHERE id = " + std::to_string(trained) +
                      "; UPDATE design SET grade = 'trained' WHERE id IN (6, 7);"
                      "UPDATE design SET state = 'trained' WHERE id = 9");
    EXPECT_FALSE(opened(path)->designs({})) << "what check refuses is not shown";
    const auto done = rescuedFrom(path);
    const std::vector<std::string> lost = {
        "that design 9 was trained: its accuracy is of another grade, and stays",
        "the state of design 4: it has weights, so that it was trained",
        "that the accuracy of design 6 to 7 is of a trained network: it has no weights, and counts "
        "as an estimate"};
    EXPECT_EQ(done.lost, lost);
    const auto project = opened(folder.file("new.cohelix"));
    EXPECT_EQ(project->check().value(), Findings{});
    EXPECT_EQ(project->design(trained)->state, DesignState::Trained);
    EXPECT_EQ(project->design(6)->grade, model::AccuracyGrade::SupernetEstimate);
    EXPECT_EQ(project->design(9)->state, DesignState::Estimated);
}

TEST_F(Rescued, OfLayersWithATimeLimitThatIsNoneTheFiguresStay) {
    execute(path, "UPDATE layer SET time_limit = 'foo' WHERE design = 5 AND position = 1");
    EXPECT_FALSE(opened(path)->designCost(5));
    const auto done = rescuedFrom(path);
    EXPECT_EQ(done.lost,
              std::vector<std::string>{"layers and mappings of design 5: the figures are kept"});
    EXPECT_EQ(designsFound, kDesigns);
}

TEST_F(Rescued, OfChunksThatExecuteOtherLayersThanTheirsTheFiguresStay) {
    execute(path, "UPDATE chunk SET layers = layers + 1 WHERE design = 5 AND position = 1");
    const auto error = wholeDesign(*opened(path), 5).error();
    EXPECT_NE(error.what.find("its cost has chunk 1 execute"), std::string::npos) << error.what;
    EXPECT_EQ(rescuedFrom(path).lost,
              std::vector<std::string>{"layers and mappings of design 5: the figures are kept"});
}

TEST_F(Rescued, ADesignOfATargetThatIsNotThereIsOneOfNone) {
    execute(path,
            "UPDATE design SET target = 2 WHERE id IN (5, 70); "
            "UPDATE design SET target = -1 WHERE id = 8");
    const auto error = wholeDesign(*opened(path), 5).error();
    EXPECT_NE(error.what.find("target 2, and its run's specification has 2 targets"),
              std::string::npos)
        << error.what;
    EXPECT_TRUE(wholeDesign(*opened(path), 8));
    const auto done = rescuedFrom(path);
    EXPECT_EQ(done.lost, std::vector<std::string>{"for which target design 5, 70 was found: its "
                                                  "specification has none of that number"});
    EXPECT_EQ(wholeDesigns, kDesigns);
    EXPECT_EQ(opened(folder.file("new.cohelix"))->design(70)->target, -1);
}

TEST_F(Rescued, ATrueFrontInPartIsNoTrueFront) {
    execute(path, "DELETE FROM reference_design WHERE position = 2");
    const auto done = rescuedFrom(path);
    ASSERT_EQ(done.lost.size(), 1u);
    EXPECT_EQ(done.lost.front().find("true front 1"), 0u) << done.lost.front();
    EXPECT_TRUE(opened(folder.file("new.cohelix"))->referenceFronts()->empty());
}

TEST_F(Rescued, ADamagedSpecificationIsLostAndNotItsDesigns) {
    for (const char* text : {"'{'", "'{}'", "replace(text, '\"stages\"', '\"stakes\"')",
                             "replace(text, 'k5_e3', 'k5_e3\",\"k5_e6')"}) {
        const auto copy = folder.file("copy");
        std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
        execute(copy, std::string("UPDATE revision SET text = ") + text + " WHERE id = 1");
        const auto done = rescuedFrom(copy);
        EXPECT_EQ(designsFound, kDesigns);
        const auto project = opened(folder.file("new.cohelix"));
        EXPECT_EQ(project->check().value(), Findings{});
        expectReadable(*project);
        EXPECT_TRUE(project->run(2)->hasSpecification);
        EXPECT_EQ(project->latestSpecification().value()->name, "another search");
    }
}

TEST_F(Rescued, ALostRunOfSeveralSpecificationsHasNone) {
    execute(path, "PRAGMA foreign_keys = OFF; DELETE FROM run WHERE id = 1");
    const auto done = rescuedFrom(path);
    EXPECT_EQ(designsFound, kDesigns);
    const auto project = opened(folder.file("new.cohelix"));
    EXPECT_FALSE(project->run(1)->hasSpecification);
    EXPECT_TRUE(project->run(2)->hasSpecification);
    EXPECT_EQ(project->check().value(), Findings{});
    const auto says = [&](const char* what) {
        return std::ranges::any_of(done.lost, [&](const std::string& line) {
            return line.find(what) != std::string::npos;
        });
    };
    EXPECT_TRUE(says("what was known of run 1"));
    EXPECT_TRUE(says("not known; those that can be read are kept as revisions"));
    EXPECT_FALSE(says("the specification of run"));
}

TEST_F(Rescued, TheLogOfTheNewProjectSaysWhatIsLost) {
    auto bytes = contentOf(path);
    bytes.replace(bytes.size() / 2, 4096, 4096, '\x55');
    writeContent(folder.file("damaged"), bytes);
    const auto done = rescuedFrom(folder.file("damaged"));
    ASSERT_FALSE(done.lost.empty());
    const auto events = opened(folder.file("new.cohelix"))->events({}).value();
    for (const auto& loss : done.lost) {
        EXPECT_TRUE(std::ranges::any_of(events, [&](const Event& event) {
            return event.kind == "warning" && event.text.ends_with(": " + loss);
        })) << loss;
    }
}

TEST_F(Rescued, ALostRunOrSpecificationLeavesTheDesigns) {
    execute(path, "PRAGMA foreign_keys = OFF; DELETE FROM run; DELETE FROM revision");
    const auto done = rescuedFrom(path);
    EXPECT_EQ(designsFound, kDesigns);
    EXPECT_FALSE(done.lost.empty());
}

}  // namespace
}  // namespace cohelix::store
