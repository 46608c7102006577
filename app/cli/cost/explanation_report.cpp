// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/explanation_report.h"

#include "core/base/units.h"

#include "app/cli/table.h"

namespace cohelix::cli {
namespace {

using base::Json;

Json sharesJson(const explain::UtilizationShares& shares) {
    return {{"reached", shares.reached},
            {"shape_mismatch", shares.shapeMismatch},
            {"edge_tiles", shares.edgeTiles},
            {"bandwidth_stall", shares.bandwidthStall},
            {"pipeline_imbalance", shares.pipelineImbalance}};
}

std::vector<std::string> sharesRow(std::string name, const explain::UtilizationShares& shares) {
    const auto percent = [](double share) { return base::fixed(share * 100, 1); };
    return {std::move(name),
            percent(shares.reached),
            percent(shares.shapeMismatch),
            percent(shares.edgeTiles),
            percent(shares.bandwidthStall),
            percent(shares.pipelineImbalance)};
}

Json excessJson(const explain::Excess& excess) {
    Json json = {{"resource", excess.resource},
                 {"need", excess.need},
                 {"limit", excess.limit},
                 {"over", excess.over()}};
    if (excess.overBytes > 0) json["over_bytes"] = excess.overBytes;
    if (excess.tensor) json["tensor"] = std::string(word(*excess.tensor));
    json["chunk"] = excess.chunk;
    json["text"] = excess.text;
    return json;
}

Json placedJson(const std::vector<explain::PlacedNeed>& needs) {
    Json list = Json::array();
    for (const auto& need : needs) {
        list.push_back({{"resource", need.resource},
                        {"need", need.need},
                        {"limit", need.limit ? Json(*need.limit) : Json()}});
    }
    return list;
}

/// What is said of a design that fits by the model's count.
std::string fittingLine(const Fit& fit, const std::string& what) {
    const std::string start = what + " fits " + fit.device;
    if (fit.placed.empty()) return start + ".\n";
    const auto placed = explain::placedText(fit.placed);
    if (!explain::anyOver(fit.placed))
        return start + ", also as one fixed array: " + placed + ".\n";
    return start + " by the model's count, but as one fixed array takes " + placed + ".\n";
}

std::string misfitText(const Fit& fit) {
    std::string text = "It does not fit " + fit.device + ":\n";
    for (const auto& excess : fit.excesses) text += "  " + excess.text + "\n";
    if (!fit.placed.empty()) {
        text += "  As one fixed array it takes " + explain::placedText(fit.placed) + ".\n";
    }
    if (!fit.fixSought) return text;
    if (!fit.fix) return text + "  No single change of a choice makes it fit.\n";
    return text + "  The smallest single change that makes it fit: " + fit.fix->text + " (" +
           base::fixed(fit.fix->dsp, 0) + " DSP, " + base::fixed(fit.fix->bram18k, 0) +
           " BRAM18K then)\n";
}

}  // namespace

Json explanationJson(const model::Network& network, const explain::Explanation& explanation) {
    const auto& bottleneck = explanation.bottleneck;
    const auto nameOf = [&](std::size_t layer) { return network.layers[layer].name; };
    Json out;
    out["bottleneck"] = {{"chunk", bottleneck.chunk},
                         {"layer", nameOf(static_cast<std::size_t>(bottleneck.layer))},
                         {"layer_share", bottleneck.layerShare},
                         {"level", bottleneck.level},
                         {"text", bottleneck.text}};
    if (bottleneck.tensor) {
        out["bottleneck"]["tensor"] = std::string(word(*bottleneck.tensor));
    }
    out["utilization"] = sharesJson(explanation.utilization);
    out["chunks"] = Json::array();
    for (const auto& shares : explanation.chunks) out["chunks"].push_back(sharesJson(shares));
    out["layers"] = Json::array();
    for (std::size_t l = 0; l < explanation.layers.size(); ++l) {
        auto shares = sharesJson(explanation.layers[l]);
        shares["layer"] = nameOf(l);
        out["layers"].push_back(std::move(shares));
    }
    return out;
}

std::string explanationText(const model::Network& network, const model::Accelerator& accelerator,
                            const explain::Explanation& explanation, const std::string& relief) {
    Table table({"part", "reached", "shape mismatch", "edge tiles", "bandwidth stall",
                 "pipeline imbalance"});
    table.add(sharesRow("design", explanation.utilization));
    for (std::size_t c = 0; c < explanation.chunks.size(); ++c) {
        table.add(sharesRow("chunk '" + accelerator.chunkName(c) + "'", explanation.chunks[c]));
    }
    for (std::size_t l = 0; l < explanation.layers.size(); ++l) {
        table.add(sharesRow(network.layers[l].name, explanation.layers[l]));
    }
    const std::string headline =
        explanation.bottleneck.text + (relief.empty() ? "" : "\n" + relief);
    return headline + "\n\nWhere the multipliers' cycles go, %:\n" + table.text();
}

Json fitJson(const Fit& fit) {
    Json json = {{"device", fit.device}, {"fits", fit.fits()}, {"excesses", Json::array()}};
    for (const auto& excess : fit.excesses) json["excesses"].push_back(excessJson(excess));
    if (fit.clockMhz > 0) {
        json["clock_mhz"] = fit.clockMhz;
        json["device_clock_mhz"] = fit.deviceClockMhz;
    }
    if (!fit.placed.empty()) {
        json["placed"] = placedJson(fit.placed);
        json["placed_fits"] = !explain::anyOver(fit.placed);
    }
    if (fit.fits() || !fit.fixSought) return json;
    json["smallest_fix"] = nullptr;
    if (fit.fix) {
        json["smallest_fix"] = {{"change", fit.fix->text},
                                {"steps", fit.fix->steps},
                                {"dsp", fit.fix->dsp},
                                {"bram18k", fit.fix->bram18k}};
    }
    return json;
}

std::string clocksText(double clockMhz, double deviceClockMhz) {
    if (clockMhz == deviceClockMhz) return {};
    return "Figures are at the accelerator's clock of " + base::fixed(clockMhz, 0) +
           " MHz, the device is listed with " + base::fixed(deviceClockMhz, 0) + " MHz.\n";
}

std::string fitText(const Fit& fit, const std::string& what) {
    const auto clocks = clocksText(fit.clockMhz, fit.deviceClockMhz);
    return (fit.fits() ? fittingLine(fit, what) : misfitText(fit)) + clocks;
}

}  // namespace cohelix::cli
