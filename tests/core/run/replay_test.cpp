// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/replay.h"

#include <cmath>
#include <set>

#include "core/search/accelerator/layer_bits.h"

#include "recorder.h"

namespace cohelix::run {
namespace {

class ReplayTest : public SessionTest {
protected:
    void SetUp() override {
        SessionTest::SetUp();
        if (IsSkipped()) return;
        auto session = Session::create(file("a.cohelix"), m_recorder).value();
        m_run = session->start(m_spec, 2).value();
        ASSERT_EQ(session->wait(m_run).state, store::RunState::Finished) << m_recorder->m_log;
    }
    std::unique_ptr<store::Project> open() const {
        return store::Project::open(file("a.cohelix"), store::Access::ReadWrite).value();
    }
    store::DesignRow firstOf(store::Project& project, store::DesignState state) const {
        const auto rows = project.designs(m_run).value();
        for (const auto& row : rows) {
            if (row.state == state) return row;
        }
        ADD_FAILURE() << "no such design";
        return {};
    }
    /// Writes the design again with another figure, as a careless program might.
    void tamper(store::Project& project, const store::DesignRow& row,
                const std::function<void(store::DesignRecord&)>& change) const {
        store::DesignRecord record{row, project.designCost(row.id).value()};
        change(record);
        store::Commit commit;
        commit.run = m_run;
        commit.designs = {record};
        ASSERT_TRUE(project.commit(commit).ok());
    }
    std::int64_t m_run = 0;
};

TEST_F(ReplayTest, EveryDesignIsWorkedOutAgainFromTheFileAlone) {
    auto project = open();
    int trained = 0;
    const auto rows = project->designs(m_run).value();
    for (const auto& row : rows) {
        const auto replay = replayDesign(*project, row.id);
        ASSERT_TRUE(replay.ok()) << base::toText(replay.error());
        EXPECT_TRUE(replay->equal()) << replay->comparison.differences().front().figure;
        EXPECT_GT(replay->comparison.figures(), 100);
        const bool isTrained = row.state == store::DesignState::Trained;
        EXPECT_EQ(replay->notes.empty(), isTrained) << "a supernet's estimate cannot be";
        trained += isTrained;
    }
    EXPECT_EQ(trained, 2);
}

TEST_F(ReplayTest, DesignsOfSeveralPrecisionsAreWorkedOutAgain) {
    m_spec.limits.dsp = 60;
    m_spec.objective.targets.resize(1);
    m_spec.search.epochs = 1;
    m_spec.accelerator.pipeline[0].bits = {2, 16};
    m_spec.accelerator.pipeline[1].bits = {16, 4};
    auto session = Session::create(file("bits.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    ASSERT_EQ(session->wait(run).state, store::RunState::Finished) << m_recorder->m_log;
    session.reset();
    auto project = store::Project::open(file("bits.cohelix"), store::Access::ReadWrite).value();
    std::set<std::vector<int>> precisions;
    int trained = 0;
    const auto rows = project->designs(run).value();
    for (const auto& row : rows) {
        const auto replay = replayDesign(*project, row.id);
        ASSERT_TRUE(replay.ok()) << base::toText(replay.error());
        EXPECT_TRUE(replay->equal()) << replay->comparison.differences().front().figure;
        precisions.insert(search::layerBits(m_spec, row.choices));
        if (row.state != store::DesignState::Trained) continue;
        ++trained;
        EXPECT_TRUE(replay->notes.empty()) << "its accuracy was worked out again in its precision";
    }
    EXPECT_GT(precisions.size(), 1U);
    EXPECT_EQ(trained, 2);
}

TEST_F(ReplayTest, TheSmallestDifferenceIsFound) {
    auto project = open();
    const auto row = firstOf(*project, store::DesignState::Trained);
    tamper(*project, row, [](store::DesignRecord& record) {
        auto& cycles = record.cost->layers[2].cycles;
        cycles = std::nextafter(cycles, 1e300);
    });
    const auto cost = replayDesign(*project, row.id).value();
    ASSERT_EQ(cost.comparison.differences().size(), 1U);
    const auto& difference = cost.comparison.differences().front();
    EXPECT_NE(difference.figure.find("cycles"), std::string::npos);
    EXPECT_NE(difference.stored, difference.found);

    const auto other = firstOf(*project, store::DesignState::Trained);
    tamper(*project, other, [](store::DesignRecord& record) {
        record.row.accuracy = std::nextafter(record.row.accuracy, 0);
    });
    const auto accuracy = replayDesign(*project, other.id).value();
    bool found = false;
    for (const auto& it : accuracy.comparison.differences()) {
        found = found || it.figure.find("accuracy on the test images") != std::string::npos;
    }
    EXPECT_TRUE(found);
}

TEST_F(ReplayTest, DamagedWeightsAreADifferenceAndAFinding) {
    auto project = open();
    EXPECT_EQ(check(*project).value(), store::Findings{});
    const auto row = firstOf(*project, store::DesignState::Trained);
    auto weights = project->artifact(row.id, "weights").value().value();
    weights.bytes[weights.bytes.size() / 2] ^= 1;
    ASSERT_TRUE(project->putArtifact(row.id, weights).ok());
    EXPECT_FALSE(replayDesign(*project, row.id).value().equal());
    const auto findings = check(*project).value();
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_NE(findings[0].find("checksum"), std::string::npos) << findings[0];
}

TEST_F(ReplayTest, ADesignWithoutAllItsLayersIsNotSound) {
    auto project = open();
    const auto row = firstOf(*project, store::DesignState::Trained);
    tamper(*project, row, [](store::DesignRecord& record) { record.cost->layers.pop_back(); });
    EXPECT_EQ(check(*project)->size(), 1U);
    tamper(*project, row,
           [](store::DesignRecord& record) { record.cost->layers.front().mapping.levels.clear(); });
    EXPECT_EQ(check(*project)->size(), 1U);
}

TEST_F(ReplayTest, WithoutTheDataSetTheRestIsStillCompared) {
    auto project = open();
    const auto row = firstOf(*project, store::DesignState::Trained);
    std::filesystem::remove(file("train-images-idx3-ubyte"));
    const auto replay = replayDesign(*project, row.id).value();
    EXPECT_TRUE(replay.equal());
    ASSERT_EQ(replay.notes.size(), 1U);
    EXPECT_NE(replay.notes[0].find("not worked out again"), std::string::npos) << replay.notes[0];
    EXPECT_FALSE(replayDesign(*project, 999).ok());
}

TEST_F(ReplayTest, OtherImagesAreNotTakenForTheSame) {
    auto project = open();
    const auto row = firstOf(*project, store::DesignState::Trained);
    std::fstream images(file("train-images-idx3-ubyte"),
                        std::ios::binary | std::ios::in | std::ios::out);
    images.seekp(16 + 28 * 28 * 3);
    for (int i = 0; i < 28 * 28 * 50; ++i) images.put(static_cast<char>(255));
    images.close();
    const auto replay = replayDesign(*project, row.id).value();
    ASSERT_EQ(replay.notes.size(), 1U);
    EXPECT_NE(replay.notes[0].find("not the images of the training"), std::string::npos)
        << replay.notes[0];
}

TEST_F(ReplayTest, AWholeRunIsRepeatedAndEveryDifferenceNamed) {
    auto project = open();
    const auto listener = std::make_shared<Recorder>();
    const auto same =
        replayRun(*project, m_run, {.into = file("b.cohelix"), .threads = 1, .listener = listener});
    ASSERT_TRUE(same.ok()) << base::toText(same.error());
    EXPECT_TRUE(same->equal()) << same->comparison.differences().front().figure;
    EXPECT_EQ(same->designs, static_cast<std::int64_t>(project->designs(m_run).value().size()));
    ASSERT_EQ(same->notes.size(), 1U);
    EXPECT_EQ(same->notes[0], "Threads then: 2, now: 1");
    EXPECT_TRUE(std::filesystem::exists(file("b.cohelix"))) << "the new project stays";

    const auto row = firstOf(*project, store::DesignState::Estimated);
    tamper(*project, row, [](store::DesignRecord& record) {
        record.row.accuracy = std::nextafter(record.row.accuracy, 0);
    });
    const auto other =
        replayRun(*project, m_run, {.into = file("c.cohelix"), .threads = 2, .listener = listener});
    ASSERT_TRUE(other.ok());
    ASSERT_FALSE(other->equal());
    EXPECT_NE(
        other->comparison.differences().front().figure.find("design " + std::to_string(row.id)),
        std::string::npos);
    EXPECT_FALSE(replayRun(*project, m_run, {.into = file("c.cohelix"), .listener = listener}).ok())
        << "an existing file is not replaced";
}

TEST_F(ReplayTest, OnlyAFinishedRunIsRepeated) {
    auto project = open();
    ASSERT_TRUE(project->setRunState(m_run, store::RunState::Stopped, "").ok());
    const auto refused =
        replayRun(*project, m_run, {.into = file("d.cohelix"), .listener = m_recorder});
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().what.find("stopped"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(file("d.cohelix")));
    EXPECT_FALSE(replayRun(*project, 99, {.into = file("d.cohelix"), .listener = m_recorder}).ok());
}

TEST(Replay, OtherSurroundingsAreNamed) {
    store::RunRow run;
    run.programVersion = base::programVersion();
    run.torchVersion = learn::torchVersion();
    run.threads = 2;
    EXPECT_TRUE(otherSurroundings(run, 2).empty());
    run.programVersion = "0.0.1";
    run.torchVersion = "9.9";
    const auto notes = otherSurroundings(run, 3);
    ASSERT_EQ(notes.size(), 3U);
    EXPECT_NE(notes[0].find("0.0.1"), std::string::npos);
    EXPECT_NE(notes[1].find("9.9"), std::string::npos);
}

}  // namespace
}  // namespace cohelix::run
