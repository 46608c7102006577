// SPDX-License-Identifier: GPL-3.0-or-later
// Images a second of a five-block network of 16 to 40 channels on 28 x 28 images (noise: the time
// does not depend on what is seen). Argument: images a step.
#include <atomic>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/base/executor.h"
#include "core/base/random.h"
#include "core/learn/learn.h"

namespace {

using namespace cohelix;

spec::NetworkSpace benchSpace() {
    spec::NetworkSpace space;
    space.input = {1, 28, 28};
    space.classes = 10;
    space.stemChannels = 16;
    space.stages = {{16, 1, 1}, {24, 2, 2}, {40, 2, 2}};
    space.operators = {*spec::parseOperator("k3_e3"), *spec::parseOperator("k5_e3")};
    return space;
}

std::shared_ptr<const learn::DataSet> noise() {
    auto data = std::make_shared<learn::DataSet>();
    data->name = "noise";
    data->classes = 10;
    base::Random random(1, "bench noise");
    for (auto* set : {&data->train, &data->test}) {
        set->shape = {1, 28, 28};
        for (int i = 0; i < 4096; ++i) set->labels.push_back(static_cast<std::uint16_t>(i % 10));
        set->pixels.resize(4096 * 784);
        for (auto& pixel : set->pixels) pixel = static_cast<std::uint8_t>(random.below(256));
    }
    data->mean = {0.5F};
    data->deviation = {0.29F};
    return data;
}

std::unique_ptr<learn::Supernet> supernet(benchmark::State& state, base::Executor& executor) {
    const auto data = noise();
    spec::SearchRecipe recipe;
    recipe.batch = static_cast<int>(state.range(0));
    auto net = learn::Supernet::create(
        benchSpace(), {}, data, learn::splitTraining(*data, 0.1, 0.5, 1), recipe, 1, executor);
    if (net.ok()) return std::move(*net);
    state.SkipWithError(net.error().what.c_str());
    return nullptr;
}

void countImages(benchmark::State& state, std::int64_t trainers) {
    state.SetItemsProcessed(state.iterations() * state.range(0) * trainers);
}

void weightStep(benchmark::State& state) {
    base::Executor executor(base::availableCores());
    const auto net = supernet(state, executor);
    const std::vector<int> path(5, 0);
    std::int64_t step = 0;
    for (auto _ : state) benchmark::DoNotOptimize(net->weightStep(step++, path, 0.01));
    countImages(state, 1);
}

void gateGradients(benchmark::State& state) {
    base::Executor executor(base::availableCores());
    const auto net = supernet(state, executor);
    const learn::ActivePaths paths(5, {{0, 1}, {1, 0}});
    std::int64_t step = 0;
    for (auto _ : state) benchmark::DoNotOptimize(net->gateGradients(step++, paths));
    countImages(state, 1);
}

void estimateAccuracy(benchmark::State& state) {
    base::Executor executor(base::availableCores());
    const auto net = supernet(state, executor);
    const std::vector<int> path(5, 0);
    for (auto _ : state) {
        benchmark::DoNotOptimize(net->estimateAccuracy(path, static_cast<int>(state.range(0))));
    }
    countImages(state, 1);
}

/// Second argument: trainers at once.
void trainerStep(benchmark::State& state) {
    const auto data = noise();
    const auto count = static_cast<std::size_t>(state.range(1));
    base::Executor executor(base::availableCores());
    spec::TrainingRecipe recipe;
    recipe.batch = static_cast<int>(state.range(0));
    recipe.epochs = 100'000;
    std::vector<std::unique_ptr<learn::Trainer>> trainers;
    for (std::size_t i = 0; i < count; ++i) {
        auto trainer =
            learn::Trainer::create(spec::buildNetwork(benchSpace(), std::vector<int>(5, 0)), {},
                                   data, learn::splitTraining(*data, 0.1, 0.5, 1), recipe, i);
        if (!trainer.ok()) return state.SkipWithError(trainer.error().what.c_str());
        trainers.push_back(std::move(*trainer));
    }
    for (auto _ : state) {
        executor.forEach(count, [&](std::size_t i) {
            for (int step = 0; step < 4; ++step) benchmark::DoNotOptimize(trainers[i]->step());
        });
    }
    countImages(state, 4 * static_cast<std::int64_t>(count));
}

BENCHMARK(weightStep)->Arg(64)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(gateGradients)->Arg(64)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(estimateAccuracy)->Arg(250)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(trainerStep)
    ->Args({64, 1})
    ->Args({64, 2})
    ->Args({128, 1})
    ->Args({128, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
