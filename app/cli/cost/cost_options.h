// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The options of evaluate and map.

#include <string>
#include <vector>

#include "core/mapping/mapper.h"
#include "core/nest/loop_nest.h"

namespace cohelix::cli {

struct CostOptions {
    std::string layer;
    std::string network;
    std::vector<std::string> sizes;  ///< "H=48", of dimensions that the network leaves open
    std::string accelerator;
    std::string constraints;  ///< a file of its own
    std::string mapping;
    std::string model;  ///< empty: what the accelerator is made for
    std::string form;   ///< of the FPGA model; empty: the accelerator's
    std::string chunk;
    std::string device;  ///< of chunks; empty: kUsualDevice
    std::string convention = "exact";
    std::string objective;  ///< empty: edp, or latency where the hardware has no energies
    std::string format = "text";
    double seconds = 0;
    bool bypass = false;        ///< the mapper chooses what each memory keeps
    double paddingPercent = 0;  ///< by which its loops may span more than a dimension
    int threads = 0;
    bool strict = false;   ///< an incomplete network is refused
    bool verbose = false;  ///< says also what has no work to be priced

    bool json() const { return format == "json"; }
};

inline constexpr const char* kUsualDevice = "ZC706";
inline constexpr const char* kLoopNestModel = "loop-nest";
inline constexpr const char* kPipelineModel = "fpga-pipeline";
inline constexpr const char* kSideBySide = "side-by-side";

/// `exact` for a name that is none.
const nest::Convention& conventionOf(const std::string& name);

}  // namespace cohelix::cli
