// SPDX-License-Identifier: GPL-3.0-or-later
// A file of Timeloop as problem, architecture and mapping, and what we write of it.
#include "core/interop/timeloop/timeloop_yaml.h"

#include "tests/fuzz/scratch_folder.h"

namespace {

using namespace cohelix;

model::Layer someLayer() {
    model::Layer layer;
    layer.name = "some";
    layer.sizes[static_cast<std::size_t>(model::Dim::K)] = 16;
    layer.sizes[static_cast<std::size_t>(model::Dim::C)] = 16;
    layer.sizes[static_cast<std::size_t>(model::Dim::P)] = 7;
    layer.sizes[static_cast<std::size_t>(model::Dim::Q)] = 7;
    return layer;
}

nest::Hierarchy someHierarchy() {
    nest::Hierarchy hierarchy;
    hierarchy.pes = 256;
    hierarchy.levels.resize(3);
    hierarchy.levels[0].name = "DRAM";
    hierarchy.levels[1].name = "buffer";
    hierarchy.levels[1].capacityWords = 65536;
    hierarchy.levels[1].rows = hierarchy.levels[1].columns = 16;
    hierarchy.levels[2].name = "register";
    hierarchy.levels[2].capacityWords = 16;
    return hierarchy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto layer = someLayer();
    static const auto hierarchy = someHierarchy();
    const auto text = fuzz::textOf({data, size});
    if (const auto read = interop::layerFromTimeloop(text, "input")) {
        (void)interop::timeloopProblem(read->layer);
    }
    if (auto read = interop::hierarchyFromTimeloop(text, "input")) {
        (void)interop::timeloopArchitecture(read->hierarchy);
        (void)interop::addTimeloopConstraints(text, "input",
                                              interop::TimeloopNames::ofConvolution(), *read);
    }
    if (const auto read = interop::mappingFromTimeloop(text, "input", layer, hierarchy)) {
        (void)interop::timeloopMapping(*read, layer);
    }
    return 0;
}
