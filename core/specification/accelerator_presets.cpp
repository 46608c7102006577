// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/accelerator_presets.h"

#include <array>

#include "core/base/same_name.h"

namespace cohelix::spec {
namespace {

using model::ChunkRole;
using model::Parallelism;
using Sizes = std::vector<int>;

hardware::PipelineChunkSpace chunkOf(const std::string& name, ChunkRole role,
                                     const hardware::LayerRule& rule, const Sizes& map,
                                     const Sizes& channels) {
    hardware::PipelineChunkSpace chunk;
    chunk.role = role;
    chunk.layers = rule;
    chunk.rows = chunk.columns = map;
    chunk.outputs = channels;
    chunk.bits = {16};
    if (role == ChunkRole::Standard) {
        chunk.name = name + ", standard";
        chunk.parallelism = {Parallelism::OutputChannels, Parallelism::OutputAndInputChannels,
                             Parallelism::OutputRows};
        chunk.inputs = channels;
    } else {
        chunk.name = name + ", depthwise";
        chunk.parallelism = {Parallelism::OutputChannels, Parallelism::OutputRows};
        chunk.inputs = {1};
    }
    return chunk;
}

void addPair(hardware::AcceleratorSpace& space, const std::string& name,
             const hardware::LayerRule& rule, const Sizes& map, const Sizes& channels) {
    space.pipeline.push_back(chunkOf(name, ChunkRole::Standard, rule, map, channels));
    space.pipeline.push_back(chunkOf(name, ChunkRole::Depthwise, rule, map, channels));
}

/// Choice lists of a pair of chunks.
struct Lists {
    Sizes map;
    Sizes channels;
};

/// Rule R1: large maps and small ones.
hardware::AcceleratorSpace byMapSize(int large, const Lists& ofLarge, const Lists& ofSmall) {
    hardware::LayerRule atLeast;
    atLeast.mapAtLeast = large;
    hardware::LayerRule below;
    below.mapBelow = large;
    hardware::AcceleratorSpace space;
    addPair(space, "large maps", atLeast, ofLarge.map, ofLarge.channels);
    addPair(space, "small maps", below, ofSmall.map, ofSmall.channels);
    return space;
}

constexpr std::size_t kGroups = 5;
using FiveMaps = std::array<Sizes, kGroups>;

/// Rule R2: five groups of the 22 blocks.
hardware::AcceleratorSpace byBlocks(const FiveMaps& maps,
                                    const std::array<Sizes, kGroups>& channels) {
    constexpr std::array<std::array<int, 2>, kGroups> kBlocks = {
        {{0, 4}, {5, 8}, {9, 12}, {13, 16}, {17, 21}}};
    hardware::AcceleratorSpace space;
    for (std::size_t g = 0; g < kGroups; ++g) {
        hardware::LayerRule rule;
        rule.firstBlock = kBlocks[g][0];
        rule.lastBlock = kBlocks[g][1];
        addPair(space,
                "blocks " + std::to_string(kBlocks[g][0]) + "-" + std::to_string(kBlocks[g][1]),
                rule, maps[g], channels[g]);
    }
    return space;
}

/// Powers of two from `most` down to 1.
Sizes powersTo(int most) {
    Sizes sizes;
    for (int size = most; size >= 1; size /= 2) sizes.push_back(size);
    return sizes;
}

FiveMaps cifarMaps() { return {powersTo(32), powersTo(16), powersTo(8), powersTo(8), powersTo(4)}; }
FiveMaps imageNetMaps() {
    return {{{56, 28, 14, 7, 1}, {28, 14, 7, 1}, {14, 7, 1}, {14, 7, 1}, {7, 1}}};
}
std::array<Sizes, kGroups> authorsChannels() {
    return {powersTo(8), powersTo(32), powersTo(64), {112, 56, 28, 14, 7, 1}, powersTo(32)};
}
std::array<Sizes, kGroups> wideChannels() {
    const auto all = powersTo(128);
    return {all, all, all, all, all};
}

constexpr int kLargeCifarMap = 16;
constexpr int kLargeImageNetMap = 28;

hardware::AcceleratorSpace r1() {
    return byMapSize(kLargeCifarMap, {powersTo(16), powersTo(8)}, {powersTo(4), powersTo(32)});
}
hardware::AcceleratorSpace r1ImageNet() {
    return byMapSize(kLargeImageNetMap, {{28, 14, 7, 2, 1}, powersTo(8)},
                     {{7, 2, 1}, powersTo(32)});
}
/// Maps of 28, 14 and 7 pixels.
hardware::AcceleratorSpace r1TwentyEight() {
    return byMapSize(14, {{28, 14, 7, 2, 1}, powersTo(32)}, {{7, 2, 1}, powersTo(32)});
}
hardware::AcceleratorSpace wide() {
    return byMapSize(kLargeCifarMap, {powersTo(32), powersTo(128)}, {powersTo(8), powersTo(128)});
}
hardware::AcceleratorSpace r2() { return byBlocks(cifarMaps(), authorsChannels()); }
hardware::AcceleratorSpace r2Wide() { return byBlocks(cifarMaps(), wideChannels()); }
hardware::AcceleratorSpace r2ImageNet() { return byBlocks(imageNetMaps(), authorsChannels()); }

/// Up to ten groups of the blocks of a 22-block network.
hardware::AcceleratorSpace searched() {
    hardware::AcceleratorSpace space;
    addPair(space, "any", {}, powersTo(32), powersTo(128));
    space.pipeline[0].name = "standard";
    space.pipeline[1].name = "depthwise";
    space.searched = hardware::SearchedAllocation{10, 22};
    return space;
}

/// With what lies beyond the authors' template, which is ours.
hardware::AcceleratorSpace beyond(hardware::AcceleratorSpace space) {
    for (auto& chunk : space.pipeline) {
        chunk.portWords = {4, 8, 16, 32};
        chunk.overlap.assign(base::kValues<model::Overlap>.begin(),
                             base::kValues<model::Overlap>.end());
    }
    return space;
}
hardware::AcceleratorSpace r1Beyond() { return beyond(r1()); }
hardware::AcceleratorSpace r2Beyond() { return beyond(r2()); }
hardware::AcceleratorSpace wideBeyond() { return beyond(wide()); }
hardware::AcceleratorSpace r2WideBeyond() { return beyond(r2Wide()); }
hardware::AcceleratorSpace searchedBeyond() { return beyond(searched()); }

struct Entry {
    AcceleratorPreset preset;
    hardware::AcceleratorSpace (*make)();
};
constexpr std::array kEntries = {
    Entry{{"r1", "4 chunks by map size, the authors' lists for 32-pixel inputs"}, r1},
    Entry{{"r2", "10 chunks by groups of blocks, the authors' lists for 32-pixel inputs"}, r2},
    Entry{{"wide", "4 chunks by map size, tiles to 32 rows and 128 channels"}, wide},
    Entry{{"r2-wide", "10 chunks by groups of blocks, tiles to 128 channels"}, r2Wide},
    Entry{{"r1-28", "4 chunks by map size, rows 28, 14, 7, 2, 1, for 28-pixel inputs"},
          r1TwentyEight},
    Entry{{"r1-imagenet", "4 chunks by map size, the authors' lists for 224-pixel inputs"},
          r1ImageNet},
    Entry{{"r2-imagenet", "10 chunks by groups of blocks, the authors' lists for 224-pixel inputs"},
          r2ImageNet},
    Entry{{"r1-beyond", "r1 with ports of 4 to 32 words and overlap, beyond the authors' template"},
          r1Beyond},
    Entry{{"r2-beyond", "r2 with ports of 4 to 32 words and overlap, beyond the authors' template"},
          r2Beyond},
    Entry{{"wide-beyond",
           "wide with ports of 4 to 32 words and overlap, beyond the authors' template"},
          wideBeyond},
    Entry{{"r2-wide-beyond",
           "r2-wide with ports of 4 to 32 words and overlap, beyond the authors' template"},
          r2WideBeyond},
    Entry{{"searched", "up to ten pairs of chunks for runs of blocks, tiles to 128 channels"},
          searched},
    Entry{{"searched-beyond",
           "searched with ports of 4 to 32 words and overlap, beyond the authors' template"},
          searchedBeyond}};

}  // namespace

const std::vector<AcceleratorPreset>& acceleratorPresets() {
    static const std::vector<AcceleratorPreset> list = [] {
        std::vector<AcceleratorPreset> out;
        for (const auto& entry : kEntries) out.push_back(entry.preset);
        return out;
    }();
    return list;
}

base::Result<hardware::AcceleratorSpace> acceleratorPreset(std::string_view name) {
    std::string known;
    for (const auto& entry : kEntries) {
        if (base::sameName(entry.preset.name, name)) return entry.make();
        known += (known.empty() ? "" : ", ") + std::string(entry.preset.name);
    }
    return base::Error{std::string(name), "there is no such accelerator space",
                       "Use one of " + known};
}

}  // namespace cohelix::spec
