// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a figure must be to be kept: a finite number that is not negative. The tables say so too,
// but cannot say which figure of which design it was.

#include "core/model/design.h"
#include "core/store/project.h"

namespace cohelix::store {

/// Throw a Refusal that names the figure.
void requireSound(const DesignRow& row);
void requireSound(const model::DesignCost& cost);

}  // namespace cohelix::store
