// SPDX-License-Identifier: GPL-3.0-or-later
// A checkpoint: what a search takes up, it can go on with.
#include "tests/fuzz/checkpoint.h"

#include <functional>
#include <string_view>

#include "core/search/joint/saved_state.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    constexpr int kSteps = 3;
    constexpr std::size_t kStepsOnceIn = 16;  // steps take a hundred times as long as reading
    static const auto spec = fuzz::smallSpecification();
    if (!search::readState({data, size}, spec, spec.search.stepsPerEpoch)) return 0;
    auto search = fuzz::smallSearch();
    fuzz::require(search.ok(), search ? "" : base::toText(search.error()));
    if (!(*search)->restore({data, size})) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (std::hash<std::string_view>()(bytes) % kStepsOnceIn != 0) return 0;
    (void)(*search)->progress();
    for (int step = 0; step < kSteps && !(*search)->done(); ++step) {
        if (!(*search)->step()) return 0;
    }
    fuzz::require(!(*search)->save().empty(), "a restored search cannot be saved");
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    return cohelix::fuzz::mutateDocument(cohelix::fuzz::Form::Cbor, data, size, most, seed);
}
