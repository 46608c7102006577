// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A specification's fields held against one another, where each alone is right: what no search
// could keep, and what would mean nothing for the template, the device or the data set that is
// named. Without files and in microseconds; what needs a price is asked of
// core/search/accelerator/feasibility.

#include <cstdint>

#include "core/base/result.h"
#include "core/specification/specification.h"

namespace cohelix::spec {

/// What is known of every data set of a kind before its files are read; 0: it depends on them.
struct DataSetFacts {
    int channels = 0;
    int side = 0;            ///< rows and columns of the images as published
    bool fixedSide = false;  ///< whether files of another size are none of this kind
    int classes = 0;
};
DataSetFacts factsOf(DataSetKind kind);

/// Weights that the operators of all blocks may have together: 4 GiB as numbers.
inline constexpr std::int64_t kMostWeights = std::int64_t{1} << 30;

/// The limits against device and template. Errors: a limit above what the device has; one on DSPs
/// or block RAM where the template has none; energy where the device's power is 0.
base::Result<void> checkLimits(const Specification& specification);

/// checkLimits, and errors for: a pipeline on a device without DSPs; resources of an ASIC; fields
/// that the template or the form of the model does not read; images or classes that no data set of
/// the kind has; a supernet of more than kMostWeights; padding as wide as an image.
base::Result<void> checkSound(const Specification& specification);

}  // namespace cohelix::spec
