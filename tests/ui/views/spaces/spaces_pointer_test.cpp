// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_pointer.h"

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/specification/specification.h"

namespace cohelix::ui {
namespace {

const std::string kText = R"({
  "name": "a \"quoted\" name, with [brackets]",
  "list": [1, 2,
    {"deep": true}],
  "a/b": {"~": null}
})";

TEST(OffsetOfPointer, FindsKeysAndElements) {
    const auto at = [](const std::string& pointer) {
        return kText.substr(offsetOfPointer(kText, pointer).value(), 6);
    };
    EXPECT_EQ(at("/name"), "\"name\"");
    EXPECT_EQ(at("/list/1").front(), '2');
    EXPECT_EQ(at("/list/2/deep"), "\"deep\"");
    EXPECT_EQ(at("/a~1b"), "\"a/b\":");
    EXPECT_EQ(at("/a~1b/~0").substr(0, 3), "\"~\"");
}

TEST(OffsetOfPointer, AMissingFieldStandsAtItsParent) {
    EXPECT_EQ(offsetOfPointer(kText, "/list/2/other/deeper"), offsetOfPointer(kText, "/list/2"));
    EXPECT_EQ(offsetOfPointer(kText, "/missing"), 0U);
}

TEST(OffsetOfPointer, EndsOnAnyText) {
    for (const char* text : {"", "{", "[[[[", "{\"a", "{\"a\":", "\\", "]}", "{\"a\" \"b\" [,,,"}) {
        const auto offset = offsetOfPointer(text, "/a/0/b");
        if (offset) {
            EXPECT_LE(*offset, std::string(text).size());
        }
    }
    EXPECT_NO_FATAL_FAILURE((void)offsetOfPointer(std::string(200000, '['), "/0/0"));
}

TEST(LineOfError, IsThatOfEveryFieldOfARealSpecification) {
    const auto specification = spec::preset("dna-cifar10-zc706");
    ASSERT_TRUE(specification);
    const std::string text = toText(*specification);
    int last = 0;
    for (const char* pointer : {"/name", "/network/classes", "/accelerator/chunks/3/tm", "/limits",
                                "/training/label_smoothing"}) {
        const int line = lineOfError(text, {pointer, "is wrong", ""});
        EXPECT_GT(line, last) << pointer;
        last = line;
    }
}

TEST(LineOfError, ReadsTheLineOfASyntaxError) {
    const std::string text = "{\n  \"a\": 1,\n  \"b\": }\n";
    const auto parsed = base::parseJson(text, "");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(lineOfError(text, parsed.error()), 2);
}

}  // namespace
}  // namespace cohelix::ui
