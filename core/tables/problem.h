// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A tabular space on an accelerator space: what every method of the comparison is given. Hardware
// costs are computed, never looked up.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/executor.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/optimum/exact_accelerator.h"
#include "core/tables/tabular_space.h"

namespace cohelix::tables {

class Problem {
public:
    /// Prices all layers of the space on all configurations. The table is held by reference.
    /// Errors: as ExactAccelerators.
    static base::Result<Problem> create(const TabularSpace& space,
                                        const hardware::AcceleratorSpace& accelerators,
                                        const model::Resources& limits, base::Executor& executor,
                                        optimum::Restriction restriction = {});

    const TabularSpace& space() const { return *m_space; }
    const optimum::ExactAccelerators& accelerators() const { return m_accelerators; }
    const std::vector<optimum::Load>& loads() const { return m_loads; }
    /// What create() took.
    double secondsToCreate() const { return m_seconds; }
    double hertz() const { return m_accelerators.space().clockMhz * 1e6; }

    /// FPS of the network on its proven best accelerator; 0 when none keeps the limits.
    double exactFps(std::size_t network) const;
    /// FPS on the best of `draws` accelerators: every choice drawn uniformly, a loop tile that is
    /// larger than its buffer tile taken down to the largest that fits, those beyond the limits
    /// thrown away (method.md 2.5, B1's random search). 0 when all were.
    double sampledFps(std::size_t network, int draws, base::Random& random) const;
    /// FPS on the accelerator that these rows of the chunks' tables make; 0 when the network takes
    /// it beyond the limits.
    double fpsOn(std::span<const std::size_t> rows, std::size_t network) const;
    /// Multiply-accumulates of a load, or of what one load has more than another.
    double macs(const optimum::Load& load) const;

    /// What whoever does not search would take: a network and its proven best accelerator.
    struct Standard {
        std::size_t network = 0;
        std::vector<std::size_t> rows;  ///< empty when no network has one within the limits
    };
    /// By multiply-accumulates, or the next smaller network that has an accelerator.
    const Standard& largest() const { return m_largest; }
    const Standard& median() const { return m_median; }

private:
    Problem(const TabularSpace& space, optimum::ExactAccelerators accelerators)
        : m_space(&space), m_accelerators(std::move(accelerators)) {}
    void findStandards();

    const TabularSpace* m_space;
    optimum::ExactAccelerators m_accelerators;
    std::vector<optimum::Load> m_loads;  ///< by network
    Standard m_largest;
    Standard m_median;
    double m_seconds = 0;
};

}  // namespace cohelix::tables
