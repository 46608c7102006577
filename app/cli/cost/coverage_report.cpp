// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/coverage_report.h"

#include <algorithm>

#include "core/base/units.h"

#include "app/cli/table.h"

namespace cohelix::cli {
namespace {

using base::Json;
using hardware::BoundedWork;
using hardware::Coverage;
using hardware::Side;
using hardware::UnpricedWork;

constexpr const char* kMacs = " multiply-accumulates";

std::string nodesText(std::size_t nodes) {
    return base::counted(static_cast<std::int64_t>(nodes), "node", "nodes");
}

std::string macsText(const UnpricedWork& work) {
    return (work.macs ? base::grouped(*work.macs) : "an unknown number of") + kMacs;
}

/// The work that is left out, the largest first, what is unknown before it.
std::vector<UnpricedWork> bySize(const Coverage& coverage) {
    auto sorted = coverage.unpriced;
    std::ranges::stable_sort(sorted, [](const UnpricedWork& a, const UnpricedWork& b) {
        if (!a.macs || !b.macs) return !a.macs && b.macs;
        return *a.macs > *b.macs;
    });
    return sorted;
}

/// "LSTM (1 node, 8,601,600 multiply-accumulates): recurrent"; of many the first.
std::string listed(const Coverage& coverage) {
    constexpr std::size_t kMostListed = 8;
    const auto works = bySize(coverage);
    std::string text;
    for (std::size_t i = 0; i < std::min(works.size(), kMostListed); ++i) {
        const auto& work = works[i];
        text += (i ? "; " : "") + work.op + " (" + nodesText(work.names.size()) + ", " +
                macsText(work) + "): " + work.reason;
    }
    if (works.size() > kMostListed) {
        text += "; and " + std::to_string(works.size() - kMostListed) + " more reasons";
    }
    return text;
}

/// "1,536 of 8,603,136 multiply-accumulates (0.02 %)", "1,536 of at least …", "1,536 of an unknown
/// number of …" where no others are known.
std::string shareText(const Coverage& coverage) {
    const auto all = coverage.countedMacs();
    if (coverage.openNodes() > 0 && all == coverage.pricedMacs) {
        return base::grouped(all) + " of an unknown number of" + kMacs;
    }
    std::string text = base::grouped(coverage.pricedMacs) + " of " +
                       (coverage.openNodes() > 0 ? "at least " : "") + base::grouped(all) + kMacs;
    if (coverage.openNodes() > 0 || all == 0) return text;
    const double share = 100 * static_cast<double>(coverage.pricedMacs) / static_cast<double>(all);
    return text + " (" + base::fixed(share, 2) + " %)";
}

Json unpricedJson(const Coverage& coverage) {
    Json list = Json::array();
    for (const auto& work : bySize(coverage)) {
        list.push_back({{"operator", work.op},
                        {"nodes", work.names.size()},
                        {"macs", work.macs ? Json(*work.macs) : Json()},
                        {"reason", work.reason},
                        {"names", work.names}});
    }
    return list;
}

const char* sideName(Side side) {
    if (side == Side::AtLeast) return "at least";
    return side == Side::AtMost ? "at most" : "either side";
}

Side utilizationSide(const Coverage& coverage) {
    return coverage.macsSide() == Side::Exact ? hardware::opposite(coverage.costSide())
                                              : Side::Either;
}

Side sideOf(const Coverage& coverage, Grows how) {
    switch (how) {
        case Grows::Work: return coverage.macsSide();
        case Grows::Cost: return coverage.costSide();
        case Grows::Rate: return hardware::opposite(coverage.costSide());
        case Grows::Resource: return coverage.complete() ? Side::Exact : Side::AtLeast;
        case Grows::Utilization: return utilizationSide(coverage);
        case Grows::Share: break;
    }
    return Side::Exact;
}

bool isOfPriced(const Coverage& coverage, Grows how) {
    return !coverage.complete() && (how == Grows::Share || how == Grows::Utilization);
}

std::string layersText(const BoundedWork& work) {
    return base::counted(static_cast<std::int64_t>(work.layers.size()), "layer", "layers");
}

/// "LSTM (1 layer): runs 40 steps, …".
std::string boundedListed(const Coverage& coverage) {
    std::string text;
    for (const auto& work : coverage.bounded) {
        text +=
            (text.empty() ? "" : "; ") + work.op + " (" + layersText(work) + "): " + work.reason;
    }
    return text;
}

/// Each once, in their order.
template <typename Works>
std::string operatorsOf(const Works& works) {
    std::string text;
    std::vector<std::string> seen;
    for (const auto& work : works) {
        if (std::ranges::find(seen, work.op) != seen.end()) continue;
        text += (seen.empty() ? "" : ", ") + work.op;
        seen.push_back(work.op);
    }
    return text;
}

/// The coverage of the layers of one entry.
Coverage only(const BoundedWork& work) {
    Coverage coverage;
    coverage.bounded = {work};
    return coverage;
}

Json boundedJson(const Coverage& coverage) {
    Json list = Json::array();
    for (const auto& work : coverage.bounded) {
        list.push_back({{"operator", work.op}, {"reason", work.reason}, {"layers", work.layers}});
        addBounds(list.back(), only(work), {{"cycles", Grows::Cost}, {"macs", Grows::Work}});
    }
    return list;
}

std::string boundedText(const Coverage& coverage) {
    if (coverage.bounded.empty()) return {};
    Table table({"bound", "layers", "cycles", "MACs", "first", "why"});
    const auto side = [](Side of) { return of == Side::Exact ? "" : sideName(of); };
    for (const auto& work : coverage.bounded) {
        table.add({work.op, base::grouped(static_cast<std::int64_t>(work.layers.size())),
                   side(only(work).costSide()), side(only(work).macsSide()), work.layers.front(),
                   work.reason});
    }
    return "\n" + table.text();
}

}  // namespace

void addCoverage(Json& json, const Coverage& coverage) {
    json["complete"] = coverage.complete();
    json["exact"] = coverage.exact();
    json["priced_macs"] = coverage.pricedMacs;
    const auto counted = coverage.countedMacs();
    json["all_macs"] = coverage.openNodes() > 0 ? Json() : Json(counted);
    if (coverage.openNodes() > 0) {
        json["least_macs"] = counted;
        json["nodes_of_unknown_work"] = coverage.openNodes();
    }
    json["unpriced"] = unpricedJson(coverage);
    json["bounded"] = boundedJson(coverage);
}

void addBounds(Json& figures, const Coverage& coverage, const std::vector<Bound>& bounds) {
    for (const auto& [figure, how] : bounds) {
        const auto side = sideOf(coverage, how);
        if (isOfPriced(coverage, how)) {
            figures["bounds"][figure] = "of what is priced";
        } else if (side != Side::Exact) {
            figures["bounds"][figure] = sideName(side);
        }
    }
}

void addPipelineBounds(Json& cost, const Coverage& coverage) {
    addBounds(cost, coverage,
              {{"period_cycles", Grows::Cost},
               {"latency_cycles", Grows::Cost},
               {"fps", Grows::Rate},
               {"latency_ms", Grows::Cost},
               {"energy_mj", Grows::Cost},
               {"edp_mj_ms", Grows::Cost},
               {"dsp", Grows::Resource},
               {"bram18k", Grows::Resource}});
    for (auto& layer : cost["layers"]) {
        addBounds(layer, coverage.ofLayer(layer["layer"]),
                  {{"cycles", Grows::Cost},
                   {"energy_pj", Grows::Cost},
                   {"utilization", Grows::Utilization}});
    }
}

std::string sideText(const Coverage& coverage, Grows how) {
    const auto side = sideOf(coverage, how);
    if (side == Side::Exact) return {};
    return side == Side::Either ? "about " : std::string(sideName(side)) + " ";
}

std::string boundsText(const Coverage& coverage) {
    std::string text;
    if (!coverage.complete()) {
        text +=
            "INCOMPLETE: " + shareText(coverage) + " are priced, and all figures are bounds" +
            (coverage.openNodes() > 0 ? ", how far from the whole nobody knows (" +
                                            nodesText(coverage.openNodes()) + " of unknown work)"
                                      : std::string()) +
            "; not priced: " + operatorsOf(bySize(coverage)) + "\n";
    }
    if (coverage.bounded.empty()) return text;
    return text + "BOUNDS: not all layers run as they are priced, and figures are bounds: " +
           operatorsOf(coverage.bounded) + "\n";
}

std::string unpricedText(const Coverage& coverage) {
    if (coverage.complete()) return boundedText(coverage);
    Table table({"not priced", "nodes", "MACs", "first", "why"});
    for (const auto& work : bySize(coverage)) {
        table.add({work.op, base::grouped(static_cast<std::int64_t>(work.names.size())),
                   work.macs ? base::grouped(*work.macs) : "unknown", work.names.front(),
                   work.reason});
    }
    return "\n" + table.text() + boundedText(coverage);
}

base::Error refusedAsBound(const std::string& name, const Coverage& coverage) {
    if (coverage.complete()) {
        return {name, "not all of it runs as it can be priced. " + boundedListed(coverage),
                "Without --strict it is priced, and its figures are bounds"};
    }
    return {name, "only " + shareText(coverage) + " can be priced. Not priced: " + listed(coverage),
            "Without --strict the rest is priced, and its figures are bounds"};
}

base::Error nothingPriced(const std::string& name, const Coverage& coverage) {
    return {name, "nothing of it can be priced: " + listed(coverage), {}};
}

}  // namespace cohelix::cli
