// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/constraints_json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/interop/documents/hierarchy_json.h"

#include "tests/core/interop/documents/checks.h"

namespace cohelix::interop {
namespace {

using mapping::TripRule;
using model::Dim;

/// As constraints_json.h has it.
const char* const kExample = R"({"least_use": 0.5,
  "levels": [
    {"name": "DRAM", "access_pj": 100,
     "constraints": {"temporal": {"R": 1, "S": 1, "P": "<=8"}, "outermost": ["K"]}},
    {"name": "buffer", "access_pj": 6, "rows": 16, "columns": 16,
     "constraints": {"rows": {"K": 1}, "columns": {"C": 1}, "unrolled": {"P": 1, "Q": 1},
                     "keeps": ["inputs"], "passes_by": ["weights"]}},
    {"name": "register", "capacity_words": 16, "access_pj": 1,
     "constraints": {"temporal": {"C": ">=2"}, "innermost": ["C", "R"]}}]})";

TEST(ConstraintsJson, ReadsItsExample) {
    const auto json = *base::parseJson(kExample, "a.json");
    ASSERT_TRUE(hierarchyFromJson(json, "a.json").ok());
    const auto read = constraintsFromJson(json, "a.json");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    ASSERT_TRUE(*read);
    const auto& [levels, leastUse] = **read;
    EXPECT_EQ(leastUse, 0.5);
    ASSERT_EQ(levels.size(), 3U);
    EXPECT_EQ(levels[0].temporal[indexOf(Dim::R)], TripRule::exactly(1));
    EXPECT_EQ(levels[0].temporal[indexOf(Dim::P)], (TripRule{1, 8}));
    EXPECT_EQ(levels[0].outermost, std::vector{Dim::K});
    EXPECT_EQ(levels[1].rows[indexOf(Dim::K)], TripRule::exactly(1));
    EXPECT_EQ(levels[1].columns[indexOf(Dim::C)], TripRule::exactly(1));
    EXPECT_EQ(levels[1].unrolled[indexOf(Dim::Q)], TripRule::exactly(1));
    EXPECT_EQ(levels[1].keeps[1], true);
    EXPECT_EQ(levels[1].keeps[0], false);
    EXPECT_EQ(levels[1].keeps[2], std::nullopt);
    EXPECT_EQ(levels[2].temporal[indexOf(Dim::C)], (TripRule{2, 0}));
    EXPECT_EQ(levels[2].innermost, (std::vector{Dim::C, Dim::R}));
    EXPECT_EQ(**constraintsFromJson(*base::parseJson(kExample, "a"), "a"), **read);
}

RC_GTEST_PROP(ConstraintsJson, SurviveARoundTrip, ()) {
    base::Json hierarchy = {{"levels", base::Json::array()}};
    mapping::Constraints constraints;
    constraints.leastUse = 0.01 * *rc::gen::inRange(0, 101);
    const int levels = *rc::gen::inRange(1, 4);
    for (int l = 0; l < levels; ++l) {
        hierarchy["levels"].push_back({{"name", "memory" + std::to_string(l)}});
        mapping::LevelConstraints level;
        for (auto* rules : {&level.temporal, &level.rows, &level.columns, &level.unrolled}) {
            auto& rule = (*rules)[static_cast<std::size_t>(*rc::gen::inRange(0, 8))];
            const std::int64_t trips = *rc::gen::inRange(2, 99);
            const int kind = *rc::gen::inRange(0, 4);
            if (kind == 0) rule = TripRule::exactly(trips);
            if (kind == 1) rule = {1, trips};
            if (kind == 2) rule = {trips, 0};
        }
        if (*rc::gen::inRange(0, 2) == 0) level.innermost = {Dim::S, Dim::K};
        if (*rc::gen::inRange(0, 2) == 0) level.outermost = {Dim::G};
        if (*rc::gen::inRange(0, 2) == 0) level.keeps[0] = *rc::gen::inRange(0, 2) == 0;
        constraints.levels.push_back(level);
    }
    addConstraintsJson(constraints, hierarchy);
    const auto read = constraintsFromJson(hierarchy, "x");
    RC_ASSERT(read.ok());
    if (*read)
        RC_ASSERT(**read == constraints);
    else
        RC_ASSERT(constraints.leastUse == 0 && !constraints.aboutLoops());
    RC_ASSERT(hierarchyFromJson(hierarchy, "x").ok());
}

TEST(ConstraintsJson, RefusesWithThePointer) {
    const auto refused = [](const std::string& constraints, const std::string& reason) {
        const auto text = R"({"levels": [{"name": "a", "constraints": )" + constraints + "}]}";
        expectRefused(constraintsFromJson(*base::parseJson(text, "a.json"), "a.json"), reason);
    };
    refused("{\"temporal\": {\"X\": 1}}", "a.json/levels/0/constraints/temporal/X");
    refused("{\"temporal\": {\"K\": 0}}", "a.json/levels/0/constraints/temporal/K");
    refused("{\"temporal\": {\"K\": \"<4\"}}", "'<4' is no number of trips");
    refused("{\"temporal\": 3}", "a.json/levels/0/constraints/temporal");
    refused("{\"innermost\": [\"KC\"]}", "'KC' is no dimension");
    refused("{\"innermost\": [\"K\", \"K\"]}", "'K' is there twice");
    refused("{\"innermost\": [\"K\"], \"outermost\": [\"K\"]}", "K is innermost as well");
    refused("{\"keeps\": [\"weights\"], \"passes_by\": [\"weights\"]}", "is kept as well");
    refused("{\"order\": [\"K\"]}", "a.json/levels/0/constraints/order");
    refused("3", "a.json/levels/0/constraints");
}

}  // namespace
}  // namespace cohelix::interop
