// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/rescue.h"

#include "core/learn/learn.h"
#include "core/run/run_state.h"

namespace cohelix::run {

base::Result<store::Rescue> rescue(const std::string& from, const std::string& to) {
    using Bytes = store::Judges::Bytes;
    store::Judges judges;
    judges.isWeights = [](const Bytes& bytes) { return learn::weightsFromBytes(bytes).ok(); };
    judges.isState = [](const store::SavedState& saved, const spec::Specification& specification) {
        return checkState(saved, specification).ok();
    };
    return store::rescue(from, to, judges);
}

}  // namespace cohelix::run
