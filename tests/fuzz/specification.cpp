// SPDX-License-Identifier: GPL-3.0-or-later
// A specification, and what it is written and described as.
#include "core/specification/specification.h"

#include "core/hardware/accelerator_space.h"
#include "core/specification/network_space.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    const auto read = spec::parseSpecification(fuzz::textOf({data, size}), "input");
    if (!read) return 0;
    const auto again = spec::parseSpecification(toText(*read), "again");
    fuzz::require(again.ok() && *again == *read, "a specification does not survive a round trip");
    (void)spec::networkChoices(read->network);
    (void)hardware::acceleratorChoices(read->accelerator);
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    return cohelix::fuzz::mutateDocument(cohelix::fuzz::Form::Json, data, size, most, seed);
}
