// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Timeloop's files: problem, architecture, constraints and mapping as layer, hierarchy, constraints
// and mapping, and back.
//
// Timeloop's convolution pairs P with R and Q with S as we do, but calls their stride Wstride and
// that of Q and S Hstride: strides are read by pair, through the shape's projections. Its
// permutations are innermost first, ours outermost first. Its X axis is our columns, Y our rows.
//
// Errors name the file and the line. What a reader takes for granted, leaves out or estimates
// stands in the notes of what it returns.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/mapping/constraints.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"
#include "core/nest/hierarchy.h"

namespace cohelix::interop {

/// A file for Timeloop, and what it cannot say: "the register's multicast", …
struct TimeloopText {
    std::string text;
    std::vector<std::string> leftOut;
};

/// What a problem's dimensions and data spaces are called; architectures, constraints and mappings
/// for it use the same names.
struct TimeloopNames {
    std::map<std::string, model::Dim> dims;
    std::map<std::string, model::Tensor> tensors;

    /// N, K (or M), C, P, Q, R, S, G; Weights, Inputs, Outputs.
    static TimeloopNames ofConvolution();
    std::optional<model::Dim> dim(std::string_view name) const;
    std::optional<model::Tensor> tensor(std::string_view name) const;
    /// "C K N P Q R S", for messages.
    std::string dimList() const;
    std::string tensorList() const;
};

struct TimeloopProblem {
    model::Layer layer;
    TimeloopNames names;
    std::vector<std::string> notes;
    bool hasZeros = false;  ///< a tensor of it is stated to be dense in part
};

/// A place that unrolls and keeps nothing; what maps to it stands inside the memory around it.
struct TimeloopContainer {
    std::vector<std::string> names;  ///< that Timeloop's files have for it
    std::string memory;              ///< around it
    std::int64_t meshX = 1;
    std::int64_t meshY = 1;

    bool hasName(std::string_view name) const;
};

struct TimeloopArchitecture {
    nest::Hierarchy hierarchy;
    std::vector<TimeloopContainer> containers;        ///< outermost first
    std::optional<mapping::Constraints> constraints;  ///< where the file states any
    std::vector<std::string> notes;
    bool sparesZeros = false;  ///< it states sparse_optimizations, which are not counted
};

/// The `problem`: sizes in `instance` or beside `shape`, which may be missing, "cnn-layer", or
/// spelt out: a matrix product or a convolution, with groups or without, under any letters. Errors:
/// another shape, a size that is missing or out of range, tensors that are not dense.
base::Result<TimeloopProblem> layerFromTimeloop(std::string_view text, const std::string& where);
/// With the shape spelt out; G is a dimension of it where the layer has groups.
base::Result<TimeloopText> timeloopProblem(const model::Layer& layer);

/// The `architecture` as a tree (v0.2 to v0.4: subtree, local, name[0..N]) or a list of nodes
/// (v0.4: Container, Component, spatial), with the constraints in it, in architecture_constraints
/// and in mapspace. Memories of the classes DRAM, SRAM, regfile, smartbuffer, storage; multipliers
/// of mac or compute. Energy from vector_access_energy and energy; where they are missing the
/// published unit energies of core/nest/energy_table stand in, as an estimate that notes and source
/// name. Errors: no memory or no multiplier, instances that do not divide, several subtrees,
/// expressions that cannot be evaluated. Nodes in !Parallel become levels one after the other, each
/// for the tensors it says it keeps.
base::Result<TimeloopArchitecture> hierarchyFromTimeloop(
    std::string_view text, const std::string& where,
    const TimeloopNames& names = TimeloopNames::ofConvolution());
/// As a tree of v0.3. An axis of unbounded length is written with the length 1, which leftOut says.
base::Result<TimeloopText> timeloopArchitecture(const nest::Hierarchy& hierarchy);

/// Adds the constraints of a file of their own (`mapspace_constraints`, `architecture_constraints`,
/// `mapspace`, `constraints`, or a list of targets) to those of the architecture.
base::Result<void> addTimeloopConstraints(std::string_view text, const std::string& where,
                                          const TimeloopNames& names,
                                          TimeloopArchitecture& architecture);

/// The `mapping`: directives temporal, spatial and bypass (datatype). Factors "C4 K=2 P5,3": a
/// second number is the last step's trips; 0 or -1 is what the others leave. What no directive says
/// of is kept where the memory may. Dimensions that the permutation leaves out are outermost, in
/// the order R S P Q C K N G. Errors: another target, factors that do not make the layer's sizes, a
/// direction that is not known, the text that Timeloop's mapper writes beside it (map.txt).
base::Result<model::Mapping> mappingFromTimeloop(
    std::string_view text, const std::string& where, const model::Layer& layer,
    const nest::Hierarchy& hierarchy, const std::vector<TimeloopContainer>& containers = {},
    const TimeloopNames& names = TimeloopNames::ofConvolution());
/// Whether this is the listing of a mapping (map.txt) that Timeloop writes for people.
bool looksLikeTimeloopListing(std::string_view text);
/// What to say of it.
base::Error timeloopListingError(const std::string& where);
/// Errors, naming the layer: loops that Timeloop's directives cannot say (a temporal loop inside
/// a spatial one of the same memory, a dimension twice), memories of the same name.
base::Result<std::string> timeloopMapping(const model::Mapping& mapping, const model::Layer& layer);

}  // namespace cohelix::interop
