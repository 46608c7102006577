// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/designs/chosen.h"

namespace cohelix::interop {
namespace {

constexpr const char* kNumbers = "choice_numbers";

bool append(const std::vector<hardware::Choice>& list, const std::vector<int>& choices,
            Chosen& chosen) {
    if (list.size() != choices.size()) return false;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto option = static_cast<std::size_t>(choices[i]);
        if (choices[i] < 0 || option >= list[i].options.size()) return false;
        chosen.emplace_back(list[i].name, list[i].options[option]);
    }
    return true;
}

}  // namespace

ChoiceReader::ChoiceReader(const std::optional<spec::Specification>& specification)
    : m_isLost(!specification) {
    if (m_isLost) return;
    m_network = spec::networkChoices(specification->network);
    m_accelerator = hardware::acceleratorChoices(specification->accelerator);
}

std::vector<std::string> ChoiceReader::names() const {
    if (m_isLost) return {kNumbers};
    std::vector<std::string> names;
    for (const auto* list : {&m_network, &m_accelerator}) {
        for (const auto& choice : *list) names.push_back(choice.name);
    }
    return names;
}

base::Result<Chosen> ChoiceReader::read(const model::DesignChoices& choices) const {
    if (m_isLost) return Chosen{{kNumbers, keyOf(choices)}};
    Chosen chosen;
    if (!append(m_network, choices.network, chosen) ||
        !append(m_accelerator, choices.accelerator, chosen)) {
        return base::Error{keyOf(choices), "the design's choices are not in its specification",
                           "Check the project file with: cohelix-cli check"};
    }
    return chosen;
}

}  // namespace cohelix::interop
