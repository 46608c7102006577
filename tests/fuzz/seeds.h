// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Inputs to begin with, each sound and small, made by the project's own writers.

#include <cstdint>
#include <string>
#include <vector>

namespace cohelix::fuzz {

/// What a fuzzer named `target` begins with.
struct Seed {
    std::string target;
    std::string content;
};

std::vector<Seed> documentSeeds();  ///< specifications, changes, layers, mappings, accelerators
std::vector<Seed> modelSeeds();     ///< Timeloop's files and ONNX models
std::vector<Seed> tableSeeds();     ///< CSV of every table that is read
std::vector<Seed> imageSeeds();     ///< IDX, CIFAR, pictures
std::vector<Seed> runSeeds();       ///< checkpoints, project files

}  // namespace cohelix::fuzz
