// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/precision_plans.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace cohelix::search {
namespace {

/// Chunks that have their precision together, and what it may be.
struct Axis {
    std::optional<std::size_t> first;  ///< the first of their choices of bits, which may be pinned
    std::vector<std::size_t> choices;  ///< those that a plan decides
    std::vector<int> options;          ///< the most bits first
};

bool isBits(const hardware::Choice& choice) {
    return choice.knob.kind == hardware::Knob::Kind::Bits;
}

int bitsOf(const hardware::Choice& choice, int option) {
    return choice.values[static_cast<std::size_t>(option)];
}

std::vector<int> byBits(const hardware::Choice& choice) {
    std::vector<int> options(choice.options.size());
    std::iota(options.begin(), options.end(), 0);
    std::stable_sort(options.begin(), options.end(),
                     [&](int a, int b) { return bitsOf(choice, a) > bitsOf(choice, b); });
    return options;
}

/// An axis a chunk where rules allocate; of a searched allocation one for the standard chunks of
/// all groups and one for the depthwise ones.
std::vector<Axis> axesOf(const hardware::AcceleratorSpace& space,
                         const std::vector<hardware::Choice>& choices,
                         const spec::PinnedOptions& pins) {
    if (space.kind != model::Template::ChunkPipeline) return {};
    std::vector<Axis> axes(space.pipeline.size());
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (!isBits(choices[i]) || choices[i].options.size() < 2) continue;
        auto& axis = axes[static_cast<std::size_t>(*choices[i].knob.chunk) % axes.size()];
        if (!axis.first) axis.first = i;
        const bool isPinned = i < pins.size() && pins[i];
        // A searched group whose bits are pinned says nothing of the other groups.
        if (isPinned && space.searched) continue;
        axis.choices.push_back(i);
        axis.options = isPinned ? std::vector{*pins[i]} : byBits(choices[i]);
    }
    std::erase_if(axes, [](const Axis& axis) { return axis.choices.empty(); });
    return axes;
}

/// Where an accelerator shows what an axis is: at the first group in use that is not pinned, else
/// at the first of all.
std::size_t shownAt(const hardware::AcceleratorSpace& space, const Axis& axis,
                    const std::vector<hardware::Choice>& choices,
                    std::span<const int> accelerator) {
    if (!space.searched) return axis.choices.front();
    const auto groups = hardware::groupStarts(space, accelerator).size();
    const auto inUse = std::ranges::find_if(axis.choices, [&](std::size_t i) {
        const auto chunk = static_cast<std::size_t>(*choices[i].knob.chunk);
        return chunk / space.pipeline.size() < groups;
    });
    return inUse != axis.choices.end() ? *inUse : *axis.first;
}

void set(PrecisionPlan& plan, const Axis& axis, int option) {
    for (const std::size_t i : axis.choices) plan[i] = option;
}

/// The level-th widest option of every axis; of those that have fewer the last.
PrecisionPlan uniformPlan(const std::vector<Axis>& axes, std::size_t choices, std::size_t level) {
    if (axes.empty()) return {};
    PrecisionPlan plan(choices);
    for (const auto& axis : axes) {
        set(plan, axis, axis.options[std::min(level, axis.options.size() - 1)]);
    }
    return plan;
}

std::vector<PrecisionPlan> uniformPlans(const std::vector<Axis>& axes, std::size_t choices) {
    std::size_t levels = 1;
    for (const auto& axis : axes) levels = std::max(levels, axis.options.size());
    std::vector<PrecisionPlan> plans;
    for (std::size_t level = 0; level < levels; ++level) {
        plans.push_back(uniformPlan(axes, choices, level));
    }
    return plans;
}

std::vector<PrecisionPlan> allPlans(const std::vector<Axis>& axes, std::size_t choices) {
    std::vector<PrecisionPlan> plans = {PrecisionPlan(choices)};
    for (const auto& axis : axes) {
        std::vector<PrecisionPlan> extended;
        for (const auto& plan : plans) {
            for (const int option : axis.options) {
                extended.push_back(plan);
                set(extended.back(), axis, option);
            }
        }
        plans = std::move(extended);
    }
    return plans;
}

/// `current` with the bits that are pinned, and all that differ from it in one axis.
std::vector<PrecisionPlan> neighbours(const std::vector<Axis>& axes, PrecisionPlan current) {
    for (const auto& axis : axes) {
        if (axis.options.size() == 1) set(current, axis, axis.options.front());
    }
    std::vector<PrecisionPlan> plans = {current};
    for (const auto& axis : axes) {
        for (const int option : axis.options) {
            plans.push_back(current);
            set(plans.back(), axis, option);
        }
    }
    return plans;
}

std::int64_t totalBits(const std::vector<hardware::Choice>& choices, const PrecisionPlan& plan) {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        if (plan[i]) total += bitsOf(choices[i], *plan[i]);
    }
    return total;
}

/// More bits in all first, which puts every plan before those that it is at least as wide as.
void sortByBits(const std::vector<hardware::Choice>& choices, std::vector<PrecisionPlan>& plans) {
    std::sort(plans.begin(), plans.end(), [&](const PrecisionPlan& a, const PrecisionPlan& b) {
        return std::pair(-totalBits(choices, a), a) < std::pair(-totalBits(choices, b), b);
    });
    plans.erase(std::unique(plans.begin(), plans.end()), plans.end());
}

}  // namespace

bool choosesPrecision(const hardware::AcceleratorSpace& space) {
    return std::any_of(space.pipeline.begin(), space.pipeline.end(),
                       [](const auto& chunk) { return chunk.bits.size() > 1; });
}

std::vector<PrecisionPlan> plansToTry(const hardware::AcceleratorSpace& space,
                                      const spec::PinnedOptions& pins,
                                      const PrecisionPlan& current) {
    const auto choices = hardware::acceleratorChoices(space);
    const auto axes = axesOf(space, choices, pins);
    if (axes.empty()) return {PrecisionPlan{}};
    double product = 1;
    for (const auto& axis : axes) product *= static_cast<double>(axis.options.size());
    std::vector<PrecisionPlan> plans;
    if (product <= static_cast<double>(kMostPlans)) {
        plans = allPlans(axes, choices.size());
    } else {
        plans = uniformPlans(axes, choices.size());
        const auto start = current.size() == choices.size() ? current : plans.front();
        const auto near = neighbours(axes, start);
        plans.insert(plans.end(), near.begin(), near.end());
    }
    sortByBits(choices, plans);
    return plans;
}

PrecisionPlan widestPlan(const hardware::AcceleratorSpace& space, const spec::PinnedOptions& pins) {
    const auto choices = hardware::acceleratorChoices(space);
    return uniformPlan(axesOf(space, choices, pins), choices.size(), 0);
}

std::vector<PrecisionPlan> orNarrower(const hardware::AcceleratorSpace& space,
                                      const spec::PinnedOptions& pins, const PrecisionPlan& plan) {
    const auto choices = hardware::acceleratorChoices(space);
    std::vector<PrecisionPlan> plans = {plan};
    for (auto& uniform : uniformPlans(axesOf(space, choices, pins), choices.size())) {
        if (totalBits(choices, uniform) < totalBits(choices, plan)) {
            plans.push_back(std::move(uniform));
        }
    }
    return plans;
}

PrecisionPlan planOf(const hardware::AcceleratorSpace& space, const spec::PinnedOptions& pins,
                     std::span<const int> accelerator) {
    const auto choices = hardware::acceleratorChoices(space);
    const auto axes = axesOf(space, choices, pins);
    if (axes.empty()) return {};
    PrecisionPlan plan(choices.size());
    for (const auto& axis : axes) {
        set(plan, axis, accelerator[shownAt(space, axis, choices, accelerator)]);
    }
    return plan;
}

bool atLeastAsWide(const hardware::AcceleratorSpace& space, const PrecisionPlan& a,
                   const PrecisionPlan& b) {
    const auto choices = hardware::acceleratorChoices(space);
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i] && b[i] && bitsOf(choices[i], *a[i]) < bitsOf(choices[i], *b[i])) return false;
    }
    return true;
}

bool pinsWithin(const hardware::AcceleratorSpace& space, const spec::PinnedOptions& pins,
                const PrecisionPlan& plan) {
    const auto choices = hardware::acceleratorChoices(space);
    for (std::size_t i = 0; i < pins.size(); ++i) {
        if (choices[i].options.size() == 1) continue;  // there is no other
        if (pins[i] && (i >= plan.size() || plan[i] != pins[i])) return false;
    }
    return true;
}

bool isBeaten(const hardware::AcceleratorSpace& space, const PrecisionPlan& plan, double logCost,
              std::span<const PlanTrial> wider) {
    return std::any_of(wider.begin(), wider.end(), [&](const PlanTrial& trial) {
        return trial.logCost <= logCost && atLeastAsWide(space, trial.plan, plan);
    });
}

double missOf(double metric, const spec::Window& window) {
    const auto log = [](double value) { return std::log(std::max(value, 1e-300)); };
    if (metric < window.low) return log(window.low) - log(metric);
    if (metric > window.high) return log(metric) - log(window.high);
    return 0;
}

const PlanTrial& bestTrial(std::span<const PlanTrial> trials, const spec::Window& window) {
    return *std::min_element(trials.begin(), trials.end(),
                             [&](const PlanTrial& a, const PlanTrial& b) {
                                 return std::pair(missOf(a.metric, window), -a.estimate) <
                                        std::pair(missOf(b.metric, window), -b.estimate);
                             });
}

base::Json toJson(const PrecisionPlan& plan) {
    base::Json json = base::Json::array();
    for (const auto& option : plan) json.push_back(option.value_or(-1));
    return json;
}

PrecisionPlan planFromJson(const base::Json& json) {
    PrecisionPlan plan;
    for (const auto& entry : json) {
        const int option = entry.get<int>();
        plan.push_back(option < 0 ? std::nullopt : std::optional(option));
    }
    return plan;
}

}  // namespace cohelix::search
