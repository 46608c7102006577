// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator_search.h"

#include <algorithm>
#include <cmath>

namespace cohelix::search {
namespace {

constexpr double kTemperature = 1;
constexpr double kBaselineDecay = 0.95;
constexpr int kMostSweeps = 8;

/// Cheaper first; at equal cost the one that leaves more of the device free, which a slower chunk
/// may then take.
bool better(const Appraisal& a, const Appraisal& b, const space::Specification& specification) {
    if (a.feasible != b.feasible) return a.feasible;
    if (a.logCost != b.logCost) return a.logCost < b.logCost;
    const auto used = [&](const Appraisal& appraisal) {
        return appraisal.dsp / std::max(1.0, space::dspLimit(specification)) +
               appraisal.bram18k / std::max(1.0, space::bramLimit(specification));
    };
    return used(a) < used(b);
}

}  // namespace

AcceleratorSearch::AcceleratorSearch(const space::Specification& specification, std::uint64_t stream)
    : m_specification(specification), m_stream(stream) {
    for (const auto& choice : space::acceleratorChoices(specification.accelerator)) {
        m_parameters.emplace_back(choice.options.size());
    }
}

std::optional<FoundAccelerator> AcceleratorSearch::search(const model::Network& network,
                                                          int iterations) {
    AcceleratorProblem problem(m_specification, network);
    return search(problem, {.samples = iterations});
}

std::optional<FoundAccelerator> AcceleratorSearch::search(AcceleratorProblem& problem,
                                                          const SearchEffort& effort) {
    base::Random random(m_specification.seed, "accelerator search", m_stream, m_calls++);
    std::optional<FoundAccelerator> best;
    if (!m_lastBest.empty()) {
        if (auto kept = problem.repaired(m_lastBest)) {
            auto appraisal = problem.appraise(*kept);
            if (appraisal.feasible) best = FoundAccelerator{std::move(*kept), std::move(appraisal)};
        }
    }
    for (int i = 0; i < effort.samples && problem.appraisals() < effort.mostAppraisals; ++i) {
        sampleOnce(problem, effort, random, best);
    }
    if (best) {
        if (effort.singleMoves) polish(problem, effort, *best);
        m_lastBest = best->choices;
    }
    return best;
}

void AcceleratorSearch::sampleOnce(AcceleratorProblem& problem, const SearchEffort& effort,
                                   base::Random& random,
                                   std::optional<FoundAccelerator>& best) {
    std::vector<GumbelSample> samples;
    std::vector<int> drawn;
    for (const auto& parameter : m_parameters) {
        samples.push_back(sampleGumbel(parameter.logits, kTemperature, random));
        drawn.push_back(samples.back().hard);
    }
    auto choices = problem.repaired(drawn);
    if (!choices) return;
    auto appraisal = problem.appraise(*choices);
    if (problem.appraisals() > effort.mostAppraisals) return;
    if (!appraisal.feasible) return;  // an invalid design teaches nothing (method.md 2.5)
    if (!m_baseline) m_baseline = appraisal.logCost;
    const double advantage = appraisal.logCost - *m_baseline;
    m_baseline = kBaselineDecay * *m_baseline + (1 - kBaselineDecay) * appraisal.logCost;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        m_parameters[i].adamStep(
            straightThrough(samples[i].soft, drawn[i], advantage, kTemperature),
            m_specification.search.acceleratorLearningRate);
    }
    if (!best || better(appraisal, best->appraisal, m_specification)) {
        best = FoundAccelerator{std::move(*choices), std::move(appraisal)};
    }
}

void AcceleratorSearch::polish(AcceleratorProblem& problem, const SearchEffort& effort,
                               FoundAccelerator& best) const {
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        bool improved = false;
        for (std::size_t i = 0; i < m_parameters.size(); ++i) {
            for (int option = 0; option < static_cast<int>(m_parameters[i].logits.size()); ++option) {
                if (option == best.choices[i]) continue;
                if (problem.appraisals() >= effort.mostAppraisals) return;
                auto moved = best.choices;
                moved[i] = option;
                moved = space::canonicalChoices(m_specification.accelerator, std::move(moved));
                auto appraisal = problem.appraise(moved);
                if (!better(appraisal, best.appraisal, m_specification)) continue;
                best = {std::move(moved), std::move(appraisal)};
                improved = true;
            }
        }
        if (!improved) return;
    }
}

base::Json AcceleratorSearch::save() const {
    base::Json parameters = base::Json::array();
    for (const auto& parameter : m_parameters) parameters.push_back(toJson(parameter));
    base::Json json = {{"calls", m_calls}, {"parameters", parameters}, {"last_best", m_lastBest}};
    if (m_baseline) json["baseline"] = *m_baseline;
    return json;
}

void AcceleratorSearch::restore(const base::Json& json) {
    m_calls = json.at("calls").get<std::uint64_t>();
    m_lastBest = json.at("last_best").get<std::vector<int>>();
    m_parameters.clear();
    for (const auto& parameter : json.at("parameters")) {
        m_parameters.push_back(categoricalFromJson(parameter));
    }
    m_baseline = json.contains("baseline") ? std::optional(json["baseline"].get<double>())
                                           : std::nullopt;
}

}  // namespace cohelix::search
