// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a specification: every field once, in the order in which toJson writes them.
#include <algorithm>
#include <cmath>
#include <set>

#include "core/specification/accelerator_presets.h"
#include "core/specification/specification.h"

namespace cohelix::spec {
namespace {

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

DataSetSpec readDataSet(JsonReader json) {
    DataSetSpec spec;
    spec.kind = json.word<DataSetKind>("kind");
    spec.path = json.text("path", "");
    spec.validationFraction = json.number("validation_fraction", 0.001, 0.9, 0.1);
    spec.cropPadding = static_cast<int>(json.integer("crop_padding", 0, 64, 0));
    spec.flip = json.flag("flip", false);
    json.finish();
    return spec;
}

Stage readStage(JsonReader json) {
    Stage stage;
    stage.channels = static_cast<int>(json.integer("channels", 1, kMostChannels));
    stage.blocks = static_cast<int>(json.integer("blocks", 1, kMostBlocks));
    stage.stride = static_cast<int>(json.integer("stride", 1, 4));
    json.finish();
    return stage;
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

NetworkSpace readNetwork(JsonReader json) {
    NetworkSpace space;
    auto input = json.object("input");
    space.input.channels = static_cast<int>(input.integer("channels", 1, 64));
    space.input.height = static_cast<int>(input.integer("height", 1, kMostPixels));
    space.input.width = static_cast<int>(input.integer("width", 1, kMostPixels));
    input.finish();
    space.classes = static_cast<int>(json.integer("classes", 2, 65535));
    auto stem = json.object("stem");
    space.stemChannels = static_cast<int>(stem.integer("channels", 1, kMostChannels));
    space.stemKernel = static_cast<int>(stem.integer("kernel", 1, 7));
    if (space.stemKernel % 2 == 0) stem.fail("kernel", "must be odd: 1, 3, 5 or 7");
    space.stemStride = static_cast<int>(stem.integer("stride", 1, 4));
    stem.finish();
    int blocks = 0;
    json.eachObject("stages", [&](JsonReader stage) {
        space.stages.push_back(readStage(stage));
        blocks += space.stages.back().blocks;
    });
    if (space.stages.empty() || blocks > kMostBlocks) {
        json.fail("stages", "there must be 1 to 512 searchable blocks, but there are " +
                                std::to_string(blocks));
    }
    const auto names = json.texts("operators");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto op = parseOperator(names[i]);
        if (!op) {
            json.fail(element("operators", i), "'" + names[i] + "' is no operator",
                      "Write k3_e6 (kernel 1, 3, 5 or 7, expansion 1 to 16), k3_e6_g2 (2 or 4 "
                      "groups in the 1x1 convolutions), or skip");
            return space;
        }
        if (std::find(space.operators.begin(), space.operators.end(), *op) !=
            space.operators.end()) {
            json.fail(element("operators", i), "'" + names[i] + "' stands there twice");
        }
        space.operators.push_back(*op);
    }
    space.headChannels = static_cast<int>(json.integer("head_channels", 0, kMostChannels, 0));
    json.finish();
    if (blocks <= kMostBlocks) checkGroups(space, json);
    return space;
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

/// Sizes without repetition.
std::vector<int> readSizeList(JsonReader& json, std::string_view key, int least, int most) {
    auto list = json.integers(key, least, most);
    if (std::set<int>(list.begin(), list.end()).size() != list.size()) {
        json.fail(key, "a choice stands there twice");
    }
    return list;
}

std::vector<int> readTileList(JsonReader& json, std::string_view key) {
    return readSizeList(json, key, 1, kMostTile);
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

/// `blocks` of the network, unless layers are allocated by choices and the chunk has no rule.
hardware::PipelineChunkSpace readPipelineChunk(JsonReader json, std::optional<int> blocks) {
    hardware::PipelineChunkSpace chunk;
    chunk.name = json.text("name");
    chunk.role = json.word<model::ChunkRole>("role");
    if (blocks) chunk.layers = readRule(json.object("layers"), *blocks);
    const bool standard = chunk.role == model::ChunkRole::Standard;
    const auto names = json.texts("parallelism");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto mode = base::valueOf<model::Parallelism>(names[i]);
        if (mode) chunk.parallelism.push_back(*mode);
        if (!mode || (!standard && *mode == model::Parallelism::OutputAndInputChannels)) {
            json.fail(element("parallelism", i),
                      "'" + names[i] + "' is not known for a " +
                          std::string(word(chunk.role)) + " chunk",
                      standard ? "Use output-channels, output-and-input-channels or output-rows"
                               : "Use output-channels or output-rows");
        }
    }
    chunk.rows = readTileList(json, "rows");
    chunk.columns = readTileList(json, "columns");
    chunk.outputs = readTileList(json, "tm");
    chunk.inputs = standard ? readTileList(json, "tn") : std::vector<int>{1};
    chunk.bits = json.integers("bits", 2, 32);
    if (json.has("port_words")) {
        chunk.portWords =
            readSizeList(json, "port_words", model::kAuthorsPortWords, model::kMostPortWords);
    }
    if (json.has("overlap")) chunk.overlap = readOverlaps(json);
    json.finish();
    return chunk;
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
        const auto dim = std::find_if(model::kAllDims.begin(), model::kAllDims.end(), [c](Dim d) {
            return word(d).front() == c;
        });
        if (dim == model::kAllDims.end() ||
            std::find(style.dims.begin(), style.dims.end(), *dim) != style.dims.end()) {
            return std::nullopt;
        }
        style.dims.push_back(*dim);
    }
    if (style.rows < 0 || style.dims.empty()) return std::nullopt;
    return style;
}

hardware::ArrayChunkSpace readArrayChunk(JsonReader json) {
    hardware::ArrayChunkSpace chunk;
    chunk.name = json.text("name");
    chunk.role = json.word<model::ChunkRole>("role");
    const auto styles = json.texts("styles");
    for (std::size_t i = 0; i < styles.size(); ++i) {
        const auto style = parseStyle(styles[i]);
        if (!style) {
            json.fail(element("styles", i), "'" + styles[i] + "' is no PE-array style",
                      "Write the dimensions unrolled on rows, a slash, and those on columns: SR/CK");
            return chunk;
        }
        chunk.styles.push_back(*style);
    }
    chunk.ratioMost = static_cast<int>(json.integer("ratio_most", 1, 100, 10));
    chunk.registerTiles = json.flag("register_tiles", false);
    json.finish();
    return chunk;
}

hardware::ArrayBudget readBudget(JsonReader json) {
    hardware::ArrayBudget budget;
    budget.pes = static_cast<int>(json.integer("pes", 1, 1 << 24));
    budget.bufferKib = json.number("buffer_kib", 0.01, 1e9);
    budget.registerBytes = json.number("register_bytes", 1, 1e9);
    budget.bits = static_cast<int>(json.integer("bits", 2, 32));
    json.finish();
    return budget;
}

void checkRoles(JsonReader& json, bool standard, bool depthwise) {
    if (standard && depthwise) return;
    json.fail("chunks", std::string("there is no ") + (standard ? "depthwise" : "standard") +
                            " chunk to run such layers on",
              "Give at least one chunk of each role");
}

void readSharedDram(JsonReader& json, hardware::AcceleratorSpace& space) {
    space.dramGigabytesPerSecond = json.number("dram_gb_per_s", 0, 1e6, 0);
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

std::optional<hardware::SearchedAllocation> readAllocation(JsonReader json, int blocks) {
    std::optional<hardware::SearchedAllocation> searched;
    if (json.oneOf("by", {"rules", "searched"}) == 1) {
        searched = hardware::SearchedAllocation{
            static_cast<int>(json.integer("most_groups", 1, std::min(blocks, kMostGroups))), blocks};
    }
    json.finish();
    return searched;
}

/// A pair of chunks is what every group of a searched allocation has.
void checkPair(JsonReader& json, const hardware::AcceleratorSpace& space) {
    if (!space.searched || space.pipeline.size() == 2) return;
    json.fail("chunks", "a searched allocation has groups of one standard and one depthwise chunk, "
                        "but there are " + std::to_string(space.pipeline.size()) + " chunks",
              "Give one of each role, or allocate by rules");
}

hardware::AcceleratorSpace readAccelerator(JsonReader json, int blocks) {
    hardware::AcceleratorSpace space;
    space.kind = json.word<model::Template>("template");
    space.clockMhz = json.number("clock_mhz", 0.001, 100000);
    bool standard = false;
    bool depthwise = false;
    const auto note = [&](model::ChunkRole role) {
        (role == model::ChunkRole::Standard ? standard : depthwise) = true;
    };
    if (space.kind == model::Template::ChunkPipeline) {
        space.fpgaModel = json.word("model", space.fpgaModel);
        space.doubleBufferedWeights = json.flag("double_buffered_weights", false);
        if (json.has("allocation")) space.searched = readAllocation(json.object("allocation"), blocks);
        const auto ruled = space.searched ? std::nullopt : std::optional(blocks);
        json.eachObject("chunks", [&](JsonReader chunk) {
            space.pipeline.push_back(readPipelineChunk(chunk, ruled));
            note(space.pipeline.back().role);
        });
        checkPair(json, space);
        const auto known = hardware::checkTemplate(space);
        if (!known) json.fail(known.error().where, known.error().what, known.error().advice);
    } else {
        space.technology = json.text("technology");
        space.budget = readBudget(json.object("budget"));
        json.eachObject("chunks", [&](JsonReader chunk) {
            space.arrays.push_back(readArrayChunk(chunk));
            note(space.arrays.back().role);
        });
    }
    if (space.pipeline.size() + space.arrays.size() > 64) {
        json.fail("chunks", "there are more than 64 chunks");
    }
    checkRoles(json, standard, depthwise);
    readSharedDram(json, space);
    json.finish();
    return space;
}

/// The space that the field names, as the object that it stands for.
base::Json readNamedAccelerator(JsonReader& json) {
    const auto preset = acceleratorPreset(json.text("accelerator"));
    if (preset) return toJson(*preset);
    json.fail("accelerator", "'" + preset.error().where + "' is no accelerator space",
              preset.error().advice);
    return {};
}

model::Device readDevice(JsonReader& json, const base::Json& document) {
    if (document.contains("device") && document["device"].is_object()) {
        auto own = json.object("device");
        model::Device device;
        device.name = own.text("name");
        device.part = own.text("part", "");
        device.kind = own.word<model::DeviceKind>("kind");
        device.dsp = static_cast<int>(own.integer("dsp", 0, 1 << 30, 0));
        device.bram18k = static_cast<int>(own.integer("bram18k", 0, 1 << 30, 0));
        device.lut = static_cast<int>(own.integer("lut", 0, 1 << 30, 0));
        device.uram = static_cast<int>(own.integer("uram", 0, 1 << 30, 0));
        device.flipFlops = static_cast<int>(own.integer("flip_flops", 0, 1 << 30, 0));
        device.nodeNm = static_cast<int>(own.integer("node_nm", 0, 1000, 0));
        device.clockMhz = own.number("clock_mhz", 0.001, 100000, 200);
        device.powerWatt = own.number("power_watt", 0, 100000, 7);
        device.source = own.text("source", "");
        own.finish();
        return device;
    }
    const std::string name = json.text("device");
    if (const auto device = model::findDevice(name)) return *device;
    std::string known;
    for (const auto& device : model::devices()) known += (known.empty() ? "" : ", ") + device.name;
    json.fail("device", "'" + name + "' is not known",
              "Use one of " + known + ", or an object with name, kind, dsp, bram18k …");
    return {};
}

Limits readLimits(JsonReader json) {
    Limits limits;
    limits.dsp = json.optionalNumber("dsp", 0, kHuge);
    limits.bram18k = json.optionalNumber("bram18k", 0, kHuge);
    limits.leastFps = json.optionalNumber("least_fps", 0, kHuge);
    limits.mostLatencyMs = json.optionalNumber("most_latency_ms", 0, kHuge);
    limits.mostEnergyMj = json.optionalNumber("most_energy_mj", 0, kHuge);
    json.finish();
    return limits;
}

Objective readObjective(JsonReader json) {
    Objective objective;
    objective.metric = json.word<Metric>("metric");
    json.eachObject("targets", [&](JsonReader target) {
        Window window;
        window.low = target.number("low", 0, kNoBound);
        window.high = target.number("high", window.low, kNoBound);
        target.finish();
        objective.targets.push_back(window);
    });
    if (objective.targets.empty() || objective.targets.size() > 64) {
        json.fail("targets", "there must be 1 to 64 targets, each with low and high");
    }
    objective.initialHardwareShare = json.number("initial_hardware_share", 0, 100, 0.2);
    json.finish();
    return objective;
}

SgdRecipe readSgd(JsonReader json) {
    SgdRecipe recipe;
    recipe.learningRate = json.number("learning_rate", 1e-12, 1000);
    recipe.finalLearningRate = json.number("final_learning_rate", 0, 1000, 0);
    recipe.momentum = json.number("momentum", 0, 0.9999, 0.9);
    recipe.weightDecay = json.number("weight_decay", 0, 10, 0);
    recipe.clipNorm = json.number("clip_norm", 0, 1e6, 0);
    json.finish();
    return recipe;
}

SearchRecipe readSearch(JsonReader json) {
    SearchRecipe recipe;
    recipe.batch = static_cast<int>(json.integer("batch", 2, 65536));
    recipe.stepsPerEpoch = static_cast<int>(json.integer("steps_per_epoch", 0, 1 << 24, 0));
    recipe.warmupEpochs = static_cast<int>(json.integer("warmup_epochs", 0, kMostEpochs));
    recipe.epochs = static_cast<int>(json.integer("epochs", 1, kMostEpochs));
    recipe.level = json.word("level", recipe.level);
    recipe.weightShare = json.number("weight_share", 0.05, 0.95, 0.5);
    recipe.weights = readSgd(json.object("weights"));
    recipe.alphaLearningRate = json.number("alpha_learning_rate", 1e-12, 100);
    recipe.temperature = json.number("temperature", 0.01, 1000);
    recipe.temperatureDecay = json.number("temperature_decay", 0.01, 1);
    recipe.sampling = json.word("sampling", recipe.sampling);
    recipe.hardwareGradient = json.word("hardware_gradient", recipe.hardwareGradient);
    recipe.acceleratorMethod = json.word("accelerator_method", recipe.acceleratorMethod);
    recipe.layerMapping = json.word("layer_mapping", recipe.layerMapping);
    recipe.acceleratorRefreshSteps =
        static_cast<int>(json.integer("accelerator_refresh_steps", 1, 1 << 24));
    recipe.acceleratorIterations =
        static_cast<int>(json.integer("accelerator_iterations", 1, 100000000));
    recipe.acceleratorLearningRate = json.number("accelerator_learning_rate", 1e-12, 100, 0.05);
    recipe.finalAcceleratorIterations =
        static_cast<int>(json.integer("final_accelerator_iterations", 1, 100000000));
    recipe.estimateImages = static_cast<int>(json.integer("estimate_images", 1, 1 << 24));
    recipe.processor = json.word("device", recipe.processor);
    json.finish();
    return recipe;
}

TrainingRecipe readTraining(JsonReader json) {
    TrainingRecipe recipe;
    recipe.designs = static_cast<int>(json.integer("designs", 0, 1000));
    recipe.epochs = static_cast<int>(json.integer("epochs", 1, kMostEpochs));
    recipe.batch = static_cast<int>(json.integer("batch", 2, 65536));
    recipe.weights = readSgd(json.object("weights"));
    recipe.labelSmoothing = json.number("label_smoothing", 0, 0.9, 0);
    json.finish();
    return recipe;
}

}  // namespace

base::Result<Specification> fromJson(const base::Json& document) {
    std::optional<base::Error> error;
    JsonReader json(document, "", error);
    Specification spec;
    const auto version = json.integer("cohelix", 1, 1 << 30);
    if (!error && version > kSpecificationVersion) {
        json.fail("cohelix", "this specification has version " + std::to_string(version) +
                                 ", this program knows up to " +
                                 std::to_string(kSpecificationVersion),
                  "Use a newer Cohelix");
    }
    if (error) return *error;
    spec.name = json.text("name");
    spec.description = json.text("description", "");
    spec.seed = static_cast<std::uint64_t>(
        json.integer("seed", 0, std::numeric_limits<std::int64_t>::max()));
    spec.dataSet = readDataSet(json.object("data_set"));
    spec.network = readNetwork(json.object("network"));
    if (error) return *error;
    const int blocks = static_cast<int>(blockShapes(spec.network).size());
    base::Json named;
    if (document.contains("accelerator") && document["accelerator"].is_string()) {
        named = readNamedAccelerator(json);
        if (error) return *error;
    }
    spec.accelerator =
        readAccelerator(named.is_null() ? json.object("accelerator")
                                        : JsonReader(named, "/accelerator", error),
                        blocks);
    spec.device = readDevice(json, document);
    if (json.has("limits")) spec.limits = readLimits(json.object("limits"));
    spec.objective = readObjective(json.object("objective"));
    spec.search = readSearch(json.object("search"));
    spec.training = readTraining(json.object("training"));
    json.finish();
    if (error) return *error;
    if (spec.search.acceleratorMethod == AcceleratorMethod::Proven &&
        !hardware::provenAcceleratorsExist(spec.accelerator)) {
        return base::Error{"/search/accelerator_method",
                           "the best accelerator of this space cannot be proven: its chunks share a "
                           "budget or the DRAM, or their layers are searched",
                           "Use auto or gradient"};
    }
    return spec;
}

}  // namespace cohelix::spec
