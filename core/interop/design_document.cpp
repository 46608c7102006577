// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/chosen.h"
#include "core/interop/design_json.h"

namespace cohelix::interop {
namespace {

bool costFits(const DesignDocument& design) {
    if (design.cost.layers.size() != design.network.layers.size() ||
        design.cost.chunks.size() != design.accelerator.chunkCount()) {
        return false;
    }
    for (const auto& layer : design.cost.layers) {
        if (layer.chunk < 0 ||
            static_cast<std::size_t>(layer.chunk) >= design.accelerator.chunkCount()) {
            return false;
        }
    }
    return true;
}

}  // namespace

base::Result<DesignDocument> describeDesign(const space::Specification& specification,
                                            const store::DesignRow& row,
                                            const model::DesignCost& cost) {
    auto choices = ChoiceReader(specification).read(row.choices);
    if (!choices) return choices.error();
    DesignDocument design;
    design.row = row;
    design.choices = std::move(choices).value();
    design.network = space::buildNetwork(specification.network, row.choices.network);
    design.accelerator = space::buildAccelerator(specification.accelerator,
                                                 row.choices.accelerator, design.network);
    design.cost = cost;
    if (!costFits(design)) {
        return base::Error{"design " + std::to_string(row.id),
                           "its cost has " + std::to_string(cost.layers.size()) + " layers and " +
                               std::to_string(cost.chunks.size()) + " chunks; its network has " +
                               std::to_string(design.network.layers.size()) +
                               " layers and its accelerator " +
                               std::to_string(design.accelerator.chunkCount()) + " chunks",
                           "Check the project file with: cohelix-cli check"};
    }
    return design;
}

}  // namespace cohelix::interop
