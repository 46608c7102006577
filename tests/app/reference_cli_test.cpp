// SPDX-License-Identifier: GPL-3.0-or-later
// Published figures, predictions beside them, and true fronts kept in a project.
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/csv.h"
#include "core/base/json.h"
#include "core/store/project.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

class ReferenceCliTest : public testing::Test {
protected:
    test::Outcome cli(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    std::string file(const std::string& name) const { return (m_folder / name).string(); }
    test::TemporaryFolder m_folder;
};

TEST_F(ReferenceCliTest, PublishedFiguresAreListedWithGradeAndSourceInEveryForm) {
    const std::string grade = "authors' figure files, October 2020";
    const auto text = cli({"published"});
    ASSERT_EQ(text.exitCode, 0) << text.err;
    for (const char* part :
         {"DNA (a)", "42.79", "abstract", "3.04", "not named", "10^6 cycle*joule"}) {
        EXPECT_NE(text.out.find(part), std::string::npos) << part;
    }
    const auto json = cli({"published", "--format", "json"});
    ASSERT_EQ(json.exitCode, 0);
    const auto parsed = base::Json::parse(json.out);
    EXPECT_EQ(parsed["groups"].size(), 4u);
    EXPECT_EQ(parsed["groups"][0]["grade"], grade);
    EXPECT_EQ(parsed["claims"][0]["value"], 3.04);
    const auto csv = cli({"published", "--group", "imagenet-fpga", "--format", "csv"});
    ASSERT_EQ(csv.exitCode, 0);
    const auto table =
        base::CsvTable::parse(csv.out, "published", {"design", "x", "grade", "source"});
    ASSERT_TRUE(table) << base::toText(table.error());
    ASSERT_EQ(table->rows(), 8u);
    for (std::size_t row = 0; row < table->rows(); ++row) {
        EXPECT_EQ(table->text(row, "grade"), grade);
    }
    EXPECT_EQ(cli({"published", "--group", "imagenet"}).exitCode, 2);
}

TEST_F(ReferenceCliTest, PredictionsStandBesideThePublishedFigures) {
    const std::vector<std::string> command = {"predict",  "--networks",  "fbnet-c-like,resnet18",
                                              "--spaces", "r1-imagenet", "--bits",
                                              "16"};
    const auto with = [&](const std::string& format) {
        auto arguments = command;
        arguments.insert(arguments.end(), {"--format", format});
        return cli(arguments);
    };
    const auto text = with("text");
    ASSERT_EQ(text.exitCode, 0) << text.err;
    for (const char* part :
         {"predicted FPS, r1-imagenet", "published FPS", "28.892 [a], 38.6 [b]", "not available",
          "[a] published: authors' figure files, October 2020", "900 DSP"}) {
        EXPECT_NE(text.out.find(part), std::string::npos) << part << "\n" << text.out;
    }
    const auto json = base::Json::parse(with("json").out);
    ASSERT_EQ(json["predicted"].size(), 2u);
    EXPECT_GT(json["predicted"][0]["fps"], 0);
    EXPECT_LE(json["predicted"][0]["dsp"], 900);
    EXPECT_EQ(json["published"].size(), 2u);
    const auto csv = base::CsvTable::parse(with("csv").out, "predict", {"kind", "fps", "source"});
    ASSERT_TRUE(csv);
    EXPECT_EQ(csv->rows(), 4u);

    const auto unknown = cli({"predict", "--networks", "fbnet-z"});
    EXPECT_EQ(unknown.exitCode, 1);
    EXPECT_NE(unknown.err.find("fbnet-c-like"), std::string::npos) << unknown.err;
    EXPECT_EQ(cli({"predict", "--spaces", "wide"}).exitCode, 2);
}

TEST_F(ReferenceCliTest, APredictionThatThereIsNotHasItsReasonAndNoFigures) {
    const auto predict = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"predict", "--networks", "resnet18", "--spaces", "r1-imagenet",
                                   "--bits", "16"});
        return cli(more).out;
    };
    const std::vector<std::string> unpriced = {"--model", "as-published"};
    const std::vector<std::string> small = {"--dsp", "1e-3"};
    const auto text = predict(unpriced);
    EXPECT_NE(text.find("-: resnet18 at 16 bit on r1-imagenet: the form of the model prices none "
                        "of its work"),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find("at most -"), std::string::npos) << text;
    const auto kept = predict(small);
    EXPECT_NE(kept.find("no accelerator of the space keeps the limits"), std::string::npos) << kept;
    EXPECT_NE(kept.find("within 0.001 DSP"), std::string::npos) << kept;
    for (auto options : {unpriced, small}) {
        options.insert(options.end(), {"--format", "json"});
        const auto one = base::Json::parse(predict(options))["predicted"][0];
        for (const char* figure : {"fps", "period_cycles", "dsp", "bram18k"})
            EXPECT_TRUE(one[figure].is_null()) << figure;
        EXPECT_TRUE(one["why_none"].is_string());
    }
}

TEST_F(ReferenceCliTest, ATrueFrontIsKeptInAProjectAndListed) {
    const auto table = std::filesystem::path(COHELIX_DATA) / "nasbench_macro.csv";
    if (!std::filesystem::exists(table)) GTEST_SKIP() << "NOT CHECKED: " << table << " is absent";
    const auto project = file("fronts.cohelix");
    const auto benchmark = [&](const std::string& dsp, const std::string& methods) {
        return cli({"benchmark", "nasbench-macro", table.string(), "--space", "r1", "--dsp", dsp,
                    "--methods", methods, "--lookups", "20", "--seeds", "1", "--project", project});
    };
    const auto made = benchmark("900", "random");
    ASSERT_EQ(made.exitCode, 0) << made.err;
    const auto truth = base::Json::parse(made.out)["true_front"];
    ASSERT_EQ(benchmark("450", "none").exitCode, 0);
    ASSERT_EQ(benchmark("900", "none").exitCode, 0) << "the same front again";

    EXPECT_NE(cli({"fronts", project}).out.find("nasbench-macro"), std::string::npos);
    const auto fronts = base::Json::parse(cli({"fronts", project, "--format", "json"}).out);
    ASSERT_EQ(fronts.size(), 2u) << "of the same spaces and limits there is one";
    EXPECT_EQ(fronts[0]["dsp_limit"], 450);
    EXPECT_EQ(fronts[1]["designs"].size(), truth["points"]);
    EXPECT_NEAR(fronts[1]["designs"][0]["fps"].get<double>(),
                truth["designs"][0]["fps"].get<double>(), 1e-9);
    const auto rows = base::CsvTable::parse(cli({"fronts", project, "--format", "csv"}).out,
                                            "fronts", {"front", "fps", "accuracy_percent"});
    ASSERT_TRUE(rows);
    EXPECT_EQ(cli({"check", project}).exitCode, 0);

    const auto runs = base::Json::parse(cli({"runs", project, "--format", "json"}).out);
    EXPECT_EQ(runs.size(), 1u) << "what the method found is a run";
    const auto designs = cli({"designs", project, "--front", "--format", "csv"});
    EXPECT_EQ(designs.exitCode, 0) << designs.err;
    EXPECT_NE(designs.out.find("tabulated"), std::string::npos);

    std::ofstream(file("other.cohelix")) << "no project";
    const auto refused = cli({"benchmark", "nasbench-macro", table.string(), "--space", "r1",
                              "--methods", "none", "--project", file("other.cohelix")});
    EXPECT_EQ(refused.exitCode, 1);
    EXPECT_NE(refused.err.find("other.cohelix"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace cohelix
