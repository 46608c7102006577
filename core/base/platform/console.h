// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace cohelix::platform {

/// Whether a person sees what goes to standard error at once.
bool standardErrorIsTerminal();
/// Characters of a line there; 0 where it does not say.
std::size_t terminalColumns();

}  // namespace cohelix::platform
