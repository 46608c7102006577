// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include "core/learn/learn.h"

namespace cohelix::test {

#ifdef COHELIX_WITH_TORCH
inline constexpr bool kBuiltToTrain = true;
#else
inline constexpr bool kBuiltToTrain = false;
#endif

}  // namespace cohelix::test

// First line of a test that trains: skips it in a build without LibTorch, and fails it where a
// build with LibTorch cannot load it.
#define COHELIX_NEEDS_TRAINING()                                                               \
    if (!cohelix::test::kBuiltToTrain) GTEST_SKIP() << "NOT CHECKED: this build cannot train"; \
    if (const auto trains = cohelix::learn::checkTraining(); !trains)                          \
    FAIL() << cohelix::base::toText(trains.error())
