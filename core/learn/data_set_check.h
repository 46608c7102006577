// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Whether a network fits a data set, before its images are read. No LibTorch.

#include "core/base/result.h"
#include "core/specification/specification.h"

namespace cohelix::learn {

/// Images and classes from the files' headers and the names of the class folders where the data set
/// is here; else from what is published of its kind (of another size only where a folder is named).
/// Errors: as loadDataSet would say it. A data set that is not here is none.
base::Result<void> checkDataSet(const spec::DataSetSpec& spec, const spec::NetworkSpace& network);

/// What errors say that are about a data set that is not here.
inline constexpr const char* kDataSetPlace = "/data_set";

/// Whether the data set is here. Error, at kDataSetPlace: where it was looked for, how to get it.
base::Result<void> lookForDataSet(const spec::DataSetSpec& spec);

}  // namespace cohelix::learn
