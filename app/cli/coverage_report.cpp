// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/coverage_report.h"

#include <algorithm>

#include "app/cli/table.h"
#include "core/base/units.h"

namespace cohelix::cli {
namespace {

using base::Json;
using cost::Coverage;
using cost::UnpricedWork;

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

/// "1,536 of 8,603,136 multiply-accumulates (0.02 %)", "1,536 of at least …".
std::string shareText(const Coverage& coverage) {
    const auto all = coverage.countedMacs();
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

}  // namespace

void addCoverage(Json& json, const Coverage& coverage) {
    json["complete"] = coverage.complete();
    json["priced_macs"] = coverage.pricedMacs;
    const auto counted = coverage.countedMacs();
    json["all_macs"] = coverage.openNodes() > 0 ? Json() : Json(counted);
    if (coverage.openNodes() > 0) json["least_macs"] = counted;
    json["unpriced"] = unpricedJson(coverage);
}

void addBounds(Json& figures, const Coverage& coverage, const std::vector<Bound>& bounds) {
    if (coverage.complete()) return;
    for (const auto& [figure, side] : bounds) figures["bounds"][figure] = side;
}

std::vector<Bound> pipelineBounds() {
    return {{"period_cycles", kAtLeast}, {"latency_cycles", kAtLeast}, {"fps", kAtMost},
            {"latency_ms", kAtLeast},    {"energy_mj", kAtLeast},      {"edp_mj_ms", kAtLeast},
            {"dsp", kAtLeast},           {"bram18k", kAtLeast}};
}

std::string atMost(const Coverage& coverage) {
    return coverage.complete() ? "" : std::string(kAtMost) + " ";
}

std::string atLeast(const Coverage& coverage) {
    return coverage.complete() ? "" : std::string(kAtLeast) + " ";
}

std::string incompleteText(const Coverage& coverage) {
    if (coverage.complete()) return {};
    std::string operators;
    std::vector<std::string> seen;
    for (const auto& work : bySize(coverage)) {
        if (std::ranges::find(seen, work.op) != seen.end()) continue;
        operators += (seen.empty() ? "" : ", ") + work.op;
        seen.push_back(work.op);
    }
    return "INCOMPLETE: " + shareText(coverage) + " are priced, and all figures are bounds; not " +
           "priced: " + operators + "\n";
}

std::string unpricedText(const Coverage& coverage) {
    if (coverage.complete()) return {};
    Table table({"not priced", "nodes", "MACs", "first", "why"});
    for (const auto& work : bySize(coverage)) {
        table.add({work.op, base::grouped(static_cast<std::int64_t>(work.names.size())),
                   work.macs ? base::grouped(*work.macs) : "unknown", work.names.front(),
                   work.reason});
    }
    return "\n" + table.text();
}

base::Error refusedAsIncomplete(const std::string& name, const Coverage& coverage) {
    return {name, "only " + shareText(coverage) + " can be priced. Not priced: " + listed(coverage),
            "Without --strict the rest is priced, and its figures are bounds"};
}

base::Error nothingPriced(const std::string& name, const Coverage& coverage) {
    return {name, "nothing of it can be priced: " + listed(coverage), {}};
}

}  // namespace cohelix::cli
