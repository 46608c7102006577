// SPDX-License-Identifier: GPL-3.0-or-later
// Every field of a specification, once: key, bounds, what is taken where it is absent, meaning,
// unit and label. Readers, writers and those who explain go over it in this order
// (field_visitors.h).
#include <algorithm>
#include <limits>
#include <set>

#include "core/specification/accelerator_presets.h"
#include "core/specification/field_visitors.h"

namespace cohelix::spec {
namespace {

using base::Json;
using base::JsonReader;
using model::Dim;

constexpr int kMostChannels = 8192;
constexpr int kMostPixels = 4096;
constexpr int kMostBlocks = 512;
constexpr int kMostTile = 1 << 20;
constexpr int kMostEpochs = 100000;
constexpr int kMostGroups = 32;  // of chunks: 64 chunks
constexpr double kHuge = 1e12;
constexpr double kNoBound = 1e300;

std::string element(std::string_view list, std::size_t index) {
    return std::string(list) + "/" + std::to_string(index);
}

template <typename Visitor, typename T>
void dataSetFields(Visitor& v, T& data) {
    v.word(
        "kind", data.kind,
        {.meaning = "fashion-mnist, mnist, cifar10, cifar100 or image-folder", .label = "Images"});
    v.text(
        "path", data.path, "",
        {.meaning =
             "folder with the files; where it is not there, the folder of that name or of the kind "
             "in $COHELIX_DATASETS; empty: the usual places",
         .label = "Folder"});
    v.number("validation_fraction", data.validationFraction, {0.001, 0.9}, 0.1,
             {.meaning = "share of the training images held out for choosing designs",
              .unit = "share",
              .shortUnit = ""});
    v.integer("crop_padding", data.cropPadding, {0, 64}, 0,
              {"augmentation: random crop after padding each side", "pixels"});
    v.flag("flip", data.flip,
           {.meaning = "augmentation: random horizontal flip", .label = "Random flip"});
}

template <typename Visitor, typename T>
void stageFields(Visitor& v, T& stage) {
    v.integer("channels", stage.channels, {1, kMostChannels},
              {"output channels of the stage's blocks, 1 to 8,192; all operators of all blocks "
               "have at most 1,073,741,824 weights together"});
    v.integer("blocks", stage.blocks, {1, kMostBlocks}, {"searchable blocks in the stage"});
    v.integer("stride", stage.stride, {1, 4}, {"stride of the stage's first block", "pixels"});
}

/// Groups must divide the channels of every block that could use them.
void checkGroups(const NetworkSpace& space, JsonReader& json) {
    for (const auto& shape : blockShapes(space)) {
        for (std::size_t i = 0; i < space.operators.size(); ++i) {
            const auto& op = space.operators[i];
            if (shape.inputs % op.groups == 0 && shape.outputs % op.groups == 0) continue;
            json.fail(element("operators", i),
                      std::to_string(op.groups) + " groups do not divide the " +
                          std::to_string(shape.inputs) + " to " + std::to_string(shape.outputs) +
                          " channels of a block",
                      "Use channel counts that the groups divide");
        }
    }
}

std::vector<Operator> readOperators(JsonReader& json) {
    std::vector<Operator> operators;
    const auto names = json.texts("operators");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto op = parseOperator(names[i]);
        if (!op) {
            json.fail(element("operators", i), "'" + names[i] + "' is no operator",
                      "Write k3_e6 (kernel 1, 3, 5 or 7, expansion 1 to 16), k3_e6_g2 (2 or 4 "
                      "groups in the 1x1 convolutions), or skip");
            return operators;
        }
        if (std::find(operators.begin(), operators.end(), *op) != operators.end()) {
            json.fail(element("operators", i), "'" + names[i] + "' stands there twice");
        }
        operators.push_back(*op);
    }
    return operators;
}

Json textsOf(const auto& items, const auto& text) {
    Json list = Json::array();
    for (const auto& item : items) list.push_back(text(item));
    return list;
}

int blocksIn(const NetworkSpace& space) {
    int blocks = 0;
    for (const auto& stage : space.stages) blocks += stage.blocks;
    return blocks;
}

template <typename Visitor, typename T>
void networkFields(Visitor& v, T& space) {
    v.object("input", [&](auto& input) {
        input.integer("channels", space.input.channels, {1, 64}, {"channels of an image"});
        input.integer("height", space.input.height, {1, kMostPixels},
                      {"rows of an image", "pixels"});
        input.integer("width", space.input.width, {1, kMostPixels},
                      {"columns of an image", "pixels"});
    });
    v.integer("classes", space.classes, {2, 65535}, {"number of labels: those of the data set"});
    v.object("stem", [&](auto& stem) {
        stem.integer("channels", space.stemChannels, {1, kMostChannels},
                     {"output channels of the first convolution, 1 to 8,192"});
        stem.integer("kernel", space.stemKernel, {1, 7}, {"its kernel size, odd", "pixels"});
        stem.integer("stride", space.stemStride, {1, 4}, {"its stride", "pixels"});
        if constexpr (Visitor::kReads) {
            if (space.stemKernel % 2 == 0) {
                stem.json().fail("kernel", "must be odd: 1, 3, 5 or 7");
            }
        }
    });
    v.objects("stages", space.stages, [](auto& inner, auto&& stage) { stageFields(inner, stage); });
    if constexpr (Visitor::kReads) {
        const int blocks = blocksIn(space);
        if (space.stages.empty() || blocks > kMostBlocks) {
            v.json().fail("stages", "there must be 1 to 512 searchable blocks, but there are " +
                                        std::to_string(blocks));
        }
        space.operators = readOperators(v.json());
    } else if constexpr (Visitor::kExplains) {
        v.say("operators",
              {"what each block may be: k<kernel>_e<expansion>[_g<groups>] (1x1 convolution, "
               "depthwise convolution, 1x1 convolution) or skip"});
    } else {
        v.json()["operators"] =
            textsOf(space.operators, [](const Operator& op) { return toText(op); });
    }
    v.integer("head_channels", space.headChannels, {0, kMostChannels}, 0,
              {.meaning = "1x1 convolution before pooling, up to 8,192; 0: none",
               .unit = "channels",
               .shortUnit = ""});
    if constexpr (Visitor::kReads) {
        if (blocksIn(space) <= kMostBlocks) checkGroups(space, v.json());
    }
}

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

/// The space that the field names, as the object that it stands for.
Json readNamedAccelerator(JsonReader& json) {
    const auto preset = acceleratorPreset(json.text("accelerator"));
    if (preset) return toJson(*preset);
    json.fail("accelerator", "'" + preset.error().where + "' is no accelerator space",
              preset.error().advice);
    return {};
}

/// A device of one's own; of those that are known the name is enough.
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

model::Device readDevice(JsonReader& json, const Json& document) {
    model::Device device;
    if (document.contains("device") && document["device"].is_object()) {
        ReadsFields v(json.object("device"));
        deviceFields(v, device);
        v.json().finish();
        return device;
    }
    const std::string name = json.text("device");
    if (const auto known = model::findDevice(name)) return *known;
    std::string names;
    for (const auto& one : model::devices()) names += (names.empty() ? "" : ", ") + one.name;
    json.fail("device", "'" + name + "' is not known",
              "Use one of " + names + ", or an object with name, kind, dsp, bram18k …");
    return {};
}

template <typename Visitor, typename T>
void limitFields(Visitor& v, T& limits) {
    for (const auto& info : kLimits) {
        v.number(info.key, limits.*info.member, {0, kHuge},
                 {info.meaning, info.unitText, info.label, info.unit, true});
    }
}

template <typename Visitor, typename T>
void objectiveFields(Visitor& v, T& objective) {
    v.word("metric", objective.metric,
           {"what is traded against accuracy: fps, latency_ms, energy_mj, edp"});
    v.objects("targets", objective.targets, [](auto& inner, auto&& window) {
        inner.number("low", window.low, {0, kNoBound},
                     {"a design of this target should have at least this", "metric"});
        inner.number("high", window.high, {window.low, kNoBound}, {"and at most this", "metric"});
    });
    if constexpr (Visitor::kReads) {
        if (objective.targets.empty() || objective.targets.size() > 64) {
            v.json().fail("targets", "there must be 1 to 64 targets, each with low and high");
        }
    }
    v.number("initial_hardware_share", objective.initialHardwareShare, {0, 100}, 0.2,
             {.meaning = "the hardware term starts as this share of the cross-entropy",
              .unit = "share",
              .shortUnit = ""});
}

/// The search and the training from scratch speak of them in words of their own.
struct SgdWords {
    const char* start;
    const char* end;
};
template <typename Visitor, typename T>
void sgdFields(Visitor& v, T& recipe, const SgdWords& words) {
    v.number("learning_rate", recipe.learningRate, {1e-12, 1000}, {words.start});
    v.number("final_learning_rate", recipe.finalLearningRate, {0, 1000}, 0, {words.end});
    v.number("momentum", recipe.momentum, {0, 0.9999}, 0.9, {"of stochastic gradient descent"});
    v.number("weight_decay", recipe.weightDecay, {0, 10}, 0, {"L2 penalty on the weights"});
    v.number("clip_norm", recipe.clipNorm, {0, 1e6}, 0,
             {"largest norm of the gradient; 0: no clipping"});
    v.flag("nesterov", recipe.nesterov,
           {"look ahead by the momentum before each step; absent: false"});
}

template <typename Visitor, typename T>
void searchFields(Visitor& v, T& recipe) {
    constexpr Bounds<std::int64_t> kSteps = {1, 1 << 24};
    constexpr Bounds<std::int64_t> kEvaluations = {1, 100000000};
    v.integer("batch", recipe.batch, {2, 65536},
              {"images in a step; all where there are fewer", "images"});
    v.integer("steps_per_epoch", recipe.stepsPerEpoch, {0, 1 << 24}, 0,
              {"0: one pass over the images that train weights", "steps"});
    v.integer("warmup_epochs", recipe.warmupEpochs, {0, kMostEpochs},
              {"epochs that train weights only", "epochs", "Warm-up epochs"});
    v.integer("epochs", recipe.epochs, {1, kMostEpochs},
              {"epochs that train weights and architecture in turn", "epochs", "Joint epochs"});
    v.word("level", recipe.level, Level::Two,
           {"two: weights and architecture in turn, each on its own images; one: both by one "
            "gradient on the same images; absent: two"});
    v.number("weight_share", recipe.weightShare, {0.05, 0.95}, 0.5,
             {.meaning = "two levels: share of the images for weights; the rest for architecture",
              .unit = "share",
              .shortUnit = ""});
    v.object("weights", [&](auto& inner) {
        sgdFields(inner, recipe.weights,
                  {"of the supernet's weights at the start", "at the end of a cosine schedule"});
    });
    v.number(
        "alpha_learning_rate", recipe.alphaLearningRate, {1e-12, 100},
        {.meaning = "Adam, of the architecture parameters", .label = "Architecture learning rate"});
    v.number("temperature", recipe.temperature, {0.01, 1000},
             {"of the Gumbel-Softmax at the start"});
    v.number("temperature_decay", recipe.temperatureDecay, {0.01, 1}, {"factor per epoch"});
    v.word("sampling", recipe.sampling, Sampling::TwoPath,
           {"soft (all operators), hard (one), two-path (two active)"});
    v.word("hardware_gradient", recipe.hardwareGradient, HardwareGradient::Expected,
           {"operators that the hardware term prices: expected (all, by their probabilities) or "
            "single-path (the sampled ones)"});
    v.word("layer_mapping", recipe.layerMapping, LayerMapping::Tiles,
           {"of the loop-nest template: tiles (the accelerator's, for all layers) or proven (the "
            "best mapping of each layer on the hardware found)"});
    v.word("accelerator_method", recipe.acceleratorMethod, AcceleratorMethod::Auto,
           {"how a network's accelerator is found: proven (the best of the whole space in the "
            "precision under trial), gradient (Gumbel-Softmax), auto (proven where the space "
            "allows it; of searched allocations for FPS and energy, of the networks that are to be "
            "trained)"});
    v.integer("accelerator_refresh_steps", recipe.acceleratorRefreshSteps, kSteps,
              {"architecture steps of a target between two searches of its accelerator", "steps"});
    v.integer(
        "accelerator_iterations", recipe.acceleratorIterations, kEvaluations,
        {.meaning = "of such a search", .unit = "cost evaluations", .shortUnit = "evaluations"});
    v.number("accelerator_learning_rate", recipe.acceleratorLearningRate, {1e-12, 100}, 0.05,
             {"Adam, of the accelerator parameters"});
    v.integer("final_accelerator_iterations", recipe.finalAcceleratorIterations, kEvaluations,
              {.meaning = "for a network that is reported",
               .unit = "cost evaluations",
               .shortUnit = "evaluations"});
    v.integer("estimate_images", recipe.estimateImages, kSteps,
              {"validation images of a supernet estimate; all where there are fewer", "images"});
    v.word("device", recipe.processor, Processor::Cpu,
           {.meaning = "what trains: cpu, cuda, or auto (cuda where there is one); absent: cpu. "
                       "The same seed "
                       "gives the same designs on one type of machine only",
            .label = "Trains on"});
}

template <typename Visitor, typename T>
void trainingFields(Visitor& v, T& recipe) {
    v.integer("designs", recipe.designs, {0, 1000},
              {"members of the front to train from scratch", "designs"});
    v.integer("epochs", recipe.epochs, {1, kMostEpochs}, {"of each", "epochs"});
    v.integer("batch", recipe.batch, {2, 65536}, {"images in a step", "images"});
    v.object("weights", [&](auto& inner) {
        sgdFields(inner, recipe.weights, {"at the start of a cosine schedule", "at its end"});
    });
    v.number("label_smoothing", recipe.labelSmoothing, {0, 0.9}, 0,
             {.meaning = "share of the label spread over all classes",
              .unit = "share",
              .shortUnit = ""});
}

template <typename Visitor, typename T>
void titleFields(Visitor& v, T& spec) {
    v.text("name", spec.name, {"title of the search"});
    v.text("description", spec.description, "", {"free text"});
    v.integer("seed", spec.seed, {0, std::numeric_limits<std::int64_t>::max()},
              {"start of all random numbers; the same seed gives the same designs"});
}

/// From the objective on, and what is before the accelerator.
template <typename Visitor, typename T>
void spaceFields(Visitor& v, T& spec) {
    v.object("data_set", [&](auto& inner) { dataSetFields(inner, spec.dataSet); });
    v.object("network", [&](auto& inner) { networkFields(inner, spec.network); });
}
template <typename Visitor, typename T>
void budgetOfSearchFields(Visitor& v, T& spec) {
    v.object("objective", [&](auto& inner) { objectiveFields(inner, spec.objective); });
    v.object("search", [&](auto& inner) { searchFields(inner, spec.search); });
    v.object("training", [&](auto& inner) { trainingFields(inner, spec.training); });
}

Json write(const model::Device& device) {
    if (model::findDevice(device.name) == device) return device.name;
    WritesFields v;
    deviceFields(v, device);
    return v.take();
}

void readVersion(JsonReader& json, const std::optional<base::Error>& error) {
    const auto version = json.integer("cohelix", 1, 1 << 30);
    if (error || version <= kSpecificationVersion) return;
    json.fail("cohelix",
              "this specification has version " + std::to_string(version) +
                  ", this program knows up to " + std::to_string(kSpecificationVersion),
              "Use a newer Cohelix");
}

std::optional<base::Error> unprovable(const Specification& spec) {
    if (spec.search.acceleratorMethod != AcceleratorMethod::Proven ||
        hardware::provenAcceleratorsExist(spec.accelerator)) {
        return std::nullopt;
    }
    return base::Error{"/search/accelerator_method",
                       "the best accelerator of this space cannot be proven: its chunks share a "
                       "budget or the DRAM, or their layers are searched",
                       "Use auto or gradient"};
}

}  // namespace

base::Result<Specification> fromJson(const Json& document) {
    std::optional<base::Error> error;
    ReadsFields v(JsonReader(document, "", error));
    Specification spec;
    readVersion(v.json(), error);
    if (error) return *error;
    titleFields(v, spec);
    spaceFields(v, spec);
    if (error) return *error;
    const int blocks = static_cast<int>(blockShapes(spec.network).size());
    const auto accelerator = [&](auto& inner) {
        acceleratorFields(inner, spec.accelerator, blocks);
    };
    if (document.contains("accelerator") && document["accelerator"].is_string()) {
        const Json named = readNamedAccelerator(v.json());
        if (error) return *error;
        ReadsFields inner(JsonReader(named, "/accelerator", error));
        accelerator(inner);
        inner.json().finish();
    } else {
        v.object("accelerator", accelerator);
    }
    spec.device = readDevice(v.json(), document);
    if (v.json().has("limits")) {
        v.object("limits", [&](auto& inner) { limitFields(inner, spec.limits); });
    }
    budgetOfSearchFields(v, spec);
    v.json().finish();
    if (error) return *error;
    if (const auto refused = unprovable(spec)) return *refused;
    return spec;
}

Json toJson(const hardware::AcceleratorSpace& space) {
    WritesFields v;
    acceleratorFields(v, space, 0);
    return v.take();
}

Json toJson(const Specification& specification) {
    WritesFields v;
    v.json()["cohelix"] = kSpecificationVersion;
    titleFields(v, specification);
    spaceFields(v, specification);
    v.json()["accelerator"] = toJson(specification.accelerator);
    v.json()["device"] = write(specification.device);
    v.object("limits", [&](auto& inner) { limitFields(inner, specification.limits); });
    budgetOfSearchFields(v, specification);
    return v.take();
}

const std::vector<FieldHelp>& fieldHelp() {
    static const auto kHelp = [] {
        std::vector<FieldHelp> all;
        ExplainsFields v("", all);
        const Specification spec;
        v.say("cohelix", {.meaning = "version of this format; 1", .fixed = true});
        titleFields(v, spec);
        spaceFields(v, spec);
        v.say("accelerator",
              {"a space by name (r1, r2, wide, r2-wide, searched, each also with -beyond: beyond "
               "the authors' template; r1-28, r1-imagenet, r2-imagenet), or an object"});
        v.object("accelerator",
                 [&](auto& inner) { acceleratorFields(inner, spec.accelerator, 0); });
        std::vector<std::string> devices;
        for (const auto& device : model::devices()) devices.push_back(device.name);
        v.say("device",
              {.meaning = "part by name, or an object with its resources", .label = "Part"},
              std::move(devices));
        v.object("limits", [&](auto& inner) { limitFields(inner, spec.limits); });
        budgetOfSearchFields(v, spec);
        return all;
    }();
    return kHelp;
}

}  // namespace cohelix::spec
