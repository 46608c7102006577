// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/accelerator_search.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace cohelix::search {
namespace {

constexpr double kTemperature = 1;
constexpr double kDecay = 0.95;   // of moving averages
constexpr double kMostGap = 5;    // between logits: no option is given up for good
constexpr double kLead = 1;       // of the best design's logits when a call ends
constexpr double kDearer = 1.05;  // prices of DSPs and block RAM follow what samples ask for
constexpr double kCheaper = 0.98;
constexpr double kLeastPrice = 0.01;
constexpr double kMostPrice = 10;
constexpr int kMostSweeps = 8;
constexpr int kAllocation = -1;  // AcceleratorProblem::chunkOfChoice

/// Whether what a chunk costs is its own affair: not where energies and times of all multiply, nor
/// where they share DRAM.
bool chunksAnswerAlone(const hardware::AcceleratorSpace& space) {
    return space.kind == model::Template::ChunkPipeline && space.dramGigabytesPerSecond == 0;
}

/// Cheaper first; at equal cost the one that leaves more of the device free, which a slower chunk
/// may then take.
bool better(const Appraisal& a, const Appraisal& b, const spec::Specification& specification) {
    if (a.feasible != b.feasible) return a.feasible;
    if (a.logCost != b.logCost) return a.logCost < b.logCost;
    const auto used = [&](const Appraisal& appraisal) {
        const auto limits = spec::resourceLimits(specification);
        return appraisal.dsp / std::max(1.0, limits.dsp) +
               appraisal.bram18k / std::max(1.0, limits.bram18k);
    };
    return used(a) < used(b);
}

}  // namespace

AcceleratorSearch::AcceleratorSearch(const spec::Specification& specification, std::uint64_t stream)
    : m_specification(specification), m_stream(stream) {
    for (const auto& choice : hardware::acceleratorChoices(specification.accelerator)) {
        m_parameters.emplace_back(choice.options.size());
    }
}

std::optional<FoundAccelerator> AcceleratorSearch::search(const model::Network& network,
                                                          int iterations,
                                                          const spec::PinnedOptions& pins,
                                                          const PrecisionPlan& plan) {
    AcceleratorProblem problem(m_specification, network, nullptr, pins, plan);
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
        if (effort.moves) polish(problem, effort, *best);
        const bool stalled = best->choices == m_lastBest;
        while (effort.moves && stalled && improveByPair(problem, effort, random, *best)) {
            polish(problem, effort, *best);
        }
        m_lastBest = best->choices;
        leanTowards(best->choices);
    }
    return best;
}

void AcceleratorSearch::sampleOnce(AcceleratorProblem& problem, const SearchEffort& effort,
                                   base::Random& random, std::optional<FoundAccelerator>& best) {
    std::vector<GumbelSample> samples;
    std::vector<int> drawn;
    for (const auto& parameter : m_parameters) {
        samples.push_back(sampleGumbel(parameter.logits, kTemperature, random));
        drawn.push_back(samples.back().hard);
    }
    auto choices = problem.canonical(std::move(drawn));
    const auto sampled = problem.appraise(choices);
    if (!sampled.priced) return;  // an invalid design teaches nothing (method.md 2.5)
    learn(problem, samples, sampled);
    auto within = problem.repaired(std::move(choices));
    if (!within) return;
    auto appraisal = problem.appraise(*within);
    if (problem.appraisals() > effort.mostAppraisals || !appraisal.feasible) return;
    if (!best || better(appraisal, best->appraisal, m_specification)) {
        best = FoundAccelerator{std::move(*within), std::move(appraisal)};
    }
}

void AcceleratorSearch::learn(const AcceleratorProblem& problem,
                              const std::vector<GumbelSample>& samples,
                              const Appraisal& appraisal) {
    const auto losses = lossesOf(appraisal);
    if (m_baselines.empty()) m_baselines = losses;
    std::vector<double> advantages;
    for (std::size_t c = 0; c < losses.size(); ++c) {
        advantages.push_back(losses[c] - m_baselines[c]);
        m_baselines[c] = kDecay * m_baselines[c] + (1 - kDecay) * losses[c];
    }
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        if (problem.pinned(i)) continue;  // it was not the one that was drawn
        const int chunk = problem.chunkOfChoice(i);
        const double advantage =
            chunk < 0 ? advantages.back() : advantages[static_cast<std::size_t>(chunk)];
        auto& parameter = m_parameters[i];
        parameter.adamStep(
            straightThrough(samples[i].soft, samples[i].hard, advantage, kTemperature),
            m_specification.search.acceleratorLearningRate);
        const double most = *std::max_element(parameter.logits.begin(), parameter.logits.end());
        for (double& logit : parameter.logits) logit = std::max(logit, most - kMostGap);
    }
}

std::vector<double> AcceleratorSearch::lossesOf(const Appraisal& appraisal) {
    // What no chunk answers for alone, the allocation, comes last.
    const std::size_t chunks = appraisal.chunkCycles.size();
    if (!chunksAnswerAlone(m_specification.accelerator)) {
        return std::vector<double>(chunks + 1, appraisal.logCost);
    }
    if (m_typicalCycles.empty()) m_typicalCycles = appraisal.chunkCycles;
    const double dspLimit = std::max(1.0, spec::resourceLimits(m_specification).dsp);
    const double bramLimit = std::max(1.0, spec::resourceLimits(m_specification).bram18k);
    const auto follow = [](double& price, bool isScarce) {
        price = std::clamp(price * (isScarce ? kDearer : kCheaper), kLeastPrice, kMostPrice);
    };
    follow(m_dspPrice, appraisal.dsp > dspLimit);
    follow(m_bramPrice, appraisal.bram18k > bramLimit);
    const double slowest = *std::max_element(m_typicalCycles.begin(), m_typicalCycles.end());
    std::vector<double> losses;
    for (std::size_t c = 0; c < chunks; ++c) {
        const double cycles = appraisal.chunkCycles[c];
        const double urgency = slowest > 0 ? m_typicalCycles[c] / slowest : 0;
        losses.push_back(urgency * std::log(std::max(cycles, 1.0)) +
                         m_dspPrice * appraisal.chunkDsp[c] / dspLimit +
                         m_bramPrice * appraisal.chunkBram18k[c] / bramLimit);
        m_typicalCycles[c] = kDecay * m_typicalCycles[c] + (1 - kDecay) * cycles;
    }
    losses.push_back(appraisal.logCost);
    return losses;
}

void AcceleratorSearch::leanTowards(const std::vector<int>& choices) {
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        auto& logits = m_parameters[i].logits;
        logits[static_cast<std::size_t>(choices[i])] =
            *std::max_element(logits.begin(), logits.end()) + kLead;
    }
}

std::vector<AcceleratorSearch::Move> AcceleratorSearch::movesOf(
    const AcceleratorProblem& problem, int chunk, const std::vector<int>& from) const {
    std::vector<Move> moves;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        if (problem.chunkOfChoice(i) != chunk || problem.pinned(i)) continue;
        for (int option = 0; option < static_cast<int>(m_parameters[i].logits.size()); ++option) {
            if (option != from[i]) moves.push_back({i, option});
        }
    }
    return moves;
}

bool AcceleratorSearch::improveChunk(AcceleratorProblem& problem, const SearchEffort& effort,
                                     int chunk, FoundAccelerator& best) const {
    bool improved = false;
    for (const auto& move : movesOf(problem, chunk, best.choices)) {
        if (problem.appraisals() >= effort.mostAppraisals) return false;
        if (best.choices[move.parameter] == move.option) continue;
        auto moved = best.choices;
        moved[move.parameter] = move.option;
        moved = problem.canonical(std::move(moved));
        auto appraisal = problem.appraise(moved);
        if (!better(appraisal, best.appraisal, m_specification)) continue;
        best = {std::move(moved), std::move(appraisal)};
        improved = true;
    }
    return improved;
}

void AcceleratorSearch::polish(AcceleratorProblem& problem, const SearchEffort& effort,
                               FoundAccelerator& best) const {
    const int chunks = static_cast<int>(best.appraisal.chunkCycles.size());
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        // The slowest chunk as long as it gets faster, then what the others can leave to it.
        const auto slowest = [&] {
            const auto& cycles = best.appraisal.chunkCycles;
            return static_cast<int>(std::max_element(cycles.begin(), cycles.end()) -
                                    cycles.begin());
        };
        while (improveChunk(problem, effort, slowest(), best)) {
        }
        bool improved = false;
        for (int c = kAllocation; c < chunks; ++c) {
            improved = improveChunk(problem, effort, c, best) || improved;
        }
        if (!improved) return;
    }
}

bool AcceleratorSearch::improveByPair(AcceleratorProblem& problem, const SearchEffort& effort,
                                      base::Random& random, FoundAccelerator& best) const {
    const auto& cycles = best.appraisal.chunkCycles;
    const auto slowest =
        static_cast<int>(std::max_element(cycles.begin(), cycles.end()) - cycles.begin());
    const auto moves = movesOf(problem, slowest, best.choices);
    std::vector<std::pair<Move, Move>> pairs;
    for (std::size_t first = 0; first < moves.size(); ++first) {
        for (std::size_t second = first + 1; second < moves.size(); ++second) {
            if (moves[first].parameter == moves[second].parameter) continue;
            pairs.emplace_back(moves[first], moves[second]);
        }
    }
    random.shuffle(std::span(pairs));
    pairs.resize(std::min(pairs.size(), static_cast<std::size_t>(std::max(0, effort.samples))));
    for (const auto& [first, second] : pairs) {
        if (problem.appraisals() >= effort.mostAppraisals) return false;
        auto moved = best.choices;
        moved[first.parameter] = first.option;
        moved[second.parameter] = second.option;
        moved = problem.canonical(std::move(moved));
        auto appraisal = problem.appraise(moved);
        if (!better(appraisal, best.appraisal, m_specification)) continue;
        best = {std::move(moved), std::move(appraisal)};
        return true;
    }
    return false;
}

base::Json AcceleratorSearch::save() const {
    base::Json parameters = base::Json::array();
    for (const auto& parameter : m_parameters) parameters.push_back(toJson(parameter));
    return {{"calls", m_calls},         {"parameters", parameters},
            {"last_best", m_lastBest},  {"typical_cycles", m_typicalCycles},
            {"baselines", m_baselines}, {"dsp_price", m_dspPrice},
            {"bram_price", m_bramPrice}};
}

void AcceleratorSearch::restore(const base::Json& json) {
    m_calls = json.at("calls").get<std::uint64_t>();
    m_lastBest = json.at("last_best").get<std::vector<int>>();
    m_parameters.clear();
    for (const auto& parameter : json.at("parameters")) {
        m_parameters.push_back(categoricalFromJson(parameter));
    }
    m_typicalCycles = json.at("typical_cycles").get<std::vector<double>>();
    m_baselines = json.at("baselines").get<std::vector<double>>();
    m_dspPrice = json.at("dsp_price").get<double>();
    m_bramPrice = json.at("bram_price").get<double>();
}

}  // namespace cohelix::search
