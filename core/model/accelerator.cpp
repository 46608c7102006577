// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/accelerator.h"

#include "core/base/units.h"

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
    switch (model) {
        case FpgaModel::Corrected: return "corrected";
        case FpgaModel::AsPublished: return "as-published";
        case FpgaModel::PublishedClipped: return "published-clipped";
        case FpgaModel::PublishedFormulas: return "published-formulas";
    }
    return "";
}

std::string_view fpgaModelMeaning(FpgaModel model) {
    switch (model) {
        case FpgaModel::Corrected: return "trip counts rounded up, tiles clipped, weights in block RAM";
        case FpgaModel::AsPublished: return "formulas and layers as in the authors' code of 2020";
        case FpgaModel::PublishedClipped: return "as published, tiles clipped to each layer";
        case FpgaModel::PublishedFormulas:
            return "formulas as published, tiles clipped, layers at their true size";
    }
    return "";
}

base::Result<void> checkSharedDram(const Accelerator& accelerator) {
    const double bandwidth = accelerator.dramGigabytesPerSecond;
    if (bandwidth <= 0) return {};
    const double port = kChunkPortBytes * accelerator.clockMhz / 1e3;
    if (bandwidth < port) {
        return base::Error{
            "shared DRAM",
            "the port of one chunk alone moves " + base::fixed(port, 2) + " GB/s at this clock",
            "Give at least that, or leave it out: then DRAM has no bound"};
    }
    if (accelerator.kind == Template::ChunkPipeline &&
        publishedFormulas(accelerator.fpgaModel)) {
        return base::Error{"shared DRAM",
                           "the published formulas know no bandwidth that chunks share",
                           "Use the corrected model, or leave it out"};
    }
    return {};
}

}  // namespace cohelix::model
