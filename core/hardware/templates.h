// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/hardware/template/template.h"
#include "core/model/accelerator.h"

namespace cohelix::hardware {

/// What is special about a template.
const Template& templateOf(model::Template kind);

}  // namespace cohelix::hardware
