// SPDX-License-Identifier: GPL-3.0-or-later
// What a design comes to with one thing changed.
#include <algorithm>
#include <cmath>

#include "core/base/units.h"
#include "core/explain/explain.h"
#include "core/explain/explain_parts.h"
#include "core/hardware/resources.h"
#include "core/hardware/templates.h"

namespace cohelix::explain {
namespace {

using base::Result;
using model::Accelerator;
using model::Network;

/// The goal's figure; energy that is power times the period counts as the period.
double figure(const hardware::Totals& totals, Goal goal, const Accelerator& accelerator) {
    const bool byPeriod = hardware::templateOf(accelerator.kind).energyFollowsPeriod();
    const double energy = byPeriod ? totals.periodCycles : totals.energyPicojoule;
    switch (goal) {
        case Goal::Period: return totals.periodCycles;
        case Goal::Latency: return totals.latencyCycles;
        case Goal::Energy: return energy;
        case Goal::Edp: return energy * totals.latencyCycles;
    }
    return 0;
}

const char* goalName(Goal goal) {
    switch (goal) {
        case Goal::Period: return "the period";
        case Goal::Latency: return "the latency";
        case Goal::Energy: return "the energy";
        case Goal::Edp: return "energy times latency";
    }
    return "";
}

/// Changes that can be priced, with what they come to.
std::vector<ChangeEffect> effectsOf(const Network& network, std::span<const int> chunkOfLayer,
                                    std::span<const Change> changes, const HardLimits& limits,
                                    Goal goal, double before) {
    std::vector<ChangeEffect> effects;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto priced = hardware::totals(network, changes[i].accelerator, chunkOfLayer);
        if (!priced) continue;
        const double lut =
            limits.lut
                ? hardware::fpgaResources(network, changes[i].accelerator, chunkOfLayer, {}).lut
                : 0;
        effects.push_back({*priced, i, changes[i].text, changes[i].steps, before,
                           figure(*priced, goal, changes[i].accelerator), lut});
    }
    return effects;
}

bool allFit(const ChangeEffect& effect, const HardLimits& limits) {
    return fits(effect.dsp, limits.dsp) && fits(effect.bram18k, limits.bram18k) &&
           fits(effect.lut, limits.lut);
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
        const auto priced = hardware::totals(network, accelerator, chunkOfLayer, words);
        if (!priced) return priced.error();
        const double after = figure(*priced, goal, accelerator);
        if (words == 1) s.after = after;
        if (after >= before) continue;
        s.nextUseful = words;
        s.afterNextUseful = after;
        break;
    }
    s.text = "one more word a cycle from DRAM " + boughtText(s, goal) + nextText(s, "up to 64");
    return s;
}

/// One more GB/s of the DRAM that all chunks share, or the least power of two that helps.
Result<Sensitivity> sharedDramSensitivity(const Network& network, const Accelerator& accelerator,
                                          std::span<const int> chunkOfLayer, Goal goal,
                                          double before) {
    constexpr double kMostGigabytes = 64;
    Sensitivity s{
        .resource = "GB/s of shared DRAM", .before = before, .nextUseful = {}, .text = {}};
    Accelerator wider = accelerator;
    for (double more = 1; more <= kMostGigabytes; more *= 2) {
        wider.dramGigabytesPerSecond = accelerator.dramGigabytesPerSecond + more;
        const auto priced = hardware::totals(network, wider, chunkOfLayer);
        if (!priced) return priced.error();
        const double after = figure(*priced, goal, accelerator);
        if (more == 1) s.after = after;
        if (after >= before) continue;
        s.nextUseful = more;
        s.afterNextUseful = after;
        break;
    }
    s.text = "one more GB/s of shared DRAM " + boughtText(s, goal) + nextText(s, "up to 64");
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
            if (allFit(effect, within)) least = std::min(least, effect.after);
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
        if (!fits(effect.lut, limits.lut)) continue;
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

/// Adds the step of one choice of each chunk that helps most within the limits.
void addSteps(std::vector<Sensitivity>& out, std::span<const ChangeEffect> effects,
              std::span<const Change> changes, const HardLimits& limits, Goal goal,
              std::size_t chunks) {
    std::vector<const ChangeEffect*> best(chunks, nullptr);
    for (const auto& effect : effects) {
        if (effect.steps != 1 || effect.after >= effect.before || !allFit(effect, limits)) continue;
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

std::optional<ChangeEffect> smallestFix(const Network& network, std::span<const int> chunkOfLayer,
                                        const HardLimits& limits, std::span<const Change> changes,
                                        Goal goal) {
    std::optional<ChangeEffect> smallest;
    for (auto& effect : effectsOf(network, chunkOfLayer, changes, limits, goal, 0)) {
        if (!allFit(effect, limits)) continue;
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
    const auto current = hardware::totals(network, accelerator, chunkOfLayer);
    if (!current) return current.error();
    const double now = figure(*current, goal, accelerator);
    std::vector<Sensitivity> out;
    auto bandwidth = bandwidthSensitivity(network, accelerator, chunkOfLayer, goal, now);
    if (!bandwidth) return bandwidth.error();
    out.push_back(std::move(*bandwidth));
    if (accelerator.dramGigabytesPerSecond > 0) {
        auto shared = sharedDramSensitivity(network, accelerator, chunkOfLayer, goal, now);
        if (!shared) return shared.error();
        out.push_back(std::move(*shared));
    }

    const auto effects = effectsOf(network, chunkOfLayer, changes, limits, goal, now);
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

}  // namespace cohelix::explain
