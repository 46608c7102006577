// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/hardware_term.h"

#include <algorithm>
#include <cmath>

#include "core/hardware/evaluate.h"
#include "core/hardware/templates.h"

namespace cohelix::search {
namespace {

constexpr double kNorm = 8;  // of the smooth maximum over chunks
constexpr double kInvalidFactor = 10;

}  // namespace

HardwareTerm::HardwareTerm(const spec::Specification& specification, model::Accelerator accelerator,
                           const std::vector<int>& choices, pricing::LayerMapper* mapper)
    : m_specification(specification),
      m_mapper(mapper && mapper->available() ? mapper : nullptr),
      m_accelerator(std::move(accelerator)) {
    const auto& space = specification.network;
    const auto shapes = spec::blockShapes(space);
    for (std::size_t block = 0; block < shapes.size(); ++block) {
        std::vector<Price> prices;
        std::vector<std::size_t> invalid;
        for (std::size_t op = 0; op < space.operators.size(); ++op) {
            bool valid = true;
            prices.push_back(priceOf(
                spec::blockLayers(shapes[block], space.operators[op], static_cast<int>(block)),
                choices, valid));
            if (!valid) invalid.push_back(op);
        }
        Price dearest = prices.front();
        for (const auto& price : prices) {
            for (std::size_t c = 0; c < dearest.chunkCycles.size(); ++c) {
                dearest.chunkCycles[c] = std::max(dearest.chunkCycles[c], price.chunkCycles[c]);
            }
            dearest.energyPicojoule = std::max(dearest.energyPicojoule, price.energyPicojoule);
        }
        for (double& cycles : dearest.chunkCycles) cycles *= kInvalidFactor;
        dearest.energyPicojoule *= kInvalidFactor;
        for (const std::size_t op : invalid) prices[op] = dearest;
        m_prices.push_back(std::move(prices));
    }
    std::vector<model::Layer> fixed;
    const std::vector<int> first(shapes.size(), 0);
    for (const auto& layer : spec::buildNetwork(space, first).layers) {
        if (layer.block < 0) fixed.push_back(layer);
    }
    bool valid = true;
    m_fixed = priceOf(fixed, choices, valid);
}

HardwareTerm::Price HardwareTerm::priceOf(const std::vector<model::Layer>& layers,
                                          const std::vector<int>& choices, bool& valid) {
    // Layers of a block depend on one another alone; the block count says which block is the last.
    model::Network network;
    network.operators.resize(spec::blockShapes(m_specification.network).size());
    network.layers = layers;
    const auto allocation = hardware::allocateLayers(m_specification.accelerator, choices, network);
    if (m_mapper) m_mapper->map(m_accelerator, layers, allocation);
    const auto& hardware = hardware::templateOf(m_accelerator.kind);
    const auto priced = hardware.layersAsPriced(layers, m_accelerator.fpgaModel);
    Price price;
    const std::size_t chunks = m_accelerator.chunkCount();
    const bool sharesDram = m_accelerator.dramGigabytesPerSecond > 0;
    price.chunkCycles.assign(chunks + (sharesDram ? 1 : 0), 0);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto layer = hardware::priceLayer(priced[i], m_accelerator, allocation[i]);
        if (!layer) {
            valid = false;
            continue;
        }
        price.chunkCycles[static_cast<std::size_t>(allocation[i])] += layer->cycles;
        price.energyPicojoule += layer->energyPicojoule;
        if (sharesDram) {
            price.chunkCycles[chunks] +=
                hardware::sharedDramCycles(m_accelerator, layer->dramBytes);
        }
    }
    return price;
}

HardwareCost HardwareTerm::cost(const std::vector<std::vector<double>>& probabilities) const {
    std::vector<double> cycles = m_fixed.chunkCycles;
    double energy = m_fixed.energyPicojoule;
    for (std::size_t b = 0; b < m_prices.size(); ++b) {
        for (std::size_t k = 0; k < m_prices[b].size(); ++k) {
            for (std::size_t c = 0; c < cycles.size(); ++c) {
                cycles[c] += probabilities[b][k] * m_prices[b][k].chunkCycles[c];
            }
            energy += probabilities[b][k] * m_prices[b][k].energyPicojoule;
        }
    }
    double most = 1e-300;
    double sum = 0;
    for (std::size_t c = 0; c < cycles.size(); ++c) {
        most = std::max(most, cycles[c]);
        if (c < m_accelerator.chunkCount()) sum += cycles[c];
    }
    double powers = 0;
    for (const double c : cycles) powers += std::pow(c / most, kNorm);
    // log of the 8-norm and its gradient by each chunk's cycles.
    const double logPeriod = std::log(most) + std::log(powers) / kNorm;
    std::vector<double> periodGradient;
    for (const double c : cycles) {
        periodGradient.push_back(std::pow(c / most, kNorm - 1) / powers / most);
    }

    const bool byPeriod = hardware::templateOf(m_accelerator.kind).energyFollowsPeriod();
    const auto metric = m_specification.objective.metric;
    const bool usesEnergy = metric == spec::Metric::EnergyMj || metric == spec::Metric::Edp;
    const double period =
        (metric == spec::Metric::Fps ? 1.0 : 0.0) + (usesEnergy && byPeriod ? 1.0 : 0.0);
    const double latency =
        metric == spec::Metric::LatencyMs || metric == spec::Metric::Edp ? 1.0 : 0.0;
    const double counted = usesEnergy && !byPeriod ? 1.0 : 0.0;

    HardwareCost out;
    out.logCost = period * logPeriod + latency * std::log(std::max(sum, 1e-300)) +
                  counted * std::log(std::max(energy, 1e-300));
    for (const auto& block : m_prices) {
        std::vector<double> gradient;
        for (const auto& price : block) {
            double g = counted > 0 ? price.energyPicojoule / std::max(energy, 1e-300) : 0;
            for (std::size_t c = 0; c < cycles.size(); ++c) {
                const bool chunk = c < m_accelerator.chunkCount();
                g += price.chunkCycles[c] *
                     (period * periodGradient[c] + (chunk ? latency / std::max(sum, 1e-300) : 0));
            }
            gradient.push_back(g);
        }
        out.byProbability.push_back(std::move(gradient));
    }
    return out;
}

}  // namespace cohelix::search
