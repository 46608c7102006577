// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reports.h"

#include <algorithm>
#include <tuple>

#include "core/base/unicode.h"
#include "core/base/units.h"
#include "core/explain/explain.h"
#include "core/interop/designs/designs_csv.h"

#include "app/cli/table.h"

namespace cohelix::cli {
namespace {

using base::fixed;
using base::Result;

std::string percent(double share) { return fixed(100 * share, 2); }

std::string designsTable(const std::vector<store::DesignRow>& rows) {
    Table table({"id", "run", "state", "accuracy %", "grade", "FPS", "latency ms", "energy mJ",
                 "DSP", "BRAM18K", "M MACs", "front"});
    for (const auto& row : rows) {
        table.add({std::to_string(row.id), std::to_string(row.run), std::string(word(row.state)),
                   percent(row.accuracy), std::string(model::gradeText(row.grade)),
                   fixed(row.fps, 1), fixed(row.latencyMs, 3), fixed(row.energyMj, 3),
                   fixed(row.dsp, 0), fixed(row.bram18k, 0),
                   fixed(static_cast<double>(row.macs) / 1e6, 2),
                   row.front    ? "front"
                   : row.within ? ""
                                : "beyond limits"});
    }
    return table.text();
}

Result<bool> areWeightsLost(store::Project& project, std::int64_t design) {
    for (const auto& [name, isThere] : {std::pair("weights", false), {store::kLostWeights, true}}) {
        const auto artifact = project.artifact(design, name);
        if (!artifact) return artifact.error();
        if (artifact->has_value() != isThere) return false;
    }
    return true;
}

constexpr const char* kWeightsLost =
    "Its trained weights are lost; the accuracy was measured with them\n";

void addFigures(std::string& text, const store::DesignRow& row, const model::DesignCost& cost) {
    text += "Design " + std::to_string(row.id) + " of run " + std::to_string(row.run) + ": " +
            percent(row.accuracy) + " % (" + std::string(model::gradeText(row.grade)) + ")";
    if (row.validationAccuracy) text += ", validation " + percent(*row.validationAccuracy) + " %";
    const bool isEstimate = row.grade == model::AccuracyGrade::SupernetEstimate;
    if (row.supernetAccuracy && !isEstimate) {
        text += ", supernet " + percent(*row.supernetAccuracy) + " %";
    }
    text += "\n" + fixed(cost.fps, 1) + " FPS, latency " + fixed(cost.latencyMs, 4) +
            " ms, energy " + fixed(cost.energyMj, 4) + " mJ per image, EDP " + fixed(cost.edp, 4) +
            " mJ*ms\n";
}

void addFacts(std::string& text, const DesignWithSpecification& design) {
    const auto& row = design.document.row;
    const auto& cost = design.document.cost;
    const auto& spec = design.specification;
    addFigures(text, row, cost);
    if (design.areWeightsLost) text += kWeightsLost;
    if (design.document.accelerator.isPipeline()) {
        text +=
            fixed(cost.dsp, 0) + " of " + fixed(spec::resourceLimits(spec).dsp, 0) + " DSP, " +
            fixed(cost.bram18k, 0) + " of " + fixed(spec::resourceLimits(spec).bram18k, 0) +
            " BRAM18K by the model's count on " + spec.device.name + " (" + spec.device.part +
            ")\nAs one fixed array of its tiles: " + placedText(design.document.resources, spec) +
            "\n";
    }
    if (!row.within) text += "Beyond the limits or pins in force of its run\n";
    text += "Cost model: " + cost.model + ", " + fixed(design.document.accelerator.clockMhz, 0) +
            " MHz\n";
}

std::string shapeOf(const model::Layer& layer) {
    using model::Dim;
    return std::to_string(layer.size(Dim::C)) + " -> " + std::to_string(layer.size(Dim::K)) +
           " x " + std::to_string(layer.size(Dim::P)) + " x " + std::to_string(layer.size(Dim::Q));
}

void addNetwork(std::string& text, const interop::DesignDocument& design) {
    const auto& network = design.network;
    text += "\nNetwork: " + base::prefixed(static_cast<double>(model::macs(network))) +
            " multiply-accumulates, " +
            base::prefixed(static_cast<double>(model::parameters(network))) + " parameters\n";
    for (std::size_t b = 0; b < network.operators.size(); ++b) {
        text += (b ? ", " : "  ") + network.operators[b];
    }
    text += "\n\n";
    Table table({"layer", "channels x map", "kernel", "stride", "chunk", "cycles", "spatial %",
                 "temporal %", "limit"});
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& layer = network.layers[i];
        const auto& cost = design.cost.layers[i];
        table.add({layer.name, shapeOf(layer),
                   std::to_string(layer.size(model::Dim::R)) + " x " +
                       std::to_string(layer.size(model::Dim::S)),
                   perAxisText(layer.stride), std::to_string(cost.chunk), fixed(cost.cycles, 0),
                   fixed(100 * cost.spatialUtilization, 1),
                   fixed(100 * cost.temporalUtilization, 1), model::limitText(cost)});
    }
    text += table.text();
}

std::string sizesText(const model::DimSizes& sizes) {
    std::string text;
    for (const auto dim : model::kAllDims) {
        const auto size = sizes[static_cast<std::size_t>(dim)];
        if (size > 1)
            text += (text.empty() ? "" : " ") + std::string(word(dim)) + std::to_string(size);
    }
    return text.empty() ? "1" : text;
}

void addAccelerator(std::string& text, const interop::DesignDocument& design) {
    const auto& accelerator = design.accelerator;
    const auto& chunks = design.cost.chunks;
    const auto layers = interop::layersOfChunks(design);
    text += "\nAccelerator:\n";
    if (accelerator.isPipeline()) {
        Table table({"chunk", "name", "parallel over", "buffer Tr x Tc x Tm x Tn",
                     "loop Tr x Tc x Tm x Tn", "bits", "port words", "overlap", "layers", "cycles",
                     "DSP", "BRAM18K", "utilization %"});
        for (std::size_t c = 0; c < accelerator.pipeline.size(); ++c) {
            const auto& chunk = accelerator.pipeline[c];
            table.add({std::to_string(c), chunk.name, std::string(word(chunk.parallelism)),
                       tileText(chunk.buffer), tileText(chunk.loop), std::to_string(chunk.bits),
                       std::to_string(chunk.portWords), std::string(word(chunk.overlap)),
                       layers[c] == 0 ? "executes nothing" : std::to_string(chunks[c].layers),
                       fixed(chunks[c].cycles, 0), fixed(chunks[c].dsp, 0),
                       fixed(chunks[c].bram18k, 0), fixed(100 * chunks[c].utilization, 1)});
        }
        text += table.text();
        return;
    }
    Table table({"chunk", "name", "PEs", "unrolled", "buffer words", "buffer loops",
                 "register words", "register loops", "layers", "cycles", "utilization %"});
    for (std::size_t c = 0; c < accelerator.arrays.size(); ++c) {
        const auto& chunk = accelerator.arrays[c];
        table.add({std::to_string(c), chunk.name, std::to_string(chunk.peCount),
                   sizesText(chunk.spatial), std::to_string(chunk.bufferWords),
                   sizesText(chunk.bufferTile), std::to_string(chunk.registerWords),
                   sizesText(chunk.registerTile), std::to_string(chunks[c].layers),
                   fixed(chunks[c].cycles, 0), fixed(100 * chunks[c].utilization, 1)});
    }
    text += table.text();
}

/// What the model counts at one memory.
std::string trafficText(const model::Accelerator& accelerator, const model::MemoryTraffic& traffic,
                        std::size_t memory) {
    std::string text = "  " + traffic.memory + " words:";
    for (const auto tensor : model::kAllTensors) {
        const auto t = static_cast<std::size_t>(tensor);
        const auto counted = hardware::countedWays(accelerator, memory, tensor);
        text += " " + std::string(word(tensor));
        if (counted.reads) text += " " + fixed(traffic.reads[t], 0) + " read";
        if (counted.reads && counted.writes) text += ",";
        if (counted.writes) text += " " + fixed(traffic.writes[t], 0) + " written";
        text += ";";
    }
    text.back() = '\n';
    return text;
}

void addMappings(std::string& text, const interop::DesignDocument& design) {
    text += "\nLoop nests:\n";
    for (std::size_t i = 0; i < design.network.layers.size(); ++i) {
        const auto& cost = design.cost.layers[i];
        text += "\n" + base::visibleLine(design.network.layers[i].name) + " on chunk " +
                std::to_string(cost.chunk) + ", " + fixed(cost.cycles, 0) + " cycles, limited by " +
                model::limitText(cost) + "\n" + model::loopNestText(cost.mapping);
        for (std::size_t m = 0; m < cost.traffic.size(); ++m) {
            text += trafficText(design.accelerator, cost.traffic[m], m);
        }
    }
}

Result<base::Json> steeringJson(store::Project& project, std::int64_t run) {
    const auto rows = project.steering(run);
    if (!rows) return rows.error();
    base::Json json = base::Json::array();
    for (const auto& row : *rows) {
        base::Json entry = {{"step", row.step}, {"state", word(row.state)}};
        if (!row.time.empty()) entry["time"] = row.time;
        entry.update(spec::toJson(row.change));
        if (!row.message.empty()) entry["message"] = row.message;
        json.push_back(std::move(entry));
    }
    return json;
}

/// The figures alone, of a design whose specification is lost.
Result<std::string> figuresReport(store::Project& project, const store::DesignRow& row, bool json) {
    if (json) {
        const auto designs = interop::designsJson({{std::nullopt, {row}}});
        if (!designs) return designs.error();
        return base::canonicalText(designs->front());
    }
    std::string text;
    addFigures(text, row, store::totalsOf(row));
    const auto lost = areWeightsLost(project, row.id);
    if (!lost) return lost.error();
    if (*lost) text += kWeightsLost;
    text += fixed(row.dsp, 0) + " DSP, " + fixed(row.bram18k, 0) +
            " BRAM18K\nChoices by number: " + keyOf(row.choices) + "\n";
    const auto specification = project.specificationOf(row.run);
    if (!specification) text += "More is not known: " + specification.error().what + "\n";
    const auto steering = steeringText(project, row.run);
    if (!steering) return steering.error();
    return text + (steering->empty() ? "" : "\n" + *steering);
}

}  // namespace

std::string placedText(const std::vector<hardware::ResourceLine>& resources,
                       const spec::Specification& spec) {
    std::vector<explain::PlacedNeed> needs;
    for (const auto& line : resources) {
        if (line.name == "DSP")
            needs.push_back({line.name, line.placed, spec::resourceLimits(spec).dsp});
        if (line.name == "BRAM18K") {
            needs.push_back({line.name, line.placed, spec::resourceLimits(spec).bram18k});
        }
    }
    return explain::placedText(needs) + (explain::anyOver(needs) ? ", beyond the limits" : "");
}

std::string tileText(const model::Tile& tile) {
    return std::to_string(tile.rows) + " x " + std::to_string(tile.columns) + " x " +
           std::to_string(tile.outputs) + " x " + std::to_string(tile.inputs);
}

Result<std::string> designsReport(store::Project& project, const DesignsQuery& query) {
    auto rows = project.designs(query.run);
    if (!rows) return rows.error();
    if (query.frontOnly) std::erase_if(*rows, [](const auto& row) { return !row.front; });
    if (query.frontOnly && query.format == Format::Table) {
        std::stable_sort(rows->begin(), rows->end(), [](const auto& a, const auto& b) {
            return std::tie(a.run, a.fps) < std::tie(b.run, b.fps);
        });
    }
    if (query.format == Format::Table) return designsTable(*rows);
    const auto tables = interop::designTables(project, *rows);
    if (!tables) return tables.error();
    if (query.format == Format::Csv) return interop::designsCsv(*tables);
    const auto json = interop::designsJson(*tables);
    if (!json) return json.error();
    return base::canonicalText(*json);
}

Result<std::string> steeringText(store::Project& project, std::int64_t run) {
    const auto rows = project.steering(run);
    if (!rows) return rows.error();
    if (rows->empty()) return std::string();
    const auto spec = store::keptSpecification(project, run);
    if (!spec) return spec.error();
    std::string text = "Changes to run " + std::to_string(run) + ":\n";
    for (const auto& row : *rows) {
        text += "  step " + base::grouped(row.step) + ": " +
                (*spec ? toText(row.change, **spec) : spec::toJson(row.change).dump());
        if (row.state != store::SteeringState::Applied) {
            text += " (" + std::string(word(row.state)) +
                    (row.message.empty() ? "" : ": " + row.message) + ")";
        }
        text += "\n";
    }
    return text;
}

Result<std::string> runsReport(store::Project& project, Format format) {
    const auto runs = project.runs();
    if (!runs) return runs.error();
    if (format == Format::Json) {
        base::Json json = base::Json::array();
        for (const auto& row : *runs) {
            auto steering = steeringJson(project, row.id);
            if (!steering) return steering.error();
            json.push_back({{"id", row.id},
                            {"name", row.name},
                            {"state", word(row.state)},
                            {"seed", row.seed},
                            {"threads", row.threads},
                            {"designs", row.designs},
                            {"started", row.started},
                            {"ended", row.ended},
                            {"active_seconds", row.activeSeconds},
                            {"program_version", row.programVersion},
                            {"torch_version", row.torchVersion},
                            {"message", row.message},
                            {"steering", std::move(*steering)}});
        }
        return base::canonicalText(json);
    }
    Table table(
        {"id", "name", "state", "seed", "threads", "designs", "started", "active s", "message"});
    for (const auto& row : *runs) {
        table.add({std::to_string(row.id), row.name, std::string(word(row.state)),
                   std::to_string(row.seed), std::to_string(row.threads),
                   std::to_string(row.designs), row.started, fixed(row.activeSeconds, 1),
                   row.message});
    }
    if (format == Format::Csv) return table.csv();
    std::string text = table.text();
    for (const auto& row : *runs) {
        const auto steering = steeringText(project, row.id);
        if (!steering) return steering.error();
        text += *steering;
    }
    return text;
}

Result<std::string> designReport(store::Project& project, std::int64_t design, bool json) {
    const auto row = project.design(design);
    if (!row) return row.error();
    const auto run = project.run(row->run);
    if (!run) return run.error();
    if (!run->hasSpecification) return figuresReport(project, *row, json);
    const auto whole = describe(project, design);
    if (!whole) return whole.error();
    return json ? base::canonicalText(interop::designJson(whole->document)) : designText(*whole);
}

Result<DesignWithSpecification> describe(store::Project& project, std::int64_t design) {
    const auto whole = store::wholeDesign(project, design);
    if (!whole) return whole.error();
    auto document = interop::describeDesign(*whole);
    if (!document) return document.error();
    auto inForce = project.inForce(whole->row.run);
    if (!inForce) return inForce.error();
    auto steering = steeringText(project, whole->row.run);
    if (!steering) return steering.error();
    const auto lost = areWeightsLost(project, design);
    if (!lost) return lost.error();
    return DesignWithSpecification{std::move(*document), std::move(inForce->specification),
                                   std::move(*steering), *lost};
}

std::string designText(const DesignWithSpecification& design) {
    std::string text;
    addFacts(text, design);
    addNetwork(text, design.document);
    addAccelerator(text, design.document);
    addMappings(text, design.document);
    if (!design.steering.empty()) text += "\n" + design.steering;
    return text;
}

}  // namespace cohelix::cli
