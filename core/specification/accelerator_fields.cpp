// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/accelerator_fields.h"

#include <algorithm>
#include <set>

#include "core/specification/field_lists.h"
#include "core/specification/field_visitors.h"
#include "core/specification/network_fields.h"

namespace cohelix::spec {
namespace {

using base::Json;
using base::JsonReader;
using model::Dim;

constexpr int kMostTile = 1 << 20;
constexpr int kMostGroups = 32;  // of chunks: 64 chunks

hardware::LayerRule readRule(JsonReader json, int blocks) {
    hardware::LayerRule rule;
    if (json.has("first_block") || json.has("last_block")) {
        rule.firstBlock = static_cast<int>(json.integer("first_block", 0, blocks - 1));
        rule.lastBlock = static_cast<int>(json.integer("last_block", *rule.firstBlock, blocks - 1));
    } else {
        if (json.has("map_at_least")) {
            rule.mapAtLeast = static_cast<int>(json.integer("map_at_least", 0, kMostPixels));
        }
        if (json.has("map_below")) {
            rule.mapBelow = static_cast<int>(json.integer("map_below", 1, kMostPixels));
        }
    }
    json.finish();
    return rule;
}

Json write(const hardware::LayerRule& rule) {
    Json json = Json::object();
    if (rule.firstBlock) json["first_block"] = *rule.firstBlock;
    if (rule.lastBlock) json["last_block"] = *rule.lastBlock;
    if (rule.mapAtLeast) json["map_at_least"] = *rule.mapAtLeast;
    if (rule.mapBelow) json["map_below"] = *rule.mapBelow;
    return json;
}

std::vector<model::Overlap> readOverlaps(JsonReader& json) {
    std::vector<model::Overlap> overlaps;
    const auto names = json.texts("overlap");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto overlap = base::valueOf<model::Overlap>(names[i]);
        if (!overlap) {
            json.fail(element("overlap", i), "'" + names[i] + "' is no overlap",
                      "Use none, weights, outputs or weights-and-outputs");
            return overlaps;
        }
        overlaps.push_back(*overlap);
        if (std::count(overlaps.begin(), overlaps.end(), overlaps.back()) > 1) {
            json.fail(element("overlap", i), "'" + names[i] + "' stands there twice");
        }
    }
    return overlaps;
}

std::vector<model::Parallelism> readParallelism(JsonReader& json, model::ChunkRole role) {
    const bool standard = role == model::ChunkRole::Standard;
    std::vector<model::Parallelism> modes;
    const auto names = json.texts("parallelism");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto mode = base::valueOf<model::Parallelism>(names[i]);
        if (mode) modes.push_back(*mode);
        if (!mode || (!standard && *mode == model::Parallelism::OutputAndInputChannels)) {
            json.fail(element("parallelism", i),
                      "'" + names[i] + "' is not known for a " + std::string(word(role)) + " chunk",
                      standard ? "Use output-channels, output-and-input-channels or output-rows"
                               : "Use output-channels or output-rows");
        }
    }
    return modes;
}

template <typename Visitor, typename T>
void chunkFields(Visitor& v, T& chunk) {
    v.text("name", chunk.name, {"name on the screen"});
    v.word("role", chunk.role, {.meaning = "standard or depthwise layers", .fixed = true});
}

/// `blocks` of the network, unless layers are allocated by choices and the chunk has no rule.
template <typename Visitor, typename T>
void pipelineChunkFields(Visitor& v, T& chunk, std::optional<int> blocks) {
    constexpr Bounds<int> kTiles = {1, kMostTile};
    constexpr Bounds<int> kPorts = {model::kAuthorsPortWords, model::kMostPortWords};
    const auto words = [](auto value) { return word(value); };
    chunkFields(v, chunk);
    if constexpr (Visitor::kReads) {
        if (blocks) chunk.layers = readRule(v.json().object("layers"), *blocks);
        chunk.parallelism = readParallelism(v.json(), chunk.role);
    } else if constexpr (Visitor::kExplains) {
        v.say("layers", {"which layers run here: first_block and last_block, or map_at_least and "
                         "map_below (rows of the output); none where the allocation is searched"});
        v.say("parallelism", {"what the multipliers share out: output-channels, "
                              "output-and-input-channels, output-rows"});
    } else {
        if (blocks) v.json()["layers"] = write(chunk.layers);
        v.json()["parallelism"] = textsOf(chunk.parallelism, words);
    }
    v.sizes("rows", chunk.rows, kTiles,
            {.meaning = "choices of output rows, buffered (Tr buff) and at once (Tr)",
             .unit = "rows",
             .label = "Output rows"});
    v.sizes("columns", chunk.columns, kTiles,
            {.meaning = "choices of output columns, buffered (Tc buff) and at once (Tc)",
             .unit = "columns",
             .label = "Output columns"});
    v.sizes("tm", chunk.outputs, kTiles,
            {.meaning = "choices of output channels, buffered (Tm buff) and at once (Tm)",
             .unit = "channels",
             .label = "Output channels"});
    if constexpr (Visitor::kReads) chunk.inputs = {1};
    if (v.applies(chunk.role == model::ChunkRole::Standard)) {
        v.sizes("tn", chunk.inputs, kTiles,
                {.meaning = "choices of input channels, buffered (Tn buff) and at once (Tn)",
                 .unit = "channels",
                 .label = "Input channels"});
    }
    v.integers("bits", chunk.bits, {2, 32},
               {"choices of precision of weights and activations; of several, cost and the "
                "accuracy that is estimated in each decide together, and designs of different "
                "bits are reported",
                "bit"});
    // Left out within the authors' template, so that documents of earlier versions stay the same.
    bool port = !chunk.portWords.empty();
    bool overlap = !chunk.overlap.empty();
    if constexpr (Visitor::kReads) {
        port = v.json().has("port_words");
        overlap = v.json().has("overlap");
    }
    if (v.applies(port)) {
        v.sizes("port_words", chunk.portWords, kPorts,
                {"choices of the port to DRAM, words of 16 bit a cycle, 4 to 64; absent: the "
                 "authors' 4. Beyond their template: under corrected and published-beyond only",
                 "words", "Port"});
    }
    if constexpr (Visitor::kExplains) {
        v.say("overlap",
              {"choices of what is moved while the multipliers work, for a second buffer each: "
               "none, weights, outputs, weights-and-outputs; absent: none. Beyond the authors' "
               "template"});
    } else if constexpr (Visitor::kReads) {
        if (overlap) chunk.overlap = readOverlaps(v.json());
    } else {
        if (overlap) v.json()["overlap"] = textsOf(chunk.overlap, words);
    }
}

std::optional<hardware::ArrayStyle> parseStyle(const std::string& text) {
    hardware::ArrayStyle style;
    style.rows = -1;
    for (const char c : text) {
        if (c == '/') {
            if (style.rows >= 0) return std::nullopt;
            style.rows = static_cast<int>(style.dims.size());
            continue;
        }
        const auto dim = std::find_if(model::kAllDims.begin(), model::kAllDims.end(),
                                      [c](Dim d) { return word(d).front() == c; });
        if (dim == model::kAllDims.end() ||
            std::find(style.dims.begin(), style.dims.end(), *dim) != style.dims.end()) {
            return std::nullopt;
        }
        style.dims.push_back(*dim);
    }
    if (style.rows < 0 || style.dims.empty()) return std::nullopt;
    return style;
}

std::vector<hardware::ArrayStyle> readStyles(JsonReader& json) {
    std::vector<hardware::ArrayStyle> styles;
    const auto names = json.texts("styles");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto style = parseStyle(names[i]);
        if (!style) {
            json.fail(
                element("styles", i), "'" + names[i] + "' is no PE-array style",
                "Write the dimensions unrolled on rows, a slash, and those on columns: SR/CK");
            return styles;
        }
        styles.push_back(*style);
    }
    return styles;
}

template <typename Visitor, typename T>
void arrayChunkFields(Visitor& v, T& chunk) {
    // Those of both kinds of chunk are explained once.
    if constexpr (!Visitor::kExplains) chunkFields(v, chunk);
    if constexpr (Visitor::kReads) {
        chunk.styles = readStyles(v.json());
    } else if constexpr (Visitor::kExplains) {
        v.say("styles",
              {"choices of PE array: dimensions unrolled on rows, slash, on columns: SR/CK"});
    } else {
        v.json()["styles"] =
            textsOf(chunk.styles, [](const hardware::ArrayStyle& style) { return toText(style); });
    }
    v.integer("ratio_most", chunk.ratioMost, {1, 100}, 10, {"tile and shape ratios are 1 to this"});
    v.flag("register_tiles", chunk.registerTiles, {"search loops inside the register file too"});
}

template <typename Visitor, typename T>
void budgetFields(Visitor& v, T& budget) {
    v.integer("pes", budget.pes, {1, 1 << 24},
              {.meaning = "processing elements, shared by the chunks", .label = "PEs"});
    v.number("buffer_kib", budget.bufferKib, {0.01, 1e9},
             {"global buffer, shared by the chunks", "KiB", "Buffer"});
    v.number("register_bytes", budget.registerBytes, {1, 1e9},
             {"register file of one PE", "bytes", "Register file"});
    v.integer("bits", budget.bits, {2, 32}, {"precision of weights and activations", "bit"});
}

std::optional<hardware::SearchedAllocation> readAllocation(JsonReader json, int blocks) {
    std::optional<hardware::SearchedAllocation> searched;
    if (json.oneOf("by", {"rules", "searched"}) == 1) {
        searched = hardware::SearchedAllocation{
            static_cast<int>(json.integer("most_groups", 1, std::min(blocks, kMostGroups))),
            blocks};
    }
    json.finish();
    return searched;
}

/// Which chunk executes which layers; left out where rules say so.
template <typename Visitor, typename T>
void allocationField(Visitor& v, T& space, int blocks) {
    if constexpr (Visitor::kReads) {
        if (v.json().has("allocation")) {
            space.searched = readAllocation(v.json().object("allocation"), blocks);
        }
    } else if constexpr (Visitor::kExplains) {
        v.say("allocation/by",
              {.meaning = "which chunk executes which layers: rules (the chunks' own; the same "
                          "where the field "
                          "is absent) or searched (the blocks fall into runs, one a pair of a "
                          "standard and a "
                          "depthwise chunk; where they are split is part of a design)",
               .fixed = true});
        v.say("allocation/most_groups", {"searched: pairs of chunks, at most", "pairs"});
    } else if (space.searched) {
        v.json()["allocation"] =
            Json{{"by", "searched"}, {"most_groups", space.searched->mostGroups}};
    }
}

void checkRoles(JsonReader& json, const hardware::AcceleratorSpace& space) {
    const auto has = [&](model::ChunkRole role) {
        const auto of = [role](const auto& chunk) { return chunk.role == role; };
        return std::ranges::any_of(space.pipeline, of) || std::ranges::any_of(space.arrays, of);
    };
    const bool standard = has(model::ChunkRole::Standard);
    if (standard && has(model::ChunkRole::Depthwise)) return;
    json.fail("chunks",
              std::string("there is no ") + (standard ? "depthwise" : "standard") +
                  " chunk to run such layers on",
              "Give at least one chunk of each role");
}

/// Exports, mappings and layers name a chunk by its name alone.
template <typename Chunks>
void checkNames(JsonReader& json, const Chunks& chunks) {
    std::set<std::string> names;
    for (std::size_t c = 0; c < chunks.size(); ++c) {
        if (names.insert(chunks[c].name).second) continue;
        json.fail("chunks/" + std::to_string(c) + "/name",
                  "there is another chunk '" + chunks[c].name + "'", "Give each its own name");
    }
}

void checkSharedDram(JsonReader& json, const hardware::AcceleratorSpace& space) {
    model::Accelerator accelerator;
    accelerator.kind = space.kind;
    accelerator.clockMhz = space.clockMhz;
    accelerator.fpgaModel = space.fpgaModel;
    accelerator.dramGigabytesPerSecond = space.dramGigabytesPerSecond;
    for (const auto& chunk : space.pipeline) {
        for (const int words : chunk.portWords) {
            accelerator.pipeline.emplace_back().portWords = words;
        }
    }
    const auto sound = model::checkSharedDram(accelerator);
    if (!sound) json.fail("dram_gb_per_s", sound.error().what, sound.error().advice);
}

/// What chunks must be together.
void checkChunks(JsonReader& json, const hardware::AcceleratorSpace& space) {
    // A pair of chunks is what every group of a searched allocation has.
    if (space.searched && space.pipeline.size() != 2) {
        json.fail("chunks",
                  "a searched allocation has groups of one standard and one depthwise chunk, "
                  "but there are " +
                      std::to_string(space.pipeline.size()) + " chunks",
                  "Give one of each role, or allocate by rules");
    }
    if (space.kind == model::Template::ChunkPipeline) {
        const auto known = hardware::checkTemplate(space);
        if (!known) json.fail(known.error().where, known.error().what, known.error().advice);
    }
    if (space.pipeline.size() + space.arrays.size() > 64) {
        json.fail("chunks", "there are more than 64 chunks");
    }
    checkRoles(json, space);
    checkNames(json, space.pipeline);
    checkNames(json, space.arrays);
    checkSharedDram(json, space);
}

}  // namespace

template <typename Visitor, typename T>
void acceleratorFields(Visitor& v, T& space, int blocks) {
    v.word(
        "template", space.kind,
        {.meaning =
             "chunk-pipeline (FPGA: chunks work as a pipeline over images) or loop-nest (ASIC: PE "
             "array, global buffer, register files)",
         .fixed = true});
    v.number("clock_mhz", space.clockMhz, {0.001, 100000},
             {"clock of the accelerator", "MHz", "Clock"});
    // Left out where it has no bound, so that documents of earlier versions stay the same.
    if (v.said(space.dramGigabytesPerSecond > 0)) {
        v.number(
            "dram_gb_per_s", space.dramGigabytesPerSecond, {0, 1e6}, 0,
            {.meaning =
                 "bandwidth of the DRAM that all chunks share: the period is at least the time it "
                 "needs for what an image moves; absent or 0: not bounded, as the authors' models "
                 "have it",
             .unit = "GB/s",
             .label = "Shared DRAM",
             .optional = true});
    }
    const bool pipeline = space.kind == model::Template::ChunkPipeline;
    if (v.applies(pipeline)) {
        v.word("model", space.fpgaModel, model::FpgaModel::Corrected,
               {"form of the FPGA model: corrected, as-published by the authors, "
                "published-clipped, published-formulas, or published-beyond (with port_words and "
                "overlap, which are ours)"});
        v.flag("double_buffered_weights", space.doubleBufferedWeights,
               {"twice the weight banks in block RAM; under the form corrected alone"});
        allocationField(v, space, blocks);
    }
    if (v.applies(!pipeline)) {
        v.text("technology", space.technology,
               {"energy and bandwidth table of the loop-nest template"});
        v.object("budget", [&](auto& inner) { budgetFields(inner, space.budget); });
    }
    if (v.applies(pipeline)) {
        const auto ruled = space.searched ? std::nullopt : std::optional(blocks);
        v.objects("chunks", space.pipeline,
                  [&](auto& inner, auto&& chunk) { pipelineChunkFields(inner, chunk, ruled); });
    }
    if (v.applies(!pipeline)) {
        v.objects("chunks", space.arrays,
                  [](auto& inner, auto&& chunk) { arrayChunkFields(inner, chunk); });
    }
    if constexpr (Visitor::kReads) checkChunks(v.json(), space);
}

template <typename Visitor, typename T>
void deviceFields(Visitor& v, T& device) {
    constexpr Bounds<std::int64_t> kCount = {0, 1 << 30};
    v.text("name", device.name, {"name on the screen"});
    v.text("part", device.part, "", {"part number"});
    v.word("kind", device.kind, {"fpga or asic"});
    v.integer("dsp", device.dsp, kCount, 0, {"DSP slices"});
    v.integer("bram18k", device.bram18k, kCount, 0, {"block RAMs of 18 Kbit"});
    v.integer("lut", device.lut, kCount, 0, {"look-up tables"});
    v.integer("uram", device.uram, kCount, 0, {"Ultra RAMs"});
    v.number("clock_mhz", device.clockMhz, {0.001, 100000}, 200, {"clock", "MHz"});
    v.number("power_watt", device.powerWatt, {0, 100000}, 7, {"power of the board", "W"});
    v.text("source", device.source, "", {"where these figures are from"});
    // Left out where unknown, so that documents of earlier versions stay the same.
    if (v.said(device.flipFlops > 0)) {
        v.integer("flip_flops", device.flipFlops, kCount, 0, {"flip-flops"});
    }
    if (v.said(device.nodeNm > 0)) {
        v.integer("node_nm", device.nodeNm, {0, 1000}, 0, {"process node", "nm"});
    }
}

template void acceleratorFields(ReadsFields&, hardware::AcceleratorSpace&, int);
template void acceleratorFields(WritesFields&, const hardware::AcceleratorSpace&, int);
template void acceleratorFields(ExplainsFields&, const hardware::AcceleratorSpace&, int);

template void deviceFields(ReadsFields&, model::Device&);
template void deviceFields(WritesFields&, const model::Device&);
template void deviceFields(ExplainsFields&, const model::Device&);

}  // namespace cohelix::spec
