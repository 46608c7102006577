// SPDX-License-Identifier: GPL-3.0-or-later
// A file of changes, applied to a specification one after the other.
#include "core/space/steering.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    static const auto specification = space::preset("fashion-mnist-zc706").value();
    const auto json = base::parseJson(fuzz::textOf({data, size}), "input");
    if (!json) return 0;
    const auto changes = space::timedChangesFromJson(*json);
    if (!changes) return 0;
    auto inForce = space::asSpecified(specification);
    for (const auto& timed : *changes) {
        const auto again = space::changeFromJson(space::toJson(timed.change));
        fuzz::require(again.ok() && *again == timed.change, "a change does not survive a round trip");
        if (space::apply(timed.change, inForce)) (void)space::toText(timed.change, specification);
    }
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    return cohelix::fuzz::mutateDocument(cohelix::fuzz::Form::Json, data, size, most, seed);
}
