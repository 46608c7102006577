// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Where in a JSON text a JSON pointer stands, for marking the line of an error; and the line that a
// syntax error names.

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cohelix::ui {

/// Offset in bytes of the key or list element that `pointer` names; where it is missing, of the
/// nearest enclosing one that is there. Nothing when the text is no JSON.
std::optional<std::size_t> offsetOfPointer(std::string_view text, const std::string& pointer);

/// Line of the error, from 0: of its pointer, or of the place of a syntax error.
int lineOfError(std::string_view text, const base::Error& error);

}  // namespace cohelix::ui
