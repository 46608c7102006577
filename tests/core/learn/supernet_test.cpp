// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/learn/learn.h"

#include "tests/core/learn/made_data.h"
#include "tests/support/training.h"

namespace cohelix::learn {
namespace {

spec::NetworkSpace smallSpace() {
    spec::NetworkSpace space;
    space.input = {1, 12, 12};
    space.classes = 10;
    space.stemChannels = 8;
    space.stages = {{8, 1, 1}, {12, 2, 2}};
    for (const char* op : {"k3_e1", "k5_e2_g2", "k3_e3", "skip"}) {
        space.operators.push_back(*spec::parseOperator(op));
    }
    space.headChannels = 24;
    return space;
}

spec::SearchRecipe smallRecipe() {
    spec::SearchRecipe recipe;
    recipe.batch = 33;  // shards of unequal size
    recipe.weights.momentum = 0.9;
    return recipe;
}

std::shared_ptr<const DataSet> data() {
    static const auto made = test::stripesData({1, 12, 12}, 10, 2000, 200);
    return made;
}

base::Result<std::unique_ptr<Supernet>> make(base::Executor& executor, std::uint64_t seed = 5,
                                             const spec::NetworkSpace& space = smallSpace(),
                                             const spec::SearchRecipe& recipe = smallRecipe()) {
    spec::DataSetSpec spec;
    spec.cropPadding = 1;
    return Supernet::create(space, spec, data(), splitTraining(*data(), 0.2, 0.5, 3), recipe, seed,
                            executor);
}

std::unique_ptr<Supernet> made(base::Executor& executor, std::uint64_t seed = 5) {
    auto net = make(executor, seed);
    EXPECT_TRUE(net.ok()) << base::toText(net.error());
    return net.ok() ? std::move(*net) : nullptr;
}

void train(Supernet& net, std::int64_t from, std::int64_t to) {
    for (std::int64_t step = from; step < to; ++step) {
        const int op = static_cast<int>(step % 4);
        const std::vector<int> path = {op, (op + 1) % 4, (op + 2) % 4};
        const auto result = net.weightStep(step, path, 0.05);
        ASSERT_TRUE(result.ok()) << base::toText(result.error());
    }
}

TEST(Supernet, WithoutLibTorchSaysThatItCannotTrain) {
    if (cohelix::test::kBuiltToTrain) GTEST_SKIP() << "this build has LibTorch " << torchVersion();
    base::Executor executor(1);
    const auto net = make(executor);
    ASSERT_FALSE(net.ok());
    EXPECT_NE(net.error().what.find("cannot train"), std::string::npos);
    EXPECT_NE(net.error().advice.find("COHELIX_WITH_TORCH"), std::string::npos);
    EXPECT_EQ(torchVersion(), "none");
}

TEST(Supernet, CountsItsBatches) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = made(executor);
    EXPECT_EQ(net->weightBatches(), 800 / 33);
    EXPECT_EQ(net->architectureBatches(), 800 / 33);
}

TEST(Supernet, GateGradientsAreTheSlopesOfTheLoss) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = made(executor);
    train(*net, 0, 40);
    // Soft, hard with a passive second path, a lone path with a gate of its own, three paths.
    const std::vector<ActivePaths> cases = {
        {{{0, 0.7}, {2, 0.3}}, {{1, 0.6}, {3, 0.4}}, {{2, 0.8}, {3, 0.2}}},
        {{{0, 1}, {2, 0}}, {{1, 1}, {3, 0}}, {{3, 1}, {2, 0}}},
        {{{2, 1}}, {{0, 0.5}}, {{1, 1}}},
        {{{3, 0.2}, {2, 0}, {1, 0.5}}, {{3, 1}}, {{0, 0}, {1, 1}}},
    };
    for (const auto& paths : cases) {
        const auto at = net->gateGradients(3, paths);
        ASSERT_TRUE(at.ok()) << base::toText(at.error());
        for (std::size_t b = 0; b < paths.size(); ++b) {
            ASSERT_EQ(at->gradient[b].size(), paths[b].size());
            for (std::size_t k = 0; k < paths[b].size(); ++k) {
                const double step = 4e-3;
                const auto lossAt = [&](double change) {
                    ActivePaths moved = paths;
                    moved[b][k].gate += change;
                    return net->gateGradients(3, moved)->loss;
                };
                const double slope = (lossAt(step) - lossAt(-step)) / (2 * step);
                EXPECT_NEAR(at->gradient[b][k], slope, 2e-3 + 0.02 * std::abs(slope))
                    << "block " << b << " path " << k;
            }
        }
    }
}

TEST(Supernet, GateGradientsLeaveTheWeightsAlone) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = made(executor);
    const auto before = net->save();
    ASSERT_TRUE(net->gateGradients(0, {{{0, 1}}, {{1, 1}, {2, 0}}, {{2, 0.5}, {3, 0.5}}}).ok());
    ASSERT_TRUE(net->estimateAccuracy(std::vector{0, 1, 2}, 100));
    EXPECT_EQ(net->save(), before);
}

TEST(Supernet, GivesTheSameBitsWithOneThreadAndTwo) {
    COHELIX_NEEDS_TRAINING();
    base::Executor one(1);
    base::Executor two(2);
    const auto a = made(one);
    const auto b = made(two);
    train(*a, 0, 30);
    train(*b, 0, 30);
    EXPECT_EQ(a->save(), b->save());
    const ActivePaths paths = {{{0, 1}, {2, 0}}, {{1, 0.5}, {3, 0.5}}, {{2, 1}}};
    const auto gatesA = a->gateGradients(2, paths);
    const auto gatesB = b->gateGradients(2, paths);
    EXPECT_EQ(gatesA->loss, gatesB->loss);
    EXPECT_EQ(gatesA->gradient, gatesB->gradient);
    EXPECT_EQ(a->estimateAccuracy(std::vector{0, 1, 2}, 400).value(),
              b->estimateAccuracy(std::vector{0, 1, 2}, 400).value());
}

spec::SearchRecipe oneLevel() {
    auto recipe = smallRecipe();
    recipe.level = spec::Level::One;
    return recipe;
}

TEST(Supernet, WithOneLevelTrainsBothOnAllTrainingImages) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = make(executor, 5, smallSpace(), oneLevel());
    ASSERT_TRUE(net.ok());
    EXPECT_EQ((*net)->weightBatches(), 1600 / 33);
    EXPECT_EQ((*net)->architectureBatches(), 1600 / 33);
}

TEST(Supernet, AJointStepTrainsTheActivePathsWeightsAsAWeightStepDoes) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(2);
    const auto joint = made(executor);
    const auto plain = made(executor);
    // The passive paths let nothing through: their weights and what they give do not matter.
    const ActivePaths paths = {{{0, 1}, {2, 0}}, {{1, 1}, {3, 0}}, {{3, 1}, {2, 0}}};
    const auto gates = joint->jointStep(4, paths, 0.05);
    const auto step = plain->weightStep(4, std::vector{0, 1, 3}, 0.05);
    ASSERT_TRUE(gates.ok()) << base::toText(gates.error());
    ASSERT_TRUE(step.ok());
    EXPECT_EQ(gates->loss, step->loss);
    EXPECT_EQ(gates->accuracy, step->accuracy);
    EXPECT_EQ(joint->save(), plain->save());
    ASSERT_EQ(gates->gradient.size(), 3U);
    EXPECT_NE(gates->gradient[0][1], 0) << "a passive path has a gradient all the same";
}

TEST(Supernet, JointStepsOfSoftGatesLearn) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(2);
    const auto net = made(executor);
    const ActivePaths paths(3, {{0, 0.5}, {2, 0.5}});
    const auto before = net->gateGradients(0, paths);
    for (std::int64_t step = 0; step < 60; ++step) {
        ASSERT_TRUE(net->jointStep(step, paths, 0.05).ok());
    }
    EXPECT_LT(net->gateGradients(0, paths)->loss, 0.7 * before->loss);
    // Without any gate nothing reaches the blocks; the classifier learns all the same.
    const ActivePaths closed(3, {{0, 0}});
    EXPECT_TRUE(net->jointStep(60, closed, 0.05).ok());
    EXPECT_FALSE(net->jointStep(61, ActivePaths(2, {{0, 1}}), 0.05).ok());
}

TEST(Supernet, AJointStepWhoseLossIsNotFiniteChangesNothing) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = made(executor);
    ASSERT_TRUE(
        net->weightStep(0, std::vector{0, 0, 0}, std::numeric_limits<double>::infinity()).ok());
    const auto spoilt = net->save();
    const auto result = net->jointStep(9, ActivePaths(3, {{0, 1}}), 0.1);
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().where.find("9"), std::string::npos);
    EXPECT_EQ(net->save(), spoilt);
}

TEST(Supernet, EstimatesInThePrecisionOfItsLayers) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(2);
    base::Executor alone(1);
    const auto net = made(executor);
    const std::vector<int> path = {2, 2, 0};
    for (std::int64_t step = 0; step < 120; ++step) {
        ASSERT_TRUE(net->weightStep(step, path, 0.05).ok());
    }
    const auto layers = spec::buildNetwork(smallSpace(), path).layers.size();
    const auto estimate = [&](const std::vector<int>& bits) {
        return net->estimateAccuracy(path, 400, bits).value();
    };
    const double floating = estimate({});
    EXPECT_EQ(estimate(std::vector<int>(layers, 16)), floating);
    EXPECT_NEAR(estimate(std::vector<int>(layers, 8)), floating, 0.05);
    EXPECT_LT(estimate(std::vector<int>(layers, 2)), floating - 0.1);
    std::vector<int> mixed(layers, 16);
    mixed[1] = 2;
    EXPECT_GE(estimate(mixed), estimate(std::vector<int>(layers, 2)));
    EXPECT_FALSE(net->estimateAccuracy(path, 400, std::vector{8, 8}))
        << "not a number of bits for each layer";
    const auto other = made(alone);
    ASSERT_TRUE(other->restore(net->save()).ok());
    EXPECT_EQ(other->estimateAccuracy(path, 400, std::vector<int>(layers, 4)).value(),
              estimate(std::vector<int>(layers, 4)));
}

TEST(Supernet, SaysWhereThereIsNoCuda) {
    COHELIX_NEEDS_TRAINING();
    EXPECT_TRUE(checkProcessor(spec::Processor::Cpu).ok());
    EXPECT_TRUE(checkProcessor(spec::Processor::Auto).ok());
    const auto there = checkProcessor(spec::Processor::Cuda);
    if (there.ok()) GTEST_SKIP() << "NOT TESTED: this machine has CUDA";
    EXPECT_EQ(there.error().where, "/search/device");
    base::Executor executor(1);
    auto recipe = smallRecipe();
    recipe.processor = spec::Processor::Cuda;
    const auto net = make(executor, 5, smallSpace(), recipe);
    ASSERT_FALSE(net.ok());
    EXPECT_NE(net.error().what.find("no CUDA"), std::string::npos);
}

TEST(Supernet, DependsOnTheSeed) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    EXPECT_EQ(made(executor, 1)->save(), made(executor, 1)->save());
    EXPECT_NE(made(executor, 1)->save(), made(executor, 2)->save());
}

TEST(Supernet, RestoredGoesOnAsIfNeverStopped) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(2);
    const auto whole = made(executor);
    train(*whole, 0, 40);
    const auto first = made(executor);
    train(*first, 0, 23);
    const auto second = made(executor, 99);
    ASSERT_TRUE(second->restore(first->save()).ok());
    train(*second, 23, 40);
    // The order of images is drawn from the seed, which a resumed run has again.
    EXPECT_NE(second->save(), whole->save());
    const auto third = made(executor);
    ASSERT_TRUE(third->restore(first->save()).ok());
    train(*third, 23, 40);
    EXPECT_EQ(third->save(), whole->save());
}

TEST(Supernet, RefusesForeignOrDamagedState) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = made(executor);
    const auto before = net->save();
    auto damaged = before;
    damaged[damaged.size() / 2] ^= 1;
    EXPECT_FALSE(net->restore(damaged).ok());
    EXPECT_FALSE(net->restore(std::span(before).first(before.size() / 2)).ok());
    EXPECT_FALSE(net->restore({}).ok());
    auto other = smallSpace();
    other.stages[1].channels = 16;
    const auto foreign = make(executor, 5, other);
    ASSERT_TRUE(foreign.ok());
    const auto refused = net->restore((*foreign)->save());
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().what.find("another network"), std::string::npos);
    EXPECT_EQ(net->save(), before);
}

TEST(Supernet, TouchesTheActivePathOnly) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto a = made(executor);
    const auto b = made(executor);
    const std::vector<int> other = {1, 1, 1};
    // Operators that have never been active give both nets the same gates' slopes only if their
    // weights are still the same; stem and tail are shared, so only they can differ.
    const auto before = a->save();
    ASSERT_TRUE(a->weightStep(0, std::vector{0, 0, 0}, 0.1).ok());
    ASSERT_TRUE(b->weightStep(0, std::vector{0, 0, 0}, 0.1).ok());
    const auto after = a->save();
    ASSERT_EQ(before.size(), after.size());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) changed += before[i] != after[i];
    EXPECT_GT(changed, 1000U);
    EXPECT_LT(changed, before.size() / 2) << "most operators were not active";
    ASSERT_TRUE(a->weightStep(1, other, 0.1).ok());
    ASSERT_TRUE(b->weightStep(1, other, 0.1).ok());
    EXPECT_EQ(a->save(), b->save());
}

TEST(Supernet, LearnsAndItsEstimateShowsIt) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(2);
    const auto net = made(executor);
    const std::vector<int> path = {2, 2, 0};
    const double untrained = net->estimateAccuracy(path, 400).value();
    EXPECT_LT(untrained, 0.35);
    double firstLoss = 0;
    double lastLoss = 0;
    for (std::int64_t step = 0; step < 120; ++step) {
        const auto result = net->weightStep(step, path, 0.05);
        ASSERT_TRUE(result.ok());
        (step == 0 ? firstLoss : lastLoss) = result->loss;
    }
    EXPECT_NEAR(firstLoss, std::log(10.0), 0.2) << "of ten classes, knowing nothing";
    EXPECT_LT(lastLoss, 0.7 * firstLoss);
    EXPECT_GT(net->estimateAccuracy(path, 400).value(), 0.6);
    EXPECT_EQ(net->estimateAccuracy(path, 0).value(), 0);
}

TEST(Supernet, NamesTheStepWhoseLossIsNotFiniteAndKeepsItsState) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = made(executor);
    const std::vector<int> path = {0, 0, 0};
    // An infinite rate spoils the weights in one step; the next loss cannot be finite.
    ASSERT_TRUE(net->weightStep(0, path, std::numeric_limits<double>::infinity()).ok());
    const auto spoilt = net->save();
    const auto result = net->weightStep(17, path, 0.1);
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().where.find("17"), std::string::npos);
    EXPECT_EQ(net->save(), spoilt);
    EXPECT_FALSE(net->gateGradients(4, {{{0, 1}}, {{0, 1}}, {{0, 1}}}).ok());
}

TEST(Supernet, RefusesPathsAndDataThatDoNotFit) {
    COHELIX_NEEDS_TRAINING();
    base::Executor executor(1);
    const auto net = made(executor);
    EXPECT_FALSE(net->weightStep(0, std::vector{0, 0}, 0.1).ok());
    EXPECT_FALSE(net->weightStep(0, std::vector{0, 0, 4}, 0.1).ok());
    EXPECT_FALSE(net->gateGradients(0, {{{0, 1}}, {}, {{0, 1}}}).ok());
    EXPECT_FALSE(net->gateGradients(0, {{{0, 1}}, {{-1, 1}}, {{0, 1}}}).ok());
    auto space = smallSpace();
    space.classes = 7;
    EXPECT_FALSE(make(executor, 1, space).ok());
    const auto none =
        Supernet::create(smallSpace(), {}, data(), DataSplit{}, smallRecipe(), 1, executor);
    ASSERT_FALSE(none.ok());
    EXPECT_NE(none.error().what.find("leaves no images"), std::string::npos);
}

}  // namespace
}  // namespace cohelix::learn
