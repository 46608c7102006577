// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/accelerator_json.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "core/hardware/template/template.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Json;
using base::JsonReader;
using base::Result;
using model::ChunkRole;
using model::Dim;

constexpr std::size_t kMostChunks = 64;
constexpr int kMostTile = 1 << 20;
constexpr std::int64_t kMostWords = std::int64_t{1} << 40;

Json tileJson(const model::Tile& tile) {
    return {{"rows", tile.rows},
            {"columns", tile.columns},
            {"outputs", tile.outputs},
            {"inputs", tile.inputs}};
}

Json byDim(const model::DimSizes& sizes) {
    Json json = Json::object();
    for (const Dim dim : model::kAllDims) {
        json[std::string(word(dim))] = sizes[static_cast<std::size_t>(dim)];
    }
    return json;
}

template <typename Dims>
Json dimList(const Dims& dims) {
    Json json = Json::array();
    for (const Dim dim : dims) json.push_back(word(dim));
    return json;
}

Json chunkJson(const model::PipelineChunk& chunk) {
    Json json = {{"name", chunk.name},
                 {"role", word(chunk.role)},
                 {"parallelism", word(chunk.parallelism)},
                 {"buffer_tile", tileJson(chunk.buffer)},
                 {"loop_tile", tileJson(chunk.loop)},
                 {"bits", chunk.bits}};
    // Left out within the authors' template, so that its documents stay the same.
    if (chunk.portWords != model::kAuthorsPortWords) json["port_words"] = chunk.portWords;
    if (chunk.overlap != model::Overlap::None) json["overlap"] = word(chunk.overlap);
    return json;
}

Json chunkJson(const model::ArrayChunk& chunk) {
    return {{"name", chunk.name},
            {"role", word(chunk.role)},
            {"spatial", byDim(chunk.spatial)},
            {"row_dims", dimList(chunk.rowDims)},
            {"buffer_tile", byDim(chunk.bufferTile)},
            {"register_tile", byDim(chunk.registerTile)},
            {"dram_order", dimList(chunk.dramOrder)},
            {"buffer_order", dimList(chunk.bufferOrder)},
            {"register_order", dimList(chunk.registerOrder)},
            {"pes", chunk.peCount},
            {"buffer_words", chunk.bufferWords},
            {"register_words", chunk.registerWords},
            {"bits", chunk.bits}};
}

model::Tile readTile(JsonReader json) {
    const auto side = [&](const char* key) {
        return static_cast<int>(json.integer(key, 1, kMostTile, 1));
    };
    const model::Tile tile{side("rows"), side("columns"), side("outputs"), side("inputs")};
    json.finish();
    return tile;
}

void checkTiles(JsonReader& json, const model::PipelineChunk& chunk) {
    struct Side {
        const char* name;
        int loop;
        int buffer;
    };
    for (const auto& side : {Side{"rows", chunk.loop.rows, chunk.buffer.rows},
                             Side{"columns", chunk.loop.columns, chunk.buffer.columns},
                             Side{"outputs", chunk.loop.outputs, chunk.buffer.outputs},
                             Side{"inputs", chunk.loop.inputs, chunk.buffer.inputs}}) {
        if (side.loop <= side.buffer) continue;
        json.fail(
            std::string("loop_tile/") + side.name,
            std::to_string(side.loop) + " is more than the buffer's " + std::to_string(side.buffer),
            "The tile that is worked on at once lies in the buffer's");
    }
    if (chunk.role == ChunkRole::Depthwise && chunk.buffer.inputs != 1) {
        json.fail("buffer_tile/inputs", "a depthwise chunk has one input channel to each output");
    }
}

model::Parallelism readParallelism(JsonReader& json, ChunkRole role) {
    const auto mode = json.word("parallelism", role == ChunkRole::Standard
                                                   ? model::Parallelism::OutputAndInputChannels
                                                   : model::Parallelism::OutputChannels);
    if (role == ChunkRole::Depthwise && mode == model::Parallelism::OutputAndInputChannels) {
        json.fail("parallelism", "a depthwise chunk knows output-channels and output-rows only");
    }
    return mode;
}

ChunkRole readRole(JsonReader& json) { return json.word("role", ChunkRole::Standard); }

hardware::LayerRule readRule(JsonReader json) {
    constexpr int kMost = 1 << 20;
    hardware::LayerRule rule;
    const auto bound = [&](const char* key) -> std::optional<int> {
        if (!json.has(key)) return std::nullopt;
        return static_cast<int>(json.integer(key, 0, kMost));
    };
    rule.firstBlock = bound("first_block");
    rule.lastBlock = bound("last_block");
    rule.mapAtLeast = bound("map_at_least");
    rule.mapBelow = bound("map_below");
    if (rule.firstBlock.has_value() != rule.lastBlock.has_value()) {
        json.fail("", "first_block and last_block go together");
    }
    if (rule.firstBlock && (rule.mapAtLeast || rule.mapBelow)) {
        json.fail("", "a rule is about blocks or about the rows of maps, not both");
    }
    json.finish();
    return rule;
}

/// What a chunk executes; `isList`: names, not a rule.
ChunkLayers readLayers(JsonReader& json, bool isList) {
    ChunkLayers layers;
    if (isList) {
        layers.names = json.texts("layers");
    } else {
        layers.rule = readRule(json.object("layers"));
    }
    return layers;
}

model::PipelineChunk readPipelineChunk(JsonReader& json) {
    model::PipelineChunk chunk;
    chunk.name = json.text("name", "chunk");
    chunk.role = readRole(json);
    chunk.parallelism = readParallelism(json, chunk.role);
    chunk.buffer = readTile(json.object("buffer_tile"));
    chunk.loop = readTile(json.object("loop_tile"));
    chunk.bits = static_cast<int>(json.integer("bits", 2, 32, 16));
    chunk.portWords = static_cast<int>(json.integer(
        "port_words", model::kAuthorsPortWords, model::kMostPortWords, model::kAuthorsPortWords));
    chunk.overlap = json.word("overlap", chunk.overlap);
    checkTiles(json, chunk);
    return chunk;
}

model::DimSizes readSizes(JsonReader json) {
    model::DimSizes sizes = {};
    for (const Dim dim : model::kAllDims) {
        sizes[static_cast<std::size_t>(dim)] = json.integer(word(dim), 1, kMostTile, 1);
    }
    json.finish();
    return sizes;
}

std::vector<Dim> readDims(JsonReader& json, const char* key, std::size_t least) {
    std::vector<Dim> dims;
    for (const auto& name : json.texts(key, least)) {
        const auto dim = base::valueOf<model::Dim>(name);
        if (!dim || *dim == Dim::G || std::ranges::find(dims, *dim) != dims.end()) {
            json.fail(key, "'" + name + "' is none of N, K, C, P, Q, R, S, or there twice");
            return dims;
        }
        dims.push_back(*dim);
    }
    return dims;
}

model::DimOrder readOrder(JsonReader& json, const char* key) {
    model::DimOrder order = model::kAllDims;
    const auto dims = readDims(json, key, 1);
    if (dims.size() != order.size()) {
        json.fail(key, "an order names each of N, K, C, P, Q, R, S");
    } else {
        std::ranges::copy(dims, order.begin());
    }
    return order;
}

model::ArrayChunk readArrayChunk(JsonReader& json) {
    model::ArrayChunk chunk;
    chunk.name = json.text("name", "chunk");
    chunk.role = readRole(json);
    chunk.spatial = readSizes(json.object("spatial"));
    chunk.rowDims = readDims(json, "row_dims", 0);  // all loops may be on the columns
    chunk.bufferTile = readSizes(json.object("buffer_tile"));
    chunk.registerTile = readSizes(json.object("register_tile"));
    chunk.dramOrder = readOrder(json, "dram_order");
    chunk.bufferOrder = readOrder(json, "buffer_order");
    chunk.registerOrder = readOrder(json, "register_order");
    chunk.peCount = json.integer("pes", 1, kMostWords);
    chunk.bufferWords = json.integer("buffer_words", 0, kMostWords);
    chunk.registerWords = json.integer("register_words", 0, kMostWords);
    chunk.bits = static_cast<int>(json.integer("bits", 2, 32, 16));
    return chunk;
}

/// The chunk at the reader, of the accelerator's template.
void addChunk(JsonReader& json, const Json& chunk, AcceleratorDocument& document) {
    if (document.accelerator.isPipeline()) {
        document.accelerator.pipeline.push_back(readPipelineChunk(json));
    } else {
        document.accelerator.arrays.push_back(readArrayChunk(json));
    }
    document.layers.push_back(json.has("layers")
                                  ? readLayers(json, chunk["layers"].is_array())
                                  : ChunkLayers{.rule = {}, .names = {}, .rest = true});
    json.finish();
}

void checkNames(JsonReader& json, const model::Accelerator& accelerator) {
    std::set<std::string> names;
    for (std::size_t c = 0; c < accelerator.chunkCount(); ++c) {
        if (names.insert(accelerator.chunkName(c)).second) continue;
        json.fail("chunks/" + std::to_string(c) + "/name",
                  "there is another chunk '" + accelerator.chunkName(c) + "'");
    }
}

std::vector<ChunkRole> rolesOf(const model::Accelerator& accelerator) {
    std::vector<ChunkRole> roles;
    for (const auto& chunk : accelerator.pipeline) roles.push_back(chunk.role);
    for (const auto& chunk : accelerator.arrays) roles.push_back(chunk.role);
    return roles;
}

/// Where no chunk says what it executes the document says nothing; else one a role may leave it
/// out.
void checkRest(JsonReader& json, AcceleratorDocument& document) {
    if (std::ranges::all_of(document.layers, &ChunkLayers::rest)) {
        document.layers.clear();
        return;
    }
    const auto roles = rolesOf(document.accelerator);
    std::map<ChunkRole, std::size_t> restOf;
    for (std::size_t c = 0; c < document.layers.size(); ++c) {
        if (!document.layers[c].rest || restOf.emplace(roles[c], c).second) continue;
        const std::string kind(word(roles[c]));
        json.fail("chunks/" + std::to_string(c),
                  "it and another " + kind + " chunk do not say which layers they execute",
                  "Give all but one " + kind + " chunk its layers, or no chunk at all");
    }
}

void readChunks(JsonReader& json, const Json& source, AcceleratorDocument& document) {
    std::size_t index = 0;
    json.eachObject(
        "chunks", [&](JsonReader chunk) { addChunk(chunk, source["chunks"][index++], document); });
    const std::size_t chunks = document.accelerator.chunkCount();
    if (chunks == 0 || chunks > kMostChunks) {
        json.fail("chunks",
                  "there must be 1 to 64 chunks, but there are " + std::to_string(chunks));
    }
    checkNames(json, document.accelerator);
    checkRest(json, document);
}

AcceleratorDocument readAccelerator(JsonReader json, const Json& source) {
    AcceleratorDocument document;
    auto& accelerator = document.accelerator;
    accelerator.kind = json.word("template", model::Template::ChunkPipeline);
    accelerator.clockMhz = json.number("clock_mhz", 0.001, 100000, 200);
    accelerator.dramGigabytesPerSecond = json.number("dram_gb_per_s", 0, 1e6, 0);
    if (accelerator.isPipeline()) {
        accelerator.fpgaModel = json.word("model", model::FpgaModel::Corrected);
        accelerator.doubleBufferedWeights = json.flag("double_buffered_weights", false);
    } else {
        accelerator.technology = json.text("technology");
    }
    readChunks(json, source, document);
    const auto known = model::checkTemplate(accelerator);
    if (!known) json.fail(known.error().where, known.error().what, known.error().advice);
    const auto sound = model::checkSharedDram(accelerator);
    if (!sound) json.fail("dram_gb_per_s", sound.error().what, sound.error().advice);
    json.finish();
    return document;
}

/// The chunk of each layer in a design's export, as names of layers.
void readMappings(JsonReader& json, AcceleratorDocument& document) {
    const auto chunks = static_cast<std::int64_t>(document.accelerator.chunkCount());
    document.layers.assign(document.accelerator.chunkCount(), {});
    document.ofDesign = true;
    json.eachObject("mappings", [&](JsonReader mapping) {
        const auto chunk = mapping.integer("chunk", 0, chunks - 1);
        document.layers[static_cast<std::size_t>(chunk)].names.push_back(mapping.text("layer"));
    });
}

/// The chunks' indices, those last that take the rest.
std::vector<std::size_t> restLast(const AcceleratorDocument& document) {
    std::vector<std::size_t> order(document.layers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_partition(order, [&](std::size_t c) { return !document.layers[c].rest; });
    return order;
}

/// The rules alone as an accelerator space, which knows how to follow them.
std::vector<int> byRules(const AcceleratorDocument& document, const model::Network& network) {
    hardware::AcceleratorSpace space;
    const auto roles = rolesOf(document.accelerator);
    const auto order = restLast(document);
    for (const std::size_t c : order) {
        auto& chunk = space.pipeline.emplace_back();
        chunk.role = roles[c];
        chunk.layers = document.layers[c].rule;
    }
    auto allocation = hardware::allocateLayers(space, {}, network);
    for (int& chunk : allocation) {
        chunk = static_cast<int>(order[static_cast<std::size_t>(chunk)]);
    }
    return allocation;
}

/// The chunk that takes what no other of the role does.
std::optional<int> restOf(const AcceleratorDocument& document, ChunkRole role) {
    const auto roles = rolesOf(document.accelerator);
    for (std::size_t c = 0; c < roles.size(); ++c) {
        if (roles[c] == role && document.layers[c].rest) return static_cast<int>(c);
    }
    return std::nullopt;
}

Result<std::vector<int>> byNames(const AcceleratorDocument& document, const model::Network& network,
                                 const std::set<std::string>& leftOut) {
    std::map<std::string, int> chunkOf;
    for (std::size_t c = 0; c < document.layers.size(); ++c) {
        for (const auto& name : document.layers[c].names) {
            if (chunkOf.emplace(name, static_cast<int>(c)).second) continue;
            return Error{name, "more than one chunk executes it", "Name each layer once"};
        }
    }
    std::vector<int> allocation;
    for (const auto& layer : network.layers) {
        if (const auto named = chunkOf.find(layer.name); named != chunkOf.end()) {
            allocation.push_back(named->second);
            chunkOf.erase(named);
        } else if (const auto rest = restOf(document, hardware::roleOf(layer))) {
            allocation.push_back(*rest);
        } else {
            return Error{layer.name, "no chunk executes it", "Name it in a chunk's layers"};
        }
    }
    std::erase_if(chunkOf, [&](const auto& named) { return leftOut.contains(named.first); });
    if (!chunkOf.empty()) {
        return Error{chunkOf.begin()->first, "the network has no such layer",
                     "Leave it out of the chunk's layers"};
    }
    return allocation;
}

Result<void> checkRoles(const AcceleratorDocument& document, const model::Network& network,
                        const std::vector<int>& allocation) {
    const auto roles = rolesOf(document.accelerator);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& layer = network.layers[i];
        const auto chunk = static_cast<std::size_t>(allocation[i]);
        const auto role = hardware::roleOf(layer);
        if (roles[chunk] == role) continue;
        const std::string kind(word(role));
        if (std::ranges::find(roles, role) == roles.end()) {
            return Error{layer.name,
                         "it is a " + kind + " layer and there is no " + kind + " chunk",
                         "Add a chunk with the role " + kind};
        }
        return Error{layer.name,
                     "it is a " + kind + " layer and '" + document.accelerator.chunkName(chunk) +
                         "' is no " + kind + " chunk",
                     "Put it on a chunk with the role " + kind};
    }
    return {};
}

}  // namespace

bool looksLikeAccelerator(const Json& json) {
    if (!json.is_object()) return false;
    return json.contains("chunks") || json.contains("loop_tile") ||
           (json.contains("accelerator") && json["accelerator"].is_object());
}

Result<AcceleratorDocument> acceleratorFromJson(const Json& json, const std::string& where) {
    std::optional<Error> error;
    AcceleratorDocument document;
    JsonReader reader(json, where, error);
    if (reader.has("accelerator")) {
        document = readAccelerator(reader.object("accelerator"), json["accelerator"]);
        if (!error && reader.has("mappings")) readMappings(reader, document);
    } else if (reader.has("loop_tile")) {
        addChunk(reader, json, document);
        checkRest(reader, document);
    } else {
        document = readAccelerator(reader, json);
    }
    if (error) return *error;
    return document;
}

Json chunkAcceleratorJson(const model::Accelerator& accelerator) {
    Json chunks = Json::array();
    for (const auto& chunk : accelerator.pipeline) chunks.push_back(chunkJson(chunk));
    for (const auto& chunk : accelerator.arrays) chunks.push_back(chunkJson(chunk));
    const bool pipeline = accelerator.isPipeline();
    Json json = {{"template", word(accelerator.kind)}, {"clock_mhz", accelerator.clockMhz}};
    if (accelerator.dramGigabytesPerSecond > 0) {
        json["dram_gb_per_s"] = accelerator.dramGigabytesPerSecond;
    }
    if (pipeline) {
        json["model"] = word(accelerator.fpgaModel);
        json["double_buffered_weights"] = accelerator.doubleBufferedWeights;
    } else {
        json["technology"] = accelerator.technology;
    }
    json["chunks"] = std::move(chunks);
    return json;
}

bool allocates(const AcceleratorDocument& document, const model::Network& network) {
    if (!document.ofDesign) return !document.layers.empty();
    return std::ranges::all_of(network.layers, [&](const model::Layer& layer) {
        return std::ranges::any_of(document.layers, [&](const ChunkLayers& chunk) {
            return std::ranges::find(chunk.names, layer.name) != chunk.names.end();
        });
    });
}

Result<std::vector<int>> allocationOf(const AcceleratorDocument& document,
                                      const model::Network& network,
                                      const std::set<std::string>& leftOut) {
    if (document.layers.size() != document.accelerator.chunkCount()) {
        return Error{"accelerator", "its chunks do not say which layers they execute",
                     "Give each chunk \"layers\": a rule or a list of names"};
    }
    const bool named = std::ranges::any_of(
        document.layers, [](const ChunkLayers& layers) { return !layers.names.empty(); });
    auto allocation = named ? byNames(document, network, leftOut)
                            : Result<std::vector<int>>(byRules(document, network));
    if (!allocation) return allocation;
    if (auto fits = checkRoles(document, network, *allocation); !fits) return fits.error();
    return allocation;
}

}  // namespace cohelix::interop
