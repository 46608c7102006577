// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is left of damaged files. What is rescued is compared with what was there.

#include "core/store/rescue.h"

#include <set>

#include "core/base/random.h"
#include "core/store/whole_design.h"
#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

/// A cost that fits the design: the samples' own is of another network.
model::DesignCost fittingCost(int number) {
    const auto spec = specification();
    const auto row = design(number).row;
    const auto network = space::buildNetwork(spec.network, row.choices.network);
    const auto allocation =
        space::allocateLayers(spec.accelerator, row.choices.accelerator, network);
    auto whole = cost(number);
    const auto layer = whole.layers.front();
    whole.layers.assign(network.layers.size(), layer);
    for (std::size_t i = 0; i < allocation.size(); ++i) whole.layers[i].chunk = allocation[i];
    return whole;
}

class Rescued : public testing::Test {
protected:
    static constexpr int kDesigns = 60;

    void SetUp() override {
        const auto project = created(path);
        Commit commit;
        commit.run = startedRun(*project);
        for (int i = 0; i < kDesigns; ++i) {
            commit.designs.push_back(design(i));
            commit.designs.back().cost = fittingCost(i);
        }
        commit.checkpoint = Checkpoint{5, std::vector<std::uint8_t>(50'000, 7)};
        for (int i = 0; i < 20; ++i) commit.events.push_back({0, 0, {}, "info", "step"});
        ASSERT_TRUE(project->commit(commit));
        ASSERT_TRUE(project->putArtifact(3, {"weights", std::vector<std::uint8_t>(30'000, 9)}));
        rows = project->designs({}).value();
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
    EXPECT_EQ(project->latestCheckpoint(1).value()->bytes.size(), 50'000u);
    EXPECT_EQ(project->artifact(3, "weights").value()->bytes.size(), 30'000u);
    EXPECT_EQ(project->events({})->size(), 20u);
    EXPECT_EQ(project->runs()->front().state, RunState::Interrupted);
    EXPECT_EQ(done.kept.front().table, "revision");
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

TEST_F(Rescued, OfPagesDamagedAtRandomWhatIsReadableIsRight) {
    const auto whole = contentOf(path);
    const auto file = folder.file("damaged");
    base::Random random(5, "pages");
    for (int i = 0; i < 60; ++i) {
        auto damaged = whole;
        for (auto pages = 1 + random.below(6); pages > 0; --pages) {
            const auto page = random.below(whole.size() / 4096) * 4096;
            const auto part = random.below(2) == 0 ? 4096 : 16 + random.below(64);
            const auto from = page + random.below(4097 - part);
            for (std::size_t at = from; at < from + part; ++at) {
                damaged[at] = static_cast<char>(random.next());
            }
        }
        if (random.below(4) == 0) damaged.resize(random.below(damaged.size()));
        writeContent(file, damaged);
        const auto to = folder.file("new.cohelix");
        std::filesystem::remove(to);
        const auto done = rescue(file, to);
        if (!done) continue;  // nothing left
        const auto project = opened(to);
        ASSERT_TRUE(project);
        EXPECT_TRUE(project->designs({}));
        EXPECT_TRUE(project->runs());
    }
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
