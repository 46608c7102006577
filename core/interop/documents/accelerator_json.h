// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// An accelerator of chunks as JSON that people write by hand: the FPGA pipeline
//
//     {"template": "chunk-pipeline", "clock_mhz": 200, "model": "corrected",
//      "double_buffered_weights": false, "dram_gb_per_s": 12.8,
//      "chunks": [
//        {"name": "large maps", "role": "standard", "parallelism": "output-and-input-channels",
//         "buffer_tile": {"rows": 16, "columns": 16, "outputs": 8, "inputs": 8},
//         "loop_tile": {"rows": 16, "columns": 16, "outputs": 8, "inputs": 8},
//         "bits": 16, "layers": {"map_at_least": 28}},
//        {"name": "pixels", "role": "depthwise", "parallelism": "output-rows",
//         "buffer_tile": {"rows": 16, "columns": 16, "outputs": 8},
//         "loop_tile": {"rows": 16, "columns": 16, "outputs": 8}}]}
//
// and the loop-nest template, whose chunks are those of a design's export (design_json.h). The
// model is a form of model::FpgaModel by its name. Beyond the authors' template, under "corrected"
// and "published-beyond" only, a chunk of the pipeline has "port_words" (of 16 bit a cycle, 4 to
// 64) and "overlap" ("weights", "outputs", "weights-and-outputs"). Needed are of a chunk:
// buffer_tile and loop_tile, the role and the parallelism where they are not standard and
// output-and-input-channels. A chunk's "layers" says what it executes: a rule of a specification
// (map_at_least, map_below, first_block, last_block) or a list of the layers' names. Where others
// say so and a chunk does not, it executes what no other chunk of its role does; there is one such
// chunk a role. Without one, a layer that no rule claims goes to the last chunk of its role.
// dram_gb_per_s is the DRAM that all chunks share; without it, it is not bounded.
//
// One chunk alone is read as an accelerator of that chunk. Of a design's export the accelerator and
// each layer's chunk are read.

#include <set>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/hardware/accelerator_space.h"
#include "core/model/accelerator.h"
#include "core/model/network.h"

namespace cohelix::interop {

/// What a chunk executes: the layers of these names, or those that the rule claims, or the rest.
struct ChunkLayers {
    hardware::LayerRule rule;
    std::vector<std::string> names;
    bool rest = false;  ///< what no other chunk of its role executes
    friend bool operator==(const ChunkLayers&, const ChunkLayers&) = default;
};

struct AcceleratorDocument {
    model::Accelerator accelerator;
    std::vector<ChunkLayers> layers;  ///< one a chunk, or none at all
    bool ofDesign = false;            ///< the layers are those of a design's own network
    friend bool operator==(const AcceleratorDocument&, const AcceleratorDocument&) = default;
};

/// Whether the JSON is meant as one: it has chunks, tiles of a chunk, or is a design's export.
bool looksLikeAccelerator(const base::Json& json);

/// `where` goes before the JSON pointer in errors. Errors: unknown fields, wrong types, figures out
/// of range, a loop tile larger than its buffer tile, no chunk or more than 64, a name that is
/// there twice.
base::Result<AcceleratorDocument> acceleratorFromJson(const base::Json& json,
                                                      const std::string& where);

/// As the example, all fields, without what the chunks execute.
base::Json chunkAcceleratorJson(const model::Accelerator& accelerator);

/// Whether the document says which chunks execute the layers of this network. A design's export
/// says it of the design's own network: of another one, some of whose layers it does not name,
/// nothing.
bool allocates(const AcceleratorDocument& document, const model::Network& network);

/// Chunk of each layer by the document's rules and names. Errors: the document has none, a layer
/// that no chunk or more than one names, a name that no layer has, a layer on a chunk of the other
/// role. `leftOut`: names that the document may have although the network is without these layers.
base::Result<std::vector<int>> allocationOf(const AcceleratorDocument& document,
                                            const model::Network& network,
                                            const std::set<std::string>& leftOut = {});

}  // namespace cohelix::interop
