// SPDX-License-Identifier: GPL-3.0-or-later
// Mappings as JSON.
#include "core/interop/documents/mapping_json.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    const auto json = base::parseJson(fuzz::textOf({data, size}), "input");
    if (!json) return 0;
    const auto mapping = interop::mappingFromJson(*json, "input");
    if (!mapping) return 0;
    const auto again = interop::mappingFromJson(interop::compactMappingJson(*mapping), "again");
    fuzz::require(again.ok() && *again == *mapping, "a mapping does not survive a round trip");
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    return cohelix::fuzz::mutateDocument(cohelix::fuzz::Form::Json, data, size, most, seed);
}
