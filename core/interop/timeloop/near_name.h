// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The name that was meant where a file has another: a slip of a letter or of its case. Private to
// the room.

#include <set>
#include <string>

namespace cohelix::interop {

/// The known name that differs from this one by a letter (by two where it is long), in case alone,
/// or in two letters that changed places; empty: there is none, or the name itself is known.
std::string nearName(const std::string& name, const std::set<std::string>& known);

}  // namespace cohelix::interop
