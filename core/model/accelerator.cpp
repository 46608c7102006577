// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/accelerator.h"

namespace cohelix::model {

std::string_view roleName(ChunkRole role) {
    return role == ChunkRole::Standard ? "standard" : "depthwise";
}

std::string_view parallelismName(Parallelism parallelism) {
    switch (parallelism) {
        case Parallelism::OutputChannels: return "output-channels";
        case Parallelism::OutputAndInputChannels: return "output-and-input-channels";
        case Parallelism::OutputRows: return "output-rows";
    }
    return "";
}

std::string_view fpgaModelName(FpgaModel model) {
    return model == FpgaModel::Corrected ? "corrected" : "as-published";
}

}  // namespace cohelix::model
