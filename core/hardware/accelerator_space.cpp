// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/accelerator_space.h"

#include <algorithm>
#include <cmath>

#include "core/hardware/allocation_choices.h"
#include "core/hardware/array_scaling.h"
#include "core/hardware/choice_cursor.h"

namespace cohelix::hardware {
namespace {

using model::ChunkRole;
using model::Dim;

std::vector<int> countTo(int most) {
    std::vector<int> out;
    for (int i = 1; i <= most; ++i) out.push_back(i);
    return out;
}

template <typename E>
std::vector<int> valuesOf(const std::vector<E>& list) {
    std::vector<int> out;
    for (const E value : list) out.push_back(static_cast<int>(value));
    return out;
}

/// The tile lists of a pipeline chunk in the order of its choices: rows, columns, outputs and,
/// for a standard chunk, inputs.
std::vector<const std::vector<int>*> tileLists(const PipelineChunkSpace& chunk) {
    std::vector<const std::vector<int>*> lists = {&chunk.rows, &chunk.columns, &chunk.outputs};
    if (chunk.role == ChunkRole::Standard) lists.push_back(&chunk.inputs);
    return lists;
}

void addPipelineChoices(const PipelineChunkSpace& space, int chunk, std::vector<Choice>& choices) {
    using Kind = Knob::Kind;
    const auto add = [&](Kind kind, const std::vector<int>& values, int index = 0) {
        choices.push_back(choiceOf({kind, chunk, index}, values));
    };
    add(Kind::Parallelism, valuesOf(space.parallelism));
    const auto lists = tileLists(space);
    for (const Kind kind : {Kind::BufferTile, Kind::LoopTile}) {
        for (std::size_t i = 0; i < lists.size(); ++i) add(kind, *lists[i], static_cast<int>(i));
    }
    add(Kind::Bits, space.bits);
    if (!space.portWords.empty()) add(Kind::PortWords, space.portWords);
    if (!space.overlap.empty()) add(Kind::Overlap, valuesOf(space.overlap));
}

/// Choices after the tiles: precision and what lies beyond the authors' template.
std::size_t choicesAfterTiles(const PipelineChunkSpace& chunk) {
    return 1U + (chunk.portWords.empty() ? 0 : 1) + (chunk.overlap.empty() ? 0 : 1);
}

void addArrayChoices(const ArrayChunkSpace& space, int chunk, std::vector<Choice>& choices) {
    using Kind = Knob::Kind;
    std::vector<std::string> styles;
    for (const auto& style : space.styles) styles.push_back(toText(style));
    choices.push_back(choiceOf({Kind::Style, chunk}, styles));
    const auto ratios = countTo(space.ratioMost);
    for (std::size_t i = 0; i < mostUnrolled(space); ++i) {
        choices.push_back(choiceOf({Kind::Shape, chunk, static_cast<int>(i)}, ratios));
    }
    const auto addTiles = [&](Kind kind) {
        for (const Dim dim : tiledDims(space.role)) {
            choices.push_back(choiceOf({kind, chunk, static_cast<int>(dim)}, ratios));
        }
    };
    const auto addOrder = [&](Kind kind) {
        const auto dims = orderedDims(space.role);
        for (std::size_t i = 0; i < dims.size(); ++i) {
            choices.push_back(choiceOf({kind, chunk, static_cast<int>(i)}, valuesOf(dims)));
        }
    };
    addTiles(Kind::BufferRatio);
    if (space.registerTiles) addTiles(Kind::RegisterRatio);
    addOrder(Kind::DramOrder);
    addOrder(Kind::BufferOrder);
    if (space.registerTiles) addOrder(Kind::RegisterOrder);
}

/// Makes the loop tiles of one pipeline chunk fit its buffer tiles.
void canonicalTiles(const PipelineChunkSpace& chunk, ChoiceCursor<int>& cursor) {
    const auto lists = tileLists(chunk);
    cursor.skip(1);
    auto buffer = cursor.take(lists.size());
    auto loop = cursor.take(lists.size());
    cursor.skip(choicesAfterTiles(chunk));
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const auto& list = *lists[i];
        const auto at = [&](int index) { return list[static_cast<std::size_t>(index)]; };
        const int most = at(buffer[i]);
        if (at(loop[i]) <= most) continue;
        int best = buffer[i];
        int bestValue = 0;
        for (int option = 0; option < static_cast<int>(list.size()); ++option) {
            if (at(option) <= most && at(option) > bestValue) {
                best = option;
                bestValue = at(option);
            }
        }
        loop[i] = best;
    }
}

/// Turns an order with repeated dimensions into a permutation: each place keeps its dimension
/// when it is still free, or else takes the first free one.
void canonicalOrder(std::span<int> order) {
    std::vector<bool> used(order.size(), false);
    for (int& place : order) {
        if (used[static_cast<std::size_t>(place)]) {
            place = static_cast<int>(std::find(used.begin(), used.end(), false) - used.begin());
        }
        used[static_cast<std::size_t>(place)] = true;
    }
}

void canonicalOrders(const ArrayChunkSpace& chunk, ChoiceCursor<int>& cursor) {
    const std::size_t tiles = tiledDims(chunk.role).size() * (chunk.registerTiles ? 2 : 1);
    cursor.skip(1 + mostUnrolled(chunk) + tiles);
    for (int level = 0; level < (chunk.registerTiles ? 3 : 2); ++level) {
        canonicalOrder(cursor.take(orderedDims(chunk.role).size()));
    }
}

model::PipelineChunk buildPipelineChunk(const PipelineChunkSpace& space,
                                        ChoiceCursor<const int>& cursor) {
    model::PipelineChunk chunk;
    chunk.name = space.name;
    chunk.role = space.role;
    const auto pick = [&](const auto& list) {
        return list[static_cast<std::size_t>(cursor.take(1)[0])];
    };
    chunk.parallelism = pick(space.parallelism);
    for (model::Tile* tile : {&chunk.buffer, &chunk.loop}) {
        tile->rows = pick(space.rows);
        tile->columns = pick(space.columns);
        tile->outputs = pick(space.outputs);
        tile->inputs = space.role == ChunkRole::Standard ? pick(space.inputs) : 1;
    }
    chunk.bits = pick(space.bits);
    if (!space.portWords.empty()) chunk.portWords = pick(space.portWords);
    if (!space.overlap.empty()) chunk.overlap = pick(space.overlap);
    return chunk;
}

/// "blocks 5-8, standard" for each chunk of a group that begins at the one block and ends before
/// the other.
std::string nameInGroup(int first, int end, const std::string& name) {
    return "blocks " + std::to_string(first) + "-" + std::to_string(end - 1) + ", " + name;
}

/// The pairs of chunks that the choices of a searched allocation say.
void buildGroups(const AcceleratorSpace& space, std::span<const int> choices,
                 model::Accelerator& accelerator) {
    auto starts = groupStarts(space, choices);
    ChoiceCursor<const int> cursor(choices);
    starts.push_back(space.searched->blocks);
    for (std::size_t group = 0; group + 1 < starts.size(); ++group) {
        for (const auto& chunk : space.pipeline) {
            accelerator.pipeline.push_back(buildPipelineChunk(chunk, cursor));
            auto& name = accelerator.pipeline.back().name;
            name = nameInGroup(starts[group], starts[group + 1], name);
        }
    }
}

}  // namespace

std::string toText(const ArrayStyle& style) {
    std::string text;
    for (std::size_t i = 0; i < style.dims.size(); ++i) {
        if (static_cast<int>(i) == style.rows) text += "/";
        text += word(style.dims[i]);
    }
    return text;
}

bool provenAcceleratorsExist(const AcceleratorSpace& space) {
    return space.kind == model::Template::ChunkPipeline && space.dramGigabytesPerSecond == 0 &&
           !space.searched && checkTemplate(space).ok();
}

std::vector<Choice> acceleratorChoices(const AcceleratorSpace& space) {
    std::vector<Choice> choices;
    const bool pipeline = space.kind == model::Template::ChunkPipeline;
    for (std::size_t c = 0; pipeline && c < mostChunks(space); ++c) {
        addPipelineChoices(pipelineChunk(space, c), static_cast<int>(c), choices);
    }
    for (std::size_t c = 0; c < space.arrays.size(); ++c) {
        addArrayChoices(space.arrays[c], static_cast<int>(c), choices);
    }
    addAllocationChoices(space, choices);
    return choices;
}

std::size_t mostChunks(const AcceleratorSpace& space) {
    if (space.kind == model::Template::LoopNest) return space.arrays.size();
    return space.searched ? 2 * static_cast<std::size_t>(space.searched->mostGroups)
                          : space.pipeline.size();
}

const PipelineChunkSpace& pipelineChunk(const AcceleratorSpace& space, std::size_t chunk) {
    return space.pipeline[space.searched ? chunk % 2 : chunk];
}

base::Result<void> checkTemplate(const AcceleratorSpace& space) {
    // A chunk with the most of everything stands for all of them.
    model::Accelerator accelerator;
    accelerator.fpgaModel = space.fpgaModel;
    for (const auto& chunk : space.pipeline) {
        auto& most = accelerator.pipeline.emplace_back();
        for (const int words : chunk.portWords) most.portWords = std::max(most.portWords, words);
        for (const auto overlap : chunk.overlap) most.overlap = std::max(most.overlap, overlap);
    }
    return model::checkTemplate(accelerator);
}

double log10Size(const AcceleratorSpace& space) {
    double sum = 0;
    const auto times = [&sum](double count) { sum += std::log10(count); };
    for (const auto& chunk : space.pipeline) {
        times(static_cast<double>(chunk.parallelism.size()));
        times(static_cast<double>(chunk.bits.size()));
        times(static_cast<double>(std::max<std::size_t>(1, chunk.portWords.size())));
        times(static_cast<double>(std::max<std::size_t>(1, chunk.overlap.size())));
        for (const auto* list : tileLists(chunk)) {
            const auto n = static_cast<double>(list->size());
            times(n * (n + 1) / 2);  // pairs of a loop tile and a buffer tile that is not smaller
        }
    }
    if (space.searched) sum = log10Allocations(*space.searched, sum);
    for (const auto& chunk : space.arrays) {
        double shapes = 0;
        for (const auto& style : chunk.styles) {
            shapes += std::pow(chunk.ratioMost, static_cast<double>(style.dims.size()));
        }
        times(shapes);
        const int tiles = static_cast<int>(tiledDims(chunk.role).size());
        const auto orders = std::tgamma(static_cast<double>(orderedDims(chunk.role).size()) + 1);
        const int levels = chunk.registerTiles ? 2 : 1;
        times(std::pow(chunk.ratioMost, tiles * levels));
        times(std::pow(orders, levels + 1));
    }
    return sum;
}

std::vector<int> canonicalChoices(const AcceleratorSpace& space, std::vector<int> choices) {
    ChoiceCursor<int> cursor(choices);
    const bool pipeline = space.kind == model::Template::ChunkPipeline;
    for (std::size_t c = 0; pipeline && c < mostChunks(space); ++c) {
        canonicalTiles(pipelineChunk(space, c), cursor);
    }
    for (const auto& chunk : space.arrays) canonicalOrders(chunk, cursor);
    if (!space.searched) return choices;
    const std::size_t groups = canonicalAllocation(space, choices);
    const std::size_t ofChunks = choices.size() - allocationChoiceCount(space);
    const std::size_t used =
        ofChunks / static_cast<std::size_t>(space.searched->mostGroups) * groups;
    std::ranges::fill(std::span(choices).subspan(used, ofChunks - used), 0);
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
    ChoiceCursor<const int> cursor(choices);
    if (space.searched) {
        buildGroups(space, choices, accelerator);
        return accelerator;
    }
    for (const auto& chunk : space.pipeline) {
        accelerator.pipeline.push_back(buildPipelineChunk(chunk, cursor));
    }
    if (space.kind == model::Template::LoopNest) {
        accelerator.arrays = buildArrays(space, cursor, network);
    }
    return accelerator;
}

}  // namespace cohelix::hardware
