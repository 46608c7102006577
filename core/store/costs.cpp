// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/costs.h"

#include "core/base/unicode.h"
#include "core/store/figures.h"
#include "core/store/file_project.h"
#include "core/store/mapping_text.h"
#include "core/store/whole_design.h"

namespace cohelix::store {
namespace {

void runOnce(SQLite::Statement& statement) {
    statement.exec();
    statement.reset();
}

/// The first row whose position is not the next of 0, 1, 2, …
struct Misplaced {
    bool isChunk = false;
    std::int64_t position = 0;
    std::size_t due = 0;  ///< position
};

void checkPosition(const SQLite::Statement& query, bool isChunk, std::size_t due,
                   std::optional<Misplaced>& first) {
    const auto position = query.getColumn(0).getInt64();
    if (!first && position != static_cast<std::int64_t>(due)) first = {isChunk, position, due};
}

bool readTotals(SQLite::Database& database, std::int64_t design, model::DesignCost& cost) {
    SQLite::Statement query(database, "SELECT period_cycles, latency_cycles, model" +
                                          figureColumns(", %") + " FROM design WHERE id = ?1");
    Binder{query}(design);
    if (!query.executeStep() || query.getColumn(2).isNull()) return false;
    cost.periodCycles = query.getColumn(0).getDouble();
    cost.latencyCycles = query.getColumn(1).getDouble();
    cost.fps = query.getColumn(2).getDouble();
    cost.model = readableText(query.getColumn(2));
    readFigures(query, 3, cost);
    return true;
}

void readChunks(SQLite::Database& database, std::int64_t design, model::DesignCost& cost,
                std::optional<Misplaced>& misplaced) {
    SQLite::Statement query(database,
                            "SELECT position, cycles, dsp, bram18k, pes, layers, utilization "
                            "FROM chunk WHERE design = ?1 ORDER BY position");
    Binder{query}(design);
    while (query.executeStep()) {
        checkPosition(query, true, cost.chunks.size(), misplaced);
        model::ChunkCost chunk;
        chunk.cycles = query.getColumn(1).getDouble();
        chunk.dsp = query.getColumn(2).getDouble();
        chunk.bram18k = query.getColumn(3).getDouble();
        chunk.pes = query.getColumn(4).getInt64();
        chunk.layers = query.getColumn(5).getInt();
        chunk.utilization = query.getColumn(6).getDouble();
        cost.chunks.push_back(chunk);
    }
}

/// Of the layer in this row. Throws a Refusal where its text is no limit.
model::TimeLimit limitFrom(SQLite::Statement& query, std::int64_t design,
                           const std::vector<model::MemoryTraffic>& traffic) {
    const auto text = readableText(query.getColumn(7));
    const auto limit = model::limitFromText(text, traffic);
    if (limit) return *limit;
    throw Refusal{damagedError(
        {}, "design " + std::to_string(design) + " has a time limit '" + base::visibleLine(text) +
                "', which no cost model gives, of layer " + query.getColumn(0).getString())};
}

void readLayers(SQLite::Database& database, std::int64_t design, model::DesignCost& cost,
                std::optional<Misplaced>& misplaced) {
    SQLite::Statement query(
        database,
        "SELECT position, chunk, cycles, compute_cycles, energy_picojoule, spatial_utilization, "
        "temporal_utilization, time_limit, mapping, traffic FROM layer WHERE design = ?1 "
        "ORDER BY position");
    Binder{query}(design);
    while (query.executeStep()) {
        checkPosition(query, false, cost.layers.size(), misplaced);
        model::LayerCost layer;
        layer.chunk = query.getColumn(1).getInt();
        layer.cycles = query.getColumn(2).getDouble();
        layer.computeCycles = query.getColumn(3).getDouble();
        layer.energyPicojoule = query.getColumn(4).getDouble();
        layer.spatialUtilization = query.getColumn(5).getDouble();
        layer.temporalUtilization = query.getColumn(6).getDouble();
        layer.mapping = mappingFrom(query.getColumn(8).getString());
        layer.traffic = trafficFrom(query.getColumn(9).getString());
        layer.limit = limitFrom(query, design, layer.traffic);
        cost.layers.push_back(std::move(layer));
    }
}

/// What is wrong with the rows of a design's cost, of which one does not follow the one before it:
/// too many or too few of what the design has, or another number.
std::string misplacedText(Project& project, std::int64_t id, const Misplaced& misplaced,
                          const model::DesignCost& cost) {
    const std::string thing = misplaced.isChunk ? "chunk" : "layer";
    const auto position = std::to_string(misplaced.position);
    const auto row = project.design(id);
    const auto spec =
        row ? project.specificationOf(row->run) : base::Result<spec::Specification>(row.error());
    const auto design =
        spec ? assembled(*spec, *row, std::nullopt) : base::Result<WholeDesign>(spec.error());
    if (design) {
        const auto stored = misplaced.isChunk ? cost.chunks.size() : cost.layers.size();
        const auto due =
            misplaced.isChunk ? design->accelerator.chunkCount() : design->network.layers.size();
        if (auto wrong = miscounted(stored, due, thing)) return *wrong;
    }
    return "there is " + thing + " " + position + " in the place of " + thing + " " +
           std::to_string(misplaced.due);
}

}  // namespace

CostWriter::CostWriter(SQLite::Database& database)
    : m_removeChunks(database, "DELETE FROM chunk WHERE design = ?1"),
      m_removeLayers(database, "DELETE FROM layer WHERE design = ?1"),
      m_insertChunk(database,
                    "INSERT INTO chunk(design, position, cycles, dsp, bram18k, pes, layers, "
                    "utilization) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      m_insertLayer(database,
                    "INSERT INTO layer(design, position, chunk, cycles, compute_cycles, "
                    "energy_picojoule, spatial_utilization, temporal_utilization, time_limit, "
                    "mapping, traffic) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)") {}

void CostWriter::remove(std::int64_t design) {
    for (auto* statement : {&m_removeChunks, &m_removeLayers}) {
        Binder{*statement}(design);
        runOnce(*statement);
    }
}

void CostWriter::write(std::int64_t design, const model::DesignCost& cost) {
    remove(design);
    for (std::size_t i = 0; i < cost.chunks.size(); ++i) {
        const auto& chunk = cost.chunks[i];
        Binder{m_insertChunk}(design)(static_cast<std::int64_t>(i))(chunk.cycles)(chunk.dsp)(
            chunk.bram18k)(chunk.pes)(chunk.layers)(chunk.utilization);
        runOnce(m_insertChunk);
    }
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        const auto& layer = cost.layers[i];
        Binder{m_insertLayer}(design)(static_cast<std::int64_t>(i))(layer.chunk)(layer.cycles)(
            layer.computeCycles)(layer.energyPicojoule)(layer.spatialUtilization)(
            layer.temporalUtilization)(model::limitText(layer))(textOf(layer.mapping))(
            textOf(layer.traffic));
        runOnce(m_insertLayer);
    }
}

base::Result<model::DesignCost> FileProject::designCost(std::int64_t id) {
    model::DesignCost cost;
    std::optional<Misplaced> misplaced;
    auto stored = read([&]() -> base::Result<void> {
        // One transaction, so that a reader sees the totals and the layers of one commit.
        SQLite::Transaction snapshot(*m_database);
        if (!readTotals(*m_database, id, cost)) {
            return base::Error{m_path, "design " + std::to_string(id) + " has no cost in this file",
                               "List the designs to see their numbers"};
        }
        readChunks(*m_database, id, cost, misplaced);
        readLayers(*m_database, id, cost, misplaced);
        return {};
    });
    if (!stored) return stored.error();
    const auto name = "design " + std::to_string(id);
    if (misplaced) {
        return damagedError(m_path, name + ": " + misplacedText(*this, id, *misplaced, cost));
    }
    if (const auto finding = unsoundFigure(cost)) {
        return damagedError(m_path, name + " has " + *finding);
    }
    return cost;
}

base::Result<bool> FileProject::hasCost(std::int64_t design) {
    return read([&]() -> base::Result<bool> {
        SQLite::Statement query(*m_database,
                                "SELECT model IS NOT NULL OR EXISTS(SELECT 1 FROM "
                                "layer WHERE design = ?1) FROM design WHERE id = ?1");
        Binder{query}(design);
        return query.executeStep() && query.getColumn(0).getInt() != 0;
    });
}

}  // namespace cohelix::store
