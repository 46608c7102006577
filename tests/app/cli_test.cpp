// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "core/base/units.h"
#include "core/learn/learn.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"
#include "tests/support/training.h"

namespace cohelix {
namespace {

class CliTest : public testing::Test {
protected:
    test::Outcome cli(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    std::string file(const std::string& name) const { return (m_folder / name).string(); }
    std::string project(const std::string& name) const {
        return std::string(COHELIX_PROJECTS) + "/" + name + ".json";
    }
    test::TemporaryFolder m_folder;
};

TEST_F(CliTest, WrongUseIsTwoAndHelpIsFine) {
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {},
             {"bogus"},
             {"search"},
             {"search", "spec.json"},
             {"designs", "x", "--format", "xml"},
             {"show", "x", "--design", "-1"},
             {"show", "x", "--design", "010"},
             {"map", "--accelerator", "eyeriss"},
             {"evaluate", "--layer", "l.json"},
             {"evaluate", "--layer", "l.json", "--accelerator", "a.json", "--model", "magic"},
             {"validate", "bogus", "x"},
             {"search", "spec.json", "--project", "x", "--threads", "0"},
             {"explain", "x", "--design", "1", "--dsp", "nan"},
             {"search", project("fashion-mnist-zc706"), "--project", "x", "--set", "limits"},
             {"optimum", "dna-cifar10-zc706", "--operators", "k9"},
             {"map", "--layer", "l.json", "--accelerator", "eyeriss", "--seconds", "inf"},
             {"benchmark", "nasbench-macro", "t.csv", "--csv", "/nowhere/x.csv"}}) {
        const auto outcome = cli(arguments);
        EXPECT_EQ(outcome.exitCode, 2);
        EXPECT_EQ(outcome.out, "");
        EXPECT_NE(outcome.err, "");
    }
    EXPECT_NE(cli({"bogus"}).err.find("no command 'bogus'"), std::string::npos);
    EXPECT_EQ(cli({"--help"}).exitCode, 0);
    EXPECT_EQ(cli({"search", "--help"}).exitCode, 0);
    EXPECT_NE(cli({"--version"}).out.find("LibTorch"), std::string::npos);
}

TEST_F(CliTest, SpecificationsAreValidatedWithPathAndReason) {
    EXPECT_EQ(cli({"spec", "validate", project("dna-cifar10-asic")}).exitCode, 0);
    EXPECT_NE(cli({"spec", "devices"}).out.find("XC7Z045"), std::string::npos);
    EXPECT_NE(cli({"spec", "presets"}).out.find("dna-imagenet-zc706"), std::string::npos);
    EXPECT_NE(cli({"spec", "fields"}).out.find("/accelerator/chunks/*/tm"), std::string::npos);

    EXPECT_NE(cli({"spec", "validate", "fashion-mnist-zc706", "--set", "/limit/dsp=500"})
                  .err.find("'cohelix-cli spec fields' lists them"),
              std::string::npos);

    const auto few = cli({"search", project("fashion-mnist-zc706"), "--project", file("x.cohelix"),
                          "--set", "/limits/dsp=1"});
    EXPECT_EQ(few.exitCode, 1);
    EXPECT_NE(few.err.find("/limits/dsp: the smallest accelerator of this space needs 2 DSP; the "
                           "limit is 1, 1 too few"),
              std::string::npos)
        << few.err;
    EXPECT_FALSE(std::filesystem::exists(file("x.cohelix"))) << "nothing was begun";
    EXPECT_EQ(cli({"spec", "validate", "fashion-mnist-zc706", "--set", "/limits/dsp=1"}).err,
              few.err);

    const std::map<std::string, int> wrongs = {
        {"/limits/dsp", 2}, {"limits=3", 2}, {"/nowhere/x=1", 2}, {"/search/batch=huge", 1}};
    for (const auto& [wrong, exitCode] : wrongs) {
        const auto outcome = cli({"search", project("fashion-mnist-zc706"), "--project",
                                  file("x.cohelix"), "--set", wrong});
        EXPECT_EQ(outcome.exitCode, exitCode) << wrong;
        EXPECT_NE(outcome.err.find("error: "), std::string::npos) << wrong;
    }
}

TEST_F(CliTest, ALayerIsMappedAndTheMappingPricedAlike) {
    std::ofstream(file("layer.json"))
        << R"({"name": "conv", "K": 16, "C": 8, "P": 14, "Q": 14, "R": 3, "S": 3})";
    const auto mapped =
        cli({"map", "--layer", file("layer.json"), "--accelerator", "gemmini", "--format", "json"});
    ASSERT_EQ(mapped.exitCode, 0) << mapped.err;
    const auto best = base::Json::parse(mapped.out)["layers"][0];
    EXPECT_TRUE(best["optimal"].get<bool>());
    std::ofstream(file("mapping.json")) << best["mapping"].dump();
    const auto priced = cli({"evaluate", "--layer", file("layer.json"), "--accelerator", "gemmini",
                             "--mapping", file("mapping.json"), "--format", "json"});
    ASSERT_EQ(priced.exitCode, 0) << priced.err;
    const auto cost = base::Json::parse(priced.out);
    EXPECT_EQ(cost["cycles"], best["cycles"]);
    EXPECT_EQ(cost["energy_pj"], best["energy_pj"]);
    const auto freer = cli({"map", "--layer", file("layer.json"), "--accelerator", "gemmini",
                            "--bypass", "--format", "json"});
    ASSERT_EQ(freer.exitCode, 0) << freer.err;
    const auto chosen = base::Json::parse(freer.out)["layers"][0];
    EXPECT_TRUE(chosen["optimal"].get<bool>());
    EXPECT_LE(chosen["edp"].get<double>(), best["edp"].get<double>());
    const auto unknown = cli({"map", "--layer", file("layer.json"), "--accelerator", "gemmni"});
    EXPECT_EQ(unknown.exitCode, 1);
    EXPECT_NE(unknown.err.find("Name one of gemmini"), std::string::npos) << unknown.err;
}

TEST_F(CliTest, TheModelsAreHeldAgainstATable) {
    const auto table = std::filesystem::path(COHELIX_DATA) / "timeloop_cases.json";
    if (!std::filesystem::exists(table)) GTEST_SKIP() << "NOT CHECKED: " << table << " is absent";
    const auto held = cli({"validate", "timeloop-cases", table.string()});
    ASSERT_EQ(held.exitCode, 0) << held.err;
    const auto json = base::Json::parse(held.out);
    EXPECT_EQ(json["equal"], json["rows"]);
    std::ofstream(file("broken.csv")) << "layer,arch\nconv\n";
    const auto broken = cli({"validate", "timeloop-gemmini", file("broken.csv")});
    EXPECT_EQ(broken.exitCode, 1);
    EXPECT_NE(broken.err.find("line 2"), std::string::npos) << broken.err;
}

TEST_F(CliTest, MeasurementsAreDrawnBesideThePredictions) {
    const auto table = std::filesystem::path(COHELIX_DATA) / "eyeriss_alexnet.csv";
    if (!std::filesystem::exists(table)) GTEST_SKIP() << "NOT CHECKED: " << table << " is absent";
    const auto drawn = cli({"validate", "eyeriss", table.string(), "--plot", file("chip.svg")});
    ASSERT_EQ(drawn.exitCode, 0) << drawn.err;
    std::ifstream svg(file("chip.svg"));
    const std::string text{std::istreambuf_iterator<char>(svg), {}};
    const auto mean = base::Json::parse(drawn.out)["mean_relative_error"].get<double>();
    for (const auto& part :
         {std::string("predicted = measured"), std::string(">measured, ms<"),
          "mean error " + base::fixed(100 * mean, 1) + " %", std::string("Spearman")}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(cli({"validate", "eyeriss", table.string(), "--plot", "/nowhere/x.svg"}).exitCode, 2)
        << "refused before any work";
    const auto cases = std::filesystem::path(COHELIX_DATA) / "timeloop_cases.json";
    const auto counts =
        cli({"validate", "timeloop-cases", cases.string(), "--plot", file("x.svg")});
    EXPECT_EQ(counts.exitCode, 1);
    EXPECT_NE(counts.err.find("nothing to plot"), std::string::npos) << counts.err;
    EXPECT_FALSE(std::filesystem::exists(file("x.svg")));
}

TEST_F(CliTest, FilesThatAreNoProjectsAreExplained) {
    std::ofstream(file("text.cohelix")) << "not a database";
    for (const char* endless : {"/dev/zero", "/"}) {
        EXPECT_EQ(cli({"spec", "validate", endless}).exitCode, 1);
    }
    for (const auto& path :
         {file("text.cohelix"), file("missing.cohelix"), m_folder.path().string()}) {
        for (const char* command : {"runs", "designs", "check", "resume"}) {
            const auto outcome = cli({command, path});
            EXPECT_EQ(outcome.exitCode, 1) << command << " " << path;
            EXPECT_NE(outcome.err.find(path), std::string::npos) << outcome.err;
        }
    }
    EXPECT_EQ(test::runToEnd({COHELIX_CLI, "search", project("fashion-mnist-zc706"), "--project",
                              "/nowhere/x.cohelix"},
                             m_folder.path())
                  .exitCode,
              1);
}

class CliSearchTest : public CliTest {
protected:
    void SetUp() override {
        COHELIX_NEEDS_TRAINING();
        const auto spec = test::smallSpecification(m_folder.path());
        if (!spec) GTEST_SKIP() << "NOT CHECKED: Fashion-MNIST is not installed";
        std::ofstream(file("spec.json")) << toText(*spec);
    }
    std::string search(const std::string& name, const std::string& seed) {
        const auto outcome =
            cli({"search", file("spec.json"), "--project", file(name), "--seed", seed});
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        return cli({"designs", file(name), "--format", "csv"}).out;
    }
};

TEST_F(CliSearchTest, OneSeedGivesTheSameDesignsAnotherOthers) {
    const auto first = search("one.cohelix", "5");
    EXPECT_EQ(search("two.cohelix", "5"), first);
    EXPECT_NE(search("three.cohelix", "6"), first);
    EXPECT_EQ(
        first.substr(0, first.find("block0")),
        "id,run,state,accuracy,accuracy_grade,fps,latency_ms,energy_mj,edp,dsp,bram18k,front,");
}

TEST_F(CliSearchTest, ResultsCanBeListedShownAndExported) {
    (void)search("p.cohelix", "1");
    const auto path = file("p.cohelix");
    EXPECT_NE(cli({"runs", path}).out.find("finished"), std::string::npos);
    EXPECT_EQ(cli({"check", path}).exitCode, 0);
    const auto designs =
        base::Json::parse(cli({"designs", path, "--front", "--format", "json"}).out);
    ASSERT_FALSE(designs.empty());
    const auto id = std::to_string(designs[0]["id"].get<int>());
    const auto text = cli({"show", path, "--design", id});
    EXPECT_EQ(text.exitCode, 0) << text.err;
    for (const char* part : {"trained from scratch", "parallel-for", "spatial %", "BRAM18K"}) {
        EXPECT_NE(text.out.find(part), std::string::npos) << part;
    }
    EXPECT_TRUE(base::Json::accept(cli({"show", path, "--design", id, "--format", "json"}).out));
    const auto why = cli({"explain", path, "--design", id});
    EXPECT_EQ(why.exitCode, 0) << why.err;
    EXPECT_NE(why.out.find("sets the period"), std::string::npos) << why.out;
    EXPECT_TRUE(base::Json::accept(cli({"explain", path, "--design", id, "--format", "json"}).out));
    const auto exported = cli({"export", path, "--design", id, "--out", file("exported")});
    EXPECT_EQ(exported.exitCode, 0) << exported.err;
    for (const char* suffix :
         {".json", "_accelerator.json", "_accelerator.h", ".onnx", ".weights"}) {
        const auto made = m_folder / ("exported/design_" + id + suffix);
        EXPECT_TRUE(std::filesystem::exists(made) && std::filesystem::file_size(made) > 0) << made;
    }
    // What was exported is one design for whoever takes it up again.
    const auto stem = (m_folder / ("exported/design_" + id)).string();
    const auto again = cli({"evaluate", "--network", stem + ".onnx", "--accelerator",
                            stem + "_accelerator.json", "--device", "ZC706"});
    EXPECT_EQ(again.exitCode, 0) << again.err;
    EXPECT_EQ(cli({"show", path, "--design", "99999"}).exitCode, 1);
    EXPECT_EQ(cli({"export", path, "--design", id, "--out", "/proc/x"}).exitCode, 1);
}

TEST_F(CliSearchTest, InterruptStopsSavesAndSaysHowToGoOn) {
    const auto whole = search("whole.cohelix", "9");
    test::Subprocess process(
        {COHELIX_CLI, "search", file("spec.json"), "--project", file("i.cohelix"), "--seed", "9"},
        m_folder.path());
    while (process.text("err").find("joint search") == std::string::npos && !process.ended()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    process.signal(SIGINT);
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exitCode, 1);
    EXPECT_NE(outcome.err.find("cohelix-cli resume " + file("i.cohelix")), std::string::npos)
        << outcome.err;
    EXPECT_EQ(cli({"resume", file("i.cohelix")}).exitCode, 0);
    EXPECT_EQ(cli({"designs", file("i.cohelix"), "--format", "csv"}).out, whole);
}

TEST_F(CliSearchTest, ChangesFromAFileAreFollowedListedAndReplayed) {
    std::ofstream(file("changes.json")) << R"([
        {"step": 4, "change": "pin", "choice": "block1", "option": "k3_e3"},
        {"step": 10, "change": "limit", "limit": "dsp", "value": 150},
        {"step": 11, "change": "limit", "limit": "least_fps", "value": 1e9}])";
    const auto steered = cli({"search", file("spec.json"), "--project", file("s.cohelix"),
                              "--steer", file("changes.json")});
    ASSERT_EQ(steered.exitCode, 0) << steered.err;
    EXPECT_NE(steered.err.find("From step 10: DSP limit 150"), std::string::npos) << steered.err;
    EXPECT_NE(steered.err.find("warning: Not steered (least FPS 1"), std::string::npos);

    const auto runs = cli({"runs", file("s.cohelix")}).out;
    EXPECT_NE(runs.find("step 4: block1 pinned to k3_e3"), std::string::npos) << runs;
    EXPECT_NE(runs.find("(refused: /limits/least_fps"), std::string::npos) << runs;
    const auto json = base::Json::parse(cli({"runs", file("s.cohelix"), "--format", "json"}).out);
    EXPECT_EQ(json[0]["steering"].size(), 3U);
    EXPECT_EQ(json[0]["steering"][1]["state"], "applied");
    const auto shown = cli({"show", file("s.cohelix"), "--design", "1"}).out;
    EXPECT_NE(shown.find("of 150 DSP"), std::string::npos) << "the limit in force";
    EXPECT_NE(shown.find("Changes to run 1"), std::string::npos);

    const auto replayed = cli({"replay", file("s.cohelix"), "--run", "1"});
    EXPECT_EQ(replayed.exitCode, 0) << replayed.out << replayed.err;
    EXPECT_NE(replayed.out.find("all equal bit for bit"), std::string::npos) << replayed.out;
    const auto design = cli({"replay", file("s.cohelix"), "--design", "1", "--format", "json"});
    EXPECT_EQ(design.exitCode, 0) << design.err;
    EXPECT_TRUE(base::Json::parse(design.out)["equal"].get<bool>());

    // The same without the changes is another run.
    (void)cli({"search", file("spec.json"), "--project", file("u.cohelix")});
    EXPECT_NE(cli({"designs", file("s.cohelix"), "--format", "csv"}).out,
              cli({"designs", file("u.cohelix"), "--format", "csv"}).out);
}

TEST_F(CliSearchTest, ChangesThatCannotBeRightBeginNothing) {
    const auto refused = [&](const std::string& text) {
        std::ofstream(file("wrong.json")) << text;
        const auto outcome = cli({"search", file("spec.json"), "--project", file("w.cohelix"),
                                  "--steer", file("wrong.json")});
        EXPECT_EQ(outcome.exitCode, 1) << text;
        return outcome.err;
    };
    EXPECT_NE(refused("[{]").find("line 1"), std::string::npos);
    EXPECT_NE(refused(R"([{"step": 1, "change": "fly"}])").find("/0/change"), std::string::npos);
    EXPECT_NE(refused(R"([{"step": 1, "change": "stop", "target": 7}])").find("targets/7"),
              std::string::npos);
    EXPECT_NE(refused(R"([{"step": 1, "change": "limit", "limit": "dsp", "value": 1}])")
                  .find("/limits/dsp: the smallest accelerator of this space needs 2 DSP"),
              std::string::npos);
    EXPECT_EQ(cli({"search", file("spec.json"), "--project", file("w.cohelix"), "--steer",
                   file("nowhere.json")})
                  .exitCode,
              1);
    EXPECT_EQ(cli({"replay", file("w.cohelix")}).exitCode, 2) << "neither run nor design";
    EXPECT_EQ(cli({"replay", file("w.cohelix"), "--run", "1", "--design", "1"}).exitCode, 2);
    EXPECT_EQ(cli({"replay", file("nowhere.cohelix"), "--run", "1"}).exitCode, 1);
}

}  // namespace
}  // namespace cohelix
