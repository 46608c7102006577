// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What limits a design and what does not fit, for people and for programs.

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/explain/explain.h"

namespace cohelix::cli {

/// {"bottleneck", "utilization", "chunks", "layers"}; shares of 1.
base::Json explanationJson(const model::Network& network, const explain::Explanation& explanation);
/// The bottleneck in a sentence, what relieves it in another, where that is known, then a table of
/// where the multipliers' cycles go, each row 100 %.
std::string explanationText(const model::Network& network, const model::Accelerator& accelerator,
                            const explain::Explanation& explanation,
                            const std::string& relief = {});

/// Whether a design fits, and what would make it fit.
struct Fit {
    std::string device;  ///< whose limits these are
    std::vector<explain::Excess> excesses;
    std::optional<explain::ChangeEffect> fix;
    std::vector<explain::PlacedNeed> placed = {};  ///< as one fixed array; none of a loop nest
    double clockMhz = 0;        ///< of the accelerator; 0: no device that might have another
    double deviceClockMhz = 0;  ///< that the device is listed with
    bool fixSought = false;     ///< only a design of a space has neighbours to look through

    bool fits() const { return excesses.empty(); }
};
/// "Figures are at the accelerator's clock of 200 MHz, the device is listed with 100 MHz.\n"; empty
/// where they agree.
std::string clocksText(double clockMhz, double deviceClockMhz);
/// {"device", "clock_mhz", "device_clock_mhz", "fits", "excesses", "placed", "placed_fits",
/// "smallest_fix"}. `fits` is by the model's count, `placed` what one fixed array takes. There is
/// none of a loop nest.
base::Json fitJson(const Fit& fit);
/// A line for each excess and one for the fix; one line where all fits, by the model's count and as
/// one fixed array, or which of them. `what`: it, or what is known of it.
std::string fitText(const Fit& fit, const std::string& what = "It");

}  // namespace cohelix::cli
