// SPDX-License-Identifier: GPL-3.0-or-later
// Every command in a README and every example in a help text is run as it is written there: to its
// end; with options behind it that make it short; or, where it would take hours or a table that is
// not shipped, with its files missing, so that its options alone are checked. What is done to which
// stands in kWays and in the test's output.
#include <cctype>
#include <functional>
#include <iostream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/specification/steering.h"

#include "tests/support/onnx_model.h"
#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"
#include "tests/support/training.h"

namespace cohelix {
namespace {

namespace fs = std::filesystem;
using base::Json;
using Words = std::vector<std::string>;

enum class How { Whole, Shortened, OptionsOnly };

/// What is done with the commands that begin so; the first that fits counts. Others run whole.
struct Way {
    std::string command;
    How how = How::Whole;
    Words more = {};
};

const std::vector<Way>& ways() {
    static const std::vector<Way> kWays = {
        // An hour, or a table of published results that is not shipped.
        {"cohelix-cli tabulate", How::OptionsOnly, {"--set", "/data_set/path=nowhere"}},
        {"cohelix-cli benchmark nasbench-macro", How::OptionsOnly},
        {"cohelix-cli benchmark trained", How::OptionsOnly},
        {"cohelix-cli validate", How::OptionsOnly},
        {"cohelix-cli fronts macro.cohelix", How::OptionsOnly},
        {"cohelix-cli resume", How::OptionsOnly},  // there is nothing to resume
        // Of other people's files and designs.
        {"cohelix-cli replay fashion.cohelix --design 36", How::OptionsOnly},
        {"cohelix-cli optimum SPEC", How::OptionsOnly},
        {"cohelix-cli spec presets NAME", How::OptionsOnly},
        // Minutes, if they were left to themselves.
        {"cohelix-cli search projects/fashion-mnist-zc706.json", How::Shortened},
        {"cohelix-cli benchmark accelerator",
         How::Shortened,
         {"--methods", "random", "--evaluations", "10", "--seeds", "1"}},
        {"cohelix-cli predict",
         How::Shortened,
         {"--networks", "resnet18", "--spaces", "r1-imagenet", "--bits", "16"}},
    };
    return kWays;
}

bool begins(const std::string& command, const std::string& with) {
    return command.starts_with(with) &&
           (command.size() == with.size() || command[with.size()] == ' ');
}

Way wayOf(const std::string& command) {
    for (const auto& way : ways()) {
        if (begins(command, way.command)) return way;
    }
    return {command};
}

Words wordsOf(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

/// Without the remark behind it and the file that its output goes to.
std::string withoutRemark(std::string line) {
    for (const char* mark : {" #", " >"}) line = line.substr(0, line.find(mark));
    return line.substr(0, line.find_last_not_of(' ') + 1);
}

/// What may be left out, in brackets, is not; N is some number.
std::string withOptions(const std::string& line) {
    std::string text;
    for (const char c : line) {
        if (c != '[' && c != ']') text += c;
    }
    std::string out;
    for (const auto& word : wordsOf(text))
        out += (out.empty() ? "" : " ") + (word == "N" ? "2" : word);
    return out;
}

/// "spec validate|presets" names commands: "spec validate", "spec presets".
std::vector<std::string> alternativesOf(const std::string& line) {
    const auto words = wordsOf(line);
    if (words.empty() || words.back().find('|') == std::string::npos) return {line};
    std::vector<std::string> all;
    std::istringstream last(words.back());
    const auto before = line.substr(0, line.size() - words.back().size());
    for (std::string each; std::getline(last, each, '|');) all.push_back(before + each);
    return all;
}

/// Whether it names a command and gives it nothing.
bool onlyNames(const std::string& command) {
    return command.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789- ") ==
               std::string::npos &&
           command.find(" --") == std::string::npos;
}

bool isCommand(const std::string& line) {
    return line.starts_with("cohelix-cli ") || line.starts_with("cohelix plot ");
}

struct Documented {
    std::vector<std::string> lines;     ///< of blocks of shell
    std::vector<std::string> mentions;  ///< within sentences
};

void addMentions(const std::string& line, std::vector<std::string>& mentions) {
    std::istringstream parts(line);
    bool code = false;
    for (std::string part; std::getline(parts, part, '`'); code = !code) {
        if (code && isCommand(part)) mentions.push_back(part);
    }
}

Documented commandsOf(const fs::path& document) {
    Documented found;
    std::ifstream file(document);
    bool shell = false, block = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("```")) {
            shell = !block && line == "```sh";
            block = !block;
        } else if (shell && isCommand(line)) {
            found.lines.push_back(line);
        } else if (!block) {
            addMentions(line, found.mentions);
        }
    }
    return found;
}

fs::path sources() { return fs::path(COHELIX_PROJECTS).parent_path(); }

std::vector<fs::path> documents() {
    std::vector<fs::path> all = {sources() / "README.md", sources() / "CONTRIBUTING.md"};
    for (const char* folder : {"core", "app", "ui", "projects", "packaging", "tests"}) {
        for (const auto& entry : fs::recursive_directory_iterator(sources() / folder)) {
            if (entry.path().extension() == ".md") all.push_back(entry.path());
        }
    }
    return all;
}

/// "--set /path=value" for what one specification has otherwise than another.
Words changesOf(const Json& from, const Json& to, const std::string& pointer = {}) {
    if (from == to) return {};
    if (!from.is_object() || !to.is_object()) return {"--set", pointer + "=" + to.dump()};
    Words changes;
    for (const auto& [key, value] : to.items()) {
        const auto more = changesOf(from.value(key, Json()), value, pointer + "/" + key);
        changes.insert(changes.end(), more.begin(), more.end());
    }
    return changes;
}

constexpr const char* kLayer =
    R"({"name": "conv", "K": 16, "C": 8, "P": 16, "Q": 16, "R": 3, "S": 3})";
constexpr const char* kChunk =
    R"({"name": "chunk", "buffer_tile": {"rows": 8, "columns": 8, "outputs": 8, "inputs": 8},
        "loop_tile": {"rows": 8, "columns": 8, "outputs": 8, "inputs": 8}})";
constexpr const char* kSteering =
    R"([{"step": 1, "change": "limit", "limit": "dsp", "value": 450}])";
constexpr const char* kConstraints = R"(mapspace_constraints:
  - {target: register, type: temporal, factors: "R0 S0", permutation: RS}
  - {target: buffer, type: spatial, factors: "P1 Q1 R1 S1 N1"}
)";

constexpr const char* kArchitecture = R"(architecture:
  version: 0.3
  subtree:
    - name: system
      local:
        - name: DRAM
          class: DRAM
          attributes: {word-bits: 16, vector_access_energy: 100}
      subtree:
        - name: chip
          local:
            - name: buffer
              class: SRAM
              attributes: {depth: 65536, word-bits: 16, vector_access_energy: 2}
          subtree:
            - name: PE[0..15]
              local:
                - name: register
                  class: regfile
                  attributes: {depth: 16, word-bits: 16, vector_access_energy: 0.2}
                - name: multiplier
                  class: intmac
                  attributes: {datawidth: 16, energy: 0.5}
)";

class DocumentedCommands : public testing::Test {
protected:
    void SetUp() override {
        fs::create_directory_symlink(COHELIX_PROJECTS, m_folder / "projects");
        fs::current_path(m_folder.path());
        setenv("QT_QPA_PLATFORM", "offscreen", 1);
        write("conv.json", kLayer);
        write("chunk.json", kChunk);
        write("chunks.json", std::string(R"({"chunks": [)") + kChunk + "]}");
        write("changes.json", kSteering);
        write("arch.yaml", kArchitecture);
        write("constraints.yaml", kConstraints);
        write("model.onnx", test::onnxModel(false));
        const auto best =
            run("cohelix-cli map --layer conv.json --accelerator gemmini", {"--format", "json"});
        const auto json = Json::parse(best.out, nullptr, false);
        ASSERT_TRUE(json.is_object()) << best.err;
        write("map.json", json["layers"][0]["mapping"].dump());
    }
    void TearDown() override { fs::current_path("/"); }

    test::Outcome run(const std::string& command, const Words& more) {
        auto words = wordsOf(command);
        words.front() = words.front() == "cohelix" ? COHELIX_WINDOW : COHELIX_CLI;
        words.insert(words.end(), more.begin(), more.end());
        return test::runToEnd(words, m_folder.path());
    }
    /// The example's search, on few images and with few steps.
    void shorten(const spec::Specification& small) {
        m_searching =
            changesOf(spec::toJson(*spec::preset("fashion-mnist-zc706")), spec::toJson(small));
        write("SPEC.json", toText(small));
    }
    /// A command of a block, and whether it did what it says.
    void check(const std::string& command) {
        SCOPED_TRACE(command);
        auto [pattern, how, more] = wayOf(command);
        if (begins(command, "cohelix plot") && !fs::exists(COHELIX_WINDOW)) {
            std::cout << "NOT CHECKED, the window is not built: " << command << "\n";
            return;
        }
        if (command.starts_with("cohelix-cli search projects/")) more = m_searching;
        if (onlyNames(command) && begins(command, "cohelix-cli spec validate")) more = {"--help"};
        if (!m_done[how].insert(command).second) return;
        const auto outcome = run(command, more);
        if (how == How::OptionsOnly) {
            EXPECT_EQ(outcome.exitCode, 1) << "2 would be a wrong option:\n" << outcome.err;
        } else {
            EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        }
    }
    /// A command in a sentence: its name alone, or with options.
    void checkMention(const std::string& command) {
        if (!onlyNames(command)) return check(command);
        SCOPED_TRACE(command);
        EXPECT_EQ(run(command, {"--help"}).exitCode, 0);
    }
    static void write(const std::string& name, const std::string& text) {
        std::ofstream(name, std::ios::binary) << text;
    }

    test::TemporaryFolder m_folder;
    Words m_searching;
    std::map<How, std::set<std::string>> m_done;
};

TEST_F(DocumentedCommands, OfReadmesRunAsWritten) {
    COHELIX_NEEDS_TRAINING();
    const auto small = test::smallSpecification(m_folder.path());
    if (!small) GTEST_SKIP() << "NOT CHECKED: Fashion-MNIST is not installed";
    shorten(*small);
    std::size_t lines = 0;
    for (const auto& document : documents()) {
        SCOPED_TRACE(document.string());
        const auto commands = commandsOf(document);
        for (const auto& line : commands.lines) {
            for (const auto& each : alternativesOf(withOptions(withoutRemark(line)))) check(each);
        }
        lines += commands.lines.size();
        for (const auto& mention : commands.mentions) checkMention(withoutRemark(mention));
    }
    EXPECT_GT(lines, 20U) << "the READMEs have lost their commands";
    for (const auto& [how, title] : {std::pair{How::Whole, "as written"},
                                     {How::Shortened, "shortened by more options"},
                                     {How::OptionsOnly, "options only"}}) {
        std::cout << m_done[how].size() << " run " << title << ":\n";
        for (const auto& command : m_done[how]) std::cout << "    " << command << "\n";
    }
}

/// All commands, by the helps themselves.
void addHelps(const Words& command, const std::function<test::Outcome(Words)>& run,
              std::map<std::string, std::string>& helps) {
    auto words = command;
    words.push_back("--help");
    const auto help = run(words);
    std::string name;
    for (const auto& word : command) name += (name.empty() ? "" : " ") + word;
    EXPECT_EQ(help.exitCode, 0) << name;
    helps[name] = help.out;
    std::istringstream lines(help.out);
    bool listing = false;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("  ")) listing = line.starts_with("Subcommands:");
        if (!listing || line.size() < 3 || line[2] == ' ' || !line.starts_with("  ")) continue;
        auto sub = command;
        sub.push_back(wordsOf(line).front());
        addHelps(sub, run, helps);
    }
}

/// The first list or object of JSON in a text, its lines joined; empty where there is none.
std::string jsonIn(const std::string& text) {
    const auto begin = std::min(text.find("[{\""), text.find("{\""));
    if (begin == std::string::npos) return {};
    std::string json;
    int open = 0;
    for (const char c : text.substr(begin)) {
        if (!(std::isspace(static_cast<unsigned char>(c)) && json.ends_with(' '))) {
            json += c == '\n' ? ' ' : c;
        }
        open += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
        if (open == 0) break;
    }
    return json;
}

// What a help shows as JSON is read, and every default that it names is taken.
TEST_F(DocumentedCommands, ExamplesOfHelpsAreTaken) {
    std::map<std::string, std::string> helps;
    addHelps(
        {},
        [&](const Words& words) {
            std::string command = "cohelix-cli";
            for (const auto& word : words) command += " " + word;
            return run(command, {});
        },
        helps);
    EXPECT_GT(helps.size(), 25U);
    std::set<std::string> with;
    for (const auto& [name, text] : helps) {
        SCOPED_TRACE(name);
        EXPECT_EQ(text.find("cohelix-cli " + name + " --"), std::string::npos)
            << "an example of a whole command is to be run by this test";
        const auto json = jsonIn(text);
        if (json.empty()) continue;
        ASSERT_EQ(name, "search") << json << ": which reader is it for?";
        const auto parsed = base::parseJson(json, "example");
        ASSERT_TRUE(parsed.ok()) << json;
        const auto read = spec::timedChangesFromJson(*parsed);
        EXPECT_TRUE(read.ok()) << (read.ok() ? "" : base::toText(read.error()));
        with.insert(name);
    }
    EXPECT_EQ(with, std::set<std::string>{"search"});
}

}  // namespace
}  // namespace cohelix
