// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What `benchmark` found, as JSON, as CSV and as a plot.

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/lab/methods/comparison.h"
#include "core/lab/methods/freezing.h"

namespace cohelix::cli {

struct BenchmarkSettings {
    std::string space;
    std::string model;
    model::Resources limits;
    int seeds = 0;
};

struct TrueDesign : model::Resources {
    std::string network;
    double fps = 0;
    double accuracy = 0;           ///< percent
    std::vector<int> accelerator;  ///< choices
};

struct TruthReport {
    std::vector<TrueDesign> designs;
    double hypervolume = 0;
    double leastAccuracy = 0;  ///< percent, where the hypervolume begins
    double bestSingleAcceleratorRatio = 0;
    std::int64_t costEvaluations = 0;
    double seconds = 0;
};

struct BenchmarkReport {
    BenchmarkSettings settings;
    std::string source;
    bool trainingSeconds = false;  ///< seconds count trainings
    TruthReport truth;
    std::vector<lab::Standing> standings;
    std::vector<lab::FrozenFront> frozen;
};

TruthReport truthOf(const tables::Problem& problem, const tables::TrueFront& truth);
/// "joint, 66 look-ups: hypervolume 0.9918 (0.9854 … 0.9968), …".
std::string lineOf(const lab::Standing& standing);
/// "map-buffers at 8: 0.9912 of the hypervolume, 31 points".
std::string lineOf(const lab::FrozenFront& front);
std::string toJsonText(const BenchmarkReport& report);
std::string toCsv(const BenchmarkReport& report);
/// Hypervolume against look-ups, or against seconds where these count trainings; one line a method
/// with the spread over the seeds.
base::Result<std::string> plotOf(const BenchmarkReport& report);

}  // namespace cohelix::cli
