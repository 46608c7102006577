// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What may be chosen: a named list of options. A specification's network and accelerator spaces
// are each a list of choices; a design is one option of every choice.

#include <string>
#include <vector>

namespace cohelix::hardware {

struct Choice {
    std::string name;                  ///< unique in its list: "block3", "chunk0.tm_buff"
    std::vector<std::string> options;  ///< at least one, as text
    std::string unit;                  ///< of the options; may be empty
    friend bool operator==(const Choice&, const Choice&) = default;
};

/// log10 of the number of combinations.
double log10Size(const std::vector<Choice>& choices);

}  // namespace cohelix::hardware
