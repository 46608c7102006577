// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/explain_report.h"

#include "app/cli/explanation_report.h"
#include "core/search/single_changes.h"

namespace cohelix::cli {
namespace {

using base::Json;

/// The specification's limits, with the device's tables; or the other device's, or single ones.
cost::HardLimits limitsOf(const space::Specification& spec, const OtherLimits& other) {
    cost::HardLimits limits = search::hardLimitsOf(spec);
    if (spec.accelerator.kind == model::Template::LoopNest) return limits;
    const auto& device = other.device ? *other.device : spec.device;
    if (other.device) limits = {device.dsp, device.bram18k};
    if (device.lut > 0) limits.lut = device.lut;
    if (other.dsp) limits.dsp = other.dsp;
    if (other.bram18k) limits.bram18k = other.bram18k;
    return limits;
}

Json sensitivitiesJson(const std::vector<cost::Sensitivity>& sensitivities) {
    Json list = Json::array();
    for (const auto& one : sensitivities) {
        list.push_back({{"resource", one.resource},
                        {"before", one.before},
                        {"after", one.after},
                        {"gain", one.gain()},
                        {"text", one.text}});
    }
    return list;
}

}  // namespace

base::Result<std::string> explainReport(const DesignWithSpecification& design,
                                        const OtherLimits& other, bool asJson) {
    const auto& document = design.document;
    const auto& spec = design.specification;
    std::vector<int> chunkOfLayer;
    for (const auto& layer : document.cost.layers) chunkOfLayer.push_back(layer.chunk);
    const auto explanation = cost::explain(document.network, document.accelerator, document.cost);
    const auto changes =
        search::singleChanges(spec, document.row.choices.accelerator, document.network);
    const auto limits = limitsOf(spec, other);
    const auto goal = search::goalOf(spec);
    Fit fit{.device = "the limits", .excesses = {}, .fix = {}, .fixSought = true};
    if (other.device) fit.device = other.device->name + " (" + other.device->part + ")";
    fit.excesses =
        cost::excesses(document.network, document.accelerator, chunkOfLayer, limits);
    if (!fit.fits()) {
        fit.fix = cost::smallestFix(document.network, chunkOfLayer, limits, changes, goal);
    }
    // Of a design that does not fit, the first thing to know is what makes it.
    const auto sensitivities =
        fit.fits() ? cost::sensitivities(document.network, document.accelerator, chunkOfLayer,
                                         limits, changes, goal)
                   : std::vector<cost::Sensitivity>();
    if (!sensitivities) return sensitivities.error();
    if (asJson) {
        Json json = {{"design", document.row.id}};
        json.update(explanationJson(document.network, explanation));
        json["fit"] = fitJson(fit);
        json["sensitivities"] = sensitivitiesJson(*sensitivities);
        return base::canonicalText(json);
    }
    std::string text = explanationText(document.network, document.accelerator, explanation) + "\n" +
                       fitText(fit);
    if (sensitivities->empty()) return text;
    text += "\nWhat one more of a resource, or one step of a choice, would buy:\n";
    for (const auto& one : *sensitivities) text += "  " + one.text + "\n";
    return text;
}

}  // namespace cohelix::cli
