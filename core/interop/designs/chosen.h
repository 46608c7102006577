// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The choices of a design as words.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/model/design.h"
#include "core/specification/specification.h"

namespace cohelix::interop {

/// The option's text by the choice's name, network first.
using Chosen = std::vector<std::pair<std::string, std::string>>;

/// Reads choices as words of one specification; its lists of choices are made once. Where the
/// specification is lost there is one choice, "choice_numbers": all numbers as in
/// model::keyOf(), "0.3|1.0.2".
class ChoiceReader {
public:
    explicit ChoiceReader(const std::optional<spec::Specification>& specification);
    /// Names of all choices.
    std::vector<std::string> names() const;
    /// Error: the number of choices differs, or one is beyond its options.
    base::Result<Chosen> read(const model::DesignChoices& choices) const;

private:
    bool m_isLost;
    std::vector<hardware::Choice> m_network;
    std::vector<hardware::Choice> m_accelerator;
};

}  // namespace cohelix::interop
