// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/pipeline/pipeline_space.h"

#include <algorithm>
#include <cmath>

#include "core/hardware/pipeline/pipeline_allocation.h"
#include "core/hardware/template/choice_cursor.h"

namespace cohelix::hardware {
namespace {

using model::ChunkRole;

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

const PipelineChunkSpace& pipelineChunk(const AcceleratorSpace& space, std::size_t chunk) {
    return space.pipeline[space.searched ? chunk % 2 : chunk];
}

std::size_t mostPipelineChunks(const AcceleratorSpace& space) {
    return space.searched ? 2 * static_cast<std::size_t>(space.searched->mostGroups)
                          : space.pipeline.size();
}

std::vector<Choice> pipelineChoices(const AcceleratorSpace& space) {
    std::vector<Choice> choices;
    for (std::size_t c = 0; c < mostPipelineChunks(space); ++c) {
        addPipelineChoices(pipelineChunk(space, c), static_cast<int>(c), choices);
    }
    addAllocationChoices(space, choices);
    return choices;
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

double log10Pipelines(const AcceleratorSpace& space) {
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
    return sum;
}

void makeCanonicalPipeline(const AcceleratorSpace& space, std::span<int> choices) {
    ChoiceCursor<int> cursor(choices);
    for (std::size_t c = 0; c < mostPipelineChunks(space); ++c) {
        canonicalTiles(pipelineChunk(space, c), cursor);
    }
    if (!space.searched) return;
    const std::size_t groups = canonicalAllocation(space, choices);
    const std::size_t ofChunks = choices.size() - allocationChoiceCount(space);
    const std::size_t used =
        ofChunks / static_cast<std::size_t>(space.searched->mostGroups) * groups;
    std::ranges::fill(choices.subspan(used, ofChunks - used), 0);
}

void addPipelineChunks(const AcceleratorSpace& space, std::span<const int> choices,
                       model::Accelerator& accelerator) {
    if (space.searched) return buildGroups(space, choices, accelerator);
    ChoiceCursor<const int> cursor(choices);
    for (const auto& chunk : space.pipeline) {
        accelerator.pipeline.push_back(buildPipelineChunk(chunk, cursor));
    }
}

}  // namespace cohelix::hardware
