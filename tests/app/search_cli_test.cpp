// SPDX-License-Identifier: GPL-3.0-or-later
// Searches that are refused, that find nothing, that are stopped within a step; runs that are
// replayed and resumed elsewhere.
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/learn/learn.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"
#include "tests/support/training.h"

namespace cohelix {
namespace {

namespace fs = std::filesystem;

class SearchCliTest : public testing::Test {
protected:
    void SetUp() override {
        // What programs leave behind is looked for here.
        fs::create_directories(m_folder / "tmp");
        setenv("TMPDIR", (m_folder / "tmp").c_str(), 1);
    }
    void TearDown() override {
        unsetenv("TMPDIR");
        EXPECT_TRUE(fs::is_empty(m_folder / "tmp")) << "something is left in the temporary folder";
    }
    test::Outcome cli(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    std::string file(const std::string& name) const { return (m_folder / name).string(); }
    /// Writes a preset with these fields set; its path.
    std::string changed(const std::string& preset,
                        const std::vector<std::pair<std::string, std::string>>& fields) {
        auto json = spec::toJson(spec::preset(preset).value());
        for (const auto& [pointer, value] : fields) {
            EXPECT_TRUE(base::setAtPointer(json, pointer, value).ok()) << pointer;
        }
        std::ofstream(file("changed.json")) << json.dump();
        return file("changed.json");
    }
    test::TemporaryFolder m_folder;
};

TEST_F(SearchCliTest, WhatEverySearchRefusesIsNotValid) {
    struct Case {
        const char* preset;
        std::vector<std::pair<std::string, std::string>> fields;
        const char* where;
    };
    const std::string board = R"({"name": "MyBoard", "kind": "fpga", "dsp": 40, "bram18k": 624})";
    for (const auto& c : std::vector<Case>{
             {"fashion-mnist-zc706", {{"/device", board}, {"/limits/dsp", "4000"}}, "/limits/dsp"},
             {"fashion-mnist-zc706", {{"/limits/bram18k", "1091"}}, "/limits/bram18k"},
             {"dna-cifar10-asic", {{"/limits", R"({"bram18k": 100})"}}, "/limits/bram18k"},
             {"dna-cifar10-asic", {{"/limits", R"({"dsp": 100})"}}, "/limits/dsp"},
             {"fashion-mnist-zc706", {{"/network/classes", "65535"}}, "/network/classes"},
             {"dna-cifar10-zc706", {{"/network/input/width", "28"}}, "/network/input/width"},
             {"fashion-mnist-zc706",
              {{"/network/stages/0/channels", "65536"}},
              "/network/stages/0/channels"}}) {
        const auto path = changed(c.preset, c.fields);
        const auto validated = cli({"spec", "validate", path});
        const auto searched = cli({"search", path, "--project", file("never.cohelix")});
        for (const auto& outcome : {validated, searched}) {
            EXPECT_EQ(outcome.exitCode, 1) << c.where;
            EXPECT_EQ(outcome.out, "");
            EXPECT_TRUE(outcome.err.starts_with(std::string("error: ") + c.where + ":"))
                << outcome.err;
        }
        EXPECT_FALSE(fs::exists(file("never.cohelix"))) << "refused before there is a file";
    }
    const auto set = cli({"search", "fashion-mnist-zc706", "--project", file("never.cohelix"),
                          "--set", "/limits/dsp=901"});
    EXPECT_EQ(set.exitCode, 1);
    EXPECT_NE(set.err.find("the device ZC706 has 900"), std::string::npos) << set.err;
    const auto best = cli({"optimum", "dna-cifar10-zc706", "--operators", "k3_e1", "--dsp", "901"});
    EXPECT_EQ(best.exitCode, 1);
    EXPECT_NE(best.err.find("/limits/dsp"), std::string::npos) << best.err;
}

TEST_F(SearchCliTest, NamesIgnoreCase) {
    EXPECT_EQ(cli({"spec", "validate", "DNA-Cifar10-ZC706"}).exitCode, 0);
    const auto upper = cli({"optimum", "DNA-cifar10-ZC706", "--operators", "k3_e1", "--space", "R1",
                            "--model", "Published-Clipped"});
    EXPECT_EQ(upper.exitCode, 0) << upper.err;
    EXPECT_EQ(upper.out, cli({"optimum", "dna-cifar10-zc706", "--operators", "k3_e1", "--space",
                              "r1", "--model", "published-clipped"})
                             .out);
    const auto contest =
        cli({"benchmark", "accelerator", "--network", "MobileNetV2", "--space", "R1-ImageNet",
             "--methods", "Random", "--evaluations", "50", "--seeds", "1"});
    EXPECT_EQ(contest.exitCode, 0) << contest.err;
    const auto mapped =
        cli({"evaluate", "--network", "AlexNet", "--accelerator", "EYERISS", "--seconds", "0.01"});
    EXPECT_EQ(mapped.exitCode, 0) << mapped.err;
}

/// Squeeze-and-excitation stands between an expansion's depthwise layer and its projection.
TEST_F(SearchCliTest, NoSearchIsBelowTheProofOfEfficientNet) {
    for (const char* form : {"as-published", "published-clipped"}) {
        const auto outcome = cli({"benchmark", "accelerator", "--network", "efficientnet-b0",
                                  "--model", form, "--evaluations", "100", "--seeds", "2"});
        ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
        const auto json = base::Json::parse(outcome.out);
        EXPECT_EQ(json.at("methods").size(), 8u);
        for (const auto& method : json.at("methods")) {
            const auto& least = method.at("period_ratio").at("min");
            if (least.is_null()) continue;  // it found nothing
            EXPECT_GE(least.get<double>(), 1 - 1e-9) << method.at("name");
        }
    }
}

class SmallSearchTest : public SearchCliTest {
protected:
    void SetUp() override {
        SearchCliTest::SetUp();
        COHELIX_NEEDS_TRAINING();
        fs::create_directories(m_folder / "digits");
        const auto spec = test::smallSpecification(m_folder / "digits");
        if (!spec) GTEST_SKIP() << "NOT CHECKED: Fashion-MNIST is not installed";
        m_spec = *spec;
        write();
    }
    void write() { std::ofstream(file("spec.json")) << toText(m_spec); }
    base::Json runsOf(const std::string& name) {
        return base::Json::parse(cli({"runs", file(name), "--format", "json"}).out);
    }
    spec::Specification m_spec;
};

TEST_F(SmallSearchTest, ASearchThatFindsNothingSaysSo) {
    // Of 6,561 networks only that of skips alone fits, which this search never comes to.
    m_spec.network.stages = {{16, 4, 1}, {24, 4, 2}};
    m_spec.limits.dsp = 3;
    write();
    const auto outcome = cli({"search", file("spec.json"), "--project", file("n.cohelix")});
    EXPECT_EQ(outcome.exitCode, 1) << outcome.out;
    EXPECT_EQ(outcome.out, "");
    const auto said = outcome.err.find("warning: No design was found within the limits");
    ASSERT_NE(said, std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find('\n', said), outcome.err.size() - 1)
        << "the last word: " << outcome.err;
    EXPECT_EQ(outcome.err.find("Search finished"), std::string::npos) << outcome.err;
    const auto runs = runsOf("n.cohelix");
    EXPECT_EQ(runs[0]["state"], "finished");
    EXPECT_NE(runs[0]["message"].get<std::string>().find("No design was found"), std::string::npos);
}

TEST_F(SmallSearchTest, AStopIsObeyedWithinAStepThatTakesMinutes) {
    m_spec.search.acceleratorMethod = spec::AcceleratorMethod::Gradient;
    m_spec.search.acceleratorIterations = 100000000;
    write();
    test::Subprocess process(
        {COHELIX_CLI, "search", file("spec.json"), "--project", file("s.cohelix")},
        m_folder.path());
    while (process.text("err").find("the joint search begins") == std::string::npos &&
           !process.ended()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    process.signal(SIGTERM);
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exitCode, 1);
    EXPECT_NE(outcome.err.find("cohelix-cli resume " + file("s.cohelix")), std::string::npos)
        << outcome.err;
    EXPECT_EQ(runsOf("s.cohelix")[0]["state"], "stopped");
    EXPECT_EQ(cli({"check", file("s.cohelix")}).exitCode, 0);
}

TEST_F(SmallSearchTest, GoesOnWhereThePicturesHaveMoved) {
    const auto path = file("m.cohelix");
    ASSERT_EQ(cli({"search", file("spec.json"), "--project", path}).exitCode, 0);
    const auto design =
        base::Json::parse(cli({"designs", path, "--front", "--format", "json"}).out)[0]["id"];
    const auto number = std::to_string(design.get<int>());
    fs::rename(m_folder / "digits", m_folder / "moved");
    const auto without = cli({"replay", path, "--design", number});
    EXPECT_EQ(without.exitCode, 0);
    EXPECT_NE(without.out.find("The accuracy was not worked out again"), std::string::npos);
    const auto with = cli({"replay", path, "--design", number, "--pictures", file("moved")});
    EXPECT_EQ(with.exitCode, 0) << with.out;
    EXPECT_EQ(with.out.find("not worked out again"), std::string::npos) << with.out;
    EXPECT_EQ(cli({"replay", path, "--run", "1"}).exitCode, 1) << "and leaves nothing behind";
    const auto run = cli({"replay", path, "--run", "1", "--pictures", file("moved")});
    EXPECT_EQ(run.exitCode, 0) << run.out << run.err;

    // A search that could not find its pictures is gone on with where they are.
    const auto lost = file("l.cohelix");
    const auto failed = cli({"search", file("spec.json"), "--project", lost});
    EXPECT_EQ(failed.exitCode, 1);
    EXPECT_NE(failed.err.find("Run 1 has failed"), std::string::npos) << failed.err;
    EXPECT_NE(failed.err.find("Once the cause is mended, resume it, from its first step, with: "
                              "cohelix-cli resume " +
                              lost),
              std::string::npos)
        << failed.err;
    EXPECT_EQ(cli({"resume", lost}).exitCode, 1);
    EXPECT_EQ(cli({"resume", lost, "--pictures", file("nowhere")}).exitCode, 2);
    const auto resumed = cli({"resume", lost, "--pictures", file("moved")});
    EXPECT_EQ(resumed.exitCode, 0) << resumed.err;
    EXPECT_EQ(cli({"designs", lost, "--format", "csv"}).out,
              cli({"designs", path, "--format", "csv"}).out);
}

TEST_F(SmallSearchTest, ARunThatLookedAccuraciesUpIsReplayed) {
    m_spec.network.stages = {{16, 1, 1}, {24, 1, 2}};
    m_spec.training.epochs = 1;
    write();
    ASSERT_EQ(cli({"tabulate", file("spec.json"), "--csv", file("t.csv")}).exitCode, 0);
    const auto kept =
        cli({"benchmark", "trained", file("t.csv"), "--spec", file("spec.json"), "--methods",
             "random", "--lookups", "6", "--seeds", "1", "--project", file("t.cohelix")});
    ASSERT_EQ(kept.exitCode, 0) << kept.err;
    fs::remove_all(m_folder / "digits");  // nothing of it is needed
    const auto replayed = cli({"replay", file("t.cohelix"), "--run", "1", "--format", "json"});
    EXPECT_EQ(replayed.exitCode, 0) << replayed.err << replayed.out;
    const auto json = base::Json::parse(replayed.out);
    EXPECT_EQ(json["equal"], true);
    EXPECT_EQ(json["designs"], 6);
    EXPECT_GT(json["figures"], 600);
    EXPECT_NE(json["notes"].dump().find("looked up in a table"), std::string::npos);
    const auto one = cli({"replay", file("t.cohelix"), "--design", "1"});
    EXPECT_EQ(one.exitCode, 0) << one.err;
    EXPECT_NE(one.out.find("looked up in a table"), std::string::npos) << one.out;
}

}  // namespace
}  // namespace cohelix
