// SPDX-License-Identifier: GPL-3.0-or-later
// What does not fit, and what a design comes to with one thing changed.
#include <algorithm>
#include <cmath>

#include "core/base/units.h"
#include "core/cost/explain.h"
#include "core/cost/fpga_pipeline.h"
#include "core/cost/nest.h"
#include "core/cost/technology.h"

namespace cohelix::cost {
namespace {

using base::Result;
using model::Accelerator;
using model::Network;
using model::Tensor;

constexpr double kBlockBytes = 18432.0 / 8;

bool isPipeline(const Accelerator& accelerator) {
    return accelerator.kind == model::Template::ChunkPipeline;
}

std::string number(double value) {
    return base::fixed(value, value == std::floor(value) ? 0 : 1);
}

/// Names of chunks hold commas.
std::string quoted(const Accelerator& accelerator, int chunk) {
    return "'" + accelerator.chunkName(static_cast<std::size_t>(chunk)) + "'";
}

bool fits(double need, std::optional<double> limit) {
    return !limit || need <= *limit;
}

Tensor largest(const std::array<double, model::kTensors>& room) {
    const auto most = std::max_element(room.begin(), room.end());
    return model::kAllTensors[static_cast<std::size_t>(most - room.begin())];
}

/// What the chunks of a pipeline need of one resource.
struct Need {
    double sum = 0;
    double most = 0;  ///< of one chunk
    int chunk = 0;
    int layer = 0;  ///< that makes the chunk need it
    PipelineResources ofLayer;
};

Need needOf(const Network& network, const Accelerator& accelerator,
            std::span<const int> chunkOfLayer, double PipelineResources::*resource) {
    Need need;
    for (std::size_t c = 0; c < accelerator.pipeline.size(); ++c) {
        double chunk = 0;
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            const auto& layer = network.layers[i];
            if (chunkOfLayer[i] != static_cast<int>(c) || costsNothing(layer, accelerator))
                continue;
            const auto ofLayer =
                pipelineResources(accelerator.pipeline[c], layer, accelerator.fpgaModel,
                                  accelerator.doubleBufferedWeights);
            chunk = std::max(chunk, ofLayer.*resource);
            if (ofLayer.*resource <= need.most) continue;
            need.most = ofLayer.*resource;
            need.chunk = static_cast<int>(c);
            need.layer = static_cast<int>(i);
            need.ofLayer = ofLayer;
        }
        need.sum += chunk;
    }
    return need;
}

std::string pipelineText(const Excess& excess, const Need& need, const Network& network,
                         const Accelerator& accelerator) {
    std::string text = excess.resource + ": " + number(excess.need) + " of " +
                       number(excess.limit) + ", " + number(excess.over());
    if (excess.overBytes > 0) text += " (" + base::bytes(excess.overBytes) + ")";
    text += " too many; " + quoted(accelerator, excess.chunk) + " takes " + number(need.most) +
            " of them for " + network.layers[static_cast<std::size_t>(excess.layer)].name;
    if (excess.tensor) text += ", most for its " + std::string(model::tensorName(*excess.tensor));
    return text;
}

std::vector<Excess> pipelineExcesses(const Network& network, const Accelerator& accelerator,
                                     std::span<const int> chunkOfLayer, const HardLimits& limits) {
    std::vector<Excess> excesses;
    const auto check = [&](const char* name, double PipelineResources::*resource,
                           std::optional<double> limit, bool memory) {
        const auto need = needOf(network, accelerator, chunkOfLayer, resource);
        if (fits(need.sum, limit)) return;
        Excess excess{.resource = name,
                      .need = need.sum,
                      .limit = *limit,
                      .overBytes = memory ? (need.sum - *limit) * kBlockBytes : 0,
                      .chunk = need.chunk,
                      .layer = need.layer,
                      .tensor = {},
                      .text = {}};
        if (memory) excess.tensor = largest(need.ofLayer.bramOfTensor);
        excess.text = pipelineText(excess, need, network, accelerator);
        excesses.push_back(std::move(excess));
    };
    check("DSP", &PipelineResources::dsp, limits.dsp, false);
    check("BRAM18K", &PipelineResources::bram18k, limits.bram18k, true);
    return excesses;
}

/// The tiles of a layer in one memory of its chunk, against the memory's room.
Excess memoryExcess(const LevelResult& level, const MemoryLevel& memory, double capacity,
                    int bits) {
    std::array<double, model::kTensors> tiles = {};
    double need = 0;
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        tiles[t] = static_cast<double>(level.tensors[t].tile);
        need += tiles[t];
    }
    return {.resource = memory.name,
            .need = need,
            .limit = capacity,
            .overBytes = (need - capacity) * bits / 8,
            .tensor = largest(tiles),
            .text = {}};
}

std::string memoryText(const Excess& excess, const Network& network,
                       const Accelerator& accelerator) {
    return network.layers[static_cast<std::size_t>(excess.layer)].name + " needs " +
           number(excess.need) + " words of the " + excess.resource + " of " +
           quoted(accelerator, excess.chunk) + ", which has " + number(excess.limit) + ": " +
           number(excess.over()) + " (" + base::bytes(excess.overBytes) +
           ") too many, most for its " + std::string(model::tensorName(*excess.tensor));
}

std::vector<Excess> arrayExcesses(const Network& network, const Accelerator& accelerator,
                                  std::span<const int> chunkOfLayer) {
    std::vector<Excess> worst;
    const auto technology = findTechnology(accelerator.technology);
    if (!technology) return worst;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& chunk = accelerator.arrays[static_cast<std::size_t>(chunkOfLayer[i])];
        // Priced without bounds, so that all tiles are known.
        const auto hierarchy = hierarchyOf(*technology, 0, 0, chunk.bits);
        const auto& layer = network.layers[i];
        const auto result = evaluateLoopNest(layer, arrayMapping(chunk, layer), hierarchy);
        if (!result) continue;
        const double room[] = {0, static_cast<double>(chunk.bufferWords),
                               static_cast<double>(chunk.registerWords)};
        for (std::size_t l = 1; l < result->levels.size(); ++l) {
            auto excess = memoryExcess(result->levels[l], hierarchy.levels[l], room[l], chunk.bits);
            if (excess.limit <= 0 || excess.need <= excess.limit) continue;  // 0: unbounded
            excess.chunk = chunkOfLayer[i];
            excess.layer = static_cast<int>(i);
            const auto same = std::find_if(worst.begin(), worst.end(), [&](const Excess& other) {
                return other.chunk == excess.chunk && other.resource == excess.resource;
            });
            if (same == worst.end()) {
                worst.push_back(std::move(excess));
            } else if (excess.over() > same->over()) {
                *same = std::move(excess);
            }
        }
    }
    for (auto& excess : worst)
        excess.text = memoryText(excess, network, accelerator);
    return worst;
}

/// The goal's figure; a pipeline's energy is its power times the period.
double figure(const Totals& totals, Goal goal, bool pipeline) {
    const double energy = pipeline ? totals.periodCycles : totals.energyPicojoule;
    switch (goal) {
        case Goal::Period:
            return totals.periodCycles;
        case Goal::Latency:
            return totals.latencyCycles;
        case Goal::Energy:
            return energy;
        case Goal::Edp:
            return energy * totals.latencyCycles;
    }
    return 0;
}

const char* goalName(Goal goal) {
    switch (goal) {
        case Goal::Period:
            return "the period";
        case Goal::Latency:
            return "the latency";
        case Goal::Energy:
            return "the energy";
        case Goal::Edp:
            return "energy times latency";
    }
    return "";
}

/// Changes that can be priced, with what they come to.
std::vector<ChangeEffect> effectsOf(const Network& network, std::span<const int> chunkOfLayer,
                                    std::span<const Change> changes, Goal goal, double before) {
    std::vector<ChangeEffect> effects;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto priced = totals(network, changes[i].accelerator, chunkOfLayer);
        if (!priced) continue;
        effects.push_back({i, changes[i].text, changes[i].steps, before,
                           figure(*priced, goal, isPipeline(changes[i].accelerator)), priced->dsp,
                           priced->bram18k});
    }
    return effects;
}

bool fits(const ChangeEffect& effect, const HardLimits& limits) {
    return fits(effect.dsp, limits.dsp) && fits(effect.bram18k, limits.bram18k);
}

std::string boughtText(const Sensitivity& s, Goal goal) {
    if (s.after >= s.before) return "buys nothing";
    return "lowers " + std::string(goalName(goal)) + " by " + base::fixed(100 * s.gain(), 1) + " %";
}

/// `more`: what was tried beyond one.
std::string nextText(const Sensitivity& s, const std::string& more) {
    if (s.after < s.before) return {};
    if (!s.nextUseful) return ", nor would " + more;
    return "; " + number(*s.nextUseful) + " more would buy " +
           base::fixed(100 * (1 - s.afterNextUseful / s.before), 1) + " %";
}

Result<Sensitivity> bandwidthSensitivity(const Network& network, const Accelerator& accelerator,
                                         std::span<const int> chunkOfLayer, Goal goal,
                                         double before) {
    constexpr double kMostWords = 64;
    Sensitivity s{.resource = "DRAM word a cycle", .before = before, .nextUseful = {}, .text = {}};
    for (double words = 1; words <= kMostWords; words *= 2) {
        const auto priced = totals(network, accelerator, chunkOfLayer, words);
        if (!priced) return priced.error();
        const double after = figure(*priced, goal, isPipeline(accelerator));
        if (words == 1) s.after = after;
        if (after >= before) continue;
        s.nextUseful = words;
        s.afterNextUseful = after;
        break;
    }
    s.text = "one more word a cycle from DRAM " + boughtText(s, goal) + nextText(s, "up to 64");
    return s;
}

/// `need` and `other`: the resource that there is more of, and the one that stays as it is.
struct Scarce {
    const char* name;
    std::optional<double> HardLimits::*limit;
    double ChangeEffect::*need;
    std::optional<double> HardLimits::*otherLimit;
    double ChangeEffect::*otherNeed;
};

Sensitivity resourceSensitivity(const Scarce& scarce, const HardLimits& limits,
                                std::span<const ChangeEffect> effects, Goal goal, double now) {
    const auto best = [&](const HardLimits& within) {
        double least = now;
        for (const auto& effect : effects) {
            if (fits(effect, within)) least = std::min(least, effect.after);
        }
        return least;
    };
    HardLimits more = limits;
    *(more.*scarce.limit) += 1;
    Sensitivity s{.resource = scarce.name,
                  .before = best(limits),
                  .after = best(more),
                  .nextUseful = {},
                  .text = {}};
    for (const auto& effect : effects) {
        if (effect.after >= s.before) continue;
        if (!fits(effect.*scarce.otherNeed, limits.*scarce.otherLimit)) continue;
        const double extra = std::ceil(effect.*scarce.need - *(limits.*scarce.limit));
        if (s.nextUseful && (extra > *s.nextUseful ||
                             (extra == *s.nextUseful && effect.after >= s.afterNextUseful))) {
            continue;
        }
        s.nextUseful = extra;
        s.afterNextUseful = effect.after;
    }
    s.text = "one more " + s.resource + " " + boughtText(s, goal) +
             nextText(s, "more with any single change");
    return s;
}

/// Of each chunk the step of one choice that helps most within the limits.
void addSteps(std::vector<Sensitivity>& out, std::span<const ChangeEffect> effects,
              std::span<const Change> changes, const HardLimits& limits, Goal goal,
              std::size_t chunks) {
    std::vector<const ChangeEffect*> best(chunks, nullptr);
    for (const auto& effect : effects) {
        if (effect.steps != 1 || effect.after >= effect.before || !fits(effect, limits)) continue;
        auto& chosen = best[static_cast<std::size_t>(changes[effect.change].chunk)];
        if (!chosen || effect.after < chosen->after) chosen = &effect;
    }
    for (const auto* effect : best) {
        if (!effect) continue;
        Sensitivity s{.resource = effect->text,
                      .before = effect->before,
                      .after = effect->after,
                      .nextUseful = {},
                      .text = {}};
        s.text = s.resource + " " + boughtText(s, goal);
        out.push_back(std::move(s));
    }
}

}  // namespace

std::vector<Excess> excesses(const Network& network, const Accelerator& accelerator,
                             std::span<const int> chunkOfLayer, const HardLimits& limits) {
    return isPipeline(accelerator) ? pipelineExcesses(network, accelerator, chunkOfLayer, limits)
                                   : arrayExcesses(network, accelerator, chunkOfLayer);
}

std::optional<ChangeEffect> smallestFix(const Network& network, std::span<const int> chunkOfLayer,
                                        const HardLimits& limits, std::span<const Change> changes,
                                        Goal goal) {
    std::optional<ChangeEffect> smallest;
    for (auto& effect : effectsOf(network, chunkOfLayer, changes, goal, 0)) {
        if (!fits(effect, limits)) continue;
        if (smallest && (effect.steps > smallest->steps ||
                         (effect.steps == smallest->steps && effect.after >= smallest->after))) {
            continue;
        }
        smallest = std::move(effect);
    }
    return smallest;
}

Result<std::vector<Sensitivity>> sensitivities(const Network& network,
                                               const Accelerator& accelerator,
                                               std::span<const int> chunkOfLayer,
                                               const HardLimits& limits,
                                               std::span<const Change> changes, Goal goal) {
    const auto current = totals(network, accelerator, chunkOfLayer);
    if (!current) return current.error();
    const double now = figure(*current, goal, isPipeline(accelerator));
    std::vector<Sensitivity> out;
    auto bandwidth = bandwidthSensitivity(network, accelerator, chunkOfLayer, goal, now);
    if (!bandwidth) return bandwidth.error();
    out.push_back(std::move(*bandwidth));

    const auto effects = effectsOf(network, chunkOfLayer, changes, goal, now);
    const Scarce dsp{"DSP", &HardLimits::dsp, &ChangeEffect::dsp, &HardLimits::bram18k,
                     &ChangeEffect::bram18k};
    const Scarce bram{"BRAM18K", &HardLimits::bram18k, &ChangeEffect::bram18k, &HardLimits::dsp,
                      &ChangeEffect::dsp};
    for (const auto& scarce : {dsp, bram}) {
        if (!(limits.*scarce.limit)) continue;
        out.push_back(resourceSensitivity(scarce, limits, effects, goal, now));
    }
    addSteps(out, effects, changes, limits, goal, accelerator.chunkCount());
    return out;
}

}  // namespace cohelix::cost
