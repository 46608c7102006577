// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the tests of the project file share: a folder that goes away, a specification, designs with
// figures that are awkward to keep (not representable in few digits, very small, very large), and
// work done in a child process.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/project.h"

namespace cohelix::store::samples {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "cohelix-XXXXXX").string();
        m_path = ::mkdtemp(name.data());
        std::filesystem::permissions(m_path, std::filesystem::perms(0755));
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::permissions(m_path, std::filesystem::perms(0755), ignored);
        std::filesystem::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name) const { return m_path + "/" + name; }
    const std::string& path() const { return m_path; }
    /// Names of everything in it, sorted.
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(m_path)) {
            found.push_back(entry.path().filename().string());
        }
        std::sort(found.begin(), found.end());
        return found;
    }

private:
    std::string m_path;
};

inline std::string contentOf(const std::string& path) {
    if (!std::filesystem::is_regular_file(path)) return {};
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void writeContent(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
}

inline spec::Specification specification() {
    spec::Specification spec;
    spec.name = "a small search";
    spec.description = "quotes \" and 'these', \xc3\xbc and a\nnew line";
    spec.seed = 0xfedcba9876543210ULL >> 12;
    spec.network.input = {1, 28, 28};
    spec.network.stages = {{16, 1, 1}, {24, 2, 2}};
    spec.network.operators = {*spec::parseOperator("k3_e1"), *spec::parseOperator("k5_e3"),
                              *spec::parseOperator("skip")};
    hardware::PipelineChunkSpace standard;
    standard.name = "standard";
    standard.layers.firstBlock = 0;
    standard.layers.lastBlock = 2;
    standard.parallelism = {model::Parallelism::OutputAndInputChannels};
    standard.rows = {7, 14};
    standard.columns = {7, 14};
    standard.outputs = {4, 8, 16};
    standard.inputs = {1, 2, 4};
    standard.bits = {16};
    auto depthwise = standard;
    depthwise.name = "depthwise";
    depthwise.role = model::ChunkRole::Depthwise;
    depthwise.parallelism = {model::Parallelism::OutputChannels};
    depthwise.inputs = {1};
    spec.accelerator.pipeline = {standard, depthwise};
    spec.device = *model::findDevice("ZC706");
    spec.objective.targets = {{50, 100}, {100, 200}};
    return spec;
}

inline model::DesignCost cost(int number) {
    model::Mapping mapping;
    mapping.levels = {
        {"DRAM", {{model::Dim::K, 4, model::LoopKind::Temporal}}, {true, false, true}},
        {"PE array",
         {{model::Dim::C, 3 + number, model::LoopKind::Rows},
          {model::Dim::K, std::int64_t{1} << 52, model::LoopKind::Columns}},
         {false, true, false}},
        {"register \"file\"", {}, {true, true, true}}};
    model::LayerCost layer;
    layer.cycles = 1e6 / 3 + number;
    layer.computeCycles = 0.1 + 0.2;
    layer.energyPicojoule = 1e-300;
    layer.spatialUtilization = 1.0 / 3;
    layer.temporalUtilization = 1;
    layer.limit = {model::TimeLimit::Kind::InputRead};
    layer.mapping = mapping;
    layer.traffic = {{"DRAM", {1e15 + 1, 2.5, 0}, {0, 0, 1e300}, {3, 0.1, 7}, 0, 5.5},
                     {"buffer", {1, 2, 3}, {4, 5, 6}, {7, 8, 9}, 55296, 0}};
    auto second = layer;
    second.chunk = 1;
    second.limit = {};
    second.mapping = {};
    second.traffic.clear();

    model::DesignCost whole;
    whole.periodCycles = 2e6 / 7 + number;
    whole.latencyCycles = 4e6 / 7;
    whole.fps = 700.0 / 3 + number;
    whole.latencyMs = 2.857142857142857;
    whole.energyMj = 20.1;
    whole.edp = 57.4;
    whole.dsp = 432;
    whole.bram18k = 211.5;
    whole.chunks = {{2e6 / 7, 400, 200, 128, 2, 0.77}, {1e5 / 7, 32, 11.5, 16, 1, 0.03}};
    whole.layers = {layer, second, layer};
    whole.model = "FPGA pipeline, corrected";
    return whole;
}

/// The number-th design: all have different choices within specification()'s spaces.
inline DesignRecord design(int number) {
    DesignRecord record;
    auto& row = record.row;
    row.choices.network = {number % 3, number / 3 % 3, number / 9 % 3};
    row.choices.accelerator =
        std::vector<int>(hardware::acceleratorChoices(specification().accelerator).size(), 0);
    int rest = number / 27;
    for (const std::size_t position : {1, 2, 5, 6, 10, 11, 13, 14}) {
        row.choices.accelerator[position] = rest % 2;
        rest /= 2;
    }
    row.target = number % 2;
    row.grade = model::AccuracyGrade::SupernetEstimate;
    row.accuracy = 0.5 + 0.3 / (1 + number);
    row.supernetAccuracy = row.accuracy;
    row.macs = 123'456'789'012 + number;
    row.parameters = 54'321;
    record.cost = cost(number);
    const auto& figures = *record.cost;
    row.fps = figures.fps;
    row.latencyMs = figures.latencyMs;
    row.energyMj = figures.energyMj;
    row.edp = figures.edp;
    row.dsp = figures.dsp;
    row.bram18k = figures.bram18k;
    return record;
}

inline std::unique_ptr<Project> created(const std::string& path) {
    auto project = Project::create(path);
    EXPECT_TRUE(project) << toText(project.error());
    return project ? std::move(project).value() : nullptr;
}

inline std::unique_ptr<Project> opened(const std::string& path, Access access = Access::ReadWrite) {
    auto project = Project::open(path, access);
    EXPECT_TRUE(project) << toText(project.error());
    return project ? std::move(project).value() : nullptr;
}

/// Adds the specification and a run of it; the run's number.
inline std::int64_t startedRun(Project& project) {
    RunRow run;
    run.revision = project.addRevision(specification()).value();
    run.name = "first";
    run.seed = 0xfedcba9876543210ULL;
    run.threads = 2;
    run.programVersion = "0.1.0";
    run.torchVersion = "none";
    return project.addRun(run).value();
}

/// A closed project with a run and `count` designs, a checkpoint and an event.
inline void makeProject(const std::string& path, int count) {
    const auto project = created(path);
    Commit commit;
    commit.run = startedRun(*project);
    for (int i = 0; i < count; ++i) commit.designs.push_back(design(i));
    commit.checkpoint = Checkpoint{count, std::vector<std::uint8_t>(20000, 7)};
    commit.events = {{0, 0, {}, "info", "made"}};
    const auto done = project->commit(commit);
    ASSERT_TRUE(done) << toText(done.error());
    ASSERT_TRUE(project->setRunState(commit.run, RunState::Finished, "done"));
}

/// What another program does to a file, without our rules.
inline void execute(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    char* problem = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &problem), SQLITE_OK)
        << (problem ? problem : "");
    sqlite3_free(problem);
    sqlite3_close(database);
}

/// Runs `work` in a child process; its exit code, or -signal.
inline int inChild(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace cohelix::store::samples
