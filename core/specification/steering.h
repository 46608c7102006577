// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What may be changed while a search goes on, as values: hard limits, the window and the weight of
// a target, pinned choices, a target that is given up. A change knows no specification; apply()
// holds it against one. As JSON:
//
//   {"change": "limit", "limit": "dsp", "value": 450}            (null: as if never set)
//   {"change": "window", "target": 0, "low": 50, "high": 100}
//   {"change": "weight", "target": 0, "factor": 2}
//   {"change": "pin", "choice": "block3", "option": "k3_e6"}     (null: free again)
//   {"change": "pin", "choice": "chunk0.tm", "option": "16"}
//   {"change": "stop", "target": 0}
//
// Targets count from 0, as in the specification's /objective/targets; choices have the names of
// networkChoices() and acceleratorChoices().

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/specification/pins.h"
#include "core/specification/specification.h"

namespace cohelix::spec {

/// A hard limit moves; without a value DSP and BRAM fall back to the device's, others to none.
struct MoveLimit {
    LimitKind limit = LimitKind::Dsp;
    std::optional<double> value;
    friend bool operator==(const MoveLimit&, const MoveLimit&) = default;
};

/// The metric that a target steers into moves.
struct MoveWindow {
    int target = 0;
    Window window;
    friend bool operator==(const MoveWindow&, const MoveWindow&) = default;
};

/// From now on a target's hardware term counts so many times what its lambda makes of it; 1 is what
/// a search starts with.
struct WeighTarget {
    int target = 0;
    double factor = 1;
    friend bool operator==(const WeighTarget&, const WeighTarget&) = default;
};

/// A choice of the network or the accelerator has this option in every design that is reported from
/// now on; without an option it is free again.
struct PinChoice {
    std::string choice;
    std::optional<std::string> option;
    friend bool operator==(const PinChoice&, const PinChoice&) = default;
};

/// A target is searched no further; what it found stays. At least one goes on.
struct StopTarget {
    int target = 0;
    friend bool operator==(const StopTarget&, const StopTarget&) = default;
};

using Change = std::variant<MoveLimit, MoveWindow, WeighTarget, PinChoice, StopTarget>;

base::Json toJson(const Change& change);
/// Errors name the field by its JSON pointer, below `pointer`.
base::Result<Change> changeFromJson(const base::Json& json, const std::string& pointer = {});

/// A change and the step of the search before which it takes effect; step 0 is the first.
struct TimedChange {
    std::int64_t step = 0;
    Change change;
    friend bool operator==(const TimedChange&, const TimedChange&) = default;
};
/// A list of changes as above, each with its "step", by ascending step.
base::Result<std::vector<TimedChange>> timedChangesFromJson(const base::Json& json);

/// What a search looks for after some changes.
struct InForce {
    Specification specification;  ///< with limits and windows as they now stand
    Pins pins;
    std::vector<double> weights;  ///< factor of each target's hardware term
    std::vector<bool> stopped;    ///< by target
    friend bool operator==(const InForce&, const InForce&) = default;
};
InForce asSpecified(const Specification& specification);
/// Indices of the targets that are still searched.
std::vector<int> activeTargets(const InForce& inForce);

/// Takes a change over. On an error, which says what does not fit the specification or what is in
/// force already, nothing is changed. Whether any design can keep what is then asked for is
/// another question: search::checkFeasible.
base::Result<void> apply(const Change& change, InForce& inForce);

/// Whether a design's totals keep every hard limit; on an array DSP and BRAM are none.
bool keepsLimits(const Specification& specification, const model::Figures& figures);
/// The specification without its limits on FPS, latency and energy.
Specification withoutReach(Specification specification);

/// Whether a design keeps the limits and pins in force; of its cost only the totals are looked at.
bool keeps(const InForce& inForce, const model::DesignChoices& choices,
           const model::DesignCost& cost);

/// For people: "DSP limit 450", "target 2: 50 to 100 fps", "block3 pinned to k3_e6".
std::string toText(const Change& change, const Specification& specification);

}  // namespace cohelix::spec
