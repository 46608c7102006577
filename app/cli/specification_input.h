// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The specification that a command is given: a file, fields set on the command line, a seed.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/specification/specification.h"

namespace cohelix::cli {

/// What `specificationNamed` takes, for help texts.
inline constexpr const char* kSpecificationHelp =
    "specification: a JSON file (- is standard input), or a preset's name";

struct SpecificationInput {
    std::string file;                    ///< or a preset's name
    std::vector<std::string> overrides;  ///< "/limits/dsp=450"
    std::int64_t seed = -1;              ///< below 0: the file's
};

/// --set and --seed; the file itself is the command's to name.
void addSpecificationOptions(CLI::App& command, SpecificationInput& input);

/// The shipped specification of that name, else a file ("./NAME" is always one).
base::Result<spec::Specification> specificationNamed(const std::string& name);

/// Errors name the file, the option or the field.
base::Result<spec::Specification> specificationOf(const SpecificationInput& input);

}  // namespace cohelix::cli
