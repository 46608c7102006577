// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tables/problem.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/hardware/pipeline/chunk_price.h"

namespace cohelix::tables {
namespace {

/// The same option at every place, for every option: together all layers that there are.
std::vector<model::Network> uniformNetworks(const TabularSpace& space) {
    std::size_t most = 0;
    for (const auto& choice : space.choices) most = std::max(most, choice.options.size());
    std::vector<model::Network> networks;
    for (std::size_t option = 0; option < most; ++option) {
        std::vector<int> options;
        for (const auto& choice : space.choices) {
            options.push_back(static_cast<int>(std::min(option, choice.options.size() - 1)));
        }
        networks.push_back(space.network(space.indexOf(options)));
    }
    return networks;
}

struct Needs : model::Resources {
    double period = 0;
};

/// An accelerator that need not be in the tables.
Needs priceDirectly(const optimum::ExactAccelerators& exact, const model::Accelerator& accelerator,
                    const optimum::Load& load) {
    Needs total;
    const auto form = hardware::pricingFormOf(accelerator);
    for (std::size_t c = 0; c < load.size(); ++c) {
        hardware::LayerPrice chunk;
        for (std::size_t column = 0; column < load[c].size(); ++column) {
            if (load[c][column] == 0) continue;
            auto layers =
                hardware::priceOnChunk(accelerator.pipeline[c], exact.layersOf(c)[column], form);
            layers.cycles *= load[c][column];
            chunk.add(layers);
        }
        total.period = std::max(total.period, chunk.cycles);
        total.add(chunk);
    }
    return total;
}

}  // namespace

base::Result<Problem> Problem::create(const TabularSpace& space,
                                      const hardware::AcceleratorSpace& accelerators,
                                      const model::Resources& limits, base::Executor& executor,
                                      optimum::Restriction restriction) {
    const auto start = std::chrono::steady_clock::now();
    auto exact =
        optimum::ExactAccelerators::create(accelerators, limits, &executor, std::move(restriction));
    if (!exact) return exact.error();
    Problem problem(space, std::move(exact).value());
    problem.m_accelerators.prepare(uniformNetworks(space));
    problem.m_loads.resize(space.networks());
    constexpr std::size_t kSlice = 64;
    executor.forEach((space.networks() + kSlice - 1) / kSlice, [&](std::size_t slice) {
        const auto end = std::min(space.networks(), (slice + 1) * kSlice);
        for (std::size_t i = slice * kSlice; i < end; ++i) {
            problem.m_loads[i] = problem.m_accelerators.loadOf(space.network(i)).value();
        }
    });
    problem.findStandards();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    problem.m_seconds = taken.count();
    return problem;
}

void Problem::findStandards() {
    std::vector<std::pair<double, std::size_t>> bySize;
    for (std::size_t i = 0; i < m_loads.size(); ++i) bySize.emplace_back(-macs(m_loads[i]), i);
    std::sort(bySize.begin(), bySize.end());
    const auto standardFrom = [&](std::size_t place) {
        for (std::size_t i = place; i < bySize.size(); ++i) {
            const std::size_t network = bySize[i].second;
            const auto best = m_accelerators.best(m_loads[network], optimum::Aim::Period);
            if (best) return Standard{network, best->rows};
        }
        return Standard{bySize[place].second, {}};
    };
    m_largest = standardFrom(0);
    m_median = standardFrom(bySize.size() / 2);
}

double Problem::macs(const optimum::Load& load) const {
    double sum = 0;
    for (std::size_t c = 0; c < load.size(); ++c) {
        for (std::size_t column = 0; column < load[c].size(); ++column) {
            sum += load[c][column] *
                   static_cast<double>(model::macs(m_accelerators.layersOf(c)[column]));
        }
    }
    return sum;
}

double Problem::fpsOn(std::span<const std::size_t> rows, std::size_t network) const {
    if (rows.empty()) return 0;
    Needs total;
    for (std::size_t c = 0; c < rows.size(); ++c) {
        const auto option = m_accelerators.price(c, rows[c], m_loads[network][c]);
        total.period = std::max(total.period, option.cycles);
        total.dsp += option.dsp;
        total.bram18k += option.bram18k;
    }
    const auto& limits = m_accelerators.limits();
    const bool keeps = total.dsp <= limits.dsp && total.bram18k <= limits.bram18k;
    return keeps ? hertz() / total.period : 0;
}

double Problem::exactFps(std::size_t network) const {
    const auto best = m_accelerators.best(m_loads[network], optimum::Aim::Period);
    return best ? hertz() / best->periodCycles : 0;
}

double Problem::sampledFps(std::size_t network, int draws, base::Random& random) const {
    const auto& space = m_accelerators.space();
    const auto& limits = m_accelerators.limits();
    const auto choices = hardware::acceleratorChoices(space);
    double best = 0;
    for (int draw = 0; draw < draws; ++draw) {
        std::vector<int> drawn;
        for (const auto& choice : choices) {
            drawn.push_back(static_cast<int>(random.below(choice.options.size())));
        }
        const auto accelerator =
            hardware::buildAccelerator(space, canonicalChoices(space, std::move(drawn)), {});
        const auto needs = priceDirectly(m_accelerators, accelerator, m_loads[network]);
        if (needs.dsp > limits.dsp || needs.bram18k > limits.bram18k) continue;
        best = std::max(best, hertz() / needs.period);
    }
    return best;
}

}  // namespace cohelix::tables
