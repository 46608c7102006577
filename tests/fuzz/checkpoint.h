// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The search whose checkpoints are fuzzed: a small space, made-up images, and in LibTorch's place
// training_stand_in.cpp.

#include <memory>

#include "core/base/executor.h"
#include "core/search/joint/cosearch.h"

namespace cohelix::fuzz {

inline spec::Specification smallSpecification() {
    auto spec = spec::preset("fashion-mnist-zc706").value();
    spec.network.stages = {{16, 1, 1}, {24, 2, 2}};
    spec.network.operators = {*spec::parseOperator("k3_e1"), *spec::parseOperator("k3_e3"),
                              *spec::parseOperator("skip")};
    for (auto& chunk : spec.accelerator.pipeline) {  // few accelerators, to be soon through them
        for (auto* options : {&chunk.rows, &chunk.columns, &chunk.outputs, &chunk.inputs}) {
            if (options->size() > 2) options->erase(options->begin() + 1, options->end() - 1);
        }
    }
    spec.objective.targets = {{1000, 4000}, {8000, 40000}};
    spec.search.batch = 32;
    spec.search.stepsPerEpoch = 2;
    spec.search.warmupEpochs = 1;
    spec.search.epochs = 1;
    spec.search.acceleratorRefreshSteps = 1;
    spec.search.acceleratorIterations = 4;
    spec.search.finalAcceleratorIterations = 4;
    spec.search.estimateImages = 10;
    spec.training.designs = 1;
    spec.training.epochs = 1;
    spec.training.batch = 32;
    return spec;
}

inline std::shared_ptr<const learn::DataSet> smallData(const spec::Specification& spec) {
    auto data = std::make_shared<learn::DataSet>();
    data->name = "made up";
    data->classes = spec.network.classes;
    for (auto* images : {&data->train, &data->test}) {
        images->shape = spec.network.input;
        images->labels.assign(400, 0);
        images->pixels.assign(
            400 * static_cast<std::size_t>(images->shape.channels * images->shape.height *
                                           images->shape.width),
            0);
    }
    data->mean.assign(static_cast<std::size_t>(spec.network.input.channels), 0.5F);
    data->deviation.assign(static_cast<std::size_t>(spec.network.input.channels), 1.0F);
    return data;
}

inline base::Result<std::unique_ptr<search::CoSearch>> smallSearch() {
    static base::Executor executor(1);
    static const auto spec = smallSpecification();
    static const auto data = smallData(spec);
    return search::CoSearch::create(spec, data, executor);
}

}  // namespace cohelix::fuzz
