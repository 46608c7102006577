// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/specification.h"

#include <algorithm>
#include <span>
#include <tuple>

#include "core/base/text_file.h"

namespace cohelix::spec {

using base::Error;
using base::Result;

bool largerIsBetter(Metric metric) { return metric == Metric::Fps; }

// Metrics are the first figures, in the same order and under the same names.
static_assert(std::ranges::equal(
    base::kValues<Metric>, std::span(model::kFigureNames).first<base::kValues<Metric>.size()>(),
    [](Metric metric, const model::FigureName& name) { return word(metric) == name.key; }));

double metricOf(const model::Figures& figures, Metric metric) {
    return figures.*model::kFigureNames[static_cast<std::size_t>(metric)].member;
}

model::Resources resourceLimits(const Specification& specification) {
    const auto& [limits, device] = std::tie(specification.limits, specification.device);
    return {limits.dsp.value_or(device.dsp), limits.bram18k.value_or(device.bram18k)};
}

Result<Specification> parseSpecification(std::string_view text, const std::string& where) {
    auto json = base::parseJson(text, where);
    if (!json) return json.error();
    return fromJson(*json);
}

Result<Specification> loadSpecification(const std::string& path) {
    const auto text = base::readText(path);
    if (!text) {
        auto error = text.error();
        error.advice =
            "Give the path of a specification, such as "
            "projects/fashion-mnist-zc706.json; cohelix-cli spec presets lists those "
            "that are shipped";
        return error;
    }
    return parseSpecification(*text, path);
}

std::string toText(const Specification& specification) {
    return base::canonicalText(toJson(specification));
}

}  // namespace cohelix::spec
