// SPDX-License-Identifier: GPL-3.0-or-later
// What the options of the command line read: files of any name, standard input and pipes; and what
// a command that takes its time shows on a terminal.
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/ioctl.h>

#include "core/base/json.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

constexpr const char* kLayer =
    R"({"name": "one", "K": 32, "C": 16, "P": 8, "Q": 8, "R": 3, "S": 3})";
constexpr const char* kLayerYaml = R"(problem:
  shape: cnn-layer
  R: 3
  S: 3
  P: 8
  Q: 8
  C: 16
  K: 32
  N: 1
)";
constexpr const char* kChunk =
    R"({"buffer_tile": {"rows": 8, "columns": 8, "outputs": 8, "inputs": 8},
        "loop_tile": {"rows": 8, "columns": 8, "outputs": 8, "inputs": 8}})";

class InputCliTest : public testing::Test {
protected:
    /// In a shell, where $CLI is the program.
    test::Outcome shell(const std::string& command) {
        return test::runToEnd(
            {"/bin/bash", "-c",
             "cd " + m_folder.path().string() + "; CLI='" + COHELIX_CLI + "'; " + command},
            m_folder.path());
    }
    std::string priced(const std::string& command) {
        const auto outcome = shell(command);
        EXPECT_EQ(outcome.exitCode, 0) << command << "\n" << outcome.err;
        return outcome.out;
    }
    void expectRefused(const std::string& command, const std::string& reason) {
        const auto outcome = shell(command);
        EXPECT_EQ(outcome.exitCode, 1) << command;
        EXPECT_NE(outcome.err.find(reason), std::string::npos) << command << "\n" << outcome.err;
    }
    void write(const std::string& name, const std::string& content) {
        std::ofstream(m_folder / name) << content;
    }
    void SetUp() override {
        write("layer.json", kLayer);
        write("layer", kLayer);
        write("chunk.json", kChunk);
        write("chunk", kChunk);
        write("problem.yaml", kLayerYaml);
        write("problem", kLayerYaml);
    }
    test::TemporaryFolder m_folder;
};

TEST_F(InputCliTest, AFileWithoutAnExtensionIsWhatItsContentsAre) {
    const auto text = priced("$CLI evaluate --layer layer.json --accelerator chunk.json");
    EXPECT_EQ(priced("$CLI evaluate --layer layer --accelerator chunk"), text);
    EXPECT_EQ(priced("$CLI evaluate --layer ./layer --accelerator ./chunk"), text);
    EXPECT_EQ(priced("cp layer layer.txt; $CLI evaluate --layer layer.txt --accelerator chunk"),
              text);
    const auto mapped = priced(
        "$CLI map --layer problem.yaml --accelerator gemmini --format json "
        "--objective latency | grep cycles");
    EXPECT_EQ(priced("$CLI map --network problem --accelerator gemmini --format json "
                     "--objective latency | grep cycles"),
              mapped);
}

TEST_F(InputCliTest, StandardInputAndPipesAreRead) {
    const auto text = priced("$CLI evaluate --layer layer.json --accelerator chunk.json");
    EXPECT_EQ(priced("cat layer.json | $CLI evaluate --layer - --accelerator chunk.json"), text);
    EXPECT_EQ(priced("$CLI evaluate --layer layer.json --accelerator - <chunk.json"), text);
    EXPECT_EQ(priced("cat chunk | $CLI evaluate --layer layer --accelerator /dev/stdin"), text);
    EXPECT_EQ(priced("$CLI evaluate --layer <(cat layer) --accelerator <(cat chunk)"), text);
    EXPECT_NE(
        priced("$CLI spec presets fashion-mnist-zc706 | $CLI spec validate -").find("is valid"),
        std::string::npos);
    const std::string cycles = " --format json | grep -m 1 cycles";
    const auto mapped = priced("$CLI map --network problem --accelerator eyeriss" + cycles);
    EXPECT_EQ(priced("$CLI map --network - --accelerator eyeriss <problem.yaml" + cycles), mapped);
    const auto best =
        base::Json::parse(priced("$CLI map --network problem --accelerator eyeriss --format json"));
    write("mapping", best["layers"][0]["mapping"].dump());
    EXPECT_EQ(priced("$CLI evaluate --layer problem --accelerator eyeriss --mapping "
                     "<(cat mapping)" +
                     cycles),
              mapped);
}

TEST_F(InputCliTest, WhatIsNoneOfTheKindsIsRefused) {
    write("words", "nothing of the kind");
    expectRefused("$CLI evaluate --layer layer --accelerator words", "neither JSON nor YAML");
    expectRefused("$CLI evaluate --layer words --accelerator chunk", "neither JSON nor YAML");
    const std::string pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n";
    for (const std::string name : {"pointer.yaml", "pointer.json", "pointer"}) {
        write(name, pointer);
        const std::string told = "neither JSON nor YAML but a pointer of Git LFS";
        expectRefused("$CLI evaluate --layer " + name + " --accelerator eyeriss", told);
        expectRefused("$CLI evaluate --layer layer --accelerator " + name, told);
    }
    expectRefused("$CLI evaluate --network words --accelerator chunk", "this is no ONNX model");
    expectRefused("cat layer | $CLI evaluate --layer - --accelerator -",
                  "Only one option can read");
    expectRefused("mkfifo pipe; $CLI evaluate --layer pipe --accelerator chunk", "a named pipe");
    expectRefused("$CLI evaluate --layer layer --accelerator gemini",
                  "no accelerator has that name");
    expectRefused("$CLI evaluate --layer layer --accelerator ./gemini", "there is no such file");
    expectRefused("$CLI evaluate --network resnet --accelerator eyeriss",
                  "nasbench-macro:…; or a file");
    EXPECT_EQ(shell("$CLI evaluate --network '' --accelerator eyeriss").exitCode, 2);
    EXPECT_EQ(shell("$CLI evaluate --layer layer --accelerator ''").exitCode, 2);
}

/// Standard error is a terminal of so many columns; what came to it.
std::string atTerminal(std::vector<std::string> arguments, unsigned short columns) {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    EXPECT_EQ(::grantpt(master), 0);
    EXPECT_EQ(::unlockpt(master), 0);
    winsize size{};
    size.ws_col = columns;
    ::ioctl(master, TIOCSWINSZ, &size);
    const std::string name = ::ptsname(master);
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(::open(name.c_str(), O_WRONLY | O_NOCTTY), STDERR_FILENO);
        ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
        ::execv(pointers[0], pointers.data());
        ::_exit(127);
    }
    std::string seen;
    std::array<char, 4096> block{};
    // Reading ends in an error when the last who held the other side has closed it.
    while (true) {
        const auto got = ::read(master, block.data(), block.size());
        if (got > 0) {
            seen.append(block.data(), static_cast<std::size_t>(got));
        } else if (::waitpid(child, nullptr, WNOHANG) == child) {
            break;
        }
    }
    ::close(master);
    return seen;
}

TEST_F(InputCliTest, ATerminalSeesHowFarTheMapperIs) {
    write("network.json", R"({"layers": [
        {"name": "first", "K": 8, "C": 4, "P": 8, "Q": 8, "R": 3, "S": 3},
        {"name": "second", "K": 8, "C": 8, "P": 8, "Q": 8, "R": 1, "S": 1}]})");
    const auto network = (m_folder / "network.json").string();
    for (const char* command : {"map", "evaluate"}) {
        const std::vector<std::string> arguments = {COHELIX_CLI, command,         "--network",
                                                    network,     "--accelerator", "gemmini"};
        const auto seen = atTerminal(arguments, 80);
        EXPECT_NE(seen.find("mapping  0 %  0:00  layer 1 of 2: first"), std::string::npos) << seen;
        EXPECT_NE(seen.find("mapping  50 %  0:0"), std::string::npos) << seen;
        EXPECT_NE(seen.find("layer 2 of 2: second\r\x1b[K"), std::string::npos) << "taken away";
        EXPECT_EQ(atTerminal(arguments, 12).find("layer"), std::string::npos) << "in one line";
        EXPECT_EQ(test::runToEnd(arguments, m_folder.path()).err.find("mapping  "),
                  std::string::npos)
            << "only a terminal can take a line back";
    }
}

}  // namespace
}  // namespace cohelix
