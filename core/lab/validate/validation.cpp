// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/validation.h"

#include <array>

#include "core/base/json.h"

namespace cohelix::validate {

std::span<const Table> tables() {
    using Path = std::filesystem::path;
    static constexpr std::array kTables = {
        Table{"timeloop-gemmini", "Loop nest against Timeloop of 2022 on Gemmini-like accelerators",
              timeloopGemmini},
        Table{"timeloop-cases", "Loop nest against Timeloop of March 2025, count by count",
              timeloopCases},
        Table{"gemmini-rtl", "Loop nest against Gemmini simulated at register-transfer level",
              [](const Path& path) { return gemminiRtl(path); }},
        Table{"fpga-layers", "An FPGA pixel array against its measured layers",
              [](const Path& path) { return fpgaLayers(path); }},
        Table{"accel-nasbench", "The ZCU102's DPU against measured networks",
              [](const Path& path) { return accelNasbench(path); }},
        Table{"eyeriss", "The Eyeriss chip against its measured layers", eyeriss},
        Table{"zhang2015", "The FPGA accelerator of Zhang et al. (2015) on AlexNet", zhang2015},
        Table{"qiu2016", "The FPGA accelerator of Qiu et al. (2016) on VGG-16", qiu2016},
        Table{"chaidnn", "CHaiDNN on the ZCU102: frames a second of whole networks", chaidnn},
    };
    return kTables;
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
    if (!validation.notes.empty()) json["notes"] = validation.notes;
    return base::canonicalText(json);
}

}  // namespace cohelix::validate
