// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// REINFORCE (Williams, 1992) with a recurrent controller that writes an option of every choice, one
// after the other, as the authors' own baseline: 35 hidden units, RMSProp (method.md 3.8).

#include <memory>
#include <vector>

#include "core/base/random.h"

namespace cohelix::lab {

class Controller {
public:
    /// `options`: how many each choice has; `rate`: RMSProp's.
    Controller(const std::vector<int>& options, double rate, base::Random& random);
    ~Controller();

    /// Draws an option of every choice and keeps what learn() needs.
    std::vector<int> write(base::Random& random);
    /// One step up the advantage times the log-probability of what was written last.
    void learn(double advantage);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// What a controller's reward is compared with: the moving average of those before.
class RewardBaseline {
public:
    /// The reward minus the average, which then takes it in. The first reward is its own average.
    double advantageOf(double reward);

private:
    bool m_begun = false;
    double m_average = 0;
};

}  // namespace cohelix::lab
