// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Options of choices: whether they are any, and the choices that are no longer free because they
// were pinned to one option while a search goes on.

#include <optional>
#include <span>
#include <vector>

#include "core/hardware/accelerator_space.h"
#include "core/model/design.h"

namespace cohelix::spec {

/// Whether these are one option of every choice, in their order.
bool contains(const std::vector<hardware::Choice>& choices, std::span<const int> options);

/// The pinned option of each choice of a list; nothing where the choice is free. An empty list
/// pins nothing.
using PinnedOptions = std::vector<std::optional<int>>;

struct Pins {
    PinnedOptions operators;   ///< by block, as networkChoices()
    PinnedOptions parameters;  ///< as acceleratorChoices()
    friend bool operator==(const Pins&, const Pins&) = default;
};

bool pinsAny(const PinnedOptions& pins);
/// Whether the options are those that are pinned.
bool keepsPins(const PinnedOptions& pins, std::span<const int> options);
bool keepsPins(const Pins& pins, const model::DesignChoices& choices);

/// The options with the pinned ones in place.
std::vector<int> withPins(const PinnedOptions& pins, std::vector<int> options);

/// canonicalChoices() that keep the pins: buffer tiles give way to a pinned loop tile, free places
/// of an order, splits and the number of groups to a pinned place, split or chunk. Pins that
/// contradict each other are not kept, which keepsPins() tells.
std::vector<int> canonicalChoices(const hardware::AcceleratorSpace& space, std::vector<int> choices,
                                  const PinnedOptions& pins);

/// For every choice the smallest tile that it may have: of a buffer tile whose loop tile is pinned
/// that loop tile, of all others 0.
std::vector<int> leastTiles(const std::vector<hardware::Choice>& choices,
                            const PinnedOptions& pins);

}  // namespace cohelix::spec
