// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/chosen.h"
#include "core/interop/design_json.h"
#include "core/store/whole_design.h"

namespace cohelix::interop {

base::Result<DesignDocument> describeDesign(const store::WholeDesign& design) {
    auto choices = ChoiceReader(design.specification).read(design.row.choices);
    if (!choices) return choices.error();
    DesignDocument document;
    document.row = design.row;
    document.choices = std::move(choices).value();
    document.network = design.network;
    document.accelerator = design.accelerator;
    document.cost = design.cost;
    if (design.isDetailed()) return document;
    return base::Error{"design " + std::to_string(design.row.id),
                       "the file holds its figures, but no layers and mappings",
                       "Work it out again with: cohelix-cli replay"};
}

}  // namespace cohelix::interop
