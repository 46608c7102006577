// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/explain_report.h"

#include "app/cli/table.h"
#include "core/base/units.h"
#include "core/cost/explain.h"
#include "core/search/single_changes.h"

namespace cohelix::cli {
namespace {

using base::Json;

Json sharesJson(const cost::UtilizationShares& shares) {
    return {{"reached", shares.reached},
            {"shape_mismatch", shares.shapeMismatch},
            {"edge_tiles", shares.edgeTiles},
            {"bandwidth_stall", shares.bandwidthStall},
            {"pipeline_imbalance", shares.pipelineImbalance}};
}

std::vector<std::string> sharesRow(std::string name, const cost::UtilizationShares& shares) {
    const auto percent = [](double share) { return base::fixed(share * 100, 1); };
    return {std::move(name), percent(shares.reached), percent(shares.shapeMismatch),
            percent(shares.edgeTiles), percent(shares.bandwidthStall),
            percent(shares.pipelineImbalance)};
}

std::string text(const interop::DesignDocument& document, const cost::Explanation& explanation,
                 const std::vector<cost::Sensitivity>& sensitivities) {
    std::string out = explanation.bottleneck.text + "\n\nWhere the multipliers' cycles go, %:\n";
    Table table({"part", "reached", "shape mismatch", "edge tiles", "bandwidth stall",
                 "pipeline imbalance"});
    table.add(sharesRow("design", explanation.utilization));
    for (std::size_t c = 0; c < explanation.chunks.size(); ++c) {
        table.add(sharesRow("chunk " + std::to_string(c), explanation.chunks[c]));
    }
    for (std::size_t l = 0; l < explanation.layers.size(); ++l) {
        table.add(sharesRow(document.network.layers[l].name, explanation.layers[l]));
    }
    out += table.text() + "\nWhat one more of a resource, or one step of a choice, would buy:\n";
    for (const auto& sensitivity : sensitivities) out += "  " + sensitivity.text + "\n";
    return out;
}

Json json(const interop::DesignDocument& document, const cost::Explanation& explanation,
          const std::vector<cost::Sensitivity>& sensitivities) {
    const auto& bottleneck = explanation.bottleneck;
    Json out;
    out["design"] = document.row.id;
    out["bottleneck"] = {{"chunk", bottleneck.chunk},
                         {"layer", document.network.layers[static_cast<std::size_t>(bottleneck.layer)].name},
                         {"layer_share", bottleneck.layerShare},
                         {"level", bottleneck.level},
                         {"text", bottleneck.text}};
    if (bottleneck.tensor) {
        out["bottleneck"]["tensor"] = std::string(model::tensorName(*bottleneck.tensor));
    }
    out["utilization"] = sharesJson(explanation.utilization);
    out["chunks"] = Json::array();
    for (const auto& shares : explanation.chunks) out["chunks"].push_back(sharesJson(shares));
    out["layers"] = Json::array();
    for (std::size_t l = 0; l < explanation.layers.size(); ++l) {
        auto shares = sharesJson(explanation.layers[l]);
        shares["layer"] = document.network.layers[l].name;
        out["layers"].push_back(std::move(shares));
    }
    out["sensitivities"] = Json::array();
    for (const auto& one : sensitivities) {
        out["sensitivities"].push_back({{"resource", one.resource},
                                        {"before", one.before},
                                        {"after", one.after},
                                        {"gain", one.gain()},
                                        {"text", one.text}});
    }
    return out;
}

}  // namespace

base::Result<std::string> explainReport(const DesignWithSpecification& design, bool asJson) {
    const auto& document = design.document;
    const auto& spec = design.specification;
    std::vector<int> chunkOfLayer;
    for (const auto& layer : document.cost.layers) chunkOfLayer.push_back(layer.chunk);
    const auto explanation =
        cost::explain(document.network, document.accelerator, document.cost);
    const auto changes =
        search::singleChanges(spec, document.row.choices.accelerator, document.network);
    const auto sensitivities =
        cost::sensitivities(document.network, document.accelerator, chunkOfLayer,
                            search::hardLimitsOf(spec), changes, search::goalOf(spec));
    if (!sensitivities) return sensitivities.error();
    return asJson ? base::canonicalText(json(document, explanation, *sensitivities))
                  : text(document, explanation, *sensitivities);
}

}  // namespace cohelix::cli
