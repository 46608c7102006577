// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/hardware/template/template.h"

namespace cohelix::hardware {

/// The authors' loop-nest array (method.md 1A).
const Template& arrayTemplate();

}  // namespace cohelix::hardware
