// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <gtest/gtest.h>

namespace cohelix::base {
namespace {

Json parsed(const char* text) {
    auto json = parseJson(text, "test");
    EXPECT_TRUE(json.ok()) << (json.ok() ? "" : toText(json.error()));
    return json ? *json : Json();
}

TEST(ParseJson, SaysLineAndColumnOfTheFault) {
    const auto json = parseJson("{\n  \"a\": 1,\n  oops\n}", "spec.json");
    ASSERT_FALSE(json.ok());
    EXPECT_EQ(json.error().where, "spec.json");
    EXPECT_NE(json.error().what.find("line 3"), std::string::npos) << json.error().what;
}

TEST(ParseJson, RefusesBytesOfZeroAndNumbersThatAreTooLarge) {
    const auto refused = [](std::string_view text, const std::string& reason) {
        const auto read = parseJson(text, "a.json");
        ASSERT_FALSE(read.ok());
        EXPECT_EQ(toText(read.error()), reason);
    };
    refused(std::string_view("{}\n\0", 4),
            "a.json: this is not JSON, at line 2, column 1: a byte of zero stands there");
    refused(R"({"K": 1e400})",
            "a.json: the number '1e400' is beyond what can be counted with. Give a smaller one");
}

TEST(ParseJson, RefusesAKeyThatIsThereTwice) {
    const auto json = parseJson(R"({"a": {"dsp": 1, "dsp": 2}, "b": {"dsp": 3}})", "spec.json");
    ASSERT_FALSE(json.ok());
    EXPECT_EQ(json.error().what, "an object names 'dsp' twice");
    EXPECT_TRUE(parseJson(R"([{"dsp": 1}, {"dsp": 1, "x": {"dsp": 1}}])", "spec.json").ok());
}

TEST(ParseJson, RefusesBottomlessNesting) {
    EXPECT_FALSE(parseJson(std::string(100000, '['), "x").ok());
    EXPECT_FALSE(parseJson(std::string(65, '[') + std::string(65, ']'), "x").ok());
    EXPECT_TRUE(parseJson(std::string(60, '[') + std::string(60, ']'), "x").ok());
}

TEST(ParseJson, RefusesMoreValuesThanAnybodyMeans) {
    std::string many = "[";
    for (int i = 0; i < 1'000'000; ++i) many += "0,";
    EXPECT_FALSE(parseJson(many + "0]", "many.json").ok());
    many.pop_back();
    EXPECT_TRUE(parseJson(many + "]", "many.json").ok());
    std::string keys = "[";
    for (int i = 0; i < 500'001; ++i) keys += R"({"a":0},)";
    keys.back() = ']';
    const auto refused = parseJson(keys, "keys.json");
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(toText(refused.error()).find("keys.json: it has more than 1,000,000 keys"),
              std::string::npos);
}

TEST(JsonReader, NamesTheFieldThatIsWrong) {
    struct Case {
        const char* text;
        const char* where;
        const char* what;
    };
    const Case cases[] = {
        {R"({"limits": {"dsp": "many"}})", "/limits/dsp", "must be a whole number"},
        {R"({"limits": {"dsp": 1e99}})", "/limits/dsp", "must be a whole number"},
        {R"({"limits": {"dsp": 99999999999999999999}})", "/limits/dsp", "must be a whole number"},
        {R"({"limits": {"dsp": 2.5}})", "/limits/dsp", "must be a whole number"},
        {R"({"limits": {"dsp": -1}})", "/limits/dsp", "from 0 to 900"},
        {R"({"limits": {}})", "/limits/dsp", "missing"},
        {R"({"limits": []})", "/limits", "must be an object"},
        {R"({})", "/limits", "missing"},
        {R"({"limits": {"dsp": 3, "a/b~c": 1}})", "/limits/a~1b~0c", "no such field"},
    };
    for (const auto& c : cases) {
        const Json json = parsed(c.text);
        std::optional<Error> error;
        JsonReader reader(json, "", error);
        auto limits = reader.object("limits");
        (void)limits.integer("dsp", 0, 900);
        limits.finish();
        reader.finish();
        ASSERT_TRUE(error) << c.text;
        EXPECT_EQ(error->where, c.where) << c.text;
        EXPECT_NE(error->what.find(c.what), std::string::npos) << error->what;
    }
}

TEST(JsonReader, NamesTheElementOfAList) {
    const Json json = parsed(R"({"tm": [8, 4, 0]})");
    std::optional<Error> error;
    JsonReader reader(json, "/chunks/3", error);
    (void)reader.integers("tm", 1, 64);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->where, "/chunks/3/tm/2");
}

TEST(CanonicalText, IsAFixedPoint) {
    const Json json = parsed(R"({"b": [1, 2], "a": {"x": 0.1, "y": [{"z": []}]}, "e": {}})");
    const auto text = canonicalText(json);
    EXPECT_EQ(canonicalText(parsed(text.c_str())), text);
    EXPECT_EQ(parsed(text.c_str()), json);
    EXPECT_LT(text.find("\"b\""), text.find("\"a\"")) << "fields keep their order";
}

TEST(SetAtPointer, ReplacesAddsAndRefuses) {
    Json json = parsed(R"({"limits": {"dsp": 900}, "tm": [8, 4]})");
    EXPECT_TRUE(setAtPointer(json, "/limits/dsp", "450").ok());
    EXPECT_TRUE(setAtPointer(json, "/limits/bram18k", "700").ok());
    EXPECT_TRUE(setAtPointer(json, "/tm/1", "2").ok());
    EXPECT_TRUE(setAtPointer(json, "/limits/name", "plain text").ok());
    EXPECT_FALSE(setAtPointer(json, "/limits", R"({"dsp": 1, "dsp": 2})").ok());
    const auto deep = std::string(1000, '[') + std::string(1000, ']');
    EXPECT_FALSE(setAtPointer(json, "/limits", deep).ok());
    EXPECT_EQ(json.dump(),
              R"({"limits":{"dsp":450,"bram18k":700,"name":"plain text"},"tm":[8,2]})");
    for (const char* pointer : {"", "dsp", "/nowhere/x", "/tm/7", "/tm/x", "/limits/dsp/deeper"}) {
        EXPECT_FALSE(setAtPointer(json, pointer, "1").ok()) << pointer;
    }
}

}  // namespace
}  // namespace cohelix::base
