// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The options that all benchmarks have.

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/base/same_name.h"
#include "core/hardware/accelerator_space.h"
#include "core/model/figures.h"

namespace cohelix::cli {

inline constexpr std::string_view kNoMethod = "none";

struct BenchmarkOptions {
    std::vector<std::string> methods;  ///< empty: all
    int seeds = 10;
    model::Resources limits = {900, 700};
    std::string space = "wide";
    std::string model;  ///< empty: the usual form, or published-beyond where the space is
    std::string csv;
    std::string plot;
    int threads = base::availableCores();
};

/// Methods, seeds, files and threads.
void addRunOptions(CLI::App& command, BenchmarkOptions& options, const std::string& plotMeaning);
/// Accelerator space, form of the model and limits.
void addSpaceOptions(CLI::App& command, BenchmarkOptions& options);
/// The preset under the form of the FPGA model that is named; else under the usual one, or under
/// published-beyond where that does not price the space.
base::Result<hardware::AcceleratorSpace> chosenSpace(const BenchmarkOptions& options,
                                                     model::FpgaModel usual);

base::Error noSuchMethod(const std::string& name, const std::vector<std::string_view>& known);

/// Those of `all` that are named, letter case ignored, in the order of the names; all of them when
/// none is. kNoMethod is none.
template <typename Method>
base::Result<std::vector<const Method*>> chosenMethods(const std::vector<Method>& all,
                                                       const std::vector<std::string>& names) {
    std::vector<const Method*> chosen;
    std::vector<std::string_view> known;
    for (const auto& method : all) {
        known.push_back(method.name);
        if (names.empty()) chosen.push_back(&method);
    }
    for (const auto& name : names) {
        if (base::sameName(name, kNoMethod)) continue;
        const Method* found = nullptr;
        for (const auto& method : all) {
            if (base::sameName(method.name, name)) found = &method;
        }
        if (!found) return noSuchMethod(name, known);
        chosen.push_back(found);
    }
    return chosen;
}

/// `format` is printf's, for one double.
std::string numberText(const char* format, double value);

}  // namespace cohelix::cli
