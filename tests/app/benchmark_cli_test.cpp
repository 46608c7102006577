// SPDX-License-Identifier: GPL-3.0-or-later
// `cohelix-cli benchmark`: what it reports, and what it says of input that is wrong.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/json.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

class BenchmarkCli : public testing::Test {
protected:
    test::Outcome benchmark(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {COHELIX_CLI, "benchmark"});
        return test::runToEnd(arguments, m_folder.path());
    }
    std::string file(const std::string& name) const { return (m_folder / name).string(); }
    std::string table(const std::string& text) const {
        std::ofstream(file("table.csv")) << text;
        return file("table.csv");
    }
    static std::string macro() { return std::string(COHELIX_DATA) + "/nasbench_macro.csv"; }
    test::TemporaryFolder m_folder;
};

TEST_F(BenchmarkCli, ReportsTheTrueFrontAndEveryMethod) {
    if (!std::filesystem::exists(macro())) GTEST_SKIP() << macro() << " is not there";
    const auto outcome = benchmark({"nasbench-macro", macro(), "--methods", "joint,sequential",
                                    "--lookups", "12", "--seeds", "2", "--freeze", "channels",
                                    "--csv", file("b.csv"), "--plot", file("b.svg")});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto json = base::Json::parse(outcome.out);
    const auto& truth = json.at("true_front");
    EXPECT_EQ(truth.at("points"), 32);
    EXPECT_NEAR(truth.at("hypervolume").get<double>(), 8994.906, 0.001);
    EXPECT_GE(truth.at("seconds").get<double>(), 0);
    EXPECT_GT(truth.at("best_single_accelerator_ratio").get<double>(), 0.97);
    EXPECT_EQ(truth.at("designs").size(), 32u);
    for (const char* key : {"network", "fps", "accuracy"}) {
        EXPECT_TRUE(truth.at("designs")[0].contains(key)) << key;
    }
    ASSERT_EQ(json.at("methods").size(), 2u);
    for (const auto& method : json.at("methods")) {
        for (const char* key : {"name", "lookups", "worst_gap_points", "cost_evaluations",
                                "seconds", "igd_plus", "until_99_percent"}) {
            EXPECT_TRUE(method.contains(key)) << key;
        }
        for (const char* key : {"median", "min", "max"}) {
            EXPECT_TRUE(method.at("hypervolume_ratio").contains(key)) << key;
        }
        const auto& reach = method.at("until_99_percent").at("of_true_hypervolume");
        EXPECT_EQ(reach.at("runs"), 0);
        EXPECT_TRUE(reach.at("lookups").at("median").is_null()) << "12 looks are too few";
    }
    ASSERT_EQ(json.at("frozen").size(), 8u);  // 128 … 1
    EXPECT_EQ(json.at("frozen")[7].at("value"), "1");
    EXPECT_LT(json.at("frozen")[7].at("hypervolume_ratio").get<double>(), 0.5);
    EXPECT_NE(outcome.err.find("not within 12 look-ups"), std::string::npos) << outcome.err;
    EXPECT_TRUE(std::filesystem::exists(file("b.csv")));
    EXPECT_TRUE(std::filesystem::exists(file("b.svg")));
}

TEST_F(BenchmarkCli, SaysWhatIsWrongWithATable) {
    const auto errorOf = [&](const std::string& text) {
        const auto outcome = benchmark({"nasbench-macro", table(text), "--methods", "none"});
        EXPECT_EQ(outcome.exitCode, 1) << text;
        EXPECT_EQ(outcome.out, "");
        return outcome.err;
    };
    const auto has = [](const std::string& text, const char* part) {
        return text.find(part) != std::string::npos;
    };
    EXPECT_TRUE(has(errorOf(""), "empty"));
    EXPECT_TRUE(has(errorOf("arch\n00000000\n"), "no column 'acc_mean'"));
    EXPECT_TRUE(
        has(errorOf("arch,acc_mean\n00000000,90\n"), "6560 of the 6561 networks are missing"));
    EXPECT_TRUE(has(errorOf("arch,acc_mean\n00000000,90\n00000000,90\n"), "listed twice"));
    EXPECT_TRUE(has(errorOf("arch,acc_mean\n00000000,nan\n"), "line 2"));
    EXPECT_TRUE(has(errorOf("arch,acc_mean\n00000000\n"), "cells"));
    EXPECT_EQ(benchmark({"nasbench-macro", file("nowhere.csv")}).exitCode, 1);
}

TEST_F(BenchmarkCli, RefusesWhatItDoesNotKnow) {
    const auto path = table("arch,acc_mean\n");
    EXPECT_EQ(benchmark({"nasbench-macro", path, "--lookups", "0"}).exitCode, 2);
    EXPECT_EQ(benchmark({"nasbench-macro", path, "--seeds", "0"}).exitCode, 2);
    EXPECT_EQ(benchmark({"nasbench201", path, "--dataset", "mnist"}).exitCode, 2);
    EXPECT_EQ(benchmark({"nasbench-macro", path, "--freeze", "colour"}).exitCode, 2);
    EXPECT_EQ(benchmark({"accelerator", "--evaluations", "0"}).exitCode, 2);
    EXPECT_EQ(benchmark({"accelerator", "--space", "narrow"}).exitCode, 2);
    for (const char* kind : {"accelerator", "nasbench-macro"}) {
        std::vector<std::string> arguments = {kind, "--methods", "magic"};
        if (kind == std::string("nasbench-macro")) {
            if (!std::filesystem::exists(macro())) continue;
            arguments.push_back(macro());
        }
        const auto outcome = benchmark(arguments);
        EXPECT_EQ(outcome.exitCode, 2);
        EXPECT_NE(outcome.err.find("no method 'magic'"), std::string::npos) << outcome.err;
        EXPECT_NE(outcome.err.find("annealing"), std::string::npos) << "the known ones are named";
    }
}

TEST_F(BenchmarkCli, SaysWhenTheLimitsExcludeEveryDesign) {
    const auto none = benchmark({"accelerator", "--dsp", "1", "--space", "r1"});
    EXPECT_EQ(none.exitCode, 1);
    EXPECT_NE(none.err.find("no accelerator of it keeps the limits"), std::string::npos)
        << none.err;
    if (!std::filesystem::exists(macro())) GTEST_SKIP() << macro() << " is not there";
    const auto macroNone = benchmark({"nasbench-macro", macro(), "--dsp", "1"});
    EXPECT_EQ(macroNone.exitCode, 1);
    EXPECT_NE(macroNone.err.find("keeps the limits for any network"), std::string::npos)
        << macroNone.err;
}

TEST_F(BenchmarkCli, HoldsAcceleratorSearchesAgainstTheProof) {
    const auto outcome =
        benchmark({"accelerator", "--space", "r1", "--methods", "das,random", "--evaluations",
                   "200", "--seeds", "3", "--csv", file("a.csv"), "--plot", file("a.svg")});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto json = base::Json::parse(outcome.out);
    EXPECT_EQ(json.at("proven").at("period_cycles"), 1499064);
    for (const auto& method : json.at("methods")) {
        EXPECT_EQ(method.at("runs_within_limits"), 3);
        EXPECT_GE(method.at("period_ratio").at("min").get<double>(), 1 - 1e-9);
    }
    EXPECT_TRUE(std::filesystem::exists(file("a.svg")));
}

/// A table of nine networks, made by the program itself.
class TrainedCli : public BenchmarkCli {
protected:
    void SetUp() override {
        auto spec = test::smallSpecification(m_folder.path());
        if (!spec) GTEST_SKIP() << "Fashion-MNIST is not installed";
        spec->network.stages = {{16, 1, 1}, {24, 1, 2}};
        spec->training.epochs = 1;
        std::ofstream(file("spec.json")) << toText(*spec);
    }
    test::Outcome run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
};

TEST_F(TrainedCli, HoldsTheSearchItselfAgainstTheTableThatItMade) {
    const auto made = run({"tabulate", file("spec.json"), "--csv", file("t.csv")});
    ASSERT_EQ(made.exitCode, 0) << made.err;
    const auto outcome =
        benchmark({"trained", file("t.csv"), "--spec", file("spec.json"), "--methods",
                   "supernet,random", "--lookups", "9", "--seeds", "2", "--searches", "1", "--plot",
                   file("b.svg"), "--project", file("front.cohelix")});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto json = base::Json::parse(outcome.out);
    EXPECT_EQ(json.at("seconds_count_trainings"), true);
    ASSERT_EQ(json.at("methods").size(), 2u);
    const auto& supernet = json.at("methods")[0];
    EXPECT_EQ(supernet.at("name"), "supernet");
    EXPECT_LE(supernet.at("lookups"), 2);
    EXPECT_GT(supernet.at("seconds"), 0);
    const auto& random = json.at("methods")[1];
    EXPECT_NEAR(random.at("hypervolume_ratio").at("min").get<double>(), 1, 1e-9)
        << "nine looks see every network";
    EXPECT_EQ(random.at("until_99_percent").at("of_supernets_hypervolume").at("runs"), 2);
    const auto fronts = run({"fronts", file("front.cohelix")});
    EXPECT_EQ(fronts.exitCode, 0) << fronts.err;
    EXPECT_NE(fronts.out.find("trained: small"), std::string::npos) << fronts.out;
}

TEST_F(TrainedCli, SaysWhatCannotBeCompared) {
    const auto limited = benchmark({"trained", file("none.csv"), "--spec", file("spec.json"),
                                    "--set", "/limits/least_fps=100"});
    EXPECT_EQ(limited.exitCode, 1);
    EXPECT_NE(limited.err.find("/limits"), std::string::npos) << limited.err;
    const auto missing = benchmark({"trained", file("none.csv"), "--spec", file("spec.json")});
    EXPECT_EQ(missing.exitCode, 1);
    EXPECT_NE(missing.err.find("none.csv"), std::string::npos) << missing.err;
    const auto foreign = benchmark({"nasbench-macro", file("none.csv"), "--methods", "supernet"});
    EXPECT_EQ(foreign.exitCode, 1);
}

}  // namespace
}  // namespace cohelix
