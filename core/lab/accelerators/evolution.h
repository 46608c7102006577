// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// pagmo's evolutionary searches over an option of every choice: NSGA-II (Deb et al., 2002) and
// MOEA/D (Zhang and Li, 2007).

#include <array>
#include <functional>
#include <vector>

namespace cohelix::lab {

/// Two figures of an option of every choice, both to be minimised.
using TwoFigures = std::function<std::array<double, 2>(const std::vector<int>&)>;

enum class Evolution { Nsga2, Moead };

struct EvolutionPlan {
    Evolution algorithm = Evolution::Nsga2;
    unsigned population = 20;  ///< a multiple of 4
    unsigned mostGenerations = 200;
    unsigned seed = 0;
};

/// Until the generations are over or `isOver` says so, which is asked after each of them.
/// `optionCounts`: how many options each choice has.
void evolve(const std::vector<int>& optionCounts, const TwoFigures& figures,
            const EvolutionPlan& plan, const std::function<bool()>& isOver);

}  // namespace cohelix::lab
