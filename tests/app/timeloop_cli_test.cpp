// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate and map with files of Timeloop.
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/json.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

using base::Json;

const char* const kProblem = R"(
problem:
  instance: {N: 1, M: 16, C: 8, P: 6, Q: 6, R: 3, S: 3, densities: {}}
)";

const char* const kArchitecture = R"(
architecture:
  version: 0.4
  nodes:
  - !Component {name: memory, class: DRAM, attributes: {width: 64, datawidth: 16}}
  - !Component {name: buffer, class: SRAM, attributes: {depth: 1024, width: 64, datawidth: 16}}
  - !Container
    name: PE
    spatial: {meshX: 4, meshY: 4}
    constraints: {spatial: {permutation: [M, C], split: 1, factors: [P=1, Q=1, R=1, S=1, N=1]}}
  - !Component
    name: register
    class: regfile
    attributes: {depth: 32, width: 16, datawidth: 16}
    constraints: {temporal: {permutation: [R, S], factors: [R=3, S=3, P=1, Q=1, N=1]}}
  - !Component {name: mac, class: intmac}
)";

class TimeloopCliTest : public testing::Test {
protected:
    test::Outcome run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    std::string write(const std::string& name, const std::string& content) {
        const auto path = (m_folder / name).string();
        std::ofstream(path) << content;
        return path;
    }
    test::TemporaryFolder m_folder;
};

TEST_F(TimeloopCliTest, ZerosAreCountedAsHardwareWithoutSparseOptimisationsHandlesThem) {
    const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
    };
    const auto layer =
        write("zeros.yaml",
              replaced(kProblem, "densities: {}",
                       "densities: {Inputs: {distribution: fixed_structured, density: 0.5}}"));
    const auto json = [&](const std::string& problem, const std::string& architecture) {
        const auto outcome = run({"map", "--layer", problem, "--accelerator",
                                  write("arch.yaml", architecture), "--format", "json"});
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        return Json::parse(outcome.out, nullptr, false);
    };
    const auto dense = json(layer, kArchitecture);
    EXPECT_EQ(dense["exact"], true) << "Timeloop counts the same";
    const auto gated = replaced(kArchitecture, "class: intmac}",
                                "class: intmac, sparse_optimizations: {action_optimization: []}}");
    EXPECT_EQ(json(write("dense.yaml", kProblem), gated)["exact"], true) << "there are no zeros";
    const auto spared = json(layer, gated);
    EXPECT_EQ(spared["exact"], false);
    EXPECT_EQ(spared["bounded"][0]["operator"], "zeros");
    EXPECT_EQ(spared["bounds"]["cycles"], "at most");
    EXPECT_EQ(spared["bounds"]["energy_pj"], "at most");
    EXPECT_EQ(spared["cycles"], dense["cycles"]);
    EXPECT_EQ(run({"map", "--layer", layer, "--accelerator", write("arch.yaml", gated), "--strict"})
                  .exitCode,
              1);
}

TEST_F(TimeloopCliTest, MapsUnderTheConstraintsOfTheFile) {
    const auto layer = write("problem.yaml", kProblem);
    const auto accelerator = write("arch.yaml", kArchitecture);
    const auto outcome = run({"map", "--layer", layer, "--accelerator", accelerator, "--objective",
                              "latency", "--format", "json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("energies are missing of memory, buffer, register, mac: estimated"),
              std::string::npos)
        << outcome.err;
    const auto json = Json::parse(outcome.out, nullptr, false);
    EXPECT_EQ(json["estimate"], true);
    const auto& mapped = json["layers"][0];
    EXPECT_EQ(mapped["macs"], 16 * 8 * 36 * 9);
    EXPECT_EQ(mapped["optimal"], true);
    // The permutation has five dimensions of one trip before M: both lie along Y.
    EXPECT_EQ(mapped["cycles"], 16 * 8 * 36 * 9 / 4);
    const auto& levels = mapped["mapping"]["levels"];
    for (const auto& loop : levels[1]["loops"]) {
        EXPECT_EQ(loop.get<std::string>().find(":columns"), std::string::npos) << loop;
    }
    const auto& inner = levels[2]["loops"];
    ASSERT_GE(inner.size(), 2U);
    EXPECT_EQ(inner[inner.size() - 1], "R3");
    EXPECT_EQ(inner[inner.size() - 2], "S3");

    const auto more = write("constraints.yaml",
                            "mapspace_constraints:\n  targets:\n"
                            "  - {target: memory, type: temporal, factors: C=8 M<=2}\n");
    const auto tighter = run({"map", "--layer", layer, "--accelerator", accelerator,
                              "--constraints", more, "--format", "json"});
    ASSERT_EQ(tighter.exitCode, 0) << tighter.err;
    const auto outer =
        Json::parse(tighter.out, nullptr, false)["layers"][0]["mapping"]["levels"][0];
    EXPECT_NE(outer["loops"].dump().find("\"C8\""), std::string::npos) << outer;
}

TEST_F(TimeloopCliTest, PricesAMappingOfAContainer) {
    const auto outcome =
        run({"evaluate", "--layer", write("problem.yaml", kProblem), "--accelerator",
             write("arch.yaml", kArchitecture), "--mapping",
             write("map.yaml",
                   "mapping:\n"
                   "- {target: memory, type: temporal, factors: C=2 M=4}\n"
                   "- {target: buffer, type: temporal, factors: P=6 Q=6}\n"
                   "- {target: PE, type: spatial, factors: C=4 M=4, permutation: MC, "
                   "split: 1}\n"
                   "- {target: register, type: temporal, factors: R=3 S=3}\n"),
             "--format", "json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto json = Json::parse(outcome.out, nullptr, false);
    EXPECT_EQ(json["layers"][0]["compute_cycles"], 16 * 8 * 36 * 9 / 16);
    EXPECT_EQ(json["layers"][0]["mapped_by"], "given");
    EXPECT_NE(outcome.err.find("the given mapping of layer: buffer"), std::string::npos)
        << outcome.err;
}

TEST_F(TimeloopCliTest, NamesWhatOtherVersionsOfTimeloopCount) {
    const auto layer = write("problem.yaml", kProblem);
    const auto accelerator = write("arch.yaml", kArchitecture);
    const auto slides =
        write("map.yaml",
              "mapping:\n"
              "- {target: memory, type: temporal, factors: Q=3 M=4, permutation: MQ}\n"
              "- {target: buffer, type: temporal, factors: P=6 Q=2 C=8}\n"
              "- {target: PE, type: spatial, factors: M=4}\n"
              "- {target: register, type: temporal, factors: R=3 S=3}\n");
    const auto counted = [&](const std::string& convention) {
        return run({"evaluate", "--layer", layer, "--accelerator", accelerator, "--mapping", slides,
                    "--convention", convention})
            .err;
    };
    // 4 + 2 + 2 columns of 8 rows and 8 channels, or three times 4 where the loop over M ends a
    // slide.
    EXPECT_NE(counted("timeloop-2025")
                  .find("timeloop-2025 counts 512 words of inputs read out of memory, "
                        "timeloop-2024 768"),
              std::string::npos)
        << counted("timeloop-2025");
    EXPECT_NE(counted("timeloop-2022").find("timeloop-2022 counts 768"), std::string::npos);
    EXPECT_EQ(counted("exact").find("timeloop-20"), std::string::npos);
}

TEST_F(TimeloopCliTest, SaysWhichFileToGive) {
    const auto layer = write("problem.yaml", kProblem);
    const auto accelerator = write("arch.yaml", kArchitecture);
    const auto listing =
        run({"evaluate", "--layer", layer, "--accelerator", accelerator, "--mapping",
             write("run.map.txt",
                   "memory [ Weights:9 (9) ]\n---\n"
                   "| for P in [0:8)\n")});
    EXPECT_NE(listing.exitCode, 0);
    EXPECT_NE(listing.err.find("ends in map.yaml"), std::string::npos) << listing.err;
    const auto jinja = run({"map", "--layer", write("jinja.yaml", "{{include_text('x.yaml')}}\n"),
                            "--accelerator", accelerator});
    EXPECT_NE(jinja.exitCode, 0);
    EXPECT_NE(jinja.err.find("parsed-processed-input.yaml"), std::string::npos) << jinja.err;
}

TEST_F(TimeloopCliTest, ObeysConstraintsInJson) {
    const auto accelerator = write("array.json", R"({"pes": 16, "mac_pj": 1, "levels": [
        {"name": "DRAM", "access_pj": 100},
        {"name": "buffer", "capacity_words": 4096, "access_pj": 6, "rows": 4, "columns": 4,
         "constraints": {"unrolled": {"P": 1, "Q": 1, "R": 1, "S": 1}, "rows": {"K": 1},
                         "columns": {"C": "<=2"}}},
        {"name": "register", "capacity_words": 16, "access_pj": 1,
         "constraints": {"temporal": {"R": 3}, "innermost": ["R"]}}]})");
    const auto outcome = run({"map", "--layer", write("problem.yaml", kProblem), "--accelerator",
                              accelerator, "--format", "json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto mapped = Json::parse(outcome.out, nullptr, false)["layers"][0];
    EXPECT_EQ(mapped["optimal"], true);
    EXPECT_EQ(mapped["mapping"]["levels"][2]["loops"].back(), "R3");
    const auto middle = mapped["mapping"]["levels"][1]["loops"].dump();
    EXPECT_EQ(middle.find("K4:rows"), std::string::npos) << middle;
    EXPECT_EQ(middle.find("C4:columns"), std::string::npos) << middle;
}

}  // namespace
}  // namespace cohelix
