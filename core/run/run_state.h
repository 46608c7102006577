// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Whether a saved state can be that of its run at its step. Resuming, `check` and `rescue` ask for
// the same.

#include <vector>

#include "core/base/result.h"
#include "core/specification/specification.h"
#include "core/store/rescue.h"

namespace cohelix::run {

/// Errors: it is no state of this specification; its step is before those that it has trained, or,
/// until networks are trained from scratch, after the last one that was committed; it follows other
/// changes than those that were made to the run until then.
base::Result<void> checkState(const store::SavedState& saved,
                              const spec::Specification& specification);

}  // namespace cohelix::run
