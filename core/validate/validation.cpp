// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/validate/validation.h"

#include <array>

#include "core/base/json.h"

namespace cohelix::validate {

std::span<const Comparison> comparisons() {
    static constexpr std::array kComparisons = {
        Comparison{"timeloop-gemmini",
                   "loop nest against Timeloop of 2022 on Gemmini-like accelerators",
                   timeloopGemmini},
        Comparison{"timeloop-cases", "loop nest against Timeloop of March 2025, count by count",
                   timeloopCases},
    };
    return kComparisons;
}

std::string toJsonText(const Validation& validation) {
    base::Json json;
    json["against"] = validation.against;
    json["rows"] = validation.rows;
    const auto put = [&json](const char* key, const auto& figure) {
        if (figure) json[key] = *figure;
    };
    put("equal", validation.equal);
    put("flagged", validation.flagged);
    put("worst_relative_error", validation.worstRelativeError);
    put("mean_relative_error", validation.meanRelativeError);
    put("spearman", validation.spearman);
    put("kendall", validation.kendall);
    json["seconds"] = validation.seconds;
    json["differences"] = validation.differences;
    return base::canonicalText(json);
}

}  // namespace cohelix::validate
