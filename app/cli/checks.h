// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the values of options may be; wrong ones are refused before anything is done.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace cohelix::cli {

/// A whole number, `least` or more.
CLI::Validator wholeFrom(std::int64_t least);
/// A finite number, `least` or more.
CLI::Validator numberFrom(double least);
/// A finite number, both ends included.
CLI::Validator numberBetween(double least, double most);
/// --size NAME=N,…, of dimensions that an ONNX model leaves open.
void addSizeOption(CLI::App& command, std::vector<std::string>& sizes);
/// The name of a file to be written, in a folder that is there.
CLI::Validator outputFile();

}  // namespace cohelix::cli
