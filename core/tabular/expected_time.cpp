// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tabular/expected_time.h"

#include <algorithm>
#include <cmath>

namespace cohelix::tabular {
namespace {

constexpr double kNorm = 8;

/// What the layers of a load take on a row, those taken away counted as such.
double cyclesOf(const optimum::ExactAccelerators& accelerators, std::size_t chunk, std::size_t row,
                const std::vector<int>& counts) {
    return accelerators.price(chunk, row, counts).cycles;
}

double macsOf(const Problem& problem, const optimum::Load& load) {
    double sum = 0;
    for (std::size_t c = 0; c < load.size(); ++c) {
        for (std::size_t column = 0; column < load[c].size(); ++column) {
            sum += load[c][column] *
                   static_cast<double>(model::macs(problem.accelerators().layersOf(c)[column]));
        }
    }
    return sum;
}

}  // namespace

ExpectedTimes::ExpectedTimes(const Problem& problem) : m_problem(problem) {
    const auto& space = problem.space();
    const std::vector<int> first(space.choices.size(), 0);
    m_fixed = problem.loads()[space.indexOf(first)];
    for (std::size_t p = 0; p < space.choices.size(); ++p) {
        m_extra.emplace_back();
        for (std::size_t o = 0; o < space.choices[p].options.size(); ++o) {
            auto options = first;
            options[p] = static_cast<int>(o);
            auto extra = problem.loads()[space.indexOf(options)];
            for (std::size_t c = 0; c < extra.size(); ++c) {
                for (std::size_t i = 0; i < extra[c].size(); ++i) extra[c][i] -= m_fixed[c][i];
            }
            m_extra.back().push_back(std::move(extra));
        }
    }
}

AcceleratorClock ExpectedTimes::onAcceleratorOf(std::size_t network) const {
    const auto& accelerators = m_problem.accelerators();
    const auto best = accelerators.best(m_problem.loads()[network], optimum::Aim::Period);
    AcceleratorClock clock;
    const std::size_t chunks = m_fixed.size();
    for (std::size_t c = 0; c < chunks; ++c) {
        clock.fixedCycles.push_back(cyclesOf(accelerators, c, best->rows[c], m_fixed[c]));
    }
    for (const auto& place : m_extra) {
        clock.optionCycles.emplace_back();
        for (const auto& option : place) {
            clock.optionCycles.back().emplace_back();
            for (std::size_t c = 0; c < chunks; ++c) {
                clock.optionCycles.back().back().push_back(
                    cyclesOf(accelerators, c, best->rows[c], option[c]));
            }
        }
    }
    return clock;
}

std::vector<int> ExpectedTimes::quickestOptions() const {
    std::vector<int> options;
    for (const auto& place : m_extra) {
        const auto least = std::min_element(
            place.begin(), place.end(), [&](const optimum::Load& a, const optimum::Load& b) {
                return macsOf(m_problem, a) < macsOf(m_problem, b);
            });
        options.push_back(static_cast<int>(least - place.begin()));
    }
    return options;
}

ExpectedPeriod AcceleratorClock::logPeriod(const search::RelaxedNetwork& network) const {
    auto cycles = fixedCycles;
    for (std::size_t p = 0; p < network.size(); ++p) {
        for (std::size_t o = 0; o < network[p].size(); ++o) {
            for (std::size_t c = 0; c < cycles.size(); ++c) {
                cycles[c] += network[p][o] * optionCycles[p][o][c];
            }
        }
    }
    const double longest = std::max(1.0, *std::max_element(cycles.begin(), cycles.end()));
    double sum = 0;
    for (const double time : cycles) sum += std::pow(std::max(0.0, time) / longest, kNorm);
    ExpectedPeriod out;
    out.value = std::log(longest) + std::log(sum) / kNorm;
    for (std::size_t p = 0; p < network.size(); ++p) {
        out.byProbability.emplace_back(network[p].size(), 0.0);
        for (std::size_t o = 0; o < network[p].size(); ++o) {
            double slope = 0;
            for (std::size_t c = 0; c < cycles.size(); ++c) {
                slope += std::pow(std::max(0.0, cycles[c]) / longest, kNorm - 1) / longest *
                         optionCycles[p][o][c];
            }
            out.byProbability[p][o] = slope / sum;
        }
    }
    return out;
}

}  // namespace cohelix::tabular
