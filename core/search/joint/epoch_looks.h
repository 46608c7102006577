// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the targets have come to at the end of an epoch: of each one the derived network and one
// drawn from its probabilities get an accelerator, are priced and estimated. Where chunks have
// several precisions to choose from, the derived network is looked at in every plan
// (precision_plans.h), one a step, and its target follows the one that serves its window best.

#include <deque>
#include <memory>
#include <vector>

#include "core/base/json.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/search/accelerator/precision_plans.h"
#include "core/search/joint/found_designs.h"
#include "core/search/joint/target_search.h"

namespace cohelix::search {

/// What the search stands at while it looks.
struct LookContext {
    learn::Supernet& supernet;
    std::vector<std::unique_ptr<TargetSearch>>& targets;
    FoundDesigns& found;
    std::int64_t weightSteps = 0;
    double temperature = 1;
    bool decided = true;  ///< not after the warm-up: the targets have a precision of their own
};

class EpochLooks {
public:
    /// Holds it by reference.
    explicit EpochLooks(const spec::InForce& inForce) : m_inForce(inForce) {}

    void addDerived(int target) { m_pending.push_back({target, true}); }
    void addDrawn(int target) { m_pending.push_back({target, false}); }
    bool empty() const { return m_pending.empty(); }

    /// The next look, or the next plan of one. Precondition: there is one.
    base::Result<StepReport> step(const LookContext& context);
    /// What is in force has changed: no looks for targets that are stopped, and one that was under
    /// way begins again.
    void steered();

    /// Writes its fields into the object, and back.
    void save(base::Json& json) const;
    void restore(const base::Json& json);

private:
    struct Pending {
        int target = 0;
        bool derived = true;  ///< or drawn from the current probabilities
    };

    base::Result<StepReport> tryPlan(const LookContext& context);
    base::Result<StepReport> lookAtDrawn(const LookContext& context);
    /// The target takes up the plan that serves its window best.
    void conclude(TargetSearch& target, const spec::Window& window) const;
    void startOver();
    /// Reports the design of a target's network on an accelerator; its estimate.
    base::Result<double> report(const LookContext& context, int target, std::vector<int> path,
                                const FoundAccelerator& accelerator, StepReport& out) const;

    const spec::InForce& m_inForce;
    std::deque<Pending> m_pending;
    std::size_t m_plan = 0;           ///< of the first one: the plan to try next
    std::vector<PlanTrial> m_trials;  ///< of the first one
};

}  // namespace cohelix::search
