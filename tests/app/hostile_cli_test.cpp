// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that mean harm: names that a terminal would obey, files that are none, links that were
// laid where output is to go.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/json.h"
#include "core/hardware/accelerator_space.h"
#include "core/hardware/evaluate.h"
#include "core/specification/network_space.h"
#include "core/store/project.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

namespace fs = std::filesystem;

// Writes the clipboard, in three spellings of its beginning, and turns the line around.
const std::string kName =
    "run\x1b]52;c;aGk=\x07 \xC2\x9D"
    "52;c;aGk= \xE2\x80\xAE"
    "desrever";

class HostileCli : public testing::Test {
protected:
    test::Outcome cli(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    std::string file(const std::string& name) const { return (m_folder / name).string(); }
    std::string written(const std::string& name, const std::string& content) const {
        std::ofstream(file(name), std::ios::binary) << content;
        return file(name);
    }
    std::string contentOf(const std::string& path) const {
        std::ifstream stream(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    static void expectHarmless(const std::string& text) {
        for (const char* obeyed : {"\x1b", "\x07", "\xC2\x9D", "\xE2\x80\xAE"}) {
            EXPECT_EQ(text.find(obeyed), std::string::npos) << text;
        }
    }
    /// Says who is at fault, without a terminal's obeying.
    void expectRefused(std::vector<std::string> arguments, const std::string& what) {
        const auto outcome = cli(std::move(arguments));
        EXPECT_EQ(outcome.exitCode, 1);
        EXPECT_NE(outcome.err.find(what), std::string::npos) << outcome.err;
        expectHarmless(outcome.out + outcome.err);
    }

    static spec::Specification specification() {
        auto spec = spec::preset("fashion-mnist-zc706").value();
        spec.name = kName;
        spec.accelerator.pipeline.front().name = kName;
        return spec;
    }
    /// The first option of every choice, and what it costs.
    static store::DesignRecord design(const spec::Specification& spec) {
        store::DesignRecord record;
        auto& choices = record.row.choices;
        choices.network.assign(spec::networkChoices(spec.network).size(), 0);
        choices.accelerator.assign(hardware::acceleratorChoices(spec.accelerator).size(), 0);
        const auto network = spec::buildNetwork(spec.network, choices.network);
        const auto accelerator =
            hardware::buildAccelerator(spec.accelerator, choices.accelerator, network);
        const auto chunks = hardware::allocateLayers(spec.accelerator, {}, network);
        record.cost = hardware::evaluate(network, accelerator, chunks, spec.device).value();
        return record;
    }
    /// A project with one run and one design, everything in it named so.
    std::string hostileProject() const {
        const auto path = file("p.cohelix");
        auto project = store::Project::create(path).value();
        store::RunRow run;
        run.name = run.message = kName;
        run.revision = project->addRevision(specification()).value();
        const auto id = project->addRun(run).value();
        store::Commit commit;
        commit.run = id;
        commit.designs.resize(1);
        commit.designs.front() = design(specification());
        EXPECT_TRUE(project->commit(commit));
        EXPECT_TRUE(project->setRunState(id, store::RunState::Finished, kName));
        return path;
    }
    test::TemporaryFolder m_folder;
};

TEST_F(HostileCli, NamesAreShownNotObeyed) {
    const auto path = hostileProject();
    const auto spec = written("spec.json", toText(specification()));
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{"runs", path},
                                               {"runs", path, "--format", "json"},
                                               {"designs", path},
                                               {"designs", path, "--format", "csv"},
                                               {"designs", path, "--format", "json"},
                                               {"show", path, "--design", "1"},
                                               {"check", path},
                                               {"spec", "validate", spec}}) {
        const auto outcome = cli(arguments);
        EXPECT_EQ(outcome.exitCode, 0) << arguments[0] << outcome.err;
        expectHarmless(outcome.out + outcome.err);
        if (arguments.back() != "json") continue;
        EXPECT_TRUE(base::Json::accept(outcome.out)) << outcome.out;
    }
    EXPECT_NE(cli({"runs", path}).out.find("run\\x1b]52;c;aGk=\\x07 \\u009d52;c;aGk= \\u202edes"),
              std::string::npos);
    const auto runs = base::Json::parse(cli({"runs", path, "--format", "json"}).out);
    EXPECT_EQ(runs[0]["name"], kName) << "JSON holds the name itself";
    EXPECT_NE(cli({"spec", "validate", spec}).out.find("run\\x1b]52"), std::string::npos);
    expectRefused({"spec", "validate", file(kName)}, "run\\x1b]52");
    expectRefused({"evaluate", "--network", kName, "--accelerator", "eyeriss"}, "run\\x1b]52");
    expectHarmless(cli({kName}).err);
    expectHarmless(cli({"runs", path, "--" + kName}).err);
}

TEST_F(HostileCli, WhatIsNoFileIsRefusedAtOnce) {
    const auto pipe = file("pipe.json");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto layer = written("layer.json", R"({"K": 4, "C": 4})");
    for (const std::string& name : {pipe, std::string("/dev/zero"), m_folder.path().string()}) {
        const std::string what = name == pipe          ? "named pipe"
                                 : name == "/dev/zero" ? "device"
                                                       : "folder";
        expectRefused({"spec", "validate", name}, what);
        expectRefused({"search", name, "--project", file("x.cohelix")}, what);
        expectRefused({"evaluate", "--layer", name, "--accelerator", "eyeriss"}, what);
        expectRefused({"evaluate", "--layer", layer, "--accelerator", "eyeriss", "--mapping", name},
                      what);
        expectRefused({"benchmark", "nasbench-macro", name}, what);
    }
    const auto preset = std::string(COHELIX_PROJECTS) + "/fashion-mnist-zc706.json";
    expectRefused({"search", preset, "--project", file("x.cohelix"), "--steer", pipe},
                  "named pipe");
    fs::rename(pipe, file("pipe.onnx"));
    expectRefused({"evaluate", "--network", file("pipe.onnx"), "--accelerator", "eyeriss"}, "pipe");
    fs::rename(file("pipe.onnx"), file("pipe.cohelix"));
    expectRefused({"runs", file("pipe.cohelix")}, "not a regular file");
}

TEST_F(HostileCli, ALineFeedInANameBeginsNoLine) {
    auto spec = specification();
    spec.name = "two\nSearch finished";
    const auto path = written("feed.json", toText(spec));
    EXPECT_NE(cli({"spec", "validate", path}).out.find("two\\x0aSearch"), std::string::npos);
    const auto layer = written("layer.json", R"({"name": "two\nall: 1 cycles", "K": 4})");
    const auto outcome = cli({"evaluate", "--layer", layer, "--accelerator", "gemmini"});
    EXPECT_EQ(outcome.out.find("\nall: 1 cycles"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("two\\x0aall"), std::string::npos) << outcome.out;
}

TEST_F(HostileCli, ExportsGoThroughNoLinkThatWasLaid) {
    const auto path = hostileProject();
    const auto precious = written("precious", "untouched");
    fs::create_directory(file("out"));
    fs::create_symlink(precious, file("out/design_1.json.part"));
    const auto outcome = cli({"export", path, "--design", "1", "--out", file("out")});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    EXPECT_EQ(contentOf(precious), "untouched");
    EXPECT_TRUE(fs::is_symlink(file("out/design_1.json.part")));
    EXPECT_TRUE(base::Json::accept(contentOf(file("out/design_1.json"))));
}

}  // namespace
}  // namespace cohelix
