// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/evaluate.h"
#include "core/interop/designs/chosen.h"
#include "core/interop/designs/design_json.h"
#include "core/store/whole_design.h"

namespace cohelix::interop {

namespace {

/// The accelerator as it is to be built, and what that takes.
void fitToLayers(DesignDocument& document, const model::Device& device) {
    if (!document.accelerator.isPipeline()) return;
    std::vector<int> chunkOfLayer;
    for (const auto& layer : document.cost.layers) chunkOfLayer.push_back(layer.chunk);
    document.accelerator =
        hardware::fittedAccelerator(document.network, document.accelerator, chunkOfLayer);
    document.resources = hardware::resourceLines(
        document.cost,
        hardware::fpgaResources(document.network, document.accelerator, chunkOfLayer, device),
        device);
}

}  // namespace

base::Result<DesignDocument> describeDesign(const store::WholeDesign& design) {
    auto choices = ChoiceReader(design.specification).read(design.row.choices);
    if (!choices) return choices.error();
    DesignDocument document;
    document.row = design.row;
    document.choices = std::move(choices).value();
    document.network = design.network;
    document.accelerator = design.accelerator;
    document.cost = design.cost;
    if (design.isDetailed()) {
        fitToLayers(document, design.specification.device);
        return document;
    }
    return base::Error{"design " + std::to_string(design.row.id),
                       "the file holds its figures, but no layers and mappings",
                       "Work it out again with: cohelix-cli replay"};
}

}  // namespace cohelix::interop
