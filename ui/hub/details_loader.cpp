// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/details_loader.h"

#include <span>

#include "core/hardware/accelerator_space.h"
#include "core/hardware/evaluate.h"
#include "core/store/whole_design.h"

namespace cohelix::ui {

namespace {

/// What `picked` means; it is in the space.
void appendChoices(const std::vector<hardware::Choice>& choices, std::span<const int> picked,
                   std::vector<NamedChoice>& result) {
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto option = static_cast<std::size_t>(picked[i]);
        result.push_back({choices[i].name, choices[i].options[option], choices[i].unit});
    }
}

}  // namespace

base::Result<DesignDetails> loadDetails(store::Project& project, std::int64_t design) {
    auto whole = store::wholeDesign(project, design);
    if (!whole) return whole.error();
    DesignDetails details;
    const auto& spec = whole->specification;
    const auto& picked = whole->row.choices;
    appendChoices(spec::networkChoices(spec.network), picked.network, details.choices);
    appendChoices(hardware::acceleratorChoices(spec.accelerator), picked.accelerator,
                  details.choices);
    details.network = std::move(whole->network);
    const auto chunkOfLayer =
        hardware::allocateLayers(spec.accelerator, picked.accelerator, details.network);
    details.accelerator =
        hardware::fittedAccelerator(details.network, whole->accelerator, chunkOfLayer);
    details.row = std::move(whole->row);
    details.cost = std::move(whole->cost);
    details.specification = std::move(whole->specification);
    return details;
}

}  // namespace cohelix::ui
