// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Methods that know a single figure of merit are given weighted sums of accuracy and log FPS, one
// weight after the other, so that they too leave a front. Private to the room.

#include <cmath>

#include "core/lab/methods/trial.h"

namespace cohelix::lab {

inline constexpr int kWeights = 6;        // weights in succession
inline constexpr int kMostStalls = 1000;  // free second looks in a row before a walk is given up

/// Weight number `index` of kWeights: accuracy's share, from little to nearly all.
inline double accuracyWeight(int index) { return (index + 1.0) / (kWeights + 1.0); }

/// In [0, 1] or so: accuracy above the least that counts, in units of 10 points, and the logarithm
/// of FPS / 100.
inline double reward(const Trial& trial, double weight, double accuracy, double fps) {
    const double accuracyScore = (accuracy - trial.space().leastAccuracy) / 10;
    const double speedScore = fps > 0 ? std::log(fps / 100) / 3 : -3;
    return weight * std::max(-1.0, accuracyScore) + (1 - weight) * speedScore;
}

}  // namespace cohelix::lab
