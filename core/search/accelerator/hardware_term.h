// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The hardware term of the joint objective: the expected cost of the network under the current
// operator probabilities on the current accelerator, and its gradient (method.md 2.4, B1's form;
// 5.8). Every operator of every block is priced once per accelerator.

#include <vector>

#include "core/base/result.h"
#include "core/model/accelerator.h"
#include "core/pricing/layer_mapper.h"
#include "core/specification/specification.h"

namespace cohelix::search {

/// log of the objective's metric (turned so that smaller is better) and its gradient.
struct HardwareCost {
    double logCost = 0;
    std::vector<std::vector<double>> byProbability;  ///< [block][operator]
};

class HardwareTerm {
public:
    /// Prices all operators of all blocks, and the fixed layers, on this accelerator, with the best
    /// mapping of each layer where a mapper is available. An operator that overflows a memory there
    /// is priced at ten times the dearest of its block. `choices` are the accelerator's: they may
    /// say which chunk executes what.
    HardwareTerm(const spec::Specification& specification, model::Accelerator accelerator,
                 const std::vector<int>& choices, pricing::LayerMapper* mapper = nullptr);

    /// `probabilities` per block sum to one. For FPS the slowest chunk counts: smoothly, as the
    /// 8-norm of the chunks' cycles, so that every busy chunk has a gradient.
    HardwareCost cost(const std::vector<std::vector<double>>& probabilities) const;

private:
    struct Price {
        /// By chunk. Where they share DRAM, its cycles come last: they bound the period as a chunk
        /// does and are part of no image's latency.
        std::vector<double> chunkCycles;
        double energyPicojoule = 0;
    };
    Price priceOf(const std::vector<model::Layer>& layers, const std::vector<int>& choices,
                  bool& valid);

    const spec::Specification& m_specification;
    pricing::LayerMapper* m_mapper;
    model::Accelerator m_accelerator;
    Price m_fixed;                             ///< stem, head, classifier
    std::vector<std::vector<Price>> m_prices;  ///< [block][operator]
};

}  // namespace cohelix::search
