// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/unicode.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/json_text.h"

namespace cohelix::base {
namespace {

TEST(Unicode, TellsForeignBytesFromCharacters) {
    EXPECT_FALSE(firstForeignByte("plain \xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80"));
    EXPECT_EQ(firstForeignByte("ab\xFF"), 2U);
    EXPECT_EQ(firstForeignByte("\xC3"), 0U) << "cut off";
    EXPECT_EQ(firstForeignByte("a\xC0\x80"), 1U) << "longer than needed";
    EXPECT_EQ(firstForeignByte("\xED\xA0\x80"), 0U) << "half a surrogate pair";
    EXPECT_EQ(firstForeignByte("\xF4\x90\x80\x80"), 0U) << "past U+10FFFF";
    EXPECT_EQ(validUtf8("a\xFF\xC3z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST(Unicode, SpellsOutWhatATerminalObeys) {
    EXPECT_EQ(visible("name\x1b]52;c;aGk=\x07"), "name\\x1b]52;c;aGk=\\x07");
    EXPECT_EQ(visible("\xC2\x9B\x33m"), "\\u009b3m") << "a control character beyond ASCII";
    EXPECT_EQ(visible("a\xE2\x80\xAE"
                      "b"),
              "a\\u202eb")
        << "turns the text around";
    EXPECT_EQ(visible("\x9B"
                      "31m"),
              "\\x9b31m")
        << "the same as a byte alone";
    EXPECT_EQ(visible("\r\x7F"), "\\x0d\\x7f");
    EXPECT_EQ(visible("two\n\tlines \xC3\xBC"), "two\n\tlines \xC3\xBC");
    EXPECT_EQ(visibleLine("two\nlines"), "two\\x0alines");
}

RC_GTEST_PROP(Unicode, ShowsNothingThatATerminalObeys, (const std::string& text)) {
    const auto shown = visible(text);
    RC_ASSERT(!firstForeignByte(shown));
    for (const char c : shown) {
        RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
        RC_ASSERT(c != '\x7F');
    }
    RC_ASSERT(visible(shown) == shown);
    RC_ASSERT(!firstForeignByte(validUtf8(text)));
}

RC_GTEST_PROP(Unicode, JsonTextNeverFailsAndReadsBack, (const std::string& text)) {
    const Json json = {{text, text}};
    const auto written = jsonText(json);
    RC_ASSERT(visible(written) == written);
    const auto read = Json::parse(written);
    const auto back = read.begin().value().get<std::string>();
    RC_ASSERT(!firstForeignByte(back));
    if (!firstForeignByte(text)) RC_ASSERT(back == text);
}

TEST(Unicode, JsonKeepsItsStringsWhereTheyAreEscaped) {
    const Json json = {{"name", "\x1b\xC2\x9B\x7F\xE2\x80\xAE\xC3\xBC"}};
    EXPECT_EQ(jsonText(json), "{\"name\":\"\\u001b\\u009b\\u007f\\u202e\xC3\xBC\"}");
    EXPECT_EQ(Json::parse(jsonText(json)), json);
    EXPECT_EQ(Json::parse(canonicalText(json)), json);
    EXPECT_EQ(canonicalText({{"a", "x\xFF"}}), "{\n  \"a\": \"x\xEF\xBF\xBD\"\n}\n");
}

}  // namespace
}  // namespace cohelix::base
