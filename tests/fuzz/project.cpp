// SPDX-License-Identifier: GPL-3.0-or-later
// A project file: everything that can be read of it, for reading only and for writing.
#include "core/store/project.h"

#include "tests/fuzz/scratch_folder.h"

namespace {

using namespace cohelix;

void readAll(store::Project& project) {
    (void)project.revisions();
    (void)project.latestSpecification();
    (void)project.events(std::nullopt);
    (void)project.referenceFronts();
    (void)project.check();
    if (const auto runs = project.runs()) {
        for (const auto& run : *runs) {
            (void)project.specificationOf(run.id);
            (void)project.steering(run.id);
            (void)project.inForce(run.id);
            (void)project.latestCheckpoint(run.id);
        }
    }
    if (const auto designs = project.designs(std::nullopt)) {
        for (const auto& design : *designs) {
            (void)project.designCost(design.id);
            (void)project.artifact(design.id, "weights");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::ScratchFolder folder;
    folder.remove("p.cohelix");
    const auto path = folder.write("p.cohelix", {data, size});
    for (const auto access : {store::Access::ReadOnly, store::Access::ReadWrite}) {
        if (const auto project = store::Project::open(path, access)) readAll(**project);
    }
    return 0;
}
