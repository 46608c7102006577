// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Single layers, hierarchies and mappings as JSON that people write by hand: this file, the layer.
//
//     {"name": "conv2", "N": 1, "K": 256, "C": 96, "P": 27, "Q": 27, "R": 5, "S": 5,
//      "stride": 1, "dilation": 1, "H": 27, "W": 27, "padding": 2, "groups": 2}
//
// What differs between rows and columns is a list of both: "stride": [2, 1]. What is left out is 1
// (the name: "layer"); K and C are the channels of all groups. Several: {"layers": [{…}, {…}]}.
//
// H and W are the rows and columns of the inputs, padding the zeros ahead of them, which no memory
// holds; those behind follow from P, R and stride. Without padding as many zeros lie ahead of H
// rows as behind; without H and W there are as many rows and columns as the padding leaves. Where
// all three are left out and the kernel is no larger than the outputs, these are taken to be as
// many as the inputs (divided by the stride), and a note says so: "padding": 0 means none.

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/layer.h"

namespace cohelix::interop {

/// `where` goes before the JSON pointer in errors: "conv.json/stride". Errors: unknown fields,
/// sizes out of range, groups that do not divide, a border without inputs, work or a tensor past
/// 2^62.
base::Result<model::Layer> layerFromJson(const base::Json& json, const std::string& where);
struct LayersRead {
    std::vector<model::Layer> layers;
    std::vector<std::string> notes;  ///< what was taken for granted
};
/// Of {"layers": […]}, or of one layer. Errors: also a name that is there twice, an empty list,
/// more layers than 10,000.
base::Result<LayersRead> layersFromJson(const base::Json& json, const std::string& where);
/// All fields of the example.
base::Json layerJson(const model::Layer& layer);
/// Adds H, W and padding.
void addBorderJson(base::Json& json, const model::Layer& layer);
/// 2, or [2, 1] where rows and columns differ.
base::Json perAxisJson(const model::PerAxis& step);

}  // namespace cohelix::interop
