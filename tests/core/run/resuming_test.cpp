// SPDX-License-Identifier: GPL-3.0-or-later
// Runs gone on with from states that are older than what was found, in files that were copied,
// moved or damaged.
#include <filesystem>

#include <sqlite3.h>

#include "core/run/replay.h"
#include "core/run/rescue.h"
#include "core/run/run_state.h"

#include "recorder.h"

namespace cohelix::run {
namespace {

class Resuming : public SessionTest {
protected:
    static void copyWhileOpen(Session& session, const std::string& into) {
        // On the file's thread no commit is under way.
        session.call(
            [&](store::Project& project) { std::filesystem::copy_file(project.path(), into); });
    }

    void waitForDesigns(std::size_t more) {
        const std::size_t seen = m_recorder->m_rows.size();
        ASSERT_TRUE(
            m_recorder->waitUntil([&](Recorder& r) { return r.m_rows.size() >= seen + more; }));
    }

    /// Saves the state, as every pause does.
    void pauseOnce(Session& session, std::int64_t run) {
        const auto before = m_recorder->m_states.size();
        session.pause(run);
        ASSERT_TRUE(m_recorder->waitUntil([&](Recorder& r) {
            return r.m_states.size() > before && r.m_states.back() == store::RunState::Paused;
        }));
        session.unpause(run);
    }

    std::vector<std::string> goneOn(const std::string& path, std::string* log = nullptr) {
        auto recorder = std::make_shared<Recorder>();
        auto session = Session::open(path, recorder).value();
        EXPECT_TRUE(session->resume(1, 2).ok());
        const auto row = session->wait(1);
        EXPECT_EQ(row.state, store::RunState::Finished) << row.message << recorder->m_log;
        if (log) *log = recorder->m_log;
        session->call(
            [](store::Project& project) { EXPECT_EQ(check(project).value(), store::Findings{}); });
        return lines(designsOf(*session));
    }

    static void execute(const std::string& path, const std::string& sql) {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }

    /// Gives a file the states that another one has.
    static void takeStates(const std::string& path, const std::string& from) {
        execute(path, "PRAGMA foreign_keys = OFF; ATTACH '" + from +
                          "' AS other; BEGIN;"
                          "DELETE FROM checksum; DELETE FROM checkpoint;"
                          "INSERT INTO checkpoint SELECT * FROM other.checkpoint;"
                          "INSERT INTO checksum SELECT * FROM other.checksum; COMMIT;");
    }
};

TEST_F(Resuming, CopiesOfARunningFileEndAsItDoes) {
    m_spec.search.epochs = 4;
    auto session = Session::create(file("a.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2, {{3, spec::PinChoice{"block1", "k3_e3"}}}).value();
    waitForDesigns(1);
    copyWhileOpen(*session, file("early.cohelix"));
    pauseOnce(*session, run);
    copyWhileOpen(*session, file("paused.cohelix"));
    ASSERT_TRUE(session->steer(run, spec::MoveLimit{spec::LimitKind::Dsp, 160}).ok());
    waitForDesigns(3);
    copyWhileOpen(*session, file("later.cohelix"));
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) {
        return std::ranges::any_of(r.m_rows, [](const auto& entry) {
            return entry.second.state == store::DesignState::Trained;
        });
    }));
    copyWhileOpen(*session, file("training.cohelix"));
    ASSERT_EQ(session->wait(run).state, store::RunState::Finished) << m_recorder->m_log;
    const auto whole = lines(designsOf(*session));
    const auto changes = steeringOf(*session, run);

    // How old a copy's state is depends on the pace of time. That of the pause is older than what
    // was steered and found after it, which is repeated.
    for (const std::string name : {"later", "training"}) {
        std::filesystem::copy_file(file(name + ".cohelix"), file(name + "-old.cohelix"));
        takeStates(file(name + "-old.cohelix"), file("paused.cohelix"));
    }
    const auto old =
        store::Project::open(file("later-old.cohelix"), store::Access::ReadOnly).value();
    EXPECT_LT(old->latestCheckpoint(1).value().value().step, old->reached(1).value());
    for (const std::string name : {"later", "training", "later-old", "training-old"}) {
        const auto path = file(name + ".cohelix");
        EXPECT_EQ(goneOn(path), whole) << name;
        const auto again = Session::open(path, std::make_shared<Recorder>()).value();
        EXPECT_EQ(steeringOf(*again, 1).size(), changes.size()) << "no change is recorded twice";
    }
    // Of the early copy only the plan is known.
    const auto early = store::Project::open(file("early.cohelix"), store::Access::ReadOnly).value();
    EXPECT_EQ(early->check().value(), store::Findings{});
    EXPECT_FALSE(early->designs({})->empty());
}

TEST_F(Resuming, AFileThatIsRenamedBeforeASearchHasBegunIsFollowed) {
    auto session = Session::create(file("a.cohelix"), m_recorder).value();
    std::filesystem::rename(file("a.cohelix"), file("b.cohelix"));
    const auto run = session->start(m_spec, 2);
    ASSERT_TRUE(run.ok()) << base::toText(run.error());
    EXPECT_EQ(session->path(), file("b.cohelix"));
    std::filesystem::rename(file("b.cohelix"), file("c.cohelix"));  // while it reads its data
    EXPECT_EQ(session->wait(*run).state, store::RunState::Finished) << m_recorder->m_log;
    EXPECT_EQ(session->path(), file("c.cohelix"));
    EXPECT_FALSE(designsOf(*session).empty());
}

TEST_F(Resuming, NothingThatWasTrainedIsTakenBackWhileStepsAreRepeated) {
    auto session = Session::create(file("a.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    waitForDesigns(1);
    pauseOnce(*session, run);
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) {
        return std::ranges::any_of(r.m_rows, [](const auto& entry) {
            return entry.second.state == store::DesignState::Trained;
        });
    }));
    copyWhileOpen(*session, file("copy.cohelix"));
    ASSERT_EQ(session->wait(run).state, store::RunState::Finished);
    const auto whole = lines(designsOf(*session));

    auto recorder = std::make_shared<Recorder>();
    auto again = Session::open(file("copy.cohelix"), recorder).value();
    const auto trained = designsOf(*again);
    ASSERT_TRUE(again->resume(1, 2).ok());
    while (again->busy()) {
        for (const auto& before : trained) {
            if (before.state != store::DesignState::Trained) continue;
            for (const auto& now : designsOf(*again)) {
                if (now.id == before.id) {
                    ASSERT_EQ(now.accuracy, before.accuracy);
                }
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(lines(designsOf(*again)), whole);
}

TEST_F(Resuming, AnUnsoundStateIsLeftForAnOlderOne) {
    auto session = Session::create(file("a.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    waitForDesigns(1);
    pauseOnce(*session, run);
    waitForDesigns(1);
    session->stop(run);
    (void)session->wait(run);
    EXPECT_EQ(session->resumption(run), Resumption::SavedState);
    session.reset();
    std::filesystem::copy_file(file("a.cohelix"), file("one.cohelix"));
    std::filesystem::copy_file(file("a.cohelix"), file("none.cohelix"));
    const auto whole = goneOn(file("a.cohelix"));

    const std::string flip =
        "UPDATE checkpoint SET bytes = CAST(substr(bytes, 1, 5000) || x'01' || "
        "substr(bytes, 5002) AS BLOB)";
    execute(file("one.cohelix"), flip + " WHERE id = (SELECT max(id) FROM checkpoint)");
    std::string log;
    EXPECT_EQ(goneOn(file("one.cohelix"), &log), whole);
    EXPECT_NE(log.find("cannot be used"), std::string::npos) << log;

    execute(file("none.cohelix"), flip);
    auto none = Session::open(file("none.cohelix"), m_recorder).value();
    ASSERT_TRUE(none->resume(1, 2).ok());
    const auto row = none->wait(1);
    EXPECT_EQ(row.state, store::RunState::Failed);
    EXPECT_NE(row.message.find("none of its saved states can be used"), std::string::npos);
    EXPECT_NE(row.message.find("checksum"), std::string::npos) << row.message;
    EXPECT_FALSE(designsOf(*none).empty()) << "what was found is kept";
    EXPECT_EQ(none->resumption(1), Resumption::Nowhere);
    none.reset();
    const auto from = [&](const std::string& sql, std::int64_t id) {
        execute(file("none.cohelix"), sql);
        return Session::open(file("none.cohelix"), m_recorder).value()->resumption(id);
    };
    EXPECT_EQ(from("", 1), Resumption::Nowhere);
    EXPECT_EQ(from("DELETE FROM checksum; DELETE FROM checkpoint", 1), Resumption::FirstStep);
    EXPECT_EQ(from("", 7), Resumption::Nowhere) << "there is no such run";
    EXPECT_EQ(from("UPDATE run SET state = 'finished'", 1), Resumption::Nowhere);
}

TEST_F(Resuming, AStateOfAnotherStepThanItsRunsIsNoneOfIt) {
    m_spec.search.epochs = 4;
    auto session = Session::create(file("a.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2, {{3, spec::PinChoice{"block1", "k3_e3"}}}).value();
    waitForDesigns(2);
    session->stop(run);
    ASSERT_EQ(session->wait(run).state, store::RunState::Stopped);
    session->call([&](store::Project& project) {
        EXPECT_EQ(check(project).value(), store::Findings{});
        const auto saved = project.latestCheckpoint(run).value().value();
        const auto changes = project.steering(run).value();
        const auto reached = project.reached(run).value();
        const auto refusal = [&](std::int64_t step, std::int64_t through) {
            const store::Checkpoint at{step, saved.bytes};
            const auto fits = checkState({at, through, changes}, m_spec);
            return fits ? std::string() : fits.error().what;
        };
        EXPECT_EQ(reached, saved.step);
        EXPECT_EQ(refusal(saved.step, reached), "");
        EXPECT_NE(refusal(1, reached).find("is said to be of step 1, and has trained for"),
                  std::string::npos);
        EXPECT_NE(refusal(saved.step + 1, reached).find(", and the run has come to step"),
                  std::string::npos);
        EXPECT_EQ(refusal(saved.step + 1, 0), "") << "a file of an older version says nothing";
        auto later = changes;
        later.front().step = saved.step + 1;
        const auto early = checkState({saved, reached, later}, m_spec);
        ASSERT_FALSE(early);
        EXPECT_NE(early.error().what.find("from after the change of step"), std::string::npos);
        EXPECT_FALSE(checkState({saved, reached, {}}, m_spec)) << "a change that is lost";
        later = changes;
        later.push_back(changes.front());
        const auto late = checkState({saved, reached, later}, m_spec);
        ASSERT_FALSE(late);
        EXPECT_NE(late.error().what.find("from before the change of step 3"), std::string::npos);
    });
    session.reset();

    // As the file has it: found by check, lost by a rescue, not gone on from.
    execute(file("a.cohelix"), "UPDATE reached SET step = 1");
    {
        const auto project = store::Project::open(file("a.cohelix"), store::Access::ReadOnly);
        const auto findings = check(**project).value();
        ASSERT_FALSE(findings.empty());
        EXPECT_NE(findings.front().find("the run has come to step 1"), std::string::npos)
            << findings.front();
    }
    const auto rescued = rescue(file("a.cohelix"), file("b.cohelix"));
    ASSERT_TRUE(rescued) << toText(rescued.error());
    ASSERT_FALSE(rescued->lost.empty());
    EXPECT_EQ(rescued->lost.front().find("the saved state of checkpoint"), 0u);
    auto again = Session::open(file("a.cohelix"), m_recorder).value();
    ASSERT_TRUE(again->resume(run, 2).ok());
    const auto row = again->wait(run);
    EXPECT_EQ(row.state, store::RunState::Failed);
    EXPECT_NE(row.message.find("the run has come to step 1"), std::string::npos) << row.message;
}

TEST_F(Resuming, TheSearchFollowsAFileThatIsMovedOrDeleted) {
    auto undisturbed = Session::create(file("whole.cohelix"), std::make_shared<Recorder>()).value();
    (void)undisturbed->wait(undisturbed->start(m_spec, 2).value());
    const auto whole = lines(designsOf(*undisturbed));

    auto session = Session::create(file("a.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    waitForDesigns(1);
    session->call(
        [&](store::Project&) { std::filesystem::rename(file("a.cohelix"), file("b.cohelix")); });
    waitForDesigns(2);
    session->call([&](store::Project& project) { std::filesystem::remove(project.path()); });
    std::filesystem::remove(file("b.cohelix"));
    const auto row = session->wait(run);
    EXPECT_EQ(row.state, store::RunState::Finished) << row.message << m_recorder->m_log;
    EXPECT_NE(session->path().find("-rescued"), std::string::npos) << session->path();
    EXPECT_NE(m_recorder->m_log.find("goes on in"), std::string::npos) << m_recorder->m_log;
    const auto path = session->path();
    EXPECT_EQ(lines(designsOf(*session)), whole);
    session.reset();
    const auto left = store::Project::open(path, store::Access::ReadOnly).value();
    EXPECT_EQ(left->runs()->front().state, store::RunState::Finished);
    EXPECT_EQ(left->check().value(), store::Findings{});
}

}  // namespace
}  // namespace cohelix::run
