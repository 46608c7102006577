// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/steering.h"

#include <algorithm>
#include <array>

#include "core/base/units.h"

namespace cohelix::spec {
namespace {

using base::Error;
using base::Result;

constexpr double kLeastFactor = 1e-4;
constexpr double kMostFactor = 1e4;
/// Windows up to here have no upper end (search_fields.cpp).
constexpr double kOpenEnd = 1e299;

std::string number(double value) { return base::exact(value); }

std::string targetPointer(int target) { return "/objective/targets/" + std::to_string(target); }

Result<void> checkTarget(int target, const InForce& inForce) {
    const auto count = static_cast<int>(inForce.specification.objective.targets.size());
    if (target < 0 || target >= count) {
        return Error{targetPointer(target), "there is no such target",
                     count == 1 ? "There is target 0 alone"
                                : "Targets count from 0 to " + std::to_string(count - 1)};
    }
    if (!inForce.stopped[static_cast<std::size_t>(target)]) return {};
    return Error{targetPointer(target), "this target has been stopped", "Steer another one"};
}

Result<void> applyTo(InForce& inForce, const MoveLimit& change) {
    if (change.value && !(*change.value >= 0 && *change.value <= 1e12)) {
        return Error{
            "/limits/" + std::string(word(change.limit)), "a limit is a number from 0 to 1e12", {}};
    }
    limitOf(inForce.specification.limits, change.limit) = change.value;
    return {};
}

Result<void> applyTo(InForce& inForce, const MoveWindow& change) {
    if (auto known = checkTarget(change.target, inForce); !known) return known;
    const auto& window = change.window;
    if (!(window.low >= 0 && window.high >= window.low && window.high <= 1e300)) {
        return Error{targetPointer(change.target),
                     "a window goes from a number of at least 0 up to one that is not smaller",
                     {}};
    }
    inForce.specification.objective.targets[static_cast<std::size_t>(change.target)] = window;
    return {};
}

Result<void> applyTo(InForce& inForce, const WeighTarget& change) {
    if (auto known = checkTarget(change.target, inForce); !known) return known;
    if (!(change.factor >= kLeastFactor && change.factor <= kMostFactor)) {
        return Error{targetPointer(change.target), "the factor of a weight is from 0.0001 to 10000",
                     "1 is what the search started with"};
    }
    inForce.weights[static_cast<std::size_t>(change.target)] = change.factor;
    return {};
}

Result<void> applyTo(InForce& inForce, const StopTarget& change) {
    if (auto known = checkTarget(change.target, inForce); !known) return known;
    if (activeTargets(inForce).size() == 1) {
        return Error{targetPointer(change.target), "this is the last target that is searched",
                     "Stop the run instead"};
    }
    inForce.stopped[static_cast<std::size_t>(change.target)] = true;
    return {};
}

/// Sets the pin if the choice is in the list; whether it was, or what is wrong with the option.
Result<bool> pinIn(const std::vector<hardware::Choice>& choices, const PinChoice& change,
                   PinnedOptions& pins) {
    const auto found =
        std::find_if(choices.begin(), choices.end(),
                     [&](const hardware::Choice& choice) { return choice.name == change.choice; });
    if (found == choices.end()) return false;
    auto& pin = pins[static_cast<std::size_t>(found - choices.begin())];
    if (!change.option) {
        pin.reset();
        return true;
    }
    const auto& options = found->options;
    const auto option = std::find(options.begin(), options.end(), *change.option);
    if (option == options.end()) {
        return Error{change.choice, "'" + *change.option + "' is none of its options",
                     "Use one of " + base::listed(options)};
    }
    pin = static_cast<int>(option - options.begin());
    return true;
}

Result<void> applyTo(InForce& inForce, const PinChoice& change) {
    const auto& spec = inForce.specification;
    auto inNetwork = pinIn(networkChoices(spec.network), change, inForce.pins.operators);
    if (!inNetwork) return inNetwork.error();
    if (*inNetwork) return {};
    auto inAccelerator =
        pinIn(hardware::acceleratorChoices(spec.accelerator), change, inForce.pins.parameters);
    if (!inAccelerator) return inAccelerator.error();
    if (!*inAccelerator) {
        return Error{change.choice, "there is no such choice",
                     "Use a block (block0) or a parameter of the accelerator (chunk0.tm)"};
    }
    const auto& pins = inForce.pins.parameters;
    const std::vector<int> first(pins.size(), 0);
    if (keepsPins(pins, canonicalChoices(spec.accelerator, first, pins))) return {};
    return Error{change.choice, "'" + *change.option + "' contradicts what is pinned already",
                 "A loop tile is no larger than its buffer tile, an order has each dimension once, "
                 "and splits ascend within the number of groups: free the other one first"};
}

base::Json toJsonOf(const MoveLimit& change) {
    return {{"change", "limit"},
            {"limit", word(change.limit)},
            {"value", change.value ? base::Json(*change.value) : base::Json()}};
}

base::Json toJsonOf(const MoveWindow& change) {
    return {{"change", "window"},
            {"target", change.target},
            {"low", change.window.low},
            {"high", change.window.high}};
}

base::Json toJsonOf(const WeighTarget& change) {
    return {{"change", "weight"}, {"target", change.target}, {"factor", change.factor}};
}

base::Json toJsonOf(const PinChoice& change) {
    return {{"change", "pin"},
            {"choice", change.choice},
            {"option", change.option ? base::Json(*change.option) : base::Json()}};
}

base::Json toJsonOf(const StopTarget& change) {
    return {{"change", "stop"}, {"target", change.target}};
}

/// Takes a field away that is null; whether it was.
bool takeNull(base::Json& json, const char* key) {
    if (!json.is_object() || !json.contains(key) || !json[key].is_null()) return false;
    json.erase(key);
    return true;
}

Change readChange(base::JsonReader& json, bool noValue, bool noOption) {
    const auto target = [&] { return static_cast<int>(json.integer("target", 0, 63)); };
    switch (json.oneOf("change", {"limit", "window", "weight", "pin", "stop"})) {
        case 0: {
            MoveLimit change{json.word<LimitKind>("limit"), {}};
            if (!noValue) change.value = json.number("value", 0, 1e12);
            return change;
        }
        case 1: {
            MoveWindow change{target(), {}};
            change.window.low = json.number("low", 0, 1e300);
            change.window.high = json.number("high", change.window.low, 1e300);
            return change;
        }
        case 2: {
            WeighTarget change{target(), 1};
            change.factor = json.number("factor", kLeastFactor, kMostFactor);
            return change;
        }
        case 3: {
            PinChoice change{json.text("choice"), {}};
            if (!noOption) change.option = json.text("option");
            return change;
        }
        default: return StopTarget{target()};
    }
}

/// A change, and its step where `step` is given.
Result<Change> read(base::Json json, const std::string& pointer, std::int64_t* step) {
    const bool noValue = takeNull(json, "value");
    const bool noOption = takeNull(json, "option");
    std::optional<Error> error;
    base::JsonReader reader(json, pointer, error);
    if (step) *step = reader.integer("step", 0, std::int64_t{1} << 40);
    Change change = readChange(reader, noValue, noOption);
    reader.finish();
    if (error) return *error;
    return change;
}

std::string targetName(int target) { return "target " + std::to_string(target + 1); }

std::string textOf(const MoveLimit& change, Metric) {
    return std::string(infoOf(change.limit).words) + " " +
           (change.value ? number(*change.value) : "taken back");
}

std::string textOf(const MoveWindow& change, Metric metric) {
    const bool open = change.window.high >= kOpenEnd;
    return targetName(change.target) + ": " + number(change.window.low) +
           (open ? " and more" : " to " + number(change.window.high)) + " " +
           std::string(word(metric));
}

std::string textOf(const WeighTarget& change, Metric) {
    return targetName(change.target) + ": hardware counts " + number(change.factor) + " times";
}

std::string textOf(const PinChoice& change, Metric) {
    return change.choice + (change.option ? " pinned to " + *change.option : " free again");
}

std::string textOf(const StopTarget& change, Metric) {
    return targetName(change.target) + " stopped";
}

}  // namespace

base::Json toJson(const Change& change) {
    return std::visit([](const auto& it) { return toJsonOf(it); }, change);
}

Result<Change> changeFromJson(const base::Json& json, const std::string& pointer) {
    return read(json, pointer, nullptr);
}

Result<std::vector<TimedChange>> timedChangesFromJson(const base::Json& json) {
    if (!json.is_array()) {
        return Error{"", "this is no list of changes",
                     R"(Write [{"step": 100, "change": "limit", "limit": "dsp", "value": 450}])"};
    }
    std::vector<TimedChange> changes;
    for (std::size_t i = 0; i < json.size(); ++i) {
        TimedChange timed;
        auto change = read(json[i], "/" + std::to_string(i), &timed.step);
        if (!change) return change.error();
        timed.change = std::move(*change);
        if (!changes.empty() && timed.step < changes.back().step) {
            return Error{"/" + std::to_string(i) + "/step",
                         "the step is before that of the change above", "Order them by step"};
        }
        changes.push_back(std::move(timed));
    }
    return changes;
}

InForce asSpecified(const Specification& specification) {
    InForce inForce;
    inForce.specification = specification;
    inForce.pins.operators.resize(networkChoices(specification.network).size());
    inForce.pins.parameters.resize(hardware::acceleratorChoices(specification.accelerator).size());
    inForce.weights.assign(specification.objective.targets.size(), 1);
    inForce.stopped.assign(specification.objective.targets.size(), false);
    return inForce;
}

std::vector<int> activeTargets(const InForce& inForce) {
    std::vector<int> active;
    for (std::size_t t = 0; t < inForce.stopped.size(); ++t) {
        if (!inForce.stopped[t]) active.push_back(static_cast<int>(t));
    }
    return active;
}

Result<void> apply(const Change& change, InForce& inForce) {
    InForce next = inForce;
    auto applied = std::visit([&](const auto& it) { return applyTo(next, it); }, change);
    if (applied) inForce = std::move(next);
    return applied;
}

Specification withoutReach(Specification specification) {
    for (const auto& info : kLimits) {
        if (!info.ofDevice) (specification.limits.*info.member).reset();
    }
    return specification;
}

bool keepsLimits(const Specification& specification, const model::Figures& figures) {
    const bool pipeline = specification.accelerator.kind == model::Template::ChunkPipeline;
    if (pipeline && !figures.within(resourceLimits(specification))) return false;
    return std::ranges::all_of(kLimits, [&](const LimitInfo& info) {
        const auto& limit = specification.limits.*info.member;
        return info.ofDevice || !limit || keepsLimit(info, figures.*info.figure, *limit);
    });
}

bool keeps(const InForce& inForce, const model::DesignChoices& choices,
           const model::DesignCost& cost) {
    return keepsPins(inForce.pins, choices) && keepsLimits(inForce.specification, cost);
}

std::string toText(const Change& change, const Specification& specification) {
    const auto metric = specification.objective.metric;
    return std::visit([metric](const auto& it) { return textOf(it, metric); }, change);
}

}  // namespace cohelix::spec
