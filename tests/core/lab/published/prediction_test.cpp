// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/published/prediction.h"

#include <map>

#include <gtest/gtest.h>

#include "core/hardware/evaluate.h"
#include "core/optimum/exact_accelerator.h"

namespace cohelix::lab {
namespace {

PredictionSettings small() {
    auto settings = defaultPrediction();
    settings.networks = {"fbnet-c-like", "resnet18"};
    settings.spaces = {"r1-imagenet", "r2-imagenet"};
    return settings;
}

TEST(Prediction, IsTheProvenOptimumOfTheNetworkOnTheSpace) {
    base::Executor executor(2);
    auto settings = small();
    settings.bits = {16};
    const auto predictions = predict(settings, executor);
    ASSERT_TRUE(predictions) << base::toText(predictions.error());
    ASSERT_EQ(predictions->size(), 4u);
    for (const auto& prediction : *predictions) {
        auto space = *predictionSpace(prediction.space);
        const auto network = networkOf(*workload::workload(prediction.network));
        auto exact = optimum::ExactAccelerators::create(space, settings.limits);
        ASSERT_TRUE(exact);
        const auto best = exact->best(network, optimum::Aim::Period);
        ASSERT_TRUE(best);
        EXPECT_EQ(prediction.periodCycles, best->periodCycles);
        EXPECT_EQ(prediction.fps, 200e6 / best->periodCycles);
        EXPECT_LE(prediction.dsp, 900);
        EXPECT_LE(prediction.bram18k, 700);

        // The accelerator has these figures on its own, whatever found it.
        const auto accelerator = hardware::buildAccelerator(space, best->choices, network);
        const auto totals = hardware::totals(
            network, accelerator, hardware::allocateLayers(space, best->choices, network));
        ASSERT_TRUE(totals) << base::toText(totals.error());
        EXPECT_EQ(totals->periodCycles, prediction.periodCycles);
        EXPECT_EQ(totals->dsp, prediction.dsp);
    }
}

TEST(Prediction, FewerBitsAreNeverSlower) {
    base::Executor executor(2);
    const auto settings = small();
    const auto predictions = predict(settings, executor);
    ASSERT_TRUE(predictions);
    const std::size_t half = predictions->size() / 2;
    for (std::size_t i = 0; i < half; ++i) {
        const auto& sixteen = (*predictions)[i];
        const auto& eight = (*predictions)[i + half];
        ASSERT_EQ(sixteen.network, eight.network);
        ASSERT_EQ(sixteen.space, eight.space);
        EXPECT_EQ(sixteen.bits, 16);
        EXPECT_EQ(eight.bits, 8);
        EXPECT_GE(eight.fps, sixteen.fps);
    }
}

TEST(Prediction, WideListsContainTheAuthors) {
    const auto authors = *predictionSpace("r1-imagenet");
    const auto wide = *predictionSpace("wide-imagenet");
    ASSERT_EQ(authors.pipeline.size(), wide.pipeline.size());
    const auto contains = [](const std::vector<int>& all, const std::vector<int>& some) {
        return std::all_of(some.begin(), some.end(), [&](int size) {
            return std::find(all.begin(), all.end(), size) != all.end();
        });
    };
    for (std::size_t c = 0; c < wide.pipeline.size(); ++c) {
        const auto& a = authors.pipeline[c];
        const auto& w = wide.pipeline[c];
        EXPECT_EQ(w.layers, a.layers);
        EXPECT_TRUE(contains(w.rows, a.rows) && contains(w.columns, a.columns) &&
                    contains(w.outputs, a.outputs) && contains(w.inputs, a.inputs));
    }
}

TEST(Prediction, BlocksGoToTheStagesOfTheAuthorsRule) {
    const auto groupSizes = [](const char* name) {
        std::map<int, int> layers;
        int last = 0;
        for (const auto& layer : networkOf(*workload::workload(name)).layers) {
            if (layer.block < 0) continue;
            EXPECT_GE(layer.block, last) << name << ", " << layer.name;
            last = layer.block;
            ++layers[layer.block];
        }
        return layers;
    };
    // Blocks of FBNet-C by place: one and three of four (one is a skip), then four each, and one.
    EXPECT_EQ(groupSizes("fbnet-c-like"),
              (std::map<int, int>{{0, 4 * 3}, {5, 4 * 3}, {9, 4 * 3}, {13, 4 * 3}, {17, 5 * 3}}));
    EXPECT_EQ(groupSizes("resnet18"),
              (std::map<int, int>{{0, 4}, {5, 5}, {9, 3}, {13, 2}, {17, 5}}));
    EXPECT_EQ(groupSizes("vgg16"), (std::map<int, int>{{0, 7}, {5, 3}, {9, 2}, {13, 1}}));
}

TEST(Prediction, StandsBesideThePublishedFiguresOfTheSameNetworkOnly) {
    const auto fbnet = counterpartsOf("fbnet-c-like");
    ASSERT_EQ(fbnet.size(), 2u);
    EXPECT_EQ(fbnet[0].figure->x, 28.892);
    EXPECT_EQ(fbnet[1].figure->x, 38.6);
    EXPECT_EQ(counterpartsOf("efficientnet-b0").size(), 2u);
    EXPECT_EQ(counterpartsOf("proxylessnas-mobile-like").size(), 2u);
    for (const char* none : {"mobilenetv2", "resnet18", "vgg16", ""}) {
        EXPECT_TRUE(counterpartsOf(none).empty()) << none;
    }
}

TEST(Prediction, SaysWhatIsNotThere) {
    base::Executor executor(1);
    auto settings = small();
    settings.networks = {"resnet19"};
    EXPECT_FALSE(predict(settings, executor));
    settings = small();
    settings.spaces = {"r3"};
    const auto unknown = predict(settings, executor);
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().advice.find("wide-imagenet"), std::string::npos);
    settings = small();
    settings.bits = {7};
    EXPECT_FALSE(predict(settings, executor));
    settings = small();
    settings.limits = {1, 1};
    settings.bits = {16};
    const auto none = predict(settings, executor);
    ASSERT_TRUE(none);
    for (const auto& prediction : *none) EXPECT_EQ(prediction.fps, 0);
}

}  // namespace
}  // namespace cohelix::lab
