// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/search_fields.h"

#include "core/specification/field_visitors.h"
#include "core/specification/limits.h"

namespace cohelix::spec {
namespace {

constexpr int kMostEpochs = 100000;
constexpr double kHuge = 1e12;
constexpr double kNoBound = 1e300;

/// The search and the training from scratch speak of them in words of their own.
struct SgdWords {
    const char* start;
    const char* end;
};
template <typename Visitor, typename T>
void sgdFields(Visitor& v, T& recipe, const SgdWords& words) {
    v.number("learning_rate", recipe.learningRate, {1e-12, 1000}, {words.start});
    v.number("final_learning_rate", recipe.finalLearningRate, {0, 1000}, 0, {words.end});
    v.number("momentum", recipe.momentum, {0, 0.9999}, 0.9, {"of stochastic gradient descent"});
    v.number("weight_decay", recipe.weightDecay, {0, 10}, 0, {"L2 penalty on the weights"});
    v.number("clip_norm", recipe.clipNorm, {0, 1e6}, 0,
             {"largest norm of the gradient; 0: no clipping"});
    v.flag("nesterov", recipe.nesterov,
           {"look ahead by the momentum before each step; absent: false"});
}

}  // namespace

template <typename Visitor, typename T>
void limitFields(Visitor& v, T& limits) {
    for (const auto& info : kLimits) {
        v.number(info.key, limits.*info.member, {0, kHuge},
                 {info.meaning, info.unitText, info.label, info.unit, true});
    }
}

template <typename Visitor, typename T>
void objectiveFields(Visitor& v, T& objective) {
    v.word("metric", objective.metric,
           {"what is traded against accuracy: fps, latency_ms, energy_mj, edp"});
    v.objects("targets", objective.targets, [](auto& inner, auto&& window) {
        inner.number("low", window.low, {0, kNoBound},
                     {"a design of this target should have at least this", "metric"});
        inner.number("high", window.high, {window.low, kNoBound}, {"and at most this", "metric"});
    });
    if constexpr (Visitor::kReads) {
        if (objective.targets.empty() || objective.targets.size() > 64) {
            v.json().fail("targets", "there must be 1 to 64 targets, each with low and high");
        }
    }
    v.number("initial_hardware_share", objective.initialHardwareShare, {0, 100}, 0.2,
             {.meaning = "the hardware term starts as this share of the cross-entropy",
              .unit = "share",
              .shortUnit = ""});
}

template <typename Visitor, typename T>
void searchFields(Visitor& v, T& recipe) {
    constexpr Bounds<std::int64_t> kSteps = {1, 1 << 24};
    constexpr Bounds<std::int64_t> kEvaluations = {1, 100000000};
    v.integer("batch", recipe.batch, {2, 65536},
              {"images in a step; all where there are fewer", "images"});
    v.integer("steps_per_epoch", recipe.stepsPerEpoch, {0, 1 << 24}, 0,
              {"0: one pass over the images that train weights", "steps"});
    v.integer("warmup_epochs", recipe.warmupEpochs, {0, kMostEpochs},
              {"epochs that train weights only", "epochs", "Warm-up epochs"});
    v.integer("epochs", recipe.epochs, {1, kMostEpochs},
              {"epochs that train weights and architecture in turn", "epochs", "Joint epochs"});
    v.word("level", recipe.level, Level::Two,
           {"two: weights and architecture in turn, each on its own images; one: both by one "
            "gradient on the same images; absent: two"});
    v.number("weight_share", recipe.weightShare, {0.05, 0.95}, 0.5,
             {.meaning = "two levels: share of the images for weights; the rest for architecture",
              .unit = "share",
              .shortUnit = ""});
    v.object("weights", [&](auto& inner) {
        sgdFields(inner, recipe.weights,
                  {"of the supernet's weights at the start", "at the end of a cosine schedule"});
    });
    v.number(
        "alpha_learning_rate", recipe.alphaLearningRate, {1e-12, 100},
        {.meaning = "Adam, of the architecture parameters", .label = "Architecture learning rate"});
    v.number("temperature", recipe.temperature, {0.01, 1000},
             {"of the Gumbel-Softmax at the start"});
    v.number("temperature_decay", recipe.temperatureDecay, {0.01, 1}, {"factor per epoch"});
    v.word("sampling", recipe.sampling, Sampling::TwoPath,
           {"soft (all operators), hard (one), two-path (two active)"});
    v.word("hardware_gradient", recipe.hardwareGradient, HardwareGradient::Expected,
           {"operators that the hardware term prices: expected (all, by their probabilities) or "
            "single-path (the sampled ones)"});
    v.word("layer_mapping", recipe.layerMapping, LayerMapping::Tiles,
           {"of the loop-nest template: tiles (the accelerator's, for all layers) or proven (the "
            "best mapping of each layer on the hardware found)"});
    v.word("accelerator_method", recipe.acceleratorMethod, AcceleratorMethod::Auto,
           {"how a network's accelerator is found: proven (the best of the whole space in the "
            "precision under trial), gradient (Gumbel-Softmax), auto (proven where the space "
            "allows it; of searched allocations for FPS and energy, of the networks that are to be "
            "trained)"});
    v.integer("accelerator_refresh_steps", recipe.acceleratorRefreshSteps, kSteps,
              {"architecture steps of a target between two searches of its accelerator", "steps"});
    v.integer(
        "accelerator_iterations", recipe.acceleratorIterations, kEvaluations,
        {.meaning = "of such a search", .unit = "cost evaluations", .shortUnit = "evaluations"});
    v.number("accelerator_learning_rate", recipe.acceleratorLearningRate, {1e-12, 100}, 0.05,
             {"Adam, of the accelerator parameters"});
    v.integer("final_accelerator_iterations", recipe.finalAcceleratorIterations, kEvaluations,
              {.meaning = "for a network that is reported",
               .unit = "cost evaluations",
               .shortUnit = "evaluations"});
    v.integer("estimate_images", recipe.estimateImages, kSteps,
              {"validation images of a supernet estimate; all where there are fewer", "images"});
    v.word("device", recipe.processor, Processor::Cpu,
           {.meaning = "what trains: cpu, cuda, or auto (cuda where there is one); absent: cpu. "
                       "The same seed "
                       "gives the same designs on one type of machine only",
            .label = "Trains on"});
}

template <typename Visitor, typename T>
void trainingFields(Visitor& v, T& recipe) {
    v.integer("designs", recipe.designs, {0, 1000},
              {"members of the front to train from scratch", "designs"});
    v.integer("epochs", recipe.epochs, {1, kMostEpochs}, {"of each", "epochs"});
    v.integer("batch", recipe.batch, {2, 65536}, {"images in a step", "images"});
    v.object("weights", [&](auto& inner) {
        sgdFields(inner, recipe.weights, {"at the start of a cosine schedule", "at its end"});
    });
    v.number("label_smoothing", recipe.labelSmoothing, {0, 0.9}, 0,
             {.meaning = "share of the label spread over all classes",
              .unit = "share",
              .shortUnit = ""});
}

template void limitFields(ReadsFields&, Limits&);
template void limitFields(WritesFields&, const Limits&);
template void limitFields(ExplainsFields&, const Limits&);

template void objectiveFields(ReadsFields&, Objective&);
template void objectiveFields(WritesFields&, const Objective&);
template void objectiveFields(ExplainsFields&, const Objective&);

template void searchFields(ReadsFields&, SearchRecipe&);
template void searchFields(WritesFields&, const SearchRecipe&);
template void searchFields(ExplainsFields&, const SearchRecipe&);

template void trainingFields(ReadsFields&, TrainingRecipe&);
template void trainingFields(WritesFields&, const TrainingRecipe&);
template void trainingFields(ExplainsFields&, const TrainingRecipe&);

}  // namespace cohelix::spec
