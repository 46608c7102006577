// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Parts of the program that are loaded only when they are needed, because of the libraries that
// they bring along.

#include <string>

#include "core/base/result.h"

namespace cohelix::base {

/// The address of `symbol` in the module `name` ("cohelix_training", without the system's ending),
/// which stays loaded until the program ends. It is looked for beside the program, then in
/// lib/cohelix of the two folders above. Errors: it is not there; the system cannot load it (a
/// library that it needs is missing); it has no such symbol. Any thread.
Result<void*> symbolOfModule(const std::string& name, const char* symbol);

}  // namespace cohelix::base
