// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/layer_facts.h"

#include <QStringList>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/plain_text.h"
#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

using model::Dim;

ArrayShape pipelineShape(const model::PipelineChunk& chunk) {
    ArrayShape shape;
    switch (chunk.parallelism) {
        case model::Parallelism::OutputAndInputChannels:
            shape.columns = chunk.loop.inputs;
            shape.onColumns = DesignWords::tr("input channels (Tn)");
            [[fallthrough]];
        case model::Parallelism::OutputChannels:
            shape.rows = chunk.loop.outputs;
            shape.onRows = chunk.role == model::ChunkRole::Depthwise
                               ? DesignWords::tr("channels (Tm)")
                               : DesignWords::tr("output channels (Tm)");
            break;
        case model::Parallelism::OutputRows:
            shape.rows = chunk.loop.rows;
            shape.onRows = DesignWords::tr("output rows (Tr)");
            break;
    }
    return shape;
}

ArrayShape loopNestShape(const model::ArrayChunk& chunk) {
    ArrayShape shape;
    QStringList rows;
    QStringList columns;
    for (const Dim dim : model::kAllDims) {
        const auto size = chunk.spatial[static_cast<std::size_t>(dim)];
        if (size <= 1) continue;
        const bool onRows =
            std::find(chunk.rowDims.begin(), chunk.rowDims.end(), dim) != chunk.rowDims.end();
        (onRows ? shape.rows : shape.columns) *= size;
        (onRows ? rows : columns) << QStringLiteral("%1 %2").arg(wholeNumber(size),
                                                                 fromStd(word(dim)));
    }
    shape.onRows = rows.join(QStringLiteral(" × "));
    shape.onColumns = columns.join(QStringLiteral(" × "));
    return shape;
}

void takeLargest(MemoryNeed& need, const model::MemoryTraffic& traffic) {
    for (std::size_t tensor = 0; tensor < need.words.size(); ++tensor) {
        need.words[tensor] = std::max(need.words[tensor], traffic.tileWords[tensor]);
    }
    need.capacityWords = std::max(need.capacityWords, traffic.capacityWords);
}

}  // namespace

QString shapeText(std::int64_t channels, std::int64_t rows, std::int64_t columns) {
    return QStringLiteral("%1×%2×%3").arg(channels).arg(rows).arg(columns);
}

QString outputShape(const model::Layer& layer) {
    return shapeText(layer.size(Dim::K), layer.size(Dim::P), layer.size(Dim::Q));
}

QString inputShape(const model::Network& network, int layer) {
    const auto& at = network.layers[static_cast<std::size_t>(layer)];
    if (at.input < 0 || at.input >= static_cast<int>(network.layers.size())) {
        return shapeText(network.input.channels, network.input.height, network.input.width);
    }
    return outputShape(network.layers[static_cast<std::size_t>(at.input)]);
}

QString kernelText(const model::Layer& layer) {
    if (layer.role == model::LayerRole::Classifier) return QStringLiteral("–");
    return QStringLiteral("%1×%2").arg(layer.size(Dim::R)).arg(layer.size(Dim::S));
}

QString layerToolTip(const model::Network& network, int layer) {
    const auto& at = network.layers[static_cast<std::size_t>(layer)];
    QStringList lines;
    lines << QStringLiteral("%1 (%2)").arg(fromStd(at.name), fromStd(word(at.role)));
    lines << DesignWords::tr("%1 → %2  (channels × rows × columns)")
                 .arg(inputShape(network, layer), outputShape(at));
    lines << DesignWords::tr("kernel %1, stride %2, groups %3")
                 .arg(kernelText(at))
                 .arg(fromStd(perAxisText(at.stride)))
                 .arg(at.groups);
    lines << DesignWords::tr("%1 MACs, %2 parameters")
                 .arg(wholeNumber(model::macs(at)), wholeNumber(model::parameters(at)));
    if (at.addedTo >= 0 && at.addedTo < static_cast<int>(network.layers.size())) {
        lines << DesignWords::tr("adds the output of %1")
                     .arg(fromStd(network.layers[static_cast<std::size_t>(at.addedTo)].name));
    }
    return lines.join(QLatin1Char('\n'));
}

ArrayShape arrayShape(const model::Accelerator& accelerator, const model::DesignCost& cost,
                      std::size_t chunk) {
    if (chunk >= accelerator.chunkCount()) return {};
    auto shape = accelerator.isPipeline() ? pipelineShape(accelerator.pipeline[chunk])
                                          : loopNestShape(accelerator.arrays[chunk]);
    const bool isPriced = chunk < cost.chunks.size() && cost.chunks[chunk].pes > 0;
    shape.pes = isPriced ? cost.chunks[chunk].pes : shape.rows * shape.columns;
    return shape;
}

QString chunkLabel(const model::Accelerator& accelerator, std::size_t chunk) {
    return oneLine(fromStd(accelerator.chunkName(chunk)));
}

int chunkBits(const model::Accelerator& accelerator, std::size_t chunk) {
    if (chunk >= accelerator.chunkCount()) return 16;
    return accelerator.chunkBits(chunk);
}

model::ChunkRole chunkRole(const model::Accelerator& accelerator, std::size_t chunk) {
    if (chunk >= accelerator.chunkCount()) return model::ChunkRole::Standard;
    return accelerator.chunkRole(chunk);
}

std::vector<MemoryNeed> memoryNeeds(const model::DesignCost& cost, int chunk) {
    std::vector<MemoryNeed> needs;
    for (const auto& layer : cost.layers) {
        if (layer.chunk != chunk) continue;
        for (const auto& traffic : layer.traffic) {
            const auto name = fromStd(traffic.memory);
            auto found = std::find_if(needs.begin(), needs.end(),
                                      [&](const MemoryNeed& need) { return need.memory == name; });
            if (found == needs.end()) found = needs.insert(needs.end(), MemoryNeed{name, {}, 0});
            takeLargest(*found, traffic);
        }
    }
    return needs;
}

int slowestChunk(const model::DesignCost& cost) {
    int slowest = -1;
    double most = 0;
    for (std::size_t i = 0; i < cost.chunks.size(); ++i) {
        if (cost.chunks[i].cycles <= most) continue;
        most = cost.chunks[i].cycles;
        slowest = static_cast<int>(i);
    }
    return slowest;
}

}  // namespace cohelix::ui
