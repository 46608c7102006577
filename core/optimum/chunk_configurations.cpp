// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optimum/chunk_configurations.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/cost/fpga_pipeline.h"

namespace cohelix::optimum {
namespace {

using cost::LoopTileUse;
using cost::TileSide;
using model::PipelineChunk;
using model::Tile;

constexpr std::array<int Tile::*, 4> kSides = {&Tile::rows, &Tile::columns, &Tile::outputs,
                                               &Tile::inputs};

/// Options of rows, columns, outputs and inputs.
std::array<std::vector<int>, 4> listsOf(const space::PipelineChunkSpace& space) {
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
void addTiles(PipelineChunk& chunk, std::size_t side,
              const std::array<std::vector<int>, 4>& lists, std::vector<PipelineChunk>& out) {
    if (side == kSides.size()) {
        out.push_back(chunk);
        return;
    }
    const auto use = cost::loopTileUse(chunk, static_cast<TileSide>(side));
    for (const int buffer : lists[side]) {
        chunk.buffer.*kSides[side] = buffer;
        for (const int loop : loopTiles(lists[side], buffer, use)) {
            chunk.loop.*kSides[side] = loop;
            addTiles(chunk, side + 1, lists, out);
        }
    }
}

template <typename T>
int indexOf(const std::vector<T>& list, const T& value) {
    const auto found = std::find(list.begin(), list.end(), value);
    assert(found != list.end());
    return static_cast<int>(found - list.begin());
}

}  // namespace

std::vector<PipelineChunk> usefulConfigurations(const space::PipelineChunkSpace& space) {
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
    return out;
}

std::vector<int> choicesOf(const space::PipelineChunkSpace& space,
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
    return choices;
}

}  // namespace cohelix::optimum
