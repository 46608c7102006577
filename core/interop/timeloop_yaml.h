// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Timeloop's files: problem, architecture and mapping as layer, hierarchy and mapping, and back.
//
// Timeloop's convolution pairs P with R and Q with S as we do, but calls their stride Wstride and
// that of Q and S Hstride: strides are read by pair, through the shape's projections. Its
// permutations are innermost first, ours outermost first. Its X axis is our columns, Y our rows.
//
// Errors name the file and the line.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/cost/hierarchy.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"

namespace cohelix::interop {

/// A file for Timeloop, and what it cannot say: "the register's multicast", …
struct TimeloopText {
    std::string text;
    std::vector<std::string> leftOut;
};

struct TimeloopArchitecture {
    cost::Hierarchy hierarchy;
    /// Containers that unroll (v0.4): what maps to them unrolls inside the memory around them.
    std::map<std::string, std::string> containers;
    std::vector<std::string> notes;  ///< attributes that are not used, energies that are missing
};

/// The `problem`: sizes in `instance` or beside `shape`, which may be missing, "cnn-layer", or
/// spelt out with dimensions of N K (or M) C P Q R S G. Errors: another shape, a size that is
/// missing or out of range, densities.
base::Result<model::Layer> layerFromTimeloop(std::string_view text, const std::string& where);
/// With the shape spelt out; G is a dimension of it where the layer has groups.
base::Result<TimeloopText> timeloopProblem(const model::Layer& layer);

/// The `architecture` as a tree (v0.2 to v0.4: subtree, local, name[0..N]) or a list of nodes
/// (v0.4: Container, Component, spatial). Memories of the classes DRAM, SRAM, regfile,
/// smartbuffer, storage; multipliers of mac or compute. Energy from vector_access_energy and
/// energy; what each memory may keep from architecture_constraints. Errors: no memory or no
/// multiplier, instances that do not divide, several subtrees, expressions in place of numbers.
/// Nodes in !Parallel become levels one after the other, each for the tensors it says it keeps.
base::Result<TimeloopArchitecture> hierarchyFromTimeloop(std::string_view text,
                                                         const std::string& where);
/// As a tree of v0.3. An axis of unbounded length is written with the length 1, which leftOut says.
base::Result<TimeloopText> timeloopArchitecture(const cost::Hierarchy& hierarchy);

/// The `mapping`: directives temporal, spatial and bypass (datatype). Factors "C4 K=2 P5,3": a
/// second number is the last step's trips; 0 the whole dimension. What no directive says of is kept
/// where the memory may. Dimensions that the permutation
/// leaves out are outermost, in the order R S P Q C K N G. Errors: another target, factors that
/// do not make the layer's sizes, a direction that is not known.
base::Result<model::Mapping> mappingFromTimeloop(
    std::string_view text, const std::string& where, const model::Layer& layer,
    const cost::Hierarchy& hierarchy, const std::map<std::string, std::string>& containers = {});
/// Errors, naming the layer: loops that Timeloop's directives cannot say (a temporal loop inside
/// a spatial one of the same memory, a dimension twice), memories of the same name.
base::Result<std::string> timeloopMapping(const model::Mapping& mapping,
                                          const model::Layer& layer);

}  // namespace cohelix::interop
