// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a dataflow allows: which loops may be unrolled over the PE array's rows and columns, which
// tensors each memory keeps, which tensor stays while others pass.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"

namespace cohelix::nest {

struct DataflowLevel {
    std::array<bool, model::kTensors> keeps = {true, true, true};  ///< by Tensor
    std::vector<model::Dim> rows = {};     ///< that may be unrolled over rows inside this level
    std::vector<model::Dim> columns = {};  ///< and over columns
    /// The tensor whose tile inside this level is used up before it is exchanged: temporal loops
    /// that index it lie outside those that do not.
    std::optional<model::Tensor> stationary = {};
    friend bool operator==(const DataflowLevel&, const DataflowLevel&) = default;
};

struct Dataflow {
    std::string name = {};                   ///< "row stationary"
    std::vector<DataflowLevel> levels = {};  ///< outermost first, one per level of the hierarchy
    friend bool operator==(const Dataflow&, const Dataflow&) = default;
};

/// Whether a mapping keeps to a dataflow. Error: where it does not, naming the level and the loop
/// or tensor; `where` is the layer's name.
base::Result<void> checkDataflow(const model::Layer& layer, const model::Mapping& mapping,
                                 const Dataflow& dataflow);

}  // namespace cohelix::nest
