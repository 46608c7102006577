// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/session.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "core/learn/learn.h"
#include "tests/support/small_data.h"

namespace cohelix::run {
namespace {

/// Remembers what it was told.
class Recorder final : public Listener {
public:
    void progressed(const Progress& progress) override {
        const std::lock_guard lock(m_mutex);
        m_progress.push_back(progress);
        m_changed.notify_all();
    }
    void designsChanged(std::int64_t, const std::vector<store::DesignRow>& rows) override {
        const std::lock_guard lock(m_mutex);
        for (const auto& row : rows) m_rows[row.id] = row;
        m_changed.notify_all();
    }
    void runChanged(const store::RunRow& row) override {
        const std::lock_guard lock(m_mutex);
        m_states.push_back(row.state);
        m_changed.notify_all();
    }
    void logged(const store::Event& event) override {
        const std::lock_guard lock(m_mutex);
        m_log += event.kind + ": " + event.text + "\n";
    }

    template <typename Condition>
    bool waitUntil(const Condition& condition) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(120), [&] { return condition(*this); });
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Progress> m_progress;
    std::map<std::int64_t, store::DesignRow> m_rows;
    std::vector<store::RunState> m_states;
    std::string m_log;
};

class SessionTest : public testing::Test {
protected:
    void SetUp() override {
        if (!learn::available()) GTEST_SKIP() << "NOT CHECKED: this build cannot train";
        auto spec = test::smallSpecification(m_folder.path());
        if (!spec) GTEST_SKIP() << "NOT CHECKED: Fashion-MNIST is not installed";
        m_spec = *spec;
    }
    std::string file(const std::string& name) const { return (m_folder / name).string(); }

    std::vector<store::DesignRow> designsOf(Session& session) {
        std::vector<store::DesignRow> rows;
        session.call([&](store::Project& project) { rows = project.designs({}).value(); });
        return rows;
    }
    static std::vector<std::string> lines(const std::vector<store::DesignRow>& rows) {
        std::vector<std::string> out;
        for (const auto& row : rows) {
            out.push_back(std::to_string(row.id) + " " + keyOf(row.choices) + " " +
                          std::to_string(row.accuracy) + " " + std::to_string(row.fps) +
                          (row.front ? " front" : ""));
        }
        return out;
    }

    test::TemporaryFolder m_folder;
    space::Specification m_spec;
    std::shared_ptr<Recorder> m_recorder = std::make_shared<Recorder>();
};

TEST_F(SessionTest, SearchesInTheBackgroundAndKeepsEverything) {
    auto session = Session::create(file("a.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    const auto row = session->wait(run);
    EXPECT_EQ(row.state, store::RunState::Finished) << row.message << m_recorder->m_log;
    EXPECT_FALSE(session->busy());
    const auto rows = designsOf(*session);
    ASSERT_GT(rows.size(), 4U);
    int trained = 0;
    for (const auto& design : rows) {
        EXPECT_EQ(m_recorder->m_rows.at(design.id).front, design.front) << "the listener was told";
        if (design.state != store::DesignState::Trained) continue;
        ++trained;
        session->call([&](store::Project& project) {
            const auto weights = project.artifact(design.id, "weights").value();
            ASSERT_TRUE(weights);
            EXPECT_TRUE(learn::weightsFromBytes(weights->bytes).ok());
            EXPECT_EQ(project.designCost(design.id).value().fps, design.fps);
        });
    }
    EXPECT_EQ(trained, 2);
    EXPECT_EQ(m_recorder->m_progress.back().step, m_recorder->m_progress.back().steps);
    session.reset();
    auto again = store::Project::open(file("a.cohelix"), store::Access::ReadOnly).value();
    EXPECT_TRUE(again->check().value().empty());
    EXPECT_EQ(again->designs({}).value().size(), rows.size());
}

TEST_F(SessionTest, StoppedAndResumedEqualsUndisturbed) {
    auto whole = Session::create(file("whole.cohelix"), m_recorder).value();
    (void)whole->wait(whole->start(m_spec, 2).value());

    auto recorder = std::make_shared<Recorder>();
    auto session = Session::create(file("parts.cohelix"), recorder).value();
    const auto run = session->start(m_spec, 2).value();
    for (std::size_t stop = 1; stop <= 3; ++stop) {
        const std::size_t seen = recorder->m_rows.size();
        ASSERT_TRUE(recorder->waitUntil([&](Recorder& r) { return r.m_rows.size() > seen; }));
        session->stop(run);
        ASSERT_EQ(session->wait(run).state, store::RunState::Stopped);
        if (stop == 2) {  // closed and opened in between
            session.reset();
            session = Session::open(file("parts.cohelix"), recorder).value();
        }
        ASSERT_TRUE(session->resume(run, 1).ok());
    }
    EXPECT_EQ(session->wait(run).state, store::RunState::Finished);
    EXPECT_EQ(lines(designsOf(*session)), lines(designsOf(*whole)));
    EXPECT_FALSE(session->resume(run, 1).ok()) << "a finished run has nothing left";
}

TEST_F(SessionTest, PauseHoldsAndUnpauseGoesOn) {
    auto session = Session::create(file("p.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 1).value();
    session->pause(run);
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) {
        return !r.m_states.empty() && r.m_states.back() == store::RunState::Paused;
    }));
    EXPECT_TRUE(session->busy());
    session->unpause(run);
    EXPECT_EQ(session->wait(run).state, store::RunState::Finished);
}

TEST_F(SessionTest, TwoRunsAtOnceDoNotDisturbEachOther) {
    auto alone = Session::create(file("alone.cohelix"), m_recorder).value();
    (void)alone->wait(alone->start(m_spec, 1).value());
    const auto expected = designsOf(*alone);

    auto both = Session::create(file("both.cohelix"), std::make_shared<Recorder>()).value();
    auto other = m_spec;
    other.seed += 100;
    const auto first = both->start(m_spec, 1).value();
    const auto second = both->start(other, 1).value();
    (void)both->wait(first);
    (void)both->wait(second);
    std::vector<std::string> keys;
    std::vector<std::string> expectedKeys;
    both->call([&](store::Project& project) {
        const auto rows = project.designs(first).value();
        for (const auto& row : rows) {
            keys.push_back(keyOf(row.choices) + std::to_string(row.accuracy));
        }
    });
    for (const auto& row : expected) {
        expectedKeys.push_back(keyOf(row.choices) + std::to_string(row.accuracy));
    }
    EXPECT_EQ(keys, expectedKeys);
}

TEST_F(SessionTest, ClosingInTheMiddleStopsAndSaves) {
    {
        auto session = Session::create(file("c.cohelix"), m_recorder).value();
        (void)session->start(m_spec, 2).value();
        ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) { return !r.m_rows.empty(); }));
    }
    auto project = store::Project::open(file("c.cohelix"), store::Access::ReadOnly).value();
    EXPECT_EQ(project->runs().value().at(0).state, store::RunState::Stopped);
    EXPECT_TRUE(project->latestCheckpoint(1).value());
}

TEST_F(SessionTest, AMissingDataSetFailsTheRunWithWhereItWasLookedFor) {
    m_spec.dataSet.path = (m_folder / "nowhere").string();
    auto session = Session::create(file("d.cohelix"), m_recorder).value();
    const auto row = session->wait(session->start(m_spec, 1).value());
    EXPECT_EQ(row.state, store::RunState::Failed);
    EXPECT_NE(row.message.find("nowhere"), std::string::npos) << row.message;
}

TEST_F(SessionTest, AnInfeasibleSpecificationFailsTheRunWithTheResource) {
    m_spec.limits.dsp = 1;
    auto session = Session::create(file("i.cohelix"), m_recorder).value();
    const auto row = session->wait(session->start(m_spec, 1).value());
    EXPECT_EQ(row.state, store::RunState::Failed);
    EXPECT_NE(row.message.find("/limits/dsp"), std::string::npos) << row.message;
}

TEST_F(SessionTest, ASecondSessionReadsOnlyAndMayNotSearch) {
    auto first = Session::create(file("s.cohelix"), m_recorder).value();
    auto second = Session::open(file("s.cohelix"), std::make_shared<Recorder>());
    ASSERT_TRUE(second.ok()) << base::toText(second.error());
    EXPECT_TRUE((*second)->readOnly());
    EXPECT_FALSE((*second)->readOnlyReason().empty());
    const auto run = (*second)->start(m_spec, 1);
    ASSERT_FALSE(run.ok());
    EXPECT_NE(run.error().what.find("reading only"), std::string::npos);
}

}  // namespace
}  // namespace cohelix::run
