// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The choices of a design as words.

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/model/design.h"
#include "core/space/specification.h"

namespace cohelix::interop {

/// The option's text by the choice's name, network first.
using Chosen = std::vector<std::pair<std::string, std::string>>;

/// Reads choices as words of one specification; its lists of choices are made once.
class ChoiceReader {
public:
    explicit ChoiceReader(const space::Specification& specification);
    /// Names of all choices.
    std::vector<std::string> names() const;
    /// Error: the number of choices differs, or one is beyond its options.
    base::Result<Chosen> read(const model::DesignChoices& choices) const;

private:
    std::vector<space::Choice> m_network;
    std::vector<space::Choice> m_accelerator;
};

}  // namespace cohelix::interop
