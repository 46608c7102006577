// SPDX-License-Identifier: GPL-3.0-or-later
// Accelerators as JSON: of chunks, and of memory levels.
#include "core/interop/documents/accelerator_json.h"
#include "core/interop/documents/hierarchy_json.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    const auto json = base::parseJson(fuzz::textOf({data, size}), "input");
    if (!json) return 0;
    if (interop::looksLikeAccelerator(*json)) {
        (void)interop::acceleratorFromJson(*json, "input");
        return 0;
    }
    const auto hierarchy = interop::hierarchyFromJson(*json, "input");
    if (!hierarchy) return 0;
    const auto again = interop::hierarchyFromJson(interop::hierarchyJson(*hierarchy), "again");
    fuzz::require(
        again.ok() && interop::hierarchyJson(*again) == interop::hierarchyJson(*hierarchy),
        "a hierarchy does not survive a round trip");
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    return cohelix::fuzz::mutateDocument(cohelix::fuzz::Form::Json, data, size, most, seed);
}
