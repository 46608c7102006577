// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/yaml_reader.h"

#include <gtest/gtest.h>

#include "core/interop/timeloop/expression.h"

#include "tests/core/interop/documents/checks.h"

namespace cohelix::interop {
namespace {

base::Result<std::string> firstText(const std::string& text) {
    return readYaml<std::string>(text, "x.yaml", [](const YamlReader& root) {
        return root.at("a").isText() ? root.at("a").text() : std::string("a list or a map");
    });
}

TEST(YamlReader, RefusesAliasesOfAliases) {
    std::string text = "x0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    for (int i = 1; i < 12; ++i) {
        const auto inner = "*x" + std::to_string(i - 1);
        text += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + inner;
        for (int k = 0; k < 9; ++k) text += ", " + inner;
        text += "]\n";
    }
    expectRefused(firstText(text + "a: *x11\n"),
                  "x.yaml, line 6: with its aliases unfolded the text has more than 1,000,000 "
                  "entries");
    const auto few = firstText("x: &x {b: 1}\ny: [*x, *x]\na: good\n");
    ASSERT_TRUE(few.ok()) << base::toText(few.error());
    EXPECT_EQ(*few, "good");
}

TEST(YamlReader, RefusesWhatContainsItself) {
    expectRefused(firstText("a: &x\n  b: [1, *x]\n"), "x.yaml, line 2: an anchor contains itself");
}

TEST(YamlReader, RefusesDepthAndLength) {
    expectRefused(firstText("a: " + std::string(70, '[') + std::string(70, ']')),
                  "x.yaml, line 1: entries nest more than 64 deep");
    expectRefused(firstText("a: " + std::string(100'000, '[')), "x.yaml");
    std::string chain = "x0: &x0 [1]\n";
    for (int i = 1; i < 70; ++i) {
        chain += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [*x" +
                 std::to_string(i - 1) + "]\n";
    }
    expectRefused(firstText(chain), "nest more than 64 deep");
    expectRefused(firstText(std::string(5 << 20, ' ')), "x.yaml: the text has more than 4 MiB");
}

TEST(YamlReader, RefusesWhatIsNotUtf8) {
    for (const std::string bad :
         {"\xFF", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xC3", "\x80"}) {
        expectRefused(firstText("b: 1\na: " + bad + "\n"), "x.yaml, line 2: the text is not UTF-8");
    }
    expectRefused(firstText(std::string("a: b\0c", 6)), "the text is not UTF-8");
    const auto good = firstText("a: \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n");
    ASSERT_TRUE(good.ok());
    EXPECT_EQ(*good, "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(YamlReader, SaysThatATemplateIsOne) {
    expectRefused(firstText("a: 1\n{{include_text('more.yaml')}}\n"),
                  "x.yaml, line 2: this is a template of Jinja, not yet YAML. Run Timeloop's front "
                  "end and give the file that it writes, parsed-processed-input.yaml");
    EXPECT_TRUE(firstText("a: 1  # {{a comment}}\n").ok());
}

TEST(YamlReader, MergesMaps) {
    const auto merged = firstText("base: &base {a: one, b: two}\n<<: *base\nc: three\n");
    ASSERT_TRUE(merged.ok()) << base::toText(merged.error());
    EXPECT_EQ(*merged, "one");
    const auto own = firstText("base: &base {a: one}\n<<: [*base]\na: own\n");
    ASSERT_TRUE(own.ok());
    EXPECT_EQ(*own, "own");
}

TEST(YamlReader, RefusesANameTwiceInOneMap) {
    expectRefused(firstText("a: 1\nb: {c: 1, d: 2}\na: 2\n"),
                  "x.yaml, line 3: 'a' is given twice in one map. Leave one of the two out");
    expectRefused(firstText("a: 1\nb:\n  - read-bandwidth: 1\n    read_bandwidth: 2\n"),
                  "x.yaml, line 4: 'read_bandwidth' is given twice");
    expectRefused(firstText("a: {b: [c, c], c: b, b: 1}\n"), "line 1: 'b' is given twice");
    // Values, names of other maps, aliases and merges are no names of the same map.
    for (const char* good : {"a: a\nb: a\n", "a: {a: {a: 1}}\nb: [{a: 1}, {a: 2}]\n",
                             "x: &x {b: 1}\ny: &y {c: 1}\na: {<<: *x, <<: *y, d: *x, e: *x}\n",
                             "a: &b b\n*b : 1\nc: a\n"}) {
        const auto read = firstText(good);
        EXPECT_TRUE(read.ok()) << good << base::toText(read.error());
    }
}

TEST(YamlReader, EvaluatesWholeNumbersLikeAllOthers) {
    const auto whole = [](const std::string& text) {
        return readYaml<std::int64_t>("a: " + text, "x.yaml", [](const YamlReader& root) {
            return root.at("a").integer(1, 2'000'000'000);
        });
    };
    for (const char* text : {"8", "8.0", "8e0", "2*4", "\"4+4\"", "2**3", "max(2, 16 // 2)"}) {
        const auto read = whole(text);
        ASSERT_TRUE(read.ok()) << text << base::toText(read.error());
        EXPECT_EQ(*read, 8) << text;
    }
    for (const char* text : {"0", "4.5", "9/2", "1e300", "nan", "inf", "2000000001"}) {
        expectRefused(whole(text), "' is no whole number from 1 to 2000000000");
    }
    for (const char* text : {"8x", "2*depth", "2**", "8.x"}) {
        expectRefused(whole(text), "no expression that can be evaluated here. Write a number");
    }
}

TEST(Expression, HasPythonsPrecedence) {
    const auto names = [](std::string_view name) -> std::optional<double> {
        return name == "depth" ? std::optional(192.0) : std::nullopt;
    };
    const auto expect = [&](const char* text, double value) {
        const auto found = valueOfExpression(text, names);
        ASSERT_TRUE(found) << text;
        EXPECT_EQ(*found, value) << text;
    };
    expect("12 * 34", 408);
    expect("2 + 3 * 4 ** 2 / 8", 8);
    expect("-2 ** 2", -4);
    expect("2 ** -1", 0.5);
    expect("2 ** 3 ** 2", 512);
    expect("(64 + 8)*1024", 73728);
    expect("7 // 2 + 7 % 4", 6);
    expect("max(1, ceil(log2(depth)))", 8);
    expect("min(depth, 1e2) - 1.5", 98.5);
    for (const char* text : {"", "2 *", "width", "(1", "1)", "1 2", "1 / 0", "log2(-1)", "max()",
                             "__import__('os')", "2 if depth else 1"}) {
        EXPECT_FALSE(valueOfExpression(text, names)) << text;
    }
    EXPECT_FALSE(valueOfExpression(std::string(100'000, '('), names));
    EXPECT_FALSE(valueOfExpression(std::string(100'000, '-') + "x", names));
}

}  // namespace
}  // namespace cohelix::interop
