// SPDX-License-Identifier: GPL-3.0-or-later
// A checkpoint: what a search takes up, it can go on with.
#include "tests/fuzz/checkpoint.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    constexpr int kSteps = 3;
    auto search = fuzz::smallSearch();
    fuzz::require(search.ok(), "there is no search to restore into");
    if (!(*search)->restore({data, size})) return 0;
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
