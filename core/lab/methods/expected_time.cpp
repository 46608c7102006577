// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/expected_time.h"

#include <algorithm>
#include <cmath>

namespace cohelix::lab {
namespace {

constexpr double kNorm = 8;

/// What the layers of a load take on a row, those taken away counted as such.
double cyclesOf(const optimum::ExactAccelerators& accelerators, std::size_t chunk, std::size_t row,
                const std::vector<int>& counts) {
    return accelerators.price(chunk, row, counts).cycles;
}

}  // namespace

ExpectedTimes::ExpectedTimes(const tables::Problem& problem) : m_problem(problem) {
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

AcceleratorClock ExpectedTimes::as(const Trial& trial, std::size_t network) const {
    switch (trial.inner()) {
        case Inner::Exact:
        case Inner::Sampled: {
            const auto& load = m_problem.loads()[network];
            return onAccelerator(m_problem.accelerators().best(load, optimum::Aim::Period)->rows);
        }
        case Inner::OfLargest: return onAccelerator(m_problem.largest().rows);
        case Inner::OfMedian: return onAccelerator(m_problem.median().rows);
        case Inner::Macs: return byMacs();
        case Inner::Nothing: break;
    }
    return timeless();
}

AcceleratorClock ExpectedTimes::onAccelerator(const std::vector<std::size_t>& rows) const {
    const auto& accelerators = m_problem.accelerators();
    AcceleratorClock clock;
    const std::size_t chunks = m_fixed.size();
    for (std::size_t c = 0; c < chunks; ++c) {
        clock.fixedCycles.push_back(cyclesOf(accelerators, c, rows[c], m_fixed[c]));
    }
    for (const auto& place : m_extra) {
        clock.optionCycles.emplace_back();
        for (const auto& option : place) {
            clock.optionCycles.back().emplace_back();
            for (std::size_t c = 0; c < chunks; ++c) {
                clock.optionCycles.back().back().push_back(
                    cyclesOf(accelerators, c, rows[c], option[c]));
            }
        }
    }
    return clock;
}

AcceleratorClock ExpectedTimes::byMacs() const {
    AcceleratorClock clock;
    clock.fixedCycles = {m_problem.macs(m_fixed)};
    for (const auto& place : m_extra) {
        clock.optionCycles.emplace_back();
        for (const auto& option : place) {
            clock.optionCycles.back().push_back({m_problem.macs(option)});
        }
    }
    return clock;
}

AcceleratorClock ExpectedTimes::timeless() const {
    AcceleratorClock clock;
    clock.fixedCycles = {1};
    for (const auto& place : m_extra) {
        clock.optionCycles.emplace_back(place.size(), std::vector<double>{0});
    }
    return clock;
}

std::vector<int> ExpectedTimes::quickestOptions() const {
    std::vector<int> options;
    for (const auto& place : m_extra) {
        const auto least = std::min_element(place.begin(), place.end(),
                                            [&](const optimum::Load& a, const optimum::Load& b) {
                                                return m_problem.macs(a) < m_problem.macs(b);
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

}  // namespace cohelix::lab
