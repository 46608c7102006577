// SPDX-License-Identifier: GPL-3.0-or-later
// Layers as JSON.
#include "core/interop/documents/layer_json.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    const auto json = base::parseJson(fuzz::textOf({data, size}), "input");
    if (!json) return 0;
    const auto read = interop::layersFromJson(*json, "input");
    if (!read) return 0;
    for (const auto& layer : read->layers) {
        const auto again = interop::layerFromJson(interop::layerJson(layer), "again");
        fuzz::require(again.ok() && *again == layer, "a layer does not survive a round trip");
        fuzz::require(model::macs(layer) >= 0, "the work of a layer is negative");
    }
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    return cohelix::fuzz::mutateDocument(cohelix::fuzz::Form::Json, data, size, most, seed);
}
