// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/accelerator_space.h"

#include "core/hardware/templates.h"

namespace cohelix::hardware {

bool provenAcceleratorsExist(const AcceleratorSpace& space) {
    return space.kind == model::Template::ChunkPipeline && space.dramGigabytesPerSecond == 0 &&
           !space.searched && checkTemplate(space).ok();
}

std::vector<Choice> acceleratorChoices(const AcceleratorSpace& space) {
    return templateOf(space.kind).choices(space);
}

std::size_t mostChunks(const AcceleratorSpace& space) {
    return templateOf(space.kind).mostChunks(space);
}

double log10Size(const AcceleratorSpace& space) { return templateOf(space.kind).log10Size(space); }

std::vector<int> allocateLayers(const AcceleratorSpace& space, std::span<const int> choices,
                                const model::Network& network) {
    return templateOf(space.kind).allocate(space, choices, network);
}

std::vector<int> canonicalChoices(const AcceleratorSpace& space, std::vector<int> choices) {
    templateOf(space.kind).makeCanonical(space, choices);
    return choices;
}

model::Accelerator buildAccelerator(const AcceleratorSpace& space, std::span<const int> choices,
                                    const model::Network& network) {
    model::Accelerator accelerator;
    accelerator.kind = space.kind;
    accelerator.clockMhz = space.clockMhz;
    accelerator.dramGigabytesPerSecond = space.dramGigabytesPerSecond;
    accelerator.fpgaModel = space.fpgaModel;
    accelerator.doubleBufferedWeights = space.doubleBufferedWeights;
    accelerator.technology = space.technology;
    templateOf(space.kind).addChunks(space, choices, network, accelerator);
    return accelerator;
}

}  // namespace cohelix::hardware
