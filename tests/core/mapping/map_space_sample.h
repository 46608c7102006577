// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Small map spaces drawn by chance, for the mapper to be held against every mapping of them.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/mapping/mapper.h"

namespace cohelix::mapping::test {

/// What a kind of space has for certain; the rest of it is drawn.
enum class Kind {
    Plain,
    Strided,  ///< strides and dilations, windows with gaps among them
    Grouped,
    Unshared,    ///< no multicast, no reduction, unrolled over sums and operands
    Forwarding,  ///< PEs take inputs from their neighbours
    Bypassing,   ///< the mapper chooses what each memory keeps
    Padded,      ///< trips need not divide
    PaddedStrided,
    PaddedForwarding,
    PaddedBypassing,
    Deep,      ///< more memories than blocks of loops, and choice among them
    Shallow,   ///< one memory or two
    Bordered,  ///< zeros around the inputs; memories that refill in place among others
    PaddedBordered
};
inline constexpr std::array kKinds = {
    Kind::Plain,           Kind::Strided,       Kind::Grouped,
    Kind::Unshared,        Kind::Forwarding,    Kind::Bypassing,
    Kind::Padded,          Kind::PaddedStrided, Kind::PaddedForwarding,
    Kind::PaddedBypassing, Kind::Deep,          Kind::Shallow,
    Kind::Bordered,        Kind::PaddedBordered};
/// "plain", "strided", …
std::string_view kindName(Kind kind);

struct Sample {
    model::Layer layer = {};
    nest::Hierarchy hierarchy = {};
    MapSpace space = {};
    Objective objective = Objective::Edp;
    Keeping keeping = Keeping::All;
    double padding = 0;
};

/// By the seed and the number alone. None has more than some hundred mappings: most faults show in
/// small spaces.
Sample drawSample(Kind kind, std::uint64_t seed, std::uint64_t number);

/// Everything of it, as C++ that a test can be made of.
std::string codeOf(const Sample& sample);

}  // namespace cohelix::mapping::test
