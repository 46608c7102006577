// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/accelerator.h"

#include <algorithm>

#include "core/base/units.h"

namespace cohelix::model {

std::string costModelName(Template kind, FpgaModel form, const std::string& technology) {
    return kind == Template::ChunkPipeline ? "FPGA pipeline, " + std::string(word(form))
                                           : "loop nest, " + technology;
}

namespace {

/// Bytes a cycle of the widest port of a chunk to DRAM.
double widestPortBytes(const Accelerator& accelerator) {
    int most = kAuthorsPortWords;
    for (const auto& chunk : accelerator.pipeline) most = std::max(most, chunk.portWords);
    return most * kPortWordBits / 8.0;
}

}  // namespace

base::Result<void> checkSharedDram(const Accelerator& accelerator) {
    const double bandwidth = accelerator.dramGigabytesPerSecond;
    if (bandwidth <= 0) return {};
    const double port = widestPortBytes(accelerator) * accelerator.clockMhz / 1e3;
    if (bandwidth < port) {
        return base::Error{
            "shared DRAM",
            "the port of one chunk alone moves " + base::fixed(port, 2) + " GB/s at this clock",
            "Give at least that, or leave it out: then DRAM has no bound"};
    }
    if (accelerator.isPipeline() && !pricesBeyond(accelerator.fpgaModel)) {
        return base::Error{"shared DRAM",
                           "the published formulas know no bandwidth that chunks share",
                           "Use the corrected model or published-beyond, or leave it out"};
    }
    return {};
}

PipelineChunk withinTemplate(PipelineChunk chunk) {
    chunk.portWords = kAuthorsPortWords;
    chunk.overlap = Overlap::None;
    return chunk;
}

base::Result<void> checkTemplate(const Accelerator& accelerator) {
    if (pricesBeyond(accelerator.fpgaModel)) return {};
    for (std::size_t c = 0; c < accelerator.pipeline.size(); ++c) {
        const auto& chunk = accelerator.pipeline[c];
        const char* field = chunk.portWords != kAuthorsPortWords ? "port_words"
                            : chunk.overlap != Overlap::None     ? "overlap"
                                                                 : nullptr;
        if (!field) continue;
        return base::Error{"chunks/" + std::to_string(c) + "/" + field,
                           "the authors' model knows a port of " +
                               std::to_string(kAuthorsPortWords) +
                               " words a cycle and no overlap; others are not priced as " +
                               std::string(word(accelerator.fpgaModel)),
                           "Use the model corrected or published-beyond, or leave it out"};
    }
    return {};
}

}  // namespace cohelix::model
