// SPDX-License-Identifier: GPL-3.0-or-later
// Every JSON example in a header or a README is read as it is written there.
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "core/interop/documents/accelerator_json.h"
#include "core/interop/documents/constraints_json.h"
#include "core/interop/documents/hierarchy_json.h"
#include "core/interop/documents/layer_json.h"
#include "core/interop/documents/mapping_json.h"
#include "core/specification/steering.h"

namespace cohelix::interop {
namespace {

namespace fs = std::filesystem;
using base::Json;

fs::path sources() { return fs::path(COHELIX_PROJECTS).parent_path(); }

std::vector<std::string> linesOf(const fs::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

/// The text of a comment of which it begins a line, at least so far to the right; else nothing.
std::string commentText(const std::string& line, std::size_t indent) {
    const auto begin = line.find_first_not_of("/");
    if (!line.starts_with("//") || begin == std::string::npos) return {};
    const auto text = line.find_first_not_of(' ', begin);
    return text == std::string::npos || text - begin < indent ? "" : line.substr(text);
}

/// How many brackets of the text are open at its end. No string of an example has one.
int openBrackets(const std::string& text) {
    int open = 0;
    for (const char c : text) open += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    return open;
}

/// JSON that stands indented in the comments of a header, up to the bracket that closes it.
std::vector<std::string> examplesOf(const fs::path& header) {
    std::vector<std::string> examples;
    const auto lines = linesOf(header);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string text = commentText(lines[i], 3);
        if (!text.starts_with("{\"") && !text.starts_with("[{\"")) continue;
        while (openBrackets(text) > 0 && i + 1 < lines.size()) text += commentText(lines[++i], 1);
        examples.push_back(text.substr(0, text.find_last_of("}]") + 1));
    }
    return examples;
}

using Reader = std::function<std::string(const Json&)>;  ///< what it refuses, or nothing

template <typename Read>
Reader reading(Read read) {
    return [read](const Json& json) {
        const auto result = read(json, "example");
        return result.ok() ? std::string() : base::toText(result.error());
    };
}

const std::map<std::string, Reader>& readers() {
    static const std::map<std::string, Reader> kReaders = {
        {"core/interop/documents/accelerator_json.h", reading(acceleratorFromJson)},
        {"core/interop/documents/constraints_json.h", reading(constraintsFromJson)},
        {"core/interop/documents/hierarchy_json.h", reading(hierarchyFromJson)},
        {"core/interop/documents/layer_json.h", reading(layersFromJson)},
        {"core/interop/documents/mapping_json.h", reading(mappingFromJson)},
        {"core/specification/steering.h", reading(spec::changeFromJson)}};
    return kReaders;
}

std::vector<fs::path> filesBelow(const std::vector<std::string>& folders,
                                 const std::function<bool(const fs::path&)>& wanted) {
    std::vector<fs::path> files;
    for (const auto& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(sources() / folder)) {
            if (entry.is_regular_file() && wanted(entry.path())) files.push_back(entry.path());
        }
    }
    return files;
}

TEST(DocumentedExamples, OfHeadersAreReadAsWritten) {
    std::set<std::string> seen;
    const auto isHeader = [](const fs::path& path) { return path.extension() == ".h"; };
    for (const auto& path : filesBelow({"core", "app", "ui"}, isHeader)) {
        const auto header = fs::relative(path, sources()).generic_string();
        for (const auto& example : examplesOf(path)) {
            SCOPED_TRACE(header + ": " + example);
            const auto json = base::parseJson(example, "example");
            ASSERT_TRUE(json.ok()) << base::toText(json.error());
            const auto reader = readers().find(header);
            ASSERT_NE(reader, readers().end()) << "nothing reads this example";
            EXPECT_EQ(reader->second(*json), "");
            seen.insert(header);
        }
    }
    for (const auto& [header, reader] : readers()) {
        EXPECT_TRUE(seen.contains(header)) << header << " has no example";
    }
}

// The lists of JSON in READMEs are changes to a search.
TEST(DocumentedExamples, OfReadmesAreReadAsWritten) {
    std::size_t changes = 0;
    auto readmes = filesBelow({"core", "app", "ui", "projects", "packaging"},
                              [](const fs::path& path) { return path.extension() == ".md"; });
    readmes.push_back(sources() / "README.md");
    readmes.push_back(sources() / "CONTRIBUTING.md");
    for (const auto& readme : readmes) {
        std::optional<std::string> block;
        for (const auto& line : linesOf(readme)) {
            if (!block && line == "```json") {
                block.emplace();
            } else if (block && line == "```") {
                SCOPED_TRACE(readme.string() + ": " + *block);
                const auto json = base::parseJson(*block, "example");
                ASSERT_TRUE(json.ok()) << base::toText(json.error());
                const auto read = spec::timedChangesFromJson(*json);
                ASSERT_TRUE(read.ok()) << base::toText(read.error());
                changes += read->size();
                block.reset();
            } else if (block) {
                *block += line + "\n";
            }
        }
    }
    EXPECT_GT(changes, 0U);
}

}  // namespace
}  // namespace cohelix::interop
