// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/details_loader.h"

#include <span>

namespace cohelix::ui {

namespace {

/// Appends what `picked` means; false when it does not fit the choices.
bool appendChoices(const std::vector<space::Choice>& choices, std::span<const int> picked,
                   std::vector<NamedChoice>& result) {
    if (choices.size() != picked.size()) return false;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto option = static_cast<std::size_t>(picked[i]);
        if (picked[i] < 0 || option >= choices[i].options.size()) return false;
        result.push_back({choices[i].name, choices[i].options[option], choices[i].unit});
    }
    return true;
}

}  // namespace

base::Result<DesignDetails> loadDetails(store::Project& project, std::int64_t design) {
    DesignDetails details;
    auto row = project.design(design);
    if (!row) return row.error();
    details.row = std::move(*row);
    auto specification = project.specificationOf(details.row.run);
    if (!specification) return specification.error();
    details.specification = std::move(*specification);

    const auto& spec = details.specification;
    const auto& picked = details.row.choices;
    if (!appendChoices(space::networkChoices(spec.network), picked.network, details.choices) ||
        !appendChoices(space::acceleratorChoices(spec.accelerator), picked.accelerator,
                       details.choices)) {
        return base::Error{"design " + std::to_string(design),
                           "its choices do not fit the specification of its run",
                           "The file may be damaged: run cohelix-cli check on it"};
    }
    details.network = space::buildNetwork(spec.network, picked.network);
    details.accelerator =
        space::buildAccelerator(spec.accelerator, picked.accelerator, details.network);
    auto cost = project.designCost(design);
    details.cost = cost ? std::move(*cost) : store::totalsOf(details.row);
    return details;
}

}  // namespace cohelix::ui
