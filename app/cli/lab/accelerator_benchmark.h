// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// `benchmark accelerator`: accelerator searches for one network, held against the proven optimum.

#include <CLI/CLI.hpp>

namespace cohelix::cli {

void addAcceleratorBenchmark(CLI::App& benchmark, int& exitCode);

}  // namespace cohelix::cli
