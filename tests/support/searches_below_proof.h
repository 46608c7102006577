// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Every accelerator search on a drawn space, held against what is proven of it.

#include "core/lab/accelerators/accelerator_comparison.h"
#include "core/lab/accelerators/authors_network.h"
#include "core/optimum/proof.h"
#include "core/specification/accelerator_presets.h"

#include "tests/support/drawn_accelerators.h"

namespace cohelix::test {

/// What is wrong: a search that found what the proof excludes, or a price of what it found that is
/// not the whole network's. Empty: nothing. `found` is told how many found something.
inline std::string searchBelowProof(const DrawnAccelerators& drawn,
                                    const std::optional<ProvenPeriod>& proven,
                                    std::int64_t evaluations, std::int64_t& found) {
    spec::Specification specification;
    specification.accelerator = drawn.space;
    specification.limits.dsp = drawn.limits.dsp;
    specification.limits.bram18k = drawn.limits.bram18k;
    for (const auto& method : lab::acceleratorMethods()) {
        specification.seed = evaluations;
        lab::AcceleratorTrial trial(specification, drawn.network, evaluations);
        method.run(trial);
        if (!trial.best()) continue;
        ++found;
        const auto& best = *trial.best();
        // A network of layers that the form leaves out has no period, and no FPS.
        const double fps = best.appraisal.metric;
        const double period = fps > 0 ? drawn.space.clockMhz * 1e6 / fps : 0;
        const auto text =
            drawn.name + ", " + std::string(method.name) + ": " + std::to_string(period);
        if (!proven) return text + " where nothing is said to fit";
        if (optimum::beatsProof(period, proven->least)) {
            return text + " below the proven " + std::to_string(proven->least);
        }
        const double whole = totalsOf(drawn, best.choices).periodCycles;
        if (std::abs(whole - period) > 1e-9 * whole) {
            return text + ", as a whole network " + std::to_string(whole);
        }
    }
    return {};
}

}  // namespace cohelix::test
