// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Can any design of a specification keep its hard limits? Asked before a search starts; the answer
// names the field, the resource and how much is missing.

#include <optional>

#include "core/base/result.h"
#include "core/model/design.h"
#include "core/specification/pins.h"
#include "core/specification/specification.h"

namespace cohelix::search {

/// Fields against one another (spec::checkSound) and the limits on resources, in about a
/// millisecond and without files. Errors: those of checkSound; a chunk whose smallest choice
/// alone needs more than a limit for the network of fewest multiply-accumulates
/// ("/accelerator/chunks/0/tm: the smallest choice, 1024 x 4, needs 96 DSP for the cheapest
/// network; the limit is 90"); the smallest accelerator of all chunks together beyond a limit; an
/// unknown technology or a PE array or register file too small for one multiply-accumulate.
base::Result<void> checkResources(const spec::Specification& specification);

/// checkResources, and a quick search: a speed, latency or energy limit that not even the cheapest
/// network with the best accelerator found reaches, or limits of which it keeps each but not all at
/// once. With pins, networks and accelerators that keep them are looked at alone.
base::Result<void> checkFeasible(const spec::Specification& specification,
                                 const spec::Pins& pins = {});

/// A design within all limits and pins: the cheapest network on an accelerator on which it keeps
/// them. checkFeasible() lets no limit on FPS, latency or energy through without one, but where the
/// cheapest network costs nothing. Nothing where none was found. Depends on nothing but its
/// arguments.
std::optional<model::DesignChoices> knownDesign(const spec::Specification& specification,
                                                const spec::Pins& pins = {});

}  // namespace cohelix::search
