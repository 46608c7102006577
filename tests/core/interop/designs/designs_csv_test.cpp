// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/designs/designs_csv.h"

#include <cstdlib>

#include "samples.h"

namespace cohelix::interop {
namespace {

using namespace samples;

using Table = std::vector<std::vector<std::string>>;

/// Reads CSV as RFC 4180 says.
Table parse(const std::string& text) {
    Table table(1);
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += text[++i];
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',' || c == '\n') {
            table.back().push_back(std::move(field));
            field.clear();
            if (c == '\n') table.emplace_back();
        } else {
            field += c;
        }
    }
    table.pop_back();
    return table;
}

TEST(DesignsCsv, HasTheDocumentedColumnsThenOnePerChoice) {
    const auto spec = specification();
    const auto csv = designsCsv({{spec, {row()}}});
    ASSERT_TRUE(csv) << toText(csv.error());
    const auto table = parse(*csv);
    ASSERT_EQ(table.size(), 2u);
    const std::vector<std::string> first = {
        "id",  "run", "state",   "accuracy", "accuracy_grade", "fps",    "latency_ms", "energy_mj",
        "edp", "dsp", "bram18k", "front",    "block0",         "block1", "block2",     "block3"};
    ASSERT_GT(table[0].size(), first.size());
    EXPECT_TRUE(std::equal(first.begin(), first.end(), table[0].begin()));
    EXPECT_EQ(table[0].size(), 18 + hardware::acceleratorChoices(spec.accelerator).size());
    EXPECT_EQ(table[0].back(), "within_limits");
    EXPECT_EQ(table[0][table[0].size() - 2], "macs");
    EXPECT_EQ(table[1].back(), "1");
    auto beyond = row();
    beyond.within = false;
    beyond.macs = 4321;
    const auto steered = parse(designsCsv({{spec, {beyond}}}).value());
    EXPECT_EQ(steered[1].back(), "0");
    EXPECT_EQ(steered[1][steered[1].size() - 2], "4321");
    EXPECT_EQ(table[0][16], hardware::acceleratorChoices(spec.accelerator)[0].name);
    ASSERT_EQ(table[1].size(), table[0].size());
    const std::vector<std::string> fields = {
        "12",  "3",   "trained", "12.5", "trained",  "333333.3333333333", "0.1",  "7",
        "0.7", "432", "211.5",   "1",    "k5_e3_g2", "k7_e2_g4",          "skip", "k3_e1"};
    EXPECT_TRUE(std::equal(fields.begin(), fields.end(), table[1].begin())) << *csv;
    EXPECT_EQ(std::strtod(table[1][5].c_str(), nullptr), row().fps) << "numbers read back exactly";
}

TEST(DesignsCsv, LeavesEmptyWhatDoesNotApply) {
    auto other = specification();
    other.network.stages.pop_back();
    auto design = row({0, 1});
    design.grade = model::AccuracyGrade::None;
    design.front = false;
    const auto csv = designsCsv({{other, {design}}, {specification(), {row()}}});
    ASSERT_TRUE(csv) << toText(csv.error());
    const auto table = parse(*csv);
    ASSERT_EQ(table.size(), 3u);
    EXPECT_EQ(table[1].size(), table[0].size());
    EXPECT_EQ(table[1][3], "") << "no accuracy";
    EXPECT_EQ(table[1][4], "none");
    EXPECT_EQ(table[1][11], "0");
    const auto column = [&](const std::string& name) {
        return static_cast<std::size_t>(std::find(table[0].begin(), table[0].end(), name) -
                                        table[0].begin());
    };
    EXPECT_EQ(table[1][column("block0")], "k3_e1");
    EXPECT_EQ(table[1][column("block3")], "");
    EXPECT_EQ(table[2][column("block3")], "k3_e1");
}

TEST(DesignsCsv, QuotesWhatNeedsIt) {
    EXPECT_EQ(csvField("plain text"), "plain text");
    EXPECT_EQ(csvField("a,b"), "\"a,b\"");
    EXPECT_EQ(csvField("say \"hi\""), "\"say \"\"hi\"\"\"");
    auto spec = specification();
    spec.accelerator.pipeline[0].name = "tricky, \"name\"\nof two lines";
    const auto csv = designsCsv({{spec, {row()}}});
    ASSERT_TRUE(csv);
    const auto table = parse(*csv);
    ASSERT_EQ(table.size(), 2u);
    EXPECT_EQ(table[0].size(), table[1].size());
    EXPECT_EQ(table[0][16], hardware::acceleratorChoices(spec.accelerator)[0].name);
}

TEST(DesignsCsv, AnEmptyTableIsAHeader) {
    EXPECT_EQ(parse(*designsCsv({{specification(), {}}})).size(), 1u);
    EXPECT_EQ(parse(*designsCsv({})).at(0).size(), 14u);
    EXPECT_TRUE(designsJson({})->empty());
}

TEST(DesignsCsv, WithoutASpecificationChoicesAreNumbers) {
    const std::vector<DesignTable> tables = {{specification(), {row()}}, {std::nullopt, {row()}}};
    const auto csv = designsCsv(tables);
    ASSERT_TRUE(csv) << toText(csv.error());
    const auto table = parse(*csv);
    ASSERT_EQ(table.size(), 3u);
    const auto numbers = table[0].size() - 3;  // macs and within_limits come last
    EXPECT_EQ(table[0][numbers], "choice_numbers");
    EXPECT_EQ(table[1][numbers], "");
    EXPECT_EQ(table[2][numbers], keyOf(row().choices));
    EXPECT_TRUE(std::equal(table[1].begin(), table[1].begin() + 12, table[2].begin()));
    const auto json = designsJson(tables);
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)[1]["choices"], base::Json({{"choice_numbers", keyOf(row().choices)}}));
}

TEST(DesignsCsv, RefusesChoicesOfAnotherSpecification) {
    for (const auto& operators : {std::vector<int>{0, 0}, {0, 0, 0, 4}, {0, -1, 0, 0}}) {
        EXPECT_FALSE(designsCsv({{specification(), {row(operators)}}}));
        EXPECT_FALSE(designsJson({{specification(), {row(operators)}}}));
    }
}

TEST(DesignsJson, SaysTheSameAsTheCsv) {
    auto unknown = row();
    unknown.grade = model::AccuracyGrade::None;
    const auto json = designsJson({{specification(), {row(), unknown}}});
    ASSERT_TRUE(json);
    const auto& first = (*json)[0];
    std::string keys;
    for (const auto& [key, value] : first.items()) keys += (keys.empty() ? "" : ",") + key;
    EXPECT_EQ(keys,
              "id,run,state,accuracy,accuracy_grade,fps,latency_ms,energy_mj,edp,dsp,"
              "bram18k,front,macs,within_limits,choices");
    EXPECT_EQ(first["accuracy"], 12.5);
    EXPECT_EQ(first["fps"], row().fps);
    EXPECT_EQ(first["front"], true);
    EXPECT_EQ(first["choices"]["block1"], "k7_e2_g4");
    EXPECT_TRUE((*json)[1]["accuracy"].is_null());
    EXPECT_EQ(base::parseJson(base::canonicalText(*json), "").value(), *json);
}

}  // namespace
}  // namespace cohelix::interop
