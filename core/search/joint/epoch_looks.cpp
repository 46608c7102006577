// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/epoch_looks.h"

#include <string>

#include "core/search/accelerator/feasibility.h"

namespace cohelix::search {
namespace {

std::string nothingFor(int target) {
    return "No accelerator within the limits for a network of target " + std::to_string(target + 1);
}

}  // namespace

base::Result<StepReport> EpochLooks::step(const LookContext& context) {
    return m_pending.front().derived ? tryPlan(context) : lookAtDrawn(context);
}

base::Result<double> EpochLooks::report(const LookContext& context, int target,
                                        std::vector<int> path, const FoundAccelerator& accelerator,
                                        StepReport& out) const {
    const model::DesignChoices choices = {std::move(path), accelerator.choices};
    const auto estimate = context.found.estimate(context.supernet, choices, out);
    if (!estimate) return estimate.error();
    auto design = context.found.report(choices, target, *estimate);
    if (!design) return design.error();
    out.designs.push_back(std::move(*design));
    return estimate;
}

base::Result<StepReport> EpochLooks::tryPlan(const LookContext& context) {
    const auto& spec = m_inForce.specification;
    const int index = m_pending.front().target;
    auto& target = *context.targets[static_cast<std::size_t>(index)];
    const auto plans = plansToTry(spec.accelerator, m_inForce.pins.parameters, target.plan());
    const auto& plan = plans.at(m_plan++);
    const auto path = target.derivedPath();
    const auto found = target.searchAccelerator(spec::buildNetwork(spec.network, path),
                                                spec.search.acceleratorIterations, plan);
    StepReport out;
    if (found && !isBeaten(spec.accelerator, plan, found->appraisal.logCost, m_trials)) {
        const auto estimate = report(context, index, path, *found, out);
        if (!estimate) return estimate.error();
        m_trials.push_back({plan, found->appraisal.metric, found->appraisal.logCost, *estimate});
    }
    if (m_plan < plans.size()) return out;
    if (m_trials.empty()) {
        out.messages.push_back(nothingFor(index));
        if (spec::limitsReach(spec.limits)) target.cheapen();
    } else {
        conclude(target, spec.objective.targets[static_cast<std::size_t>(index)]);
    }
    m_pending.pop_front();
    startOver();
    return out;
}

void EpochLooks::conclude(TargetSearch& target, const spec::Window& window) const {
    const auto& best = bestTrial(m_trials, window);
    target.follow(best.plan);
    if (target.hasLambda()) target.adaptLambda(best.metric);  // else it has had no turn yet
}

base::Result<StepReport> EpochLooks::lookAtDrawn(const LookContext& context) {
    const auto& spec = m_inForce.specification;
    const int index = m_pending.front().target;
    auto& target = *context.targets[static_cast<std::size_t>(index)];
    base::Random random(spec.seed, "drawn network", static_cast<std::uint64_t>(context.weightSteps),
                        static_cast<std::uint64_t>(index));
    auto path = target.samplePath(context.temperature, random);
    auto plan = target.plan();
    if (!context.decided) {
        // No precision has been found to serve the window yet: all are looked at alike.
        const auto plans = plansToTry(spec.accelerator, m_inForce.pins.parameters, plan);
        plan = plans[random.below(plans.size())];
    }
    const auto found = target.searchAcceleratorOrNarrower(spec::buildNetwork(spec.network, path),
                                                          spec.search.acceleratorIterations, plan);
    m_pending.pop_front();
    StepReport out;
    if (!found) {
        out.messages.push_back(nothingFor(index));
        return out;
    }
    if (const auto done = report(context, index, std::move(path), *found, out); !done) {
        return done.error();
    }
    return out;
}

void EpochLooks::startOver() {
    m_plan = 0;
    m_trials.clear();
}

void EpochLooks::steered() {
    std::erase_if(m_pending, [this](const Pending& pending) {
        return m_inForce.stopped[static_cast<std::size_t>(pending.target)];
    });
    startOver();
}

void EpochLooks::save(base::Json& json) const {
    auto& looks = json["looks"] = base::Json::array();
    for (const auto& pending : m_pending) looks.push_back({pending.target, pending.derived});
    json["plan"] = m_plan;
    auto& trials = json["trials"] = base::Json::array();
    for (const auto& trial : m_trials) {
        trials.push_back({toJson(trial.plan), trial.metric, trial.logCost, trial.estimate});
    }
}

void EpochLooks::restore(const base::Json& json) {
    m_pending.clear();
    for (const auto& row : json.at("looks")) {
        m_pending.push_back({row.at(0).get<int>(), row.at(1).get<bool>()});
    }
    startOver();
    if (!json.contains("trials")) return;  // from a version without plans
    m_plan = json.at("plan").get<std::size_t>();
    for (const auto& row : json["trials"]) {
        m_trials.push_back({planFromJson(row.at(0)), row.at(1).get<double>(),
                            row.at(2).get<double>(), row.at(3).get<double>()});
    }
}

}  // namespace cohelix::search
