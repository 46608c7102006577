// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/cosearch.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/search/accelerator/layer_bits.h"
#include "core/search/accelerator/proven_search.h"

#include "tests/core/search/joint/small_search.h"

namespace cohelix::search {
namespace {

class CoSearchTest : public SmallSearch {
protected:
    /// What a search reported, as comparable text, one line a design in order.
    static std::string line(const ReportedDesign& design) {
        return keyOf(design.choices) + " " + std::to_string(static_cast<int>(design.standing)) +
               " " + std::to_string(design.accuracy) + " " + std::to_string(design.cost.fps) + "\n";
    }

    /// Steps to the end, saving and restoring into a new search before the given steps.
    std::vector<std::string> runAll(int threads, const std::vector<int>& restarts = {}) {
        base::Executor executor(threads);
        auto search = make(executor);
        std::vector<std::string> lines;
        for (int step = 0; !search->done(); ++step) {
            if (std::find(restarts.begin(), restarts.end(), step) != restarts.end()) {
                const auto state = search->save();
                search = make(executor);
                const auto restored = search->restore(state);
                EXPECT_TRUE(restored.ok());
                EXPECT_EQ(search->save(), state) << "at step " << step;
            }
            const auto report = search->step();
            EXPECT_TRUE(report.ok()) << base::toText(report.error());
            if (!report) break;
            for (const auto& design : report->designs) lines.push_back(line(design));
            const auto progress = search->progress();
            EXPECT_GE(progress.done, 0);
            EXPECT_LE(progress.done, progress.total);
        }
        // Trainings end in the order that their threads happen to take.
        std::sort(lines.begin(), lines.end());
        return lines;
    }
};

TEST_F(CoSearchTest, SameSeedSameDesignsWhateverTheThreads) {
    const auto one = runAll(1);
    EXPECT_EQ(runAll(2), one);
    m_spec.seed += 1;
    EXPECT_NE(runAll(2), one);
}

TEST_F(CoSearchTest, ContinuesFromASavedStateBitForBit) {
    const auto undisturbed = runAll(2);
    // In the warm-up, between looks, in the joint search, in the ranking and in the training.
    EXPECT_EQ(runAll(2, {0, 3, 7, 10, 14, 20, 24, 26, 27, 29}), undisturbed);
}

TEST_F(CoSearchTest, EndsWithTrainedMembersOfTheFrontWithinTheLimits) {
    m_spec.limits.dsp = 60;
    m_spec.limits.bram18k = 150;
    base::Executor executor(2);
    auto search = make(executor);
    int trained = 0;
    int estimated = 0;
    while (!search->done()) {
        const auto report = search->step();
        ASSERT_TRUE(report.ok()) << base::toText(report.error());
        for (const auto& design : report->designs) {
            EXPECT_LE(design.cost.dsp, 60);
            EXPECT_LE(design.cost.bram18k, 150);
            EXPECT_EQ(design.cost.layers.size(),
                      spec::buildNetwork(m_spec.network, design.choices.network).layers.size());
            if (design.standing == Standing::Trained) {
                ++trained;
                EXPECT_TRUE(design.weights);
                EXPECT_TRUE(design.validationAccuracy);
                EXPECT_GT(design.accuracy, 0.25) << "ten classes: chance is 0.1";
            } else {
                ++estimated;
            }
        }
    }
    EXPECT_EQ(trained, 2);
    EXPECT_GE(estimated, 2 + 2 * 2 * 2);
}

TEST_F(CoSearchTest, EverySamplingSchemeRuns) {
    m_spec.training.designs = 0;
    for (const auto sampling : {spec::Sampling::Soft, spec::Sampling::Hard}) {
        m_spec.search.sampling = sampling;
        EXPECT_FALSE(runAll(2).empty());
    }
}

TEST_F(CoSearchTest, EveryHardwareGradientAndAcceleratorMethodRuns) {
    for (const auto gradient :
         {spec::HardwareGradient::Expected, spec::HardwareGradient::SinglePath}) {
        for (const auto method :
             {spec::AcceleratorMethod::Gradient, spec::AcceleratorMethod::Proven}) {
            m_spec.search.hardwareGradient = gradient;
            m_spec.search.acceleratorMethod = method;
            EXPECT_FALSE(runAll(2).empty());
        }
    }
}

TEST_F(CoSearchTest, WithOneLevelRunsAndContinuesBitForBit) {
    m_spec.search.level = spec::Level::One;
    m_spec.training.designs = 1;
    const auto undisturbed = runAll(2);
    EXPECT_FALSE(undisturbed.empty());
    EXPECT_EQ(runAll(1, {0, 4, 9, 13}), undisturbed);
    m_spec.search.sampling = spec::Sampling::Soft;
    EXPECT_NE(runAll(2), undisturbed);
}

TEST_F(CoSearchTest, TrainsOnTheProvenSplitsOfASearchedAllocation) {
    auto& space = m_spec.accelerator;
    space.pipeline.resize(2);
    for (auto& chunk : space.pipeline) chunk.layers = {};
    space.searched =
        hardware::SearchedAllocation{2, static_cast<int>(spec::blockShapes(m_spec.network).size())};
    m_spec.search.epochs = 1;
    m_spec.limits.dsp = 120;
    base::Executor executor(2);
    ProvenSearch proven(m_spec, executor);
    auto search = make(executor);
    int chosen = 0;
    while (!search->done()) {
        const auto report = search->step();
        ASSERT_TRUE(report.ok()) << base::toText(report.error());
        for (const auto& design : report->designs) {
            const auto best =
                proven.bestAllocation(spec::buildNetwork(m_spec.network, design.choices.network));
            ASSERT_TRUE(best);
            EXPECT_LE(design.cost.fps, best->appraisal.metric * (1 + 1e-12));
            if (design.standing == Standing::Estimated) continue;
            EXPECT_DOUBLE_EQ(design.cost.fps, best->appraisal.metric);
            ++chosen;
        }
    }
    EXPECT_EQ(chosen, 2 * m_spec.training.designs) << "each before its training and after it";
}

TEST_F(CoSearchTest, ReportsAccuraciesInThePrecisionOfTheChunks) {
    const auto withBits = [&](int bits) {
        for (auto& chunk : m_spec.accelerator.pipeline) chunk.bits = {bits};
        base::Executor executor(2);
        auto search = make(executor);
        std::optional<ReportedDesign> trained;
        while (!search->done()) {
            const auto report = search->step();
            EXPECT_TRUE(report.ok()) << base::toText(report.error());
            if (!report) break;
            for (const auto& design : report->designs) {
                if (design.standing == Standing::Trained) trained = design;
            }
        }
        return trained;
    };
    m_spec.training.designs = 1;
    const auto wide = withBits(16);
    ASSERT_TRUE(wide);
    EXPECT_TRUE(wide->weights->precision.empty());
    const auto narrow = withBits(4);
    ASSERT_TRUE(narrow);
    const auto layers = narrow->cost.layers.size();
    ASSERT_EQ(narrow->weights->precision.size(), layers);
    for (const auto& layer : narrow->weights->precision) EXPECT_EQ(layer.bits, 4);
    EXPECT_EQ(layerBits(m_spec, narrow->choices), std::vector<int>(layers, 4));
    EXPECT_GT(narrow->accuracy, 0.2) << "ten classes: chance is 0.1";
}

TEST_F(CoSearchTest, ADivergingLossIsAnErrorNotANumber) {
    m_spec.search.weights.learningRate = 1e30;
    m_spec.search.weights.clipNorm = 0;
    base::Executor executor(1);
    auto search = make(executor);
    for (int step = 0; step < 200 && !search->done(); ++step) {
        const auto report = search->step();
        if (report) continue;
        EXPECT_NE(base::toText(report.error()).find("loss"), std::string::npos)
            << base::toText(report.error());
        return;
    }
    FAIL() << "a learning rate of 1e30 went unnoticed";
}

TEST_F(CoSearchTest, RefusesAForeignOrDamagedState) {
    base::Executor executor(1);
    auto search = make(executor);
    ASSERT_TRUE(search->step().ok());
    auto state = search->save();
    EXPECT_FALSE(make(executor)->restore(std::vector<std::uint8_t>{1, 2, 3}).ok());
    for (std::size_t cut = 0; cut < state.size(); cut += state.size() / 17 + 1) {
        const std::span<const std::uint8_t> part(state.data(), cut);
        EXPECT_FALSE(make(executor)->restore(part).ok()) << cut;
    }
    m_spec.objective.targets.push_back({1, 2});
    EXPECT_FALSE(make(executor)->restore(state).ok()) << "another number of targets";
}

/// Images of CIFAR-10's form, each class of a colour of its own, on noise.
void writeCifar10(const std::filesystem::path& folder) {
    base::Random random(3, "made images");
    const auto write = [&](const std::string& name, int images) {
        std::ofstream file(folder / name, std::ios::binary);
        for (int i = 0; i < images; ++i) {
            const int label = i % 10;
            file.put(static_cast<char>(label));
            for (int value = 0; value < 3 * 32 * 32; ++value) {
                const int colour = label * (1 + value / 1024) % 10 * 14;
                file.put(static_cast<char>(colour + static_cast<int>(random.below(110))));
            }
        }
    };
    for (int batch = 1; batch <= 5; ++batch) {
        write("data_batch_" + std::to_string(batch) + ".bin", 40);
    }
    write("test_batch.bin", 60);
}

/// The whole specification of CIFAR-10, its budgets cut down to seconds; spaces, limits and recipes
/// stay.
spec::Specification shortCifar10(const std::filesystem::path& folder) {
    auto spec = spec::preset("dna-cifar10-zc706").value();
    spec.dataSet.path = folder.string();
    spec.objective.targets.resize(1);
    spec.search.batch = 16;
    spec.search.stepsPerEpoch = 2;
    spec.search.warmupEpochs = 1;
    spec.search.epochs = 1;
    spec.search.acceleratorIterations = 200;
    spec.search.finalAcceleratorIterations = 400;
    spec.search.estimateImages = 20;
    spec.training.designs = 1;
    spec.training.epochs = 1;
    spec.training.batch = 32;
    return spec;
}

TEST(Cifar10, SearchResumeAndTrainingRunAsTheSpecificationStands) {
    COHELIX_NEEDS_TRAINING();
    const test::TemporaryFolder folder;
    writeCifar10(folder.path());
    const auto spec = shortCifar10(folder.path());
    const auto data = learn::loadDataSet(spec.dataSet, spec.network);
    ASSERT_TRUE(data.ok()) << base::toText(data.error());
    base::Executor executor(2);
    const auto run = [&](const std::vector<int>& restarts) {
        auto search = CoSearch::create(spec, *data, executor).value();
        std::string designs;
        for (int step = 0; !search->done(); ++step) {
            if (std::find(restarts.begin(), restarts.end(), step) != restarts.end()) {
                const auto state = search->save();
                search = CoSearch::create(spec, *data, executor).value();
                EXPECT_TRUE(search->restore(state).ok());
            }
            const auto report = search->step();
            EXPECT_TRUE(report.ok()) << base::toText(report.error());
            if (!report) break;
            for (const auto& design : report->designs) {
                designs += keyOf(design.choices) + " " + std::to_string(design.accuracy) + "\n";
                EXPECT_LE(design.cost.dsp, 900);
                EXPECT_LE(design.cost.bram18k, 700);
                EXPECT_EQ(design.weights.has_value(), design.standing == Standing::Trained);
            }
        }
        return designs;
    };
    const auto undisturbed = run({});
    EXPECT_NE(undisturbed.find('\n'), std::string::npos);
    EXPECT_EQ(run({2, 6}), undisturbed);
}

TEST(CoSearchCreate, RefusesAnInfeasibleSpecification) {
    auto spec = spec::preset("fashion-mnist-zc706").value();
    spec.limits.dsp = 1;
    base::Executor executor(1);
    const auto search = CoSearch::create(spec, std::make_shared<learn::DataSet>(), executor);
    ASSERT_FALSE(search.ok());
    EXPECT_EQ(search.error().where, "/limits/dsp");
}

}  // namespace
}  // namespace cohelix::search
