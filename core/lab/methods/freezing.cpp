// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/freezing.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace cohelix::lab {
namespace {

using hardware::PipelineChunkSpace;
using model::ChunkRole;
using model::Parallelism;
using model::PipelineChunk;
using model::Tile;
using Configurations = std::vector<PipelineChunk>;

constexpr std::string_view kBufferTile = "buffer tile";

/// A side of a tile and the list that it is chosen from.
struct Side {
    int Tile::*of;
    std::vector<int> PipelineChunkSpace::*list;
};
using Sides = std::vector<Side>;

const Sides kMap = {{&Tile::rows, &PipelineChunkSpace::rows},
                    {&Tile::columns, &PipelineChunkSpace::columns}};
const Sides kChannels = {{&Tile::outputs, &PipelineChunkSpace::outputs},
                         {&Tile::inputs, &PipelineChunkSpace::inputs}};

Sides allSides() {
    Sides all = kMap;
    all.insert(all.end(), kChannels.begin(), kChannels.end());
    return all;
}

/// The largest of the list that is not above the size, or else its smallest.
int nearestBelow(const std::vector<int>& list, int size) {
    int best = 0;
    for (const int option : list) {
        if (option <= size) best = std::max(best, option);
    }
    return best > 0 ? best : *std::min_element(list.begin(), list.end());
}

/// Each configuration once, in the order of the first.
Configurations withoutRepeats(const Configurations& configurations) {
    const auto key = [](const PipelineChunk& chunk) {
        const auto& buffer = chunk.buffer;
        const auto& loop = chunk.loop;
        return std::array{static_cast<int>(chunk.parallelism),
                          chunk.bits,
                          buffer.rows,
                          buffer.columns,
                          buffer.outputs,
                          buffer.inputs,
                          loop.rows,
                          loop.columns,
                          loop.outputs,
                          loop.inputs,
                          chunk.portWords,
                          static_cast<int>(chunk.overlap)};
    };
    std::set<std::array<int, 12>> seen;
    Configurations out;
    for (const auto& chunk : configurations) {
        if (seen.insert(key(chunk)).second) out.push_back(chunk);
    }
    return out;
}

optimum::Restriction holdBuffers(const Sides& sides, int size) {
    return [sides, size](const PipelineChunkSpace& space, Configurations all) {
        std::erase_if(all, [&](const PipelineChunk& chunk) {
            return std::any_of(sides.begin(), sides.end(), [&](const Side& side) {
                return chunk.buffer.*side.of != nearestBelow(space.*side.list, size);
            });
        });
        return all;
    };
}

/// Without a size: at the buffer tiles. Every buffer tile is among the configurations, so that none
/// is lost when loop tiles are set.
optimum::Restriction holdLoops(const Sides& sides, std::optional<int> size) {
    return [sides, size](const PipelineChunkSpace& space, Configurations all) {
        for (auto& chunk : all) {
            for (const auto& side : sides) {
                const int buffer = chunk.buffer.*side.of;
                chunk.loop.*side.of =
                    size ? std::min(buffer, nearestBelow(space.*side.list, *size)) : buffer;
            }
        }
        return withoutRepeats(all);
    };
}

/// Buffer and loop tiles alike.
optimum::Restriction holdTiles(const Sides& sides, int size) {
    return [buffers = holdBuffers(sides, size), loops = holdLoops(sides, {})](
               const PipelineChunkSpace& space, Configurations all) {
        return loops(space, buffers(space, std::move(all)));
    };
}

optimum::Restriction holdParallelism(Parallelism standard, Parallelism depthwise) {
    return [=](const PipelineChunkSpace& space, Configurations all) {
        const auto held = space.role == ChunkRole::Standard ? standard : depthwise;
        const auto& options = space.parallelism;
        if (std::find(options.begin(), options.end(), held) == options.end()) return all;
        std::erase_if(all, [&](const PipelineChunk& chunk) { return chunk.parallelism != held; });
        return all;
    };
}

/// Ports wider than a chunk's lanes are not among the configurations, hence set and not selected.
optimum::Restriction holdPorts(int words) {
    return [words](const PipelineChunkSpace& space, Configurations all) {
        if (space.portWords.empty()) return all;
        for (auto& chunk : all) chunk.portWords = nearestBelow(space.portWords, words);
        return withoutRepeats(all);
    };
}

optimum::Restriction holdOverlap(model::Overlap held) {
    return [held](const PipelineChunkSpace& space, Configurations all) {
        const auto& options = space.overlap;
        if (std::find(options.begin(), options.end(), held) == options.end()) return all;
        std::erase_if(all, [&](const PipelineChunk& chunk) { return chunk.overlap != held; });
        return all;
    };
}

/// Options that some chunk of the role has.
std::vector<Parallelism> parallelismsOf(const hardware::AcceleratorSpace& space, ChunkRole role) {
    std::vector<Parallelism> found;
    for (const auto& chunk : space.pipeline) {
        if (chunk.role != role) continue;
        for (const auto option : chunk.parallelism) {
            if (std::find(found.begin(), found.end(), option) == found.end()) {
                found.push_back(option);
            }
        }
    }
    return found;
}

std::vector<int> sizesOf(const hardware::AcceleratorSpace& space, const Sides& sides) {
    std::set<int, std::greater<>> sizes;
    for (const auto& chunk : space.pipeline) {
        for (const auto& side : sides) {
            sizes.insert((chunk.*side.list).begin(), (chunk.*side.list).end());
        }
    }
    return {sizes.begin(), sizes.end()};
}

std::vector<Freeze> parallelismFreezes(std::string_view group,
                                       const hardware::AcceleratorSpace& space) {
    std::vector<Freeze> freezes;
    for (const auto standard : parallelismsOf(space, ChunkRole::Standard)) {
        for (const auto depthwise : parallelismsOf(space, ChunkRole::Depthwise)) {
            freezes.push_back({std::string(group),
                               std::string(word(standard)) + " + " + std::string(word(depthwise)),
                               holdParallelism(standard, depthwise)});
        }
    }
    return freezes;
}

std::vector<Freeze> transferFreezes(std::string_view group,
                                    const hardware::AcceleratorSpace& space) {
    std::set<int, std::greater<>> ports;
    std::set<model::Overlap> overlaps;
    for (const auto& chunk : space.pipeline) {
        ports.insert(chunk.portWords.begin(), chunk.portWords.end());
        overlaps.insert(chunk.overlap.begin(), chunk.overlap.end());
    }
    std::vector<Freeze> freezes;
    if (group == "ports") {
        for (const int words : ports) {
            freezes.push_back({std::string(group), std::to_string(words), holdPorts(words)});
        }
    } else {
        for (const auto overlap : overlaps) {
            freezes.push_back(
                {std::string(group), std::string(word(overlap)), holdOverlap(overlap)});
        }
    }
    return freezes;
}

}  // namespace

const std::vector<FreezeGroup>& freezeGroups() {
    static const std::vector<FreezeGroup> groups = {
        {"parallelism", "what works in parallel: standard + depthwise chunks"},
        {"map-buffers", "buffer tiles of rows and columns"},
        {"channel-buffers", "buffer tiles of output and input channels"},
        {"map-loops", "loop tiles of rows and columns"},
        {"channel-loops", "loop tiles of output and input channels"},
        {"loops", "all loop tiles at their buffer tiles"},
        {"map", "buffer and loop tiles of rows and columns"},
        {"channels", "buffer and loop tiles of output and input channels"},
        {"ports", "words of a chunk's port, where they are chosen"},
        {"overlap", "overlap of transfers, where it is chosen"}};
    return groups;
}

std::vector<Freeze> freezesOf(std::string_view group, const hardware::AcceleratorSpace& space) {
    if (group == "parallelism") return parallelismFreezes(group, space);
    if (group == "ports" || group == "overlap") return transferFreezes(group, space);
    std::vector<Freeze> freezes;
    const auto add = [&](const Sides& sides, bool loops) {
        if (loops)
            freezes.push_back({std::string(group), std::string(kBufferTile), holdLoops(sides, {})});
        for (const int size : sizesOf(space, sides)) {
            freezes.push_back({std::string(group), std::to_string(size),
                               loops ? holdLoops(sides, size) : holdBuffers(sides, size)});
        }
    };
    if (group == "map-buffers") add(kMap, false);
    if (group == "channel-buffers") add(kChannels, false);
    if (group == "map-loops") add(kMap, true);
    if (group == "channel-loops") add(kChannels, true);
    const auto addTiles = [&](const Sides& sides) {
        for (const int size : sizesOf(space, sides)) {
            freezes.push_back({std::string(group), std::to_string(size), holdTiles(sides, size)});
        }
    };
    if (group == "map") addTiles(kMap);
    if (group == "channels") addTiles(kChannels);
    if (group == "loops") {
        freezes.push_back(
            {std::string(group), std::string(kBufferTile), holdLoops(allSides(), {})});
    }
    return freezes;
}

base::Result<std::vector<FrozenFront>> frozenFronts(std::string_view group,
                                                    const tables::Problem& problem,
                                                    const tables::TrueFront& truth,
                                                    base::Executor& executor) {
    const auto& accelerators = problem.accelerators();
    std::vector<FrozenFront> fronts;
    for (const auto& freeze : freezesOf(group, accelerators.space())) {
        const auto frozen =
            tables::Problem::create(problem.space(), accelerators.space(), accelerators.limits(),
                                    executor, freeze.restriction);
        if (!frozen) return frozen.error();
        FrozenFront front{freeze.group, freeze.value, 0, 0, frozen->secondsToCreate()};
        if (const auto left = tables::trueFront(*frozen, executor)) {
            front.points = left->front.size();
            front.hypervolumeRatio = left->hypervolume / truth.hypervolume;
            front.seconds = left->seconds;
        }
        fronts.push_back(std::move(front));
    }
    return fronts;
}

}  // namespace cohelix::lab
