// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the cost commands are given: layers, an accelerator, a mapping; each from a file in our
// JSON or Timeloop's YAML, or by the name of something that is shipped. Such a name goes before a
// file's ("./NAME" is always a file); "-" is standard input.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/coverage.h"
#include "core/interop/documents/accelerator_json.h"
#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/mapping/constraints.h"
#include "core/model/device.h"
#include "core/model/mapping.h"
#include "core/nest/dataflow.h"
#include "core/nest/hierarchy.h"
#include "core/nest/presets.h"

#include "app/cli/cost/stated_bits.h"
#include "app/cli/named_file.h"

namespace cohelix::cli {

struct LayerList {
    std::string name = {};
    std::vector<model::Layer> layers = {};
    std::vector<hardware::UnpricedWork> unread = {};  ///< nodes whose work no layer stands for
    std::vector<hardware::BoundedWork> bounded = {};  ///< layers that run otherwise than priced
    StatedBits bits = {};
    std::vector<std::string> notes = {};    ///< what was taken for granted
    std::vector<std::string> details = {};  ///< what was passed over and has no work
    bool hasZeros = false;                  ///< a file for Timeloop says so of a tensor
    /// What a file for Timeloop calls dimensions and tensors.
    interop::TimeloopNames names = interop::TimeloopNames::ofConvolution();
};

/// What is priced: one of the two is given.
struct LayerSource {
    std::string layers;   ///< a JSON or YAML file of one layer or several
    std::string network;  ///< a workload's name, an ONNX model, or a JSON or YAML file of layers
    std::vector<std::string> sizes = {};  ///< "H=48", of dimensions that an ONNX model leaves open
};
/// There may be no layers, where a model's work is all unread. Errors: also a size that is none, or
/// of a dimension that is not open.
base::Result<LayerList> readLayers(const LayerSource& source);

struct Hardware {
    nest::Hierarchy hierarchy = {};
    std::optional<nest::Dataflow> dataflow = {};           ///< of a preset
    double clockMhz = 0;                                   ///< of a preset; 0: none is known
    std::optional<mapping::Constraints> constraints = {};  ///< on mappings, of a file
    std::vector<interop::TimeloopContainer> containers = {};
    std::vector<std::string> notes = {};  ///< what was taken for granted, left out or estimated
    bool sparesZeros = false;             ///< where there are any, which is not counted
};
/// What --accelerator names: one of the two.
struct AcceleratorSource {
    std::optional<nest::Preset> preset = {};
    std::optional<NamedFile> file = {};
};
/// A preset's name, or a JSON or YAML file. Errors: there is neither.
base::Result<AcceleratorSource> readAccelerator(const std::string& named);

/// The hardware of a preset or a file. `constraints`: a YAML file of more of them; none where
/// empty.
base::Result<Hardware> readHardware(const AcceleratorSource& accelerator,
                                    const interop::TimeloopNames& names,
                                    const std::string& constraints);

/// The accelerator of chunks in a JSON file; nothing where this is something else.
base::Result<std::optional<interop::AcceleratorDocument>> readChunks(
    const AcceleratorSource& accelerator);

/// A JSON or YAML file of one mapping, for the one layer; or JSON of several,
/// {"mappings": [{"layer": "conv1", "levels": […]}]}, as a design's export has them. By layer name.
/// Errors: also a layer that the list does not have.
base::Result<std::map<std::string, model::Mapping>> readMappings(const std::string& path,
                                                                 const LayerList& list,
                                                                 const Hardware& hardware);

/// By name; the error lists the names.
base::Result<model::Device> deviceOf(const std::string& name);

}  // namespace cohelix::cli
