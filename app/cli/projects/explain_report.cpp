// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/projects/explain_report.h"

#include "core/explain/why.h"
#include "core/model/pipeline_device.h"

#include "app/cli/cost/explanation_report.h"

namespace cohelix::cli {
namespace {

using base::Json;

explain::HardLimits limitsOf(const spec::Specification& spec, const OtherLimits& other) {
    auto limits = explain::limitsOf(spec, other.device);
    if (other.dsp) limits.dsp = other.dsp;
    if (other.bram18k) limits.bram18k = other.bram18k;
    return limits;
}

Json sensitivitiesJson(const std::vector<explain::Sensitivity>& sensitivities) {
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
    if (other.device && document.accelerator.isPipeline()) {
        const auto slices =
            model::checkPipelineDevice(*other.device, "--device " + other.device->name);
        if (!slices) return slices.error();
    }
    const auto why = explain::whyOf(spec, document.row.choices.accelerator, document.network,
                                    document.accelerator, document.cost, limitsOf(spec, other));
    if (!why) return why.error();
    Fit fit{.device = "the limits",
            .excesses = why->excesses,
            .fix = why->fix,
            .placed = why->placed,
            .fixSought = true};
    if (other.device) {
        fit.device = other.device->name + " (" + other.device->part + ")";
        fit.clockMhz = document.accelerator.clockMhz;
        fit.deviceClockMhz = other.device->clockMhz;
    }
    if (asJson) {
        Json json = {{"design", document.row.id}};
        json.update(explanationJson(document.network, why->explanation));
        json["fit"] = fitJson(fit);
        json["sensitivities"] = sensitivitiesJson(why->sensitivities);
        return base::canonicalText(json);
    }
    std::string text =
        explanationText(document.network, document.accelerator, why->explanation, why->relief()) +
        "\n" + fitText(fit);
    if (why->sensitivities.empty()) return text;
    text += "\nWhat one more of a resource, or one step of a choice, would buy, most first:\n";
    for (const auto& one : why->sensitivities) text += "  " + one.text + "\n";
    return text;
}

}  // namespace cohelix::cli
