// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optimum/chunk_configurations.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

#include "core/hardware/pipeline/fpga_pipeline.h"

namespace cohelix::optimum {
namespace {

using hardware::LoopTileUse;
using hardware::TileSide;
using model::PipelineChunk;
using model::Tile;

constexpr std::array<int Tile::*, 4> kSides = {&Tile::rows, &Tile::columns, &Tile::outputs,
                                               &Tile::inputs};

/// Options of rows, columns, outputs and inputs.
std::array<std::vector<int>, 4> listsOf(const hardware::PipelineChunkSpace& space) {
    const bool standard = space.role == model::ChunkRole::Standard;
    return {space.rows, space.columns, space.outputs,
            standard ? space.inputs : std::vector<int>{1}};
}

/// The loop tiles of one side worth a look under a buffer tile.
std::vector<int> loopTiles(const std::vector<int>& list, int buffer, LoopTileUse use) {
    std::vector<int> fitting;
    std::copy_if(list.begin(), list.end(), std::back_inserter(fitting),
                 [buffer](int tile) { return tile <= buffer; });
    if (use == LoopTileUse::Smallest) return {*std::min_element(fitting.begin(), fitting.end())};
    if (use == LoopTileUse::Largest) return {*std::max_element(fitting.begin(), fitting.end())};
    return fitting;
}

/// Sets buffer and loop tile of one side after the other in all useful ways.
void addTiles(PipelineChunk& chunk, std::size_t side, const std::array<std::vector<int>, 4>& lists,
              std::vector<PipelineChunk>& out) {
    if (side == kSides.size()) {
        out.push_back(chunk);
        return;
    }
    const auto use = hardware::loopTileUse(chunk, static_cast<TileSide>(side));
    for (const int buffer : lists[side]) {
        chunk.buffer.*kSides[side] = buffer;
        for (const int loop : loopTiles(lists[side], buffer, use)) {
            chunk.loop.*kSides[side] = loop;
            addTiles(chunk, side + 1, lists, out);
        }
    }
}

/// Words that any of the chunk's transfers can move at once: as many as the tile has lanes.
int mostLanes(const PipelineChunk& chunk) {
    if (chunk.parallelism != model::Parallelism::OutputRows) {
        return std::max(chunk.loop.outputs, chunk.loop.inputs);
    }
    return std::numeric_limits<int>::max();  // as many as an input patch has rows: by the layer
}

/// The ports worth having: none is wider than one that already takes all lanes.
std::vector<int> portsOf(const hardware::PipelineChunkSpace& space, const PipelineChunk& chunk) {
    if (space.portWords.empty()) return {model::kAuthorsPortWords};
    auto ports = space.portWords;
    std::sort(ports.begin(), ports.end());
    const auto enough = std::find_if(ports.begin(), ports.end(),
                                     [&](int words) { return words >= mostLanes(chunk); });
    if (enough != ports.end()) ports.erase(enough + 1, ports.end());
    return ports;
}

/// Each chunk with every port and overlap worth a look.
std::vector<PipelineChunk> withTransfers(const hardware::PipelineChunkSpace& space,
                                         const std::vector<PipelineChunk>& tiled) {
    const auto overlaps = space.overlap.empty() ? std::vector{model::Overlap::None} : space.overlap;
    std::vector<PipelineChunk> out;
    for (PipelineChunk chunk : tiled) {
        for (const int words : portsOf(space, chunk)) {
            chunk.portWords = words;
            for (const auto overlap : overlaps) {
                chunk.overlap = overlap;
                out.push_back(chunk);
            }
        }
    }
    return out;
}

template <typename T>
int indexOf(const std::vector<T>& list, const T& value) {
    const auto found = std::find(list.begin(), list.end(), value);
    assert(found != list.end());
    return static_cast<int>(found - list.begin());
}

}  // namespace

std::vector<PipelineChunk> usefulConfigurations(const hardware::PipelineChunkSpace& space) {
    std::vector<PipelineChunk> out;
    const auto lists = listsOf(space);
    PipelineChunk chunk;
    chunk.role = space.role;
    for (const auto parallelism : space.parallelism) {
        for (const int bits : space.bits) {
            chunk.parallelism = parallelism;
            chunk.bits = bits;
            addTiles(chunk, 0, lists, out);
        }
    }
    return withTransfers(space, out);
}

std::vector<int> choicesOf(const hardware::PipelineChunkSpace& space,
                           const PipelineChunk& configuration) {
    const auto lists = listsOf(space);
    const std::size_t sides = space.role == model::ChunkRole::Standard ? 4 : 3;
    std::vector<int> choices = {indexOf(space.parallelism, configuration.parallelism)};
    for (const Tile* tile : {&configuration.buffer, &configuration.loop}) {
        for (std::size_t side = 0; side < sides; ++side) {
            choices.push_back(indexOf(lists[side], tile->*kSides[side]));
        }
    }
    choices.push_back(indexOf(space.bits, configuration.bits));
    if (!space.portWords.empty()) {
        choices.push_back(indexOf(space.portWords, configuration.portWords));
    }
    if (!space.overlap.empty()) choices.push_back(indexOf(space.overlap, configuration.overlap));
    return choices;
}

}  // namespace cohelix::optimum
