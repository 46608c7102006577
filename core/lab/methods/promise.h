// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a look at a network's accuracy promises, given what is believed of it and what has been
// found: expected improvement of the front (Emmerich et al., 2006), in three senses.

#include <span>
#include <vector>

#include "core/model/pareto.h"
#include "core/search/joint/accuracy_model.h"

namespace cohelix::lab {

struct Wish {
    enum Kind {
        Area,      ///< hypervolume over FPS, from the least accuracy that counts
        AtLimit,   ///< accuracy of the best network of at least `limit` FPS
        AllLimits  ///< the same over all limits alike, evenly in the logarithm
    };
    Kind kind = Area;
    double limit = 0;
};

class Promise {
public:
    /// Accuracy in percent against FPS of what has been found.
    Promise(std::span<const model::Point> found, double leastAccuracy, const Wish& wish);
    /// Expected improvement by a network of this FPS, in the wish's unit.
    double of(const search::AccuracyBelief& belief, double fps) const;

private:
    struct Step {
        double low = 0;  ///< FPS, or its log
        double high = 0;
        double accuracy = 0;  ///< best found for all limits between
    };
    double scaled(double fps) const;

    Wish m_wish;
    std::vector<Step> m_steps;
    double m_atLimit = 0;
};

}  // namespace cohelix::lab
