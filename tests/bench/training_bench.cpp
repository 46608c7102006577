// SPDX-License-Identifier: GPL-3.0-or-later
// What a step of the joint search of CIFAR-10 costs, in ratios within one run: our steps against a
// plain LibTorch module, the hardware term and the reading of images against our steps, and the
// memory of activations against the number of operators. Images are noise: the time does not depend
// on what is seen.
//
// Times are the process's on all its threads, so that other work on the machine does not count; on
// several threads LibTorch's own wait busily, so that their steps look dearer than they are.
//
//   training_bench [steps] [threads] [specification]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <vector>

#include "core/base/executor.h"
#include "core/base/random.h"
#include "core/learn/batches.h"
#include "core/search/accelerator/accelerator_search.h"
#include "core/search/accelerator/hardware_term.h"

#include "tests/bench/plain_supernet.h"

namespace {

using namespace cohelix;

constexpr std::size_t kImages = 2048;

template <typename Value>
void require(const base::Result<Value>& result) {
    if (result.ok()) return;
    std::fprintf(stderr, "%s\n", base::toText(result.error()).c_str());
    std::exit(1);
}

template <typename Work>
double millisecondsOf(Work work) {
    const std::clock_t start = std::clock();
    work();
    return 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

std::shared_ptr<const learn::DataSet> noise(const spec::NetworkSpace& network) {
    auto data = std::make_shared<learn::DataSet>();
    data->name = "noise";
    data->classes = network.classes;
    base::Random random(1, "bench noise");
    const auto& shape = network.input;
    for (auto* set : {&data->train, &data->test}) {
        set->shape = shape;
        for (std::size_t i = 0; i < kImages; ++i) {
            set->labels.push_back(
                static_cast<std::uint16_t>(i % static_cast<std::size_t>(network.classes)));
        }
        set->pixels.resize(kImages *
                           static_cast<std::size_t>(shape.channels * shape.height * shape.width));
        for (auto& pixel : set->pixels) pixel = static_cast<std::uint8_t>(random.below(256));
    }
    data->mean.assign(static_cast<std::size_t>(shape.channels), 0.5F);
    data->deviation.assign(static_cast<std::size_t>(shape.channels), 0.29F);
    return data;
}

/// The paths of one step: two operators a block with gates 1 and 0, and one operator a block.
struct Drawn {
    learn::ActivePaths active;
    std::vector<int> path;
};

Drawn draw(const spec::NetworkSpace& network, std::uint64_t step) {
    base::Random random(7, "bench paths", step);
    const auto operators = network.operators.size();
    Drawn drawn;
    for (std::size_t b = 0; b < spec::blockShapes(network).size(); ++b) {
        const auto first = random.below(operators);
        const auto second = (first + 1 + random.below(operators - 1)) % operators;
        drawn.active.push_back({{static_cast<int>(first), 1}, {static_cast<int>(second), 0}});
        drawn.path.push_back(static_cast<int>(random.below(operators)));
    }
    return drawn;
}

std::unique_ptr<learn::Supernet> makeSupernet(const spec::Specification& spec,
                                              std::shared_ptr<const learn::DataSet> data,
                                              base::Executor& executor) {
    const auto split = learn::splitTraining(*data, 0.1, 0.5, 1);
    auto net = learn::Supernet::create(spec.network, spec.dataSet, std::move(data), split,
                                       spec.search, 1, executor);
    require(net);
    return std::move(*net);
}

struct Times {
    std::vector<double> architecture;
    std::vector<double> weights;
    double step() const { return median(architecture) + median(weights); }
};

void print(const char* name, const Times& times, const Times& ours) {
    std::printf("%-44s %9.1f %9.1f %9.1f %8.2f\n", name, median(times.architecture),
                median(times.weights), times.step(), ours.step() / times.step());
}

/// Median milliseconds of one of our steps.
double compareSteps(const spec::Specification& spec, int steps, int threads) {
    base::Executor executor(threads);
    const auto ours = makeSupernet(spec, noise(spec.network), executor);
    struct Rival {
        const char* name;
        bench::PlainSupernet::Options options;
        Times times = {};
        std::unique_ptr<bench::PlainSupernet> net = {};
    };
    std::vector<Rival> rivals(3);
    rivals[0] = {"plain module", {false, false, threads}};
    rivals[1] = {"plain module, channels last", {true, false, threads}};
    rivals[2] = {"plain module, channels last, passive paths cut", {true, true, threads}};
    for (auto& rival : rivals) {
        rival.net = std::make_unique<bench::PlainSupernet>(spec.network, spec.search.weights,
                                                           rival.options);
        rival.net->setBatch(spec.search.batch);
    }
    Times own;
    for (int step = -1; step < steps; ++step) {  // the first warms up
        const Drawn drawn = draw(spec.network, static_cast<std::uint64_t>(step + 1));
        const double architecture =
            millisecondsOf([&] { require(ours->gateGradients(step + 1, drawn.active)); });
        const double weights = millisecondsOf([&] {
            require(ours->weightStep(step + 1, drawn.path, spec.search.weights.learningRate));
        });
        if (step >= 0) {
            own.architecture.push_back(architecture);
            own.weights.push_back(weights);
        }
        for (auto& rival : rivals) {
            const double a = millisecondsOf([&] { rival.net->architectureStep(drawn.active); });
            const double w = millisecondsOf([&] { rival.net->weightStep(drawn.path); });
            if (step < 0) continue;
            rival.times.architecture.push_back(a);
            rival.times.weights.push_back(w);
        }
    }
    std::printf("Step of %d images on %d threads, median of %d, ms\n", spec.search.batch, threads,
                steps);
    std::printf("%-44s %9s %9s %9s %8s\n", "", "gates", "weights", "step", "ours/it");
    print("supernet", own, own);
    for (const auto& rival : rivals) print(rival.name, rival.times, own);
    return own.step();
}

void compareHardware(const spec::Specification& spec, double stepMilliseconds) {
    search::AcceleratorSearch accelerators(spec, 0);
    const auto network = spec::buildNetwork(spec.network, draw(spec.network, 0).path);
    std::optional<search::FoundAccelerator> found;
    std::vector<double> searches;
    for (int i = 0; i < 3; ++i) {
        searches.push_back(millisecondsOf(
            [&] { found = accelerators.search(network, spec.search.acceleratorIterations); }));
    }
    if (!found) return std::puts("\nNo accelerator within the limits"), void();
    const auto accelerator = hardware::buildAccelerator(spec.accelerator, found->choices, network);
    const std::size_t blocks = spec::blockShapes(spec.network).size();
    const std::size_t operators = spec.network.operators.size();
    const std::vector<std::vector<double>> even(
        blocks, std::vector<double>(operators, 1.0 / static_cast<double>(operators)));
    std::vector<double> prices;
    std::vector<double> terms;
    for (int i = 0; i < 9; ++i) {
        std::optional<search::HardwareTerm> term;
        prices.push_back(millisecondsOf([&] { term.emplace(spec, accelerator, found->choices); }));
        terms.push_back(millisecondsOf([&] { (void)term->cost(even); }));
    }
    const double refresh = spec.search.acceleratorRefreshSteps;
    const double each = median(searches) / refresh + median(prices) + median(terms);
    std::printf("\nHardware term, ms\n");
    std::printf("accelerator search, %d samples              %9.2f\n",
                spec.search.acceleratorIterations, median(searches));
    std::printf("  a step, once in %4.0f                      %9.3f\n", refresh,
                median(searches) / refresh);
    std::printf("prices of %3zu operators                     %9.3f\n", blocks * operators,
                median(prices));
    std::printf("expected cost and its gradient              %9.3f\n", median(terms));
    std::printf("all of it in every step, share of a step    %8.2f %%\n",
                100 * each / stepMilliseconds);
}

void compareReading(const spec::Specification& spec, double stepMilliseconds) {
    const auto data = noise(spec.network);
    const learn::PixelReader reader(data);
    std::vector<std::uint32_t> images(static_cast<std::size_t>(spec.search.batch));
    std::iota(images.begin(), images.end(), 0U);
    std::vector<float> target(images.size() * reader.imageFloats());
    std::vector<double> times;
    for (int i = 0; i < 50; ++i) {
        times.push_back(millisecondsOf([&] {
            const auto changes =
                learn::drawAugmentations(spec.dataSet, images.size(), 1, "bench", i);
            reader.read(data->train, images, changes, target.data());
        }));
    }
    // A step reads two batches.
    std::printf("\nReading and augmenting a batch on one thread %8.3f ms, of a step %.2f %%\n",
                median(times), 100 * 2 * median(times) / stepMilliseconds);
}

void compareMemory(const spec::Specification& spec) {
    std::printf("\nTensors of a step of two active paths, at most, MB\n");
    std::printf("%-12s %12s %12s %16s\n", "operators", "gates", "weights", "all parameters");
    // The dearest two are among the first of each list, so that all steps do the same.
    for (const std::vector<const char*>& names :
         {std::vector{"k5_e6", "k3_e6", "skip"},
          {"k5_e6", "k3_e6", "skip", "k3_e1", "k3_e1_g2", "k3_e3", "k5_e1", "k5_e1_g2", "k5_e3"}}) {
        auto smaller = spec;
        smaller.network.operators.clear();
        for (const char* name : names) {
            smaller.network.operators.push_back(*spec::parseOperator(name));
        }
        base::Executor executor(base::availableCores());
        const bench::TensorMemory parameters;
        const auto net = makeSupernet(smaller, noise(smaller.network), executor);
        const std::size_t held = parameters.peakBytes();
        const std::size_t blocks = spec::blockShapes(smaller.network).size();
        const bench::TensorMemory gates;
        require(net->gateGradients(0, learn::ActivePaths(blocks, {{0, 1}, {1, 0}})));
        const std::size_t ofGates = gates.peakBytes();
        const bench::TensorMemory weights;
        require(net->weightStep(0, std::vector<int>(blocks, 0), 0.01));
        constexpr double kMegabyte = 1e6;
        std::printf("%-12zu %12.1f %12.1f %16.1f\n", names.size(),
                    static_cast<double>(ofGates) / kMegabyte,
                    static_cast<double>(weights.peakBytes()) / kMegabyte,
                    static_cast<double>(held) / kMegabyte);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const int steps = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
    const int threads = argc > 2 ? std::max(1, std::atoi(argv[2])) : 1;
    const auto spec =
        argc > 3 ? spec::loadSpecification(argv[3]) : spec::preset("dna-cifar10-zc706");
    if (!spec.ok()) {
        std::fprintf(stderr, "%s\n", base::toText(spec.error()).c_str());
        return 1;
    }
    const double step = compareSteps(*spec, steps, threads);
    compareHardware(*spec, step);
    compareReading(*spec, step);
    compareMemory(*spec);
}
