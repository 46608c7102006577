// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/session.h"

#include <filesystem>
#include <thread>

#include "core/learn/data_set_check.h"

#include "recorder.h"

namespace cohelix::run {
namespace {

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
    for (const char* said : {"Paused at step", "Goes on at step"}) {
        EXPECT_NE(m_recorder->m_log.find(said), std::string::npos) << m_recorder->m_log;
    }
    EXPECT_EQ(m_recorder->m_timeless, "");
}

TEST_F(SessionTest, TwoRunsAtOnceDoNotDisturbEachOther) {
    auto other = m_spec;
    other.seed += 100;
    auto alone = Session::create(file("alone.cohelix"), m_recorder).value();
    const auto firstAlone = alone->start(m_spec, 1).value();
    (void)alone->wait(firstAlone);
    const auto secondAlone = alone->start(other, 1).value();
    (void)alone->wait(secondAlone);

    auto both = Session::create(file("both.cohelix"), std::make_shared<Recorder>()).value();
    const auto first = both->start(m_spec, 1).value();
    const auto second = both->start(other, 1).value();
    (void)both->wait(first);
    (void)both->wait(second);
    EXPECT_EQ(lines(designsOf(*both, first)), lines(designsOf(*alone, firstAlone)));
    EXPECT_EQ(lines(designsOf(*both, second)), lines(designsOf(*alone, secondAlone)));
    EXPECT_NE(lines(designsOf(*both, first)), lines(designsOf(*both, second)));
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

TEST_F(SessionTest, ARunWhosePicturesHaveMovedStaysStoppedUntilItIsToldWhere) {
    namespace fs = std::filesystem;
    const auto before = m_folder / "pictures";
    const auto after = m_folder / "moved";
    fs::create_directory(before);
    for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                             "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
        fs::rename(m_folder / name, before / name);
    }
    m_spec.dataSet.path = before.string();
    auto session = Session::create(file("p.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    ASSERT_TRUE(m_recorder->waitUntil([](Recorder& r) { return !r.m_rows.empty(); }));
    session->stop(run);
    ASSERT_EQ(session->wait(run).state, store::RunState::Stopped);
    fs::rename(before, after);
    const auto refused = session->resume(run, 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().where, learn::kDataSetPlace);
    EXPECT_NE(m_recorder->m_log.find("Stopped at step"), std::string::npos) << m_recorder->m_log;
    EXPECT_EQ(session->wait(run).state, store::RunState::Stopped);
    ASSERT_TRUE(session->resume(run, 1, after.string()).ok());
    EXPECT_EQ(session->wait(run).state, store::RunState::Finished);
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

TEST_F(SessionTest, ALossThatIsNotFiniteFailsTheRunKeepsWhatWasAndSaysHowToGoOn) {
    m_spec.search.weights.learningRate = 1000;  // as much as a specification may ask for
    m_spec.search.weights.finalLearningRate = 1000;
    m_spec.search.weights.clipNorm = 0;
    m_spec.search.weights.momentum = 0.9999;
    m_spec.search.epochs = 60;
    m_spec.training.designs = 0;
    auto session = Session::create(file("nan.cohelix"), m_recorder).value();
    const auto run = session->start(m_spec, 2).value();
    const auto row = session->wait(run);
    ASSERT_EQ(row.state, store::RunState::Failed) << row.message;
    EXPECT_NE(row.message.find("not finite"), std::string::npos) << row.message;
    EXPECT_NE(row.message.find("learning_rate"), std::string::npos) << row.message;
    const auto before = lines(designsOf(*session));
    std::int64_t kept = -1;
    session->call([&](store::Project& project) {
        if (const auto checkpoint = project.latestCheckpoint(run).value()) kept = checkpoint->step;
    });
    const auto expected = kept < 0 ? std::string("No state had been saved yet")
                                   : "state of step " + base::grouped(kept) + " is kept";
    EXPECT_NE(row.message.find(expected), std::string::npos) << row.message;

    // The state can be gone on from, and the same steps lead to the same end.
    ASSERT_TRUE(session->resume(run, 1).ok());
    const auto cause = row.message.substr(0, row.message.find(expected));
    EXPECT_EQ(session->wait(run).message.substr(0, cause.size()), cause);
    EXPECT_EQ(lines(designsOf(*session)), before);
    session.reset();
    auto project = store::Project::open(file("nan.cohelix"), store::Access::ReadOnly).value();
    EXPECT_TRUE(project->check().value().empty());
}

TEST_F(SessionTest, CorruptLabelsFailTheRunWithTheFileAndTheImage) {
    std::fstream labels(file("train-labels-idx1-ubyte"),
                        std::ios::binary | std::ios::in | std::ios::out);
    labels.seekp(8 + 37);
    labels.put(static_cast<char>(200));
    labels.close();
    auto session = Session::create(file("l.cohelix"), m_recorder).value();
    const auto row = session->wait(session->start(m_spec, 1).value());
    EXPECT_EQ(row.state, store::RunState::Failed);
    for (const char* part : {"train-labels-idx1-ubyte", "label 200 of image 37"}) {
        EXPECT_NE(row.message.find(part), std::string::npos) << row.message;
    }
}

TEST_F(SessionTest, ASpaceOfASingleDesignFindsIt) {
    m_spec.network.operators.resize(1);
    for (auto& chunk : m_spec.accelerator.pipeline) {
        chunk.parallelism.resize(1);
        chunk.bits.resize(1);
        for (auto* list : {&chunk.rows, &chunk.columns, &chunk.outputs, &chunk.inputs}) {
            list->assign(1, list->back());
        }
    }
    ASSERT_EQ(hardware::log10Size(spec::networkChoices(m_spec.network)), 0);
    ASSERT_EQ(hardware::log10Size(m_spec.accelerator), 0);
    for (const auto sampling :
         {spec::Sampling::TwoPath, spec::Sampling::Soft, spec::Sampling::Hard}) {
        m_spec.search.sampling = sampling;
        const auto name = "one" + std::to_string(static_cast<int>(sampling)) + ".cohelix";
        auto session = Session::create(file(name), m_recorder).value();
        const auto row = session->wait(session->start(m_spec, 2).value());
        ASSERT_EQ(row.state, store::RunState::Finished) << row.message;
        const auto rows = designsOf(*session);
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].state, store::DesignState::Trained);
        EXPECT_TRUE(rows[0].front);
    }
}

TEST_F(SessionTest, ZeroBudgetsAreRefusedBeforeARunBegins) {
    for (const auto& [pointer, value] :
         std::vector<std::pair<const char*, int>>{{"/search/epochs", 0},
                                                  {"/search/batch", 0},
                                                  {"/search/estimate_images", 0},
                                                  {"/search/accelerator_iterations", 0},
                                                  {"/search/final_accelerator_iterations", 0},
                                                  {"/search/accelerator_refresh_steps", 0},
                                                  {"/training/epochs", 0},
                                                  {"/training/batch", 0},
                                                  {"/search/epochs", -3}}) {
        auto json = spec::toJson(m_spec);
        json[base::Json::json_pointer(pointer)] = value;
        const auto refused = spec::fromJson(json);
        ASSERT_FALSE(refused.ok()) << pointer;
        EXPECT_EQ(refused.error().where, pointer);
    }
    // No warm-up and nothing to train are choices, not mistakes.
    m_spec.search.warmupEpochs = 0;
    m_spec.training.designs = 0;
    auto session = Session::create(file("z.cohelix"), m_recorder).value();
    const auto row = session->wait(session->start(m_spec, 2).value());
    EXPECT_EQ(row.state, store::RunState::Finished) << row.message;
    EXPECT_FALSE(designsOf(*session).empty());
}

}  // namespace
}  // namespace cohelix::run
