// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A proof held to its word: whoever puts something found beside something proven asks here first,
// so that a figure below a proof cannot be printed.

#include <string>

#include "core/base/result.h"
#include "core/base/units.h"

namespace cohelix::optimum {

/// Sums of the same prices in another order differ by this much at most, relatively.
inline constexpr double kProofRounding = 1e-9;

/// Whether what was found is below what is proven to be the least: one of the two is wrong.
constexpr bool beatsProof(double found, double provenLeast) {
    return found < provenLeast * (1 - kProofRounding);
}

/// The error that says so. `finder`: "das, seed 3".
inline base::Error proofBeaten(const std::string& finder, double found, double provenLeast,
                               const std::string& unit) {
    return {finder,
            "it found " + base::exact(found) + " " + unit + ", which is better than the " +
                base::exact(provenLeast) + " " + unit +
                " that are proven to be the best: one of the two is wrong",
            "This is a fault of Cohelix: please report it with the command"};
}

}  // namespace cohelix::optimum
