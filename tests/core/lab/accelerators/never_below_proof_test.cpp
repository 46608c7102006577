// SPDX-License-Identifier: GPL-3.0-or-later
// No search ever beats a proof, in any form of the FPGA model, for any network; and where figures
// say so nothing is told but an error.
#include <gtest/gtest.h>

#include "core/model/priced_layers.h"
#include "core/optimum/proof.h"

#include "tests/support/searches_below_proof.h"

namespace cohelix::lab {
namespace {

TEST(EverySearch, NeverBeatsTheProof) {
    std::int64_t found = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const auto drawn = test::drawnAccelerators(seed);
        const auto proven = test::provenPeriod(drawn);
        EXPECT_EQ(test::searchBelowProof(drawn, proven, 60, found), "");
    }
    EXPECT_GE(found, 200) << "searches that found an accelerator within the limits";
}

TEST(EverySearch, NeverBeatsTheProofOfANamedNetwork) {
    base::Executor executor(2);
    std::vector<const AcceleratorMethod*> all;
    for (const auto& method : acceleratorMethods()) all.push_back(&method);
    for (const auto& name : test::everyWorkload()) {
        for (const auto form : base::kValues<model::FpgaModel>) {
            auto space = *spec::acceleratorPreset("r1-imagenet");
            space.fpgaModel = form;
            for (auto& chunk : space.pipeline) {
                for (auto* list : {&chunk.rows, &chunk.columns, &chunk.outputs, &chunk.inputs}) {
                    if (list->size() > 3)
                        *list = {list->front(), (*list)[list->size() / 2], list->back()};
                }
            }
            const auto network = test::networkNamed(name);
            const auto contest = makeContest(network, space, {900, 2000}, executor);
            if (std::ranges::all_of(network.layers, [form](const model::Layer& layer) {
                    return model::costsNothing(layer, form);
                })) {
                EXPECT_NE(contest.error().what.find("counts none of its layers"),
                          std::string::npos);
                continue;
            }
            ASSERT_TRUE(contest) << name;
            const auto standings =
                compare(*contest, all, {60}, 1, executor, [](const AcceleratorStanding&) {});
            ASSERT_TRUE(standings)
                << name << ", " << word(form) << ": " << base::toText(standings.error());
            for (const auto& standing : *standings) {
                EXPECT_GE(standing.periodRatio.least, 1 - 1e-9) << name << ", " << standing.method;
            }
        }
    }
}

TEST(EverySearch, IsRefusedWhereItsFiguresBeatTheProof) {
    base::Executor executor(1);
    auto contest =
        *makeContest(authorsCifarNetwork(), *spec::acceleratorPreset("r1"), {900, 700}, executor);
    contest.proven.periodCycles *= 10;
    int told = 0;
    const auto standings = compare(contest, {&acceleratorMethods().front()}, {300}, 2, executor,
                                   [&](const AcceleratorStanding&) { ++told; });
    ASSERT_FALSE(standings);
    EXPECT_EQ(standings.error().where, "das, seed 1");
    EXPECT_NE(standings.error().what.find("better than the"), std::string::npos);
    EXPECT_EQ(told, 0);

    EXPECT_FALSE(optimum::beatsProof(100, 100));
    EXPECT_FALSE(optimum::beatsProof(100 * (1 - 1e-12), 100)) << "rounding";
    EXPECT_TRUE(optimum::beatsProof(99.999, 100));
}

}  // namespace
}  // namespace cohelix::lab
