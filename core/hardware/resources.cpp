// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/resources.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/hardware/evaluate.h"

namespace cohelix::hardware {

ResourceUse fpgaResources(const model::Network& network, const model::Accelerator& accelerator,
                          std::span<const int> chunkOfLayer, const model::Device& device) {
    ResourceUse use;
    Logic logic;
    std::vector<Banks> all;
    const auto fitted = fittedAccelerator(network, accelerator, chunkOfLayer);
    for (std::size_t c = 0; c < fitted.pipeline.size(); ++c) {
        const auto& chunk = fitted.pipeline[c];
        const auto layers = layersOfChunk(network, chunkOfLayer, c);
        if (layers.empty()) continue;
        use.dsp += dspOfChunk(chunk);
        const auto banks = banksOf(chunk, layers, accelerator.doubleBufferedWeights);
        addLogic(chunk, banks, logic);
        std::ranges::copy(banks, std::back_inserter(all));
        std::ranges::copy(burstBuffers(chunk), std::back_inserter(all));
    }
    const auto storage = store(all, device.uram);
    use.bram18k = storage.bram18k;
    use.uram = storage.uram;
    use.lut = std::ceil(logic.lut + storage.lut);
    use.flipFlops = std::ceil(logic.flipFlops);
    return use;
}

std::optional<ResourceUse> asicResources(const model::Accelerator& accelerator,
                                         const model::Device& device) {
    const auto node = findAsicNode(device.nodeNm);
    if (!node) return std::nullopt;
    ResourceUse use;
    for (const auto& chunk : accelerator.arrays) use.areaMm2 += areaMm2(asicParts(chunk), *node);
    return use;
}

std::vector<ResourceLine> resourceLines(const model::DesignCost& cost, const ResourceUse& placed,
                                        const model::Device& device) {
    if (device.kind == model::DeviceKind::Asic) {
        return {{"area (mm2)", placed.areaMm2, placed.areaMm2, 0, true}};
    }
    std::vector<ResourceLine> lines = {
        {"DSP", cost.dsp, placed.dsp, static_cast<double>(device.dsp), false},
        {"BRAM18K", cost.bram18k, placed.bram18k, static_cast<double>(device.bram18k), false}};
    const auto add = [&](const char* name, double count, int available, bool estimate) {
        lines.push_back({name, count, count, static_cast<double>(available), estimate});
    };
    if (device.uram > 0) add("URAM", placed.uram, device.uram, false);
    add("LUT", placed.lut, device.lut, true);
    add("FF", placed.flipFlops, device.flipFlops, true);
    return lines;
}

}  // namespace cohelix::hardware
