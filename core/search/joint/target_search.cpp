// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/target_search.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/search/accelerator/feasibility.h"

namespace cohelix::search {
namespace {

using spec::Sampling;

/// The two largest entries, the larger first.
std::pair<int, int> topTwo(const std::vector<double>& values) {
    std::vector<int> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
    });
    return {order[0], order[1]};
}

}  // namespace

std::vector<double> alphaGradient(Sampling sampling, std::span<const double> alpha,
                                  std::span<const learn::ActivePath> paths,
                                  std::span<const double> byGate, std::span<const double> soft,
                                  double temperature) {
    std::vector<double> gradient(alpha.size(), 0);
    if (sampling == Sampling::Soft) {
        gradient = throughSoftmax(soft, byGate);
        for (double& g : gradient) g /= temperature;
    } else if (paths.size() == 1) {
        gradient = straightThrough(soft, paths[0].op, byGate[0], temperature);
    } else {
        // Two active paths: the raw parameters are softmaxed over these alone (method.md 2.3).
        const auto a = static_cast<std::size_t>(paths[0].op);
        const auto b = static_cast<std::size_t>(paths[1].op);
        const auto share = softmax(std::array{alpha[a], alpha[b]});
        const auto inner = throughSoftmax(share, byGate);
        gradient[a] = inner[0];
        gradient[b] = inner[1];
    }
    return gradient;
}

std::vector<std::vector<double>> hardwareGradient(spec::HardwareGradient kind,
                                                  const HardwareTerm& hardware,
                                                  std::span<const Categorical> alpha,
                                                  const learn::ActivePaths& paths,
                                                  const spec::PinnedOptions& pins) {
    const bool single = kind == spec::HardwareGradient::SinglePath;
    std::vector<std::vector<double>> probabilities;
    std::vector<std::vector<double>> priced;
    for (std::size_t b = 0; b < alpha.size(); ++b) {
        probabilities.push_back(softmax(alpha[b].logits));
        priced.push_back(probabilities.back());
        if (!single && !(b < pins.size() && pins[b])) continue;
        priced.back().assign(alpha[b].logits.size(), 0);
        priced.back()[static_cast<std::size_t>(paths[b].front().op)] = 1;
    }
    const auto cost = hardware.cost(priced);
    std::vector<std::vector<double>> gradient;
    for (std::size_t b = 0; b < alpha.size(); ++b) {
        const auto& byProbability = cost.byProbability[b];
        if (!single) {
            gradient.push_back(throughSoftmax(probabilities[b], byProbability));
            continue;
        }
        const int op = paths[b].front().op;
        gradient.push_back(
            straightThrough(probabilities[b], op, byProbability[static_cast<std::size_t>(op)], 1));
    }
    return gradient;
}

void keepProbability(Categorical& alpha, std::span<const learn::ActivePath> active,
                     std::span<const double> before) {
    std::vector<double> then;
    std::vector<double> now;
    for (const auto& path : active) {
        then.push_back(before[static_cast<std::size_t>(path.op)]);
        now.push_back(alpha.logits[static_cast<std::size_t>(path.op)]);
    }
    const double shift = logSumExp(then) - logSumExp(now);
    for (const auto& path : active) alpha.logits[static_cast<std::size_t>(path.op)] += shift;
}

TargetSearch::TargetSearch(const spec::InForce& inForce, int index, ProvenSearch& proven,
                           pricing::LayerMapper& mapper)
    : m_inForce(inForce),
      m_specification(inForce.specification),
      m_proven(proven),
      m_mapper(mapper),
      m_index(static_cast<std::size_t>(index)),
      m_plan(widestPlan(m_specification.accelerator, {})),
      m_search(m_specification, static_cast<std::uint64_t>(index)) {
    const auto blocks = spec::blockShapes(m_specification.network).size();
    m_alpha.assign(blocks, Categorical(m_specification.network.operators.size()));
}

SampledPaths TargetSearch::samplePaths(double temperature, base::Random& random) const {
    SampledPaths sampled;
    for (std::size_t b = 0; b < m_alpha.size(); ++b) {
        const auto sample = sampleGumbel(m_alpha[b].logits, temperature, random);
        std::vector<learn::ActivePath> active;
        if (const auto pin = m_inForce.pins.operators[b]) {
            active.push_back({*pin, 1});
        } else if (m_specification.search.sampling == Sampling::Soft) {
            for (std::size_t k = 0; k < sample.soft.size(); ++k) {
                active.push_back({static_cast<int>(k), sample.soft[k]});
            }
        } else if (m_specification.search.sampling == Sampling::Hard || sample.soft.size() == 1) {
            active.push_back({sample.hard, 1});
        } else {
            const auto [first, second] = topTwo(sample.soft);
            active = {{first, 1}, {second, 0}};
        }
        sampled.paths.push_back(std::move(active));
        sampled.soft.push_back(sample.soft);
    }
    return sampled;
}

std::vector<int> TargetSearch::samplePath(double temperature, base::Random& random) const {
    std::vector<int> path;
    for (const auto& alpha : m_alpha) {
        path.push_back(sampleGumbel(alpha.logits, temperature, random).hard);
    }
    return spec::withPins(m_inForce.pins.operators, std::move(path));
}

std::vector<int> TargetSearch::derivedPath() const {
    std::vector<int> path;
    for (const auto& alpha : m_alpha) path.push_back(alpha.argmax());
    return spec::withPins(m_inForce.pins.operators, std::move(path));
}

void TargetSearch::startLambda(double crossEntropy) {
    m_lambda = std::clamp(m_specification.objective.initialHardwareShare * crossEntropy,
                          kLeastLambda, kMostLambda);
}

void TargetSearch::adaptLambda(double metric) {
    const bool larger = spec::largerIsBetter(m_specification.objective.metric);
    const auto& window = m_specification.objective.targets[m_index];
    const bool tooCostly = larger ? metric < window.low : metric > window.high;
    const bool tooCheap = larger ? metric > window.high : metric < window.low;
    scaleLambda(tooCostly ? 2 : tooCheap ? 0.5 : 1);
}

void TargetSearch::cheapen() {
    if (hasLambda()) scaleLambda(2);
}

void TargetSearch::scaleLambda(double factor) {
    m_lambda = std::clamp(m_lambda * factor, kLeastLambda, kMostLambda);
}

void TargetSearch::learn(const SampledPaths& sampled, const learn::GateGradients& gates,
                         double temperature) {
    const auto& recipe = m_specification.search;
    std::vector<std::vector<double>> hardware;
    if (m_hardware) {
        hardware = hardwareGradient(recipe.hardwareGradient, *m_hardware, m_alpha, sampled.paths,
                                    m_inForce.pins.operators);
    }
    const double weight = m_lambda * m_inForce.weights[m_index];
    for (std::size_t b = 0; b < m_alpha.size(); ++b) {
        if (m_inForce.pins.operators[b]) continue;  // there is nothing to choose
        const auto& paths = sampled.paths[b];
        auto gradient = alphaGradient(recipe.sampling, m_alpha[b].logits, paths, gates.gradient[b],
                                      sampled.soft[b], temperature);
        for (std::size_t k = 0; m_hardware && k < gradient.size(); ++k) {
            gradient[k] += weight * hardware[b][k];
        }
        const auto before = m_alpha[b].logits;
        m_alpha[b].adamStep(gradient, recipe.alphaLearningRate);
        if (recipe.sampling == Sampling::TwoPath) keepProbability(m_alpha[b], paths, before);
    }
    ++m_steps;
}

bool TargetSearch::refreshDue() const {
    return !m_hardware || m_stale || m_steps % m_specification.search.acceleratorRefreshSteps == 0;
}

PrecisionPlan TargetSearch::plan() const {
    const auto& pins = m_inForce.pins.parameters;
    auto plan = m_plan;
    for (std::size_t i = 0; i < std::min(plan.size(), pins.size()); ++i) {
        if (plan[i] && pins[i]) plan[i] = pins[i];
    }
    return plan;
}

void TargetSearch::follow(const PrecisionPlan& plan) {
    if (plan == this->plan()) return;
    m_plan = plan;
    m_stale = true;
}

std::optional<FoundAccelerator> TargetSearch::searchAcceleratorOrNarrower(
    const model::Network& network, int iterations, const PrecisionPlan& plan) {
    for (const auto& next :
         orNarrower(m_specification.accelerator, m_inForce.pins.parameters, plan)) {
        if (auto found = searchAccelerator(network, iterations, next)) return found;
    }
    return std::nullopt;
}

std::optional<FoundAccelerator> TargetSearch::searchAccelerator(const model::Network& network,
                                                                int iterations,
                                                                const PrecisionPlan& plan) {
    const auto& pins = m_inForce.pins.parameters;
    // The proof is of all that the plan leaves open, without further pins.
    if (m_proven.available() && pinsWithin(m_specification.accelerator, pins, plan)) {
        if (auto found = m_proven.best(network, plan)) return found;
    }
    auto found = m_search.search(network, iterations, pins, plan);
    return m_mapper.available() ? mapped(std::move(found), network, iterations, plan) : found;
}

std::optional<FoundAccelerator> TargetSearch::mapped(std::optional<FoundAccelerator> found,
                                                     const model::Network& network, int iterations,
                                                     const PrecisionPlan& plan) {
    const auto& pins = m_inForce.pins.parameters;
    if (!found) {  // mappings may keep the limits where tiles do not
        const auto unlimited = spec::withoutReach(m_specification);
        found = AcceleratorSearch(unlimited, m_index).search(network, iterations, pins, plan);
    }
    if (!found) return std::nullopt;
    AcceleratorProblem problem(m_specification, network, &m_mapper, pins, plan);
    found->appraisal = problem.appraise(found->choices);
    if (!found->appraisal.feasible) return std::nullopt;
    return found;
}

std::optional<FoundAccelerator> TargetSearch::searchFinalAccelerator(const model::Network& network,
                                                                     const PrecisionPlan& plan) {
    const bool open = pinsWithin(m_specification.accelerator, m_inForce.pins.parameters, plan);
    if (m_proven.provesAllocations() && open) {
        if (auto found = m_proven.bestAllocation(network, plan)) return found;
    }
    return searchAccelerator(network, m_specification.search.finalAcceleratorIterations, plan);
}

void TargetSearch::refreshAccelerator() {
    m_stale = false;
    const auto path = derivedPath();
    const auto network = spec::buildNetwork(m_specification.network, path);
    auto found =
        searchAcceleratorOrNarrower(network, m_specification.search.acceleratorIterations, plan());
    if (!found && !m_hardware) found = searchBeyondReach(network);
    if (!found) return;  // the accelerator before stays in force
    m_acceleratorChoices = found->choices;
    m_pricedFor = path;
    priceOperators();
}

std::optional<FoundAccelerator> TargetSearch::searchBeyondReach(
    const model::Network& network) const {
    if (!spec::limitsReach(m_specification.limits)) return std::nullopt;
    const auto unlimited = spec::withoutReach(m_specification);
    return AcceleratorSearch(unlimited, m_index)
        .search(network, m_specification.search.acceleratorIterations, m_inForce.pins.parameters,
                plan());
}

void TargetSearch::priceOperators() {
    auto accelerator =
        hardware::buildAccelerator(m_specification.accelerator, m_acceleratorChoices,
                                   spec::buildNetwork(m_specification.network, m_pricedFor));
    m_hardware = std::make_unique<HardwareTerm>(m_specification, std::move(accelerator),
                                                m_acceleratorChoices, &m_mapper);
}

base::Json TargetSearch::save() const {
    base::Json alpha = base::Json::array();
    for (const auto& block : m_alpha) alpha.push_back(toJson(block));
    return {{"lambda", m_lambda},        {"stale", m_stale},
            {"steps", m_steps},          {"alpha", alpha},
            {"plan", toJson(m_plan)},    {"accelerator", m_acceleratorChoices},
            {"priced_for", m_pricedFor}, {"search", m_search.save()}};
}

void TargetSearch::restore(const base::Json& json) {
    m_lambda = json.at("lambda").get<double>();
    m_stale = json.value("stale", false);
    m_steps = json.at("steps").get<std::int64_t>();
    m_alpha.clear();
    for (const auto& block : json.at("alpha")) m_alpha.push_back(categoricalFromJson(block));
    if (json.contains("plan")) m_plan = planFromJson(json["plan"]);
    m_search.restore(json.at("search"));
    m_acceleratorChoices = json.at("accelerator").get<std::vector<int>>();
    m_pricedFor = json.at("priced_for").get<std::vector<int>>();
    if (!m_acceleratorChoices.empty()) priceOperators();
}

}  // namespace cohelix::search
