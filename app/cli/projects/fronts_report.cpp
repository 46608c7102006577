// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/base/json_text.h"
#include "core/base/units.h"

#include "app/cli/reports.h"
#include "app/cli/table.h"

namespace cohelix::cli {
namespace {

using base::Json;
using store::ReferenceFront;

std::string frontsTable(const std::vector<ReferenceFront>& fronts) {
    Table table({"id", "networks", "accelerators", "DSP limit", "BRAM18K limit", "designs",
                 "seconds", "computed"});
    for (const auto& front : fronts) {
        table.add({std::to_string(front.id), front.networkSpace, front.acceleratorSpace,
                   base::fixed(front.limits.dsp, 0), base::fixed(front.limits.bram18k, 0),
                   std::to_string(front.designs.size()), base::fixed(front.seconds, 2),
                   front.created});
    }
    return table.text();
}

std::string designsCsv(const std::vector<ReferenceFront>& fronts) {
    Table table({"front", "networks", "accelerators", "dsp_limit", "bram18k_limit", "network",
                 "fps", "accuracy_percent", "dsp", "bram18k"});
    for (const auto& front : fronts) {
        for (const auto& design : front.designs) {
            table.add({std::to_string(front.id), front.networkSpace, front.acceleratorSpace,
                       base::exact(front.limits.dsp), base::exact(front.limits.bram18k),
                       design.network, base::exact(design.fps), base::exact(design.accuracy * 100),
                       base::exact(design.dsp), base::exact(design.bram18k)});
        }
    }
    return table.csv();
}

Json toJson(const ReferenceFront& front) {
    Json designs = Json::array();
    for (const auto& design : front.designs) {
        designs.push_back(Json{{"network", design.network},
                               {"fps", design.fps},
                               {"accuracy", design.accuracy * 100},
                               {"dsp", design.dsp},
                               {"bram18k", design.bram18k},
                               {"accelerator", design.accelerator}});
    }
    return {{"id", front.id},
            {"networks", front.networkSpace},
            {"source", front.source},
            {"accelerators", front.acceleratorSpace},
            {"dsp_limit", front.limits.dsp},
            {"bram18k_limit", front.limits.bram18k},
            {"hypervolume_from", Json{{"fps", 0}, {"accuracy", front.leastAccuracy * 100}}},
            {"seconds", front.seconds},
            {"computed", front.created},
            {"program_version", front.programVersion},
            {"designs", designs}};
}

}  // namespace

base::Result<std::string> frontsReport(store::Project& project, Format format) {
    const auto fronts = project.referenceFronts();
    if (!fronts) return fronts.error();
    if (format == Format::Table) return frontsTable(*fronts);
    if (format == Format::Csv) return designsCsv(*fronts);
    Json list = Json::array();
    for (const auto& front : *fronts) list.push_back(toJson(front));
    return base::jsonText(list, 2) + "\n";
}

}  // namespace cohelix::cli
