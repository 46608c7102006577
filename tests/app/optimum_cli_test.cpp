// SPDX-License-Identifier: GPL-3.0-or-later
// optimum, as its users run it: the proven best accelerator, on rules, on searched splits, with a
// shared DRAM; and what it refuses.
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/hardware/evaluate.h"
#include "core/interop/documents/accelerator_json.h"
#include "core/specification/specification.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

using base::Json;

class OptimumCliTest : public testing::Test {
protected:
    test::Outcome optimum(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {COHELIX_CLI, "optimum", "fashion-mnist-zc706"});
        return test::runToEnd(arguments, m_folder.path());
    }
    Json found(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--format", "json"});
        const auto outcome = optimum(std::move(arguments));
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        return Json::parse(outcome.out, nullptr, false);
    }
    test::TemporaryFolder m_folder;
};

TEST_F(OptimumCliTest, IsTheSpacesOwnAcceleratorAndPricedAsSuch) {
    const auto json = found({"--operators", "k3_e3"});
    EXPECT_EQ(json["proven"], true);
    EXPECT_EQ(json["fps"], json["most_fps"]);
    const auto spec = spec::preset("fashion-mnist-zc706").value();
    const auto network = spec::buildNetwork(spec.network, std::vector<int>(6, 1));
    const auto choices = json["choices"].get<std::vector<int>>();
    const auto built = hardware::buildAccelerator(spec.accelerator, choices, network);
    const auto chunks = hardware::allocateLayers(spec.accelerator, choices, network);
    const auto totals = hardware::totals(network, built, chunks);
    EXPECT_EQ(json["cost"]["period_cycles"], totals->periodCycles);
    const auto read = interop::acceleratorFromJson(json["accelerator"], "accelerator");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->accelerator, hardware::fittedAccelerator(network, built, chunks));

    const auto text = optimum({"--operators", "k3_e3,k3_e3,k3_e3,k3_e3,k3_e3,k3_e3"});
    EXPECT_NE(text.out.find("proven, no accelerator"), std::string::npos) << text.out << text.err;
}

TEST_F(OptimumCliTest, LimitsStandAsGivenAndOperatorsHaveNames) {
    const auto text = optimum({"--operators", "skip", "--bram", "423.5"});
    EXPECT_NE(text.out.find(" of 423.5 BRAM18K"), std::string::npos) << text.out << text.err;
    for (const char* operators : {"skip,,", ",skip", "skip,"}) {
        const auto refused = optimum({"--operators", operators});
        EXPECT_EQ(refused.exitCode, test::refusalCode(refused)) << operators;
        EXPECT_NE(refused.err.find("'' is no operator"), std::string::npos) << refused.err;
    }
    const auto small = optimum({"--operators", "k3_e3", "--dsp", "1e-5"});
    EXPECT_EQ(small.exitCode, 1);
    EXPECT_NE(small.err.find("the limit is 1e-05"), std::string::npos) << small.err;
}

TEST_F(OptimumCliTest, SpacesFormsAndLimitsMayBeOthers) {
    const double rules = found({"--operators", "k3_e1"})["fps"];
    const double split =
        found({"--operators", "k3_e1", "--space", "searched", "--groups", "2"})["fps"];
    const double more =
        found({"--operators", "k3_e1", "--space", "searched", "--groups", "3"})["fps"];
    EXPECT_GT(rules, 0);
    EXPECT_GE(more, split);
    const double few = found({"--operators", "k3_e1", "--dsp", "40"})["fps"];
    EXPECT_LE(few, rules);
    const auto shared = found({"--operators", "k3_e1", "--dram", "1.6"});
    EXPECT_LE(shared["fps"], rules);
    EXPECT_GE(shared["most_fps"], shared["fps"]);
    EXPECT_LE(shared["dram_gb_per_s"], 1.6 * (1 + 1e-9));
}

TEST_F(OptimumCliTest, SaysWhichOtherLimitsItBreaks) {
    auto spec = spec::preset("fashion-mnist-zc706").value();
    spec.limits.leastFps = 1e6;
    spec.limits.mostEdp = 1e9;
    const auto path = m_folder.file("limits.json");
    std::ofstream(path) << spec::toText(spec);
    const auto run = [&](const std::string& format) {
        return test::runToEnd(
            {COHELIX_CLI, "optimum", path, "--operators", "k3_e3", "--format", format},
            m_folder.path());
    };
    const auto text = run("text");
    EXPECT_NE(text.out.find("It breaks least_fps of the specification"), std::string::npos)
        << text.out << text.err;
    const auto json = Json::parse(run("json").out, nullptr, false);
    EXPECT_EQ(json["broken_limits"], Json::array({"least_fps"}));
    EXPECT_EQ(found({"--operators", "k3_e3"})["broken_limits"], Json::array());
}

TEST_F(OptimumCliTest, RefusesWithTheField) {
    const auto refused = [&](std::vector<std::string> arguments) {
        const auto outcome = optimum(std::move(arguments));
        EXPECT_EQ(outcome.exitCode, test::refusalCode(outcome)) << outcome.err;
        EXPECT_EQ(outcome.out, "");
        return outcome.err;
    };
    EXPECT_NE(refused({"--operators", "k9_e9"}).find("is no operator"), std::string::npos);
    EXPECT_NE(refused({"--operators", "k3_e1,k3_e3"}).find("6 blocks and 2 operators"),
              std::string::npos);
    EXPECT_NE(refused({"--operators", "k3_e1", "--space", "r9"}).find("no such accelerator space"),
              std::string::npos);
    EXPECT_NE(refused({"--operators", "k3_e1", "--space", "wide-beyond", "--model", "as-published"})
                  .find("/accelerator/chunks/0/port_words"),
              std::string::npos);
    EXPECT_NE(refused({"--operators", "k3_e1", "--dsp", "0"}).find("/limits"), std::string::npos);
    EXPECT_NE(refused({"--operators", "k3_e1", "--space", "searched", "--dram", "5"})
                  .find("/accelerator/dram_gb_per_s"),
              std::string::npos);
}

}  // namespace
}  // namespace cohelix
