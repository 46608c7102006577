// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Single layers, hierarchies and mappings as JSON that people write by hand: this file, the layer.
//
//     {"name": "conv2", "N": 1, "K": 256, "C": 96, "P": 27, "Q": 27, "R": 5, "S": 5,
//      "stride": 1, "dilation": 1, "groups": 2}
//
// A stride or dilation that differs between rows and columns is a list of both: "stride": [2, 1].
// What is left out is 1 (the name: "layer"); K and C are the channels of all groups. Several:
// {"layers": [{…}, {…}]}.

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/layer.h"

namespace cohelix::interop {

/// `where` goes before the JSON pointer in errors: "conv.json/stride". Errors: unknown fields,
/// sizes out of range, groups that do not divide, work or a tensor past 2^62.
base::Result<model::Layer> layerFromJson(const base::Json& json, const std::string& where);
/// Of {"layers": […]}, or of one layer. Errors: also a name that is there twice, an empty list, more
/// layers than 10,000.
base::Result<std::vector<model::Layer>> layersFromJson(const base::Json& json,
                                                       const std::string& where);
/// All fields of the example.
base::Json layerJson(const model::Layer& layer);
/// 2, or [2, 1] where rows and columns differ.
base::Json perAxisJson(const model::PerAxis& step);

}  // namespace cohelix::interop
