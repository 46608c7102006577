// SPDX-License-Identifier: GPL-3.0-or-later
// A file of changes, applied to a specification one after the other.
#include "core/specification/steering.h"

#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    static const auto specification = spec::preset("fashion-mnist-zc706").value();
    const auto json = base::parseJson(fuzz::textOf({data, size}), "input");
    if (!json) return 0;
    const auto changes = spec::timedChangesFromJson(*json);
    if (!changes) return 0;
    auto inForce = spec::asSpecified(specification);
    for (const auto& timed : *changes) {
        const auto again = spec::changeFromJson(spec::toJson(timed.change));
        fuzz::require(again.ok() && *again == timed.change,
                      "a change does not survive a round trip");
        if (spec::apply(timed.change, inForce)) (void)toText(timed.change, specification);
    }
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    return cohelix::fuzz::mutateDocument(cohelix::fuzz::Form::Json, data, size, most, seed);
}
