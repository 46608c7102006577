// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands make of projects that were rescued from damaged files.
#include <gtest/gtest.h>

#include "core/base/json.h"

#include "tests/core/store/rescue_samples.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

namespace full = store::samples;

class RescueCliTest : public testing::Test {
protected:
    test::Outcome cli(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    /// Of the project from which `sql` took something; the report.
    std::string rescue(const std::string& sql) {
        full::makeFullProject(m_damaged);
        full::execute(m_damaged, sql);
        const auto outcome = cli({"rescue", m_damaged, m_project});
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        return outcome.out;
    }

    full::Folder m_folder;
    std::string m_damaged = m_folder.file("damaged.cohelix");
    std::string m_project = m_folder.file("rescued.cohelix");
};

TEST_F(RescueCliTest, WithoutASpecificationFiguresAndChoicesAreShown) {
    const auto report = rescue("UPDATE revision SET text = '{' WHERE id = 1");
    EXPECT_NE(report.find("the specification of run 1"), std::string::npos) << report;
    const auto check = cli({"check", m_project});
    EXPECT_EQ(check.exitCode, 0) << check.out;
    const auto runs = cli({"runs", m_project});
    EXPECT_NE(runs.out.find("Changes to run 1:\n  step 3: {"), std::string::npos) << runs.out;
    for (const auto& format : {"table", "csv", "json"}) {
        EXPECT_EQ(cli({"runs", m_project, "--format", format}).exitCode, 0);
        EXPECT_EQ(cli({"fronts", m_project, "--format", format}).exitCode, 0);
        const auto designs = cli({"designs", m_project, "--front", "--format", format});
        EXPECT_EQ(designs.exitCode, 0) << designs.err;
        EXPECT_EQ(designs.err, "");
    }
    const auto shown = cli({"show", m_project, "--design", "1"});
    EXPECT_EQ(shown.exitCode, 0) << shown.err;
    EXPECT_NE(shown.out.find("233.3 FPS"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("Choices by number: 0.0.0|0"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("the specification of run 1 is lost"), std::string::npos) << shown.out;
    const auto json = base::Json::parse(
        cli({"show", m_project, "--design", "1", "--format", "json"}).out, nullptr, false);
    EXPECT_EQ(json["id"], 1);
    EXPECT_EQ(cli({"show", m_project, "--design", "61"}).exitCode, 0) << "of the other run";
}

TEST_F(RescueCliTest, WhatNeedsTheSpecificationSaysThatItIsLost) {
    (void)rescue("UPDATE revision SET text = '{' WHERE id = 1");
    for (const auto& command : std::vector<std::vector<std::string>>{
             {"export", m_project, "--design", "1", "--out", m_folder.file("exported")},
             {"explain", m_project, "--design", "1"},
             {"replay", m_project, "--design", "1"}}) {
        const auto refused = cli(command);
        EXPECT_EQ(refused.exitCode, 1) << command.front();
        EXPECT_EQ(refused.out, "");
        EXPECT_NE(refused.err.find("the specification of run 1 is lost"), std::string::npos)
            << refused.err;
    }
}

TEST_F(RescueCliTest, AnExportWithoutItsLostWeightsSaysSo) {
    const auto report = rescue("DELETE FROM artifact WHERE design = 4");
    EXPECT_NE(report.find("trained weights of design 4"), std::string::npos) << report;
    EXPECT_EQ(cli({"check", m_project}).exitCode, 0);
    const auto exported =
        cli({"export", m_project, "--design", "4", "--out", m_folder.file("exported")});
    EXPECT_EQ(exported.exitCode, 0) << exported.err;
    EXPECT_NE(exported.err.find("weights are lost"), std::string::npos) << exported.err;
    const auto shown = cli({"show", m_project, "--design", "4"});
    EXPECT_NE(shown.out.find("trained weights are lost"), std::string::npos) << shown.out;
}

TEST_F(RescueCliTest, WeightsThatCannotBeReadAreThoseOfAFileAndADesign) {
    const auto path = m_folder.file("weights.cohelix");
    store::samples::makeFullProject(path);
    const auto exported = cli({"export", path, "--design", "4", "--out", m_folder.file("out")});
    EXPECT_EQ(exported.exitCode, 1);
    EXPECT_NE(exported.err.find(path + ": the trained weights of design 4 cannot be read: "),
              std::string::npos)
        << exported.err;
    EXPECT_NE(exported.err.find("cohelix-cli rescue"), std::string::npos) << exported.err;
    for (const auto& command : std::vector<std::vector<std::string>>{
             {"check", path}, {"replay", path, "--design", "4", "--format", "json"}}) {
        const auto said = cli(command);
        EXPECT_NE(said.out.find("the trained weights of design 4 cannot be read: "),
                  std::string::npos)
            << said.out << said.err;
    }
}

}  // namespace
}  // namespace cohelix
