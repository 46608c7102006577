// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/accelerator_facts.h"

#include <QStringList>

#include "core/base/units.h"

#include "ui/views/design/design_words.h"
#include "ui/views/design/layer_facts.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

QString tileText(const model::Tile& tile, model::ChunkRole role) {
    auto text = QStringLiteral("%1 × %2 × %3").arg(tile.rows).arg(tile.columns).arg(tile.outputs);
    if (role == model::ChunkRole::Standard) text += QStringLiteral(" × %1").arg(tile.inputs);
    return text;
}

QString tileMeaning(const char* what, model::ChunkRole role) {
    return DesignWords::tr("%1: output rows × columns × %2")
        .arg(QLatin1String(what), role == model::ChunkRole::Standard
                                      ? DesignWords::tr("output channels × input channels")
                                      : DesignWords::tr("channels"));
}

/// "K2 P7 Q7": the dimensions with more than one trip.
QString tripsText(const model::DimSizes& sizes) {
    QStringList parts;
    for (const auto dim : model::kAllDims) {
        const auto size = sizes[static_cast<std::size_t>(dim)];
        if (size > 1) parts << QStringLiteral("%1%2").arg(fromStd(word(dim))).arg(size);
    }
    return parts.isEmpty() ? DesignWords::tr("none") : parts.join(QLatin1Char(' '));
}

QString orderText(const model::DimOrder& order) {
    QStringList parts;
    for (const auto dim : order) parts << fromStd(word(dim));
    return parts.join(QLatin1Char(' '));
}

QString kib(double words, int bits) { return fromStd(base::bytes(words * bits / 8)); }

void addPipelineFacts(std::vector<Fact>& facts, const model::PipelineChunk& chunk) {
    facts.push_back({DesignWords::tr("Buffer tile"), tileText(chunk.buffer, chunk.role),
                     tileMeaning("Kept on chip at once", chunk.role)});
    facts.push_back({DesignWords::tr("Loop tile"), tileText(chunk.loop, chunk.role),
                     tileMeaning("Worked on at once", chunk.role)});
    if (chunk.portWords != model::kAuthorsPortWords) {
        facts.push_back({DesignWords::tr("Port"), DesignWords::tr("%1 words").arg(chunk.portWords),
                         DesignWords::tr("Words of 16 bits that the port to DRAM moves a cycle, at "
                                         "most; beyond the authors' template")});
    }
    if (chunk.overlap != model::Overlap::None) {
        facts.push_back({DesignWords::tr("Overlap"), fromStd(word(chunk.overlap)),
                         DesignWords::tr("What is moved while the PEs work, from or to a second "
                                         "buffer; beyond the authors' template")});
    }
}

void addLoopNestFacts(std::vector<Fact>& facts, const model::ArrayChunk& chunk) {
    facts.push_back({DesignWords::tr("Buffer"),
                     kib(static_cast<double>(chunk.bufferWords), chunk.bits),
                     DesignWords::tr("Global buffer given to this chunk")});
    facts.push_back(
        {DesignWords::tr("Register file"),
         kib(static_cast<double>(chunk.registerWords), chunk.bits) + DesignWords::tr(" per PE"),
         DesignWords::tr("Beside each PE")});
    facts.push_back({DesignWords::tr("Buffer loops"), tripsText(chunk.bufferTile),
                     DesignWords::tr("Trips of the loops over the global buffer")});
    facts.push_back({DesignWords::tr("Register loops"), tripsText(chunk.registerTile),
                     DesignWords::tr("Trips of the loops inside a register file")});
    const auto order = DesignWords::tr("Order of the loops, outermost first");
    facts.push_back({DesignWords::tr("DRAM order"), orderText(chunk.dramOrder), order});
    facts.push_back({DesignWords::tr("Buffer order"), orderText(chunk.bufferOrder), order});
    facts.push_back({DesignWords::tr("Register order"), orderText(chunk.registerOrder), order});
}

void addMemoryFacts(std::vector<Fact>& facts, const model::DesignCost& cost, int chunk, int bits) {
    for (const auto& need : memoryNeeds(cost, chunk)) {
        if (need.memory == QLatin1String("DRAM")) continue;
        QString name = need.memory;
        name[0] = name[0].toUpper();
        for (const auto tensor : model::kAllTensors) {
            const double words = need.words[static_cast<std::size_t>(tensor)];
            if (words <= 0) continue;
            facts.push_back({name + QLatin1Char(' ') + fromStd(word(tensor)), kib(words, bits),
                             DesignWords::tr("Most that a layer of this chunk holds there")});
        }
    }
}

}  // namespace

std::vector<Fact> chunkFacts(const model::Accelerator& accelerator, const model::DesignCost& cost,
                             std::size_t chunk) {
    std::vector<Fact> facts;
    const auto shape = arrayShape(accelerator, cost, chunk);
    const int bits = chunkBits(accelerator, chunk);
    if (shape.rows > 1) {
        facts.push_back({DesignWords::tr("Rows"), shape.onRows,
                         DesignWords::tr("What is unrolled over the rows of the PE array")});
    }
    if (shape.columns > 1) {
        facts.push_back({DesignWords::tr("Columns"), shape.onColumns,
                         DesignWords::tr("What is unrolled over the columns of the PE array")});
    }
    if (accelerator.isPipeline()) {
        addPipelineFacts(facts, accelerator.pipeline[chunk]);
    } else {
        addLoopNestFacts(facts, accelerator.arrays[chunk]);
    }
    addMemoryFacts(facts, cost, static_cast<int>(chunk), bits);
    facts.push_back({DesignWords::tr("Word"), DesignWords::tr("%1 bits").arg(bits),
                     DesignWords::tr("Width of weights and activations")});
    if (chunk >= cost.chunks.size()) return facts;
    const auto& figures = cost.chunks[chunk];
    if (figures.dsp > 0 || figures.bram18k > 0) {
        facts.push_back({QStringLiteral("DSP"), fromStd(base::fixed(figures.dsp, 0)),
                         DesignWords::tr("DSP slices")});
        facts.push_back({QStringLiteral("BRAM18K"), fromStd(base::fixed(figures.bram18k, 0)),
                         DesignWords::tr("Block RAMs of 18,432 bits")});
    }
    facts.push_back({DesignWords::tr("Layers"), QString::number(figures.layers),
                     DesignWords::tr("Layers of the network that run on this chunk")});
    facts.push_back({DesignWords::tr("Utilization"), percentText(figures.utilization),
                     DesignWords::tr("MACs done / MACs its PEs could do in a period; waiting for "
                                     "slower chunks counts as loss")});
    return facts;
}

}  // namespace cohelix::ui
