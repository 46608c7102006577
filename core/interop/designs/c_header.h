// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A design as a C99 header, for the one who writes the hardware or its driver: constants of each
// chunk, the layers with their sizes and the loops of each layer's mapping.

#include <string>

#include "core/interop/designs/design_json.h"

namespace cohelix::interop {

/// `name` becomes the prefix of everything that the header defines and its include guard; letters
/// that C does not allow in a name become underscores. The header needs <stdint.h> only.
std::string cHeader(const DesignDocument& design, const std::string& name);

/// A valid C identifier that looks like the text; never empty.
std::string cIdentifier(const std::string& text);

}  // namespace cohelix::interop
