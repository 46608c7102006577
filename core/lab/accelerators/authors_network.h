// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/network.h"

namespace cohelix::lab {

/// The CIFAR network of 22 blocks that the authors' code is tried on (method.md 2.7; 98.4 million
/// multiply-accumulates as they count).
model::Network authorsCifarNetwork();

}  // namespace cohelix::lab
