// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are steered while they go on: what is recorded, and that resuming and replaying follow
// it.
#include <thread>

#include "core/run/replay.h"
#include "core/search/accelerator/feasibility.h"

#include "recorder.h"

namespace cohelix::run {
namespace {

using store::SteeringState;

class SteeringTest : public SessionTest {
protected:
    std::vector<spec::TimedChange> plan() const {
        return {{3, spec::PinChoice{"block1", "k3_e3"}},
                {9, spec::MoveLimit{spec::LimitKind::Dsp, 150}},
                {9, spec::PinChoice{"chunk0.tm", "8"}},
                {14, spec::StopTarget{0}},
                {19, spec::MoveWindow{1, {5000, 30000}}}};
    }

    /// The run's project replayed into another file; both must be the same bit for bit.
    void expectReplayEqual(const std::string& path, std::int64_t run, const std::string& into) {
        auto project = store::Project::open(path, store::Access::ReadOnly).value();
        const auto replay =
            replayRun(*project, run, {.into = into, .listener = std::make_shared<Recorder>()});
        ASSERT_TRUE(replay.ok()) << base::toText(replay.error());
        for (const auto& difference : replay->comparison.differences()) {
            ADD_FAILURE() << difference.figure << ": " << difference.stored << " then, "
                          << difference.found << " now";
        }
        EXPECT_GT(replay->designs, 0);
        EXPECT_GT(replay->comparison.figures(), 100 * replay->designs);
        EXPECT_TRUE(replay->notes.empty()) << replay->notes.front();
    }
};

TEST_F(SteeringTest, AChangeIsAppliedRecordedAndReplayed) {
    m_spec.search.epochs = 4;
    auto session = Session::create(file("live.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) { return !r.m_rows.empty(); }));
    // From two threads at once, as a window and a script might.
    std::thread other([&] {
        EXPECT_TRUE(session->steer(run, spec::PinChoice{"block0", "k3_e1"}).ok());
    });
    EXPECT_TRUE(session->steer(run, spec::MoveLimit{spec::LimitKind::Dsp, 160}).ok());
    other.join();
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) { return r.m_steering.size() == 2; }));
    EXPECT_EQ(session->wait(run).state, store::RunState::Finished) << m_recorder->m_log;
    EXPECT_FALSE(session->steer(run, spec::StopTarget{0}).ok()) << "the run has ended";

    const auto changes = steeringOf(*session, run);
    ASSERT_EQ(changes.size(), 2U);
    for (const auto& row : changes) {
        EXPECT_EQ(row.state, SteeringState::Applied) << row.message;
        EXPECT_GT(row.step, 0);
        EXPECT_FALSE(row.time.empty());
    }
    spec::InForce inForce;
    session->call([&](store::Project& project) { inForce = project.inForce(run).value(); });
    EXPECT_EQ(spec::resourceLimits(inForce.specification).dsp, 160);
    int trained = 0;
    for (const auto& row : designsOf(*session)) {
        const bool kept = row.dsp <= 160 && row.choices.network[0] == 0;
        EXPECT_EQ(row.within, kept);
        EXPECT_TRUE(row.within || !row.front) << "beyond the limits and on the front";
        if (row.state != store::DesignState::Trained) continue;
        ++trained;
        EXPECT_TRUE(kept);
        EXPECT_EQ(m_recorder->m_rows.at(row.id).front, row.front) << "the listener was told";
    }
    EXPECT_EQ(trained, 2);
    for (const auto& [id, row] : m_recorder->m_rows) {
        const auto stored = designsOf(*session)[static_cast<std::size_t>(id - 1)];
        EXPECT_EQ(row.within, stored.within);
        EXPECT_EQ(row.front, stored.front);
    }
    session.reset();
    expectReplayEqual(file("live.cohelix"), run, file("again.cohelix"));
}

TEST_F(SteeringTest, APlanIsFollowedThroughStopsAndReopenings) {
    auto whole = Session::create(file("whole.cohelix"), m_recorder).value();
    const auto wholeRun = whole->start(m_spec, 2, plan()).value();
    ASSERT_EQ(whole->wait(wholeRun).state, store::RunState::Finished) << m_recorder->m_log;

    auto recorder = std::make_shared<Recorder>();
    auto session = Session::create(file("parts.cohelix"), recorder).value();
    const auto run = session->start(m_spec, 1, plan()).value();
    for (int stop = 0; stop < 6; ++stop) {
        const std::size_t seen = recorder->m_progress.size();
        ASSERT_TRUE(recorder->waitUntil([&](Recorder& r) {
            return r.m_progress.size() > seen || r.m_states.back() == store::RunState::Finished;
        }));
        session->stop(run);
        if (session->wait(run).state == store::RunState::Finished) break;
        session.reset();
        session = Session::open(file("parts.cohelix"), recorder).value();
        ASSERT_TRUE(session->resume(run, 1 + stop % 2).ok());
    }
    ASSERT_EQ(session->wait(run).state, store::RunState::Finished) << recorder->m_log;
    EXPECT_EQ(lines(designsOf(*session)), lines(designsOf(*whole)));
    const auto steps = [](const std::vector<store::SteeringRow>& rows) {
        std::vector<std::pair<std::int64_t, SteeringState>> out;
        for (const auto& row : rows) out.emplace_back(row.step, row.state);
        return out;
    };
    EXPECT_EQ(steps(steeringOf(*session, run)), steps(steeringOf(*whole, wholeRun)));
    for (const auto& row : steeringOf(*session, run)) {
        EXPECT_EQ(row.state, SteeringState::Applied) << row.message;
    }
    whole.reset();
    expectReplayEqual(file("whole.cohelix"), wholeRun, file("replayed.cohelix"));
}

TEST_F(SteeringTest, ARefusedChangeLeavesTheRunAsItWas) {
    auto untouched = Session::create(file("untouched.cohelix"), m_recorder).value();
    (void)untouched->wait(untouched->start(m_spec, 2).value());

    auto recorder = std::make_shared<Recorder>();
    auto session = Session::create(file("refused.cohelix"), recorder).value();
    const auto run = session
                         ->start(m_spec, 2,
                                 {{7, spec::MoveLimit{spec::LimitKind::LeastFps, 1e9}},
                                  {100000, spec::StopTarget{1}}})
                         .value();
    ASSERT_EQ(session->wait(run).state, store::RunState::Finished) << recorder->m_log;
    EXPECT_EQ(lines(designsOf(*session)), lines(designsOf(*untouched)));
    const auto changes = steeringOf(*session, run);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].state, SteeringState::Refused);
    EXPECT_NE(changes[0].message.find("/limits/least_fps"), std::string::npos)
        << changes[0].message;
    EXPECT_EQ(changes[1].state, SteeringState::Refused);
    EXPECT_NE(changes[1].message.find("ended before"), std::string::npos) << changes[1].message;
    EXPECT_NE(recorder->m_log.find("warning: Not steered"), std::string::npos) << recorder->m_log;
}

TEST_F(SteeringTest, WhatCannotBeRightIsRefusedAtOnce) {
    auto session = Session::create(file("wrong.cohelix"), m_recorder).value();
    EXPECT_FALSE(session->steer(1, spec::StopTarget{0}).ok()) << "there is no run";
    const auto planned = session->start(m_spec, 1, {{3, spec::PinChoice{"block77", "k3_e1"}}});
    ASSERT_FALSE(planned.ok());
    EXPECT_EQ(planned.error().where, "block77");
    const auto run = session->start(m_spec, 1).value();
    const auto unknown = session->steer(run, spec::PinChoice{"chunk9.tm", "8"});
    ASSERT_FALSE(unknown.ok());
    EXPECT_EQ(unknown.error().where, "chunk9.tm");
    const spec::Change beyond = spec::MoveLimit{spec::LimitKind::Dsp, 901};
    const auto moved = session->steer(run, beyond);
    ASSERT_FALSE(moved.ok());
    EXPECT_EQ(moved.error().where, "/limits/dsp") << "a ZC706 has 900";
    EXPECT_EQ(session->start(m_spec, 1, {{3, beyond}}).error().where, "/limits/dsp");
    const spec::Change below = spec::MoveLimit{spec::LimitKind::Dsp, 1};
    auto tooFew = m_spec;
    tooFew.limits.dsp = 1;
    const auto unsearchable = search::checkResources(tooFew);
    ASSERT_FALSE(unsearchable.ok());
    EXPECT_EQ(session->steer(run, below).error().what, unsearchable.error().what);
    EXPECT_EQ(session->start(m_spec, 1, {{3, below}}).error().what, unsearchable.error().what);
    session->stop(run);
    (void)session->wait(run);
}

TEST_F(SteeringTest, APausedRunIsSteeredAtOnceAndGoesOnWithIt) {
    auto session = Session::create(file("paused.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) { return !r.m_rows.empty(); }));
    session->pause(run);
    ASSERT_TRUE(m_recorder->waitUntil(
        [](Recorder& r) { return r.m_states.back() == store::RunState::Paused; }));
    ASSERT_TRUE(session->steer(run, spec::WeighTarget{0, 4}).ok());
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) { return r.m_steering.size() == 1; }));
    EXPECT_EQ(m_recorder->m_states.back(), store::RunState::Paused);
    session->unpause(run);
    EXPECT_EQ(session->wait(run).state, store::RunState::Finished);
    session.reset();
    expectReplayEqual(file("paused.cohelix"), run, file("p2.cohelix"));
}

}  // namespace
}  // namespace cohelix::run
