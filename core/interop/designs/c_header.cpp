// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/designs/c_header.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/base/units.h"

namespace cohelix::interop {
namespace {

using model::Dim;

/// The types of the tables, up to their names.
constexpr const char* kLoopFields = R"(
/* One loop: level, dimension (N K C P Q R S), kind, trips. */
typedef struct {
    int32_t level;
    char dim;
    int32_t kind;
    int64_t trips;
} )";
constexpr const char* kLayerFields =
    R"(/* One layer: sizes and trips of the outermost level's tiles are
   in the order N K C P Q R S, strides and dilations of rows, then of columns;
   `input` and `added_to` are layers, -1 is the image or none; its loops are `loops` rows
   of the table of loops, from `first_loop`. */
typedef struct {
    const char *name;
    int32_t chunk;
    int32_t input;
    int32_t added_to;
    int32_t relu;
    int32_t shuffle_groups;
    int32_t groups;
    int32_t stride[2];
    int32_t dilation[2];
    int64_t sizes[7];
    int64_t tile_trips[7];
    int32_t first_loop;
    int32_t loops;
} )";

constexpr const char* kPrecisionFields =
    R"(/* How each layer was computed when the accuracy was evaluated:
   bits of its weights and of its input, whose steps lie between `least` and `most`; 16 bits and
   more were computed in floating point. */
typedef struct {
    int32_t bits;
    double least;
    double most;
} )";

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string upper(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

/// A string literal; everything but plain characters as an octal escape.
std::string cString(const std::string& text) {
    std::string literal = "\"";
    for (const char c : text) {
        if (c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?') {
            literal += c;
        } else {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\%03o", static_cast<unsigned char>(c));
            literal += escape.data();
        }
    }
    return literal + "\"";
}

std::string cDouble(double value) {
    std::string text = base::exact(value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

template <typename Values>
std::string braced(const Values& values) {
    std::string text = "{";
    for (const auto value : values) {
        if (text.size() > 1) text += ", ";
        text += std::to_string(value);
    }
    return text + "}";
}

class HeaderWriter {
public:
    HeaderWriter(const DesignDocument& design, const std::string& name)
        : m_design(design),
          m_name(cIdentifier(name)),
          m_prefix(upper(m_name) + "_"),
          m_chunkLayers(layersOfChunks(design)) {
        for (const auto& layer : design.cost.layers) {
            for (const auto& level : layer.mapping.levels) addLevel(level.memory);
        }
    }

    std::string text() {
        open();
        resources();
        chunks();
        levels();
        loops();
        layers();
        precision();
        m_text += "#endif\n";
        return std::move(m_text);
    }

private:
    void addLevel(const std::string& memory) {
        if (std::find(m_levels.begin(), m_levels.end(), memory) == m_levels.end()) {
            m_levels.push_back(memory);
        }
    }

    std::size_t levelIndex(const std::string& memory) const {
        const auto found = std::find(m_levels.begin(), m_levels.end(), memory);
        return static_cast<std::size_t>(found - m_levels.begin());
    }

    void define(const std::string& name, const std::string& value) {
        m_text += "#define " + m_prefix + name + " " + value + "\n";
    }
    void define(const std::string& name, std::int64_t value) {
        define(name, std::to_string(value));
    }

    void open() {
        m_text = "/* Accelerator and layer schedule of one design, written by Cohelix " +
                 std::string(base::programVersion()) + ". C99. */\n";
        m_text += "#ifndef " + m_prefix + "H\n#define " + m_prefix + "H\n\n#include <stdint.h>\n\n";
        const auto& network = m_design.network;
        define("DESIGN", m_design.row.id);
        define("CLOCK_MHZ", cDouble(m_design.accelerator.clockMhz));
        define("INPUT_CHANNELS", network.input.channels);
        define("INPUT_HEIGHT", network.input.height);
        define("INPUT_WIDTH", network.input.width);
        define("CLASSES", network.classes);
        define("LAYERS", static_cast<std::int64_t>(network.layers.size()));
        define("CHUNKS", static_cast<std::int64_t>(m_design.accelerator.chunkCount()));
        m_text += "\n";
    }

    /// Both counts: the model's, which limits are held against, and one fixed array's.
    void resources() {
        if (m_design.resources.empty()) return;
        m_text +=
            "/* By the model's count, of each chunk the most that one of its layers uses; and "
            "placed: one fixed\n   array of each chunk's tiles, DSPs packed, small memories in "
            "tables. */\n";
        for (const auto& line : m_design.resources) {
            const std::string resource = upper(cIdentifier(line.name));
            define("MODEL_" + resource, cDouble(line.used));
            define("PLACED_" + resource, cDouble(line.placed));
        }
        m_text += "\n";
    }

    void chunks() {
        const auto& accelerator = m_design.accelerator;
        if (!accelerator.pipeline.empty()) {
            m_text +=
                "/* What the PEs of a chunk work on in parallel. Of a chunk's port: 16-bit "
                "words a cycle;\n   buffers that are there twice, so that their transfers "
                "hide behind the PEs. */\n";
            define("BY_OUTPUT_CHANNELS", 0);
            define("BY_OUTPUT_AND_INPUT_CHANNELS", 1);
            define("BY_OUTPUT_ROWS", 2);
            m_text += "\n";
        }
        std::size_t index = 0;
        for (const auto& chunk : accelerator.pipeline) writeChunk(chunk, index++);
        for (const auto& chunk : accelerator.arrays) writeChunk(chunk, index++);
    }

    std::string openChunk(std::size_t index, const std::string& name, model::ChunkRole role) {
        const std::string chunk = "CHUNK" + std::to_string(index) + "_";
        const int layers = m_chunkLayers[index];
        if (layers == 0) m_text += "/* This chunk executes nothing. */\n";
        define(chunk + "NAME", cString(name));
        define(chunk + "LAYERS", layers);
        define(chunk + "DEPTHWISE", role == model::ChunkRole::Depthwise ? 1 : 0);
        return chunk;
    }

    void writeTile(const std::string& tile, const model::Tile& sizes) {
        define(tile + "_ROWS", sizes.rows);
        define(tile + "_COLUMNS", sizes.columns);
        define(tile + "_OUTPUTS", sizes.outputs);
        define(tile + "_INPUTS", sizes.inputs);
    }

    void writeChunk(const model::PipelineChunk& chunk, std::size_t index) {
        const std::string start = openChunk(index, chunk.name, chunk.role);
        define(start + "PARALLELISM", static_cast<int>(chunk.parallelism));
        writeTile(start + "BUFFER", chunk.buffer);
        writeTile(start + "LOOP", chunk.loop);
        define(start + "BITS", chunk.bits);
        define(start + "PORT_WORDS", chunk.portWords);
        define(start + "DOUBLE_WEIGHTS", model::hidesWeights(chunk.overlap) ? 1 : 0);
        define(start + "DOUBLE_OUTPUTS", model::hidesOutputs(chunk.overlap) ? 1 : 0);
        m_text += "\n";
    }

    void writeChunk(const model::ArrayChunk& chunk, std::size_t index) {
        const std::string start = openChunk(index, chunk.name, chunk.role);
        define(start + "PES", chunk.peCount);
        define(start + "BUFFER_WORDS", chunk.bufferWords);
        define(start + "REGISTER_WORDS", chunk.registerWords);
        for (const Dim dim : model::kAllDims) {
            const auto at = static_cast<std::size_t>(dim);
            const std::string letter(word(dim));
            define(start + "SPATIAL_" + letter, chunk.spatial[at]);
            define(start + "BUFFER_TILE_" + letter, chunk.bufferTile[at]);
            define(start + "REGISTER_TILE_" + letter, chunk.registerTile[at]);
        }
        define(start + "BITS", chunk.bits);
        m_text += "\n";
    }

    void levels() {
        m_text += "/* Levels of a mapping, outermost first, and kinds of loops. */\n";
        for (std::size_t i = 0; i < m_levels.size(); ++i) {
            define("LEVEL" + std::to_string(i) + "_NAME", cString(m_levels[i]));
        }
        define("LEVELS", static_cast<std::int64_t>(m_levels.size()));
        define("TEMPORAL", 0);
        define("ROWS", 1);
        define("COLUMNS", 2);
        m_text += "\n";
    }

    /// All layers' loops in one table. C has no empty arrays: without loops it is left out.
    void loops() {
        std::string rows;
        std::int64_t count = 0;
        for (const auto& layer : m_design.cost.layers) {
            for (const auto& level : layer.mapping.levels) {
                for (const auto& loop : level.loops) {
                    rows += "    {" + std::to_string(levelIndex(level.memory)) + ", '" +
                            std::string(word(loop.dim)) + "', " +
                            std::to_string(static_cast<int>(loop.kind)) + ", " +
                            std::to_string(loop.trips) + "},\n";
                    ++count;
                }
            }
        }
        define("LOOPS", count);
        m_text += kLoopFields + m_name + "_loop;\n\n";
        if (count == 0) return;
        m_text += "static const " + m_name + "_loop " + m_name + "_loops[" + m_prefix +
                  "LOOPS] = {\n" + rows + "};\n\n";
    }

    void layers() {
        m_text += kLayerFields + m_name + "_layer;\n\n";
        m_text +=
            "static const " + m_name + "_layer " + m_name + "_layers[" + m_prefix + "LAYERS] = {\n";
        std::int64_t firstLoop = 0;
        for (std::size_t i = 0; i < m_design.network.layers.size(); ++i) {
            const auto& mapping = m_design.cost.layers[i].mapping;
            std::int64_t count = 0;
            for (const auto& level : mapping.levels) {
                count += static_cast<std::int64_t>(level.loops.size());
            }
            m_text += layerRow(m_design.network.layers[i], m_design.cost.layers[i].chunk,
                               tileTrips(mapping), firstLoop, count);
            firstLoop += count;
        }
        m_text += "};\n\n";
    }

    /// What the accuracy of trained weights was evaluated with.
    void precision() {
        if (m_design.precision.empty()) {
            m_text += "/* Accuracies were evaluated in floating point. */\n\n";
            return;
        }
        m_text += kPrecisionFields + m_name + "_layer_precision;\n\n";
        m_text += "static const " + m_name + "_layer_precision " + m_name + "_precision[" +
                  m_prefix + "LAYERS] = {\n";
        for (const auto& layer : m_design.precision) {
            m_text += "    {" + std::to_string(layer.bits) + ", " +
                      cDouble(static_cast<double>(layer.least)) + ", " +
                      cDouble(static_cast<double>(layer.most)) + "},\n";
        }
        m_text += "};\n\n";
    }

    static model::DimSizes tileTrips(const model::Mapping& mapping) {
        model::DimSizes trips = {1, 1, 1, 1, 1, 1, 1};
        if (mapping.levels.empty()) return trips;
        for (const auto& loop : mapping.levels.front().loops) {
            trips[static_cast<std::size_t>(loop.dim)] *= loop.trips;
        }
        return trips;
    }

    static std::string bothOf(const model::PerAxis& step) {
        return "{" + std::to_string(step.rows) + ", " + std::to_string(step.columns) + "}";
    }

    static std::string layerRow(const model::Layer& layer, int chunk, const model::DimSizes& trips,
                                std::int64_t firstLoop, std::int64_t loops) {
        return "    {" + cString(layer.name) + ", " + std::to_string(chunk) + ", " +
               std::to_string(layer.input) + ", " + std::to_string(layer.addedTo) + ", " +
               std::to_string(layer.relu ? 1 : 0) + ", " + std::to_string(layer.shuffleGroups) +
               ", " + std::to_string(layer.groups) + ", " + bothOf(layer.stride) + ", " +
               bothOf(layer.dilation) + ",\n     " + braced(layer.sizes) + ", " + braced(trips) +
               ", " + std::to_string(firstLoop) + ", " + std::to_string(loops) + "},\n";
    }

    const DesignDocument& m_design;
    std::string m_name;
    std::string m_prefix;
    std::vector<int> m_chunkLayers;
    std::vector<std::string> m_levels;
    std::string m_text;
};

}  // namespace

std::string cIdentifier(const std::string& text) {
    std::string name;
    for (const char c : text) name += isLetter(c) || isDigit(c) ? c : '_';
    // Names that start with an underscore belong to the compiler.
    if (name.empty() || !isLetter(name.front()) || name.front() == '_') name = "design_" + name;
    return name;
}

std::string cHeader(const DesignDocument& design, const std::string& name) {
    return HeaderWriter(design, name).text();
}

}  // namespace cohelix::interop
