// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tables/reference_front.h"

#include "core/base/units.h"
#include "core/specification/accelerator_presets.h"
#include "core/tables/trained_table.h"

namespace cohelix::tables {
namespace {

base::Result<TabularSpace> readTable(const FrontRequest& request) {
    if (request.benchmark == benchmarkNames()[0]) return readNasBenchMacro(request.table);
    if (request.benchmark == benchmarkNames()[1]) {
        return readNasBench201(request.table, request.dataSet);
    }
    if (request.benchmark == benchmarkNames()[2] && request.specification) {
        return readTrainedTable(request.table, *request.specification);
    }
    return base::Error{request.benchmark, "there is no such benchmark",
                       "Use nasbench-macro, nasbench201, or trained with a specification"};
}

/// The accelerators that the request is about, by name and with their limits.
struct Accelerators {
    std::string name;
    hardware::AcceleratorSpace space;
    model::Resources limits;
};

base::Result<Accelerators> acceleratorsOf(const FrontRequest& request) {
    if (const auto& search = request.specification) {
        return Accelerators{kOwnAccelerators, search->accelerator, spec::resourceLimits(*search)};
    }
    auto space = spec::acceleratorPreset(request.space);
    if (!space) return space.error();
    space->fpgaModel = request.model;
    return Accelerators{request.space, std::move(*space), request.limits};
}

/// Accuracy in percent against FPS, as everywhere in this room.
double hypervolumeOf(const std::vector<model::Point>& points, double leastAccuracy) {
    return model::hypervolume(points, {leastAccuracy * 100, 0});
}

}  // namespace

const std::vector<std::string_view>& benchmarkNames() {
    static const std::vector<std::string_view> names = {"nasbench-macro", "nasbench201", "trained"};
    return names;
}

base::Result<store::ReferenceFront> computeReference(const FrontRequest& request,
                                                     base::Executor& executor, const Watch& watch) {
    const auto networks = readTable(request);
    if (!networks) return networks.error();
    const auto accelerators = acceleratorsOf(request);
    if (!accelerators) return accelerators.error();
    const auto problem =
        Problem::create(*networks, accelerators->space, accelerators->limits, executor);
    if (!problem) return problem.error();
    const auto truth = trueFront(*problem, executor, watch);
    if (!truth) return truth.error();
    return referenceOf(*problem, *truth, accelerators->name);
}

store::ReferenceFront referenceOf(const Problem& problem, const TrueFront& truth,
                                  const std::string& spaceName) {
    const auto& networks = problem.space();
    const auto& accelerators = problem.accelerators();
    store::ReferenceFront front;
    front.programVersion = base::programVersion();
    front.networkSpace = networks.name;
    front.source = networks.source;
    if (const auto space = networkSpaceOf(networks)) front.network = store::spaceText(*space);
    front.acceleratorSpace = spaceName;
    front.accelerator = store::spaceText(accelerators.space());
    front.limits = accelerators.limits();
    front.leastAccuracy = networks.leastAccuracy / 100;
    front.seconds = truth.seconds;
    for (const std::size_t i : truth.front) {
        const auto& network = truth.networks[i];
        front.designs.push_back({*network.accelerator, networks.nameOf(i),
                                 network.accelerator->choices, network.fps,
                                 networks.accuracies[i] / 100});
    }
    return front;
}

std::optional<spec::NetworkSpace> networkSpaceOf(const TabularSpace& space) {
    if (space.specification) return space.specification->network;
    if (space.name != benchmarkNames()[0]) return std::nullopt;
    spec::NetworkSpace out;
    out.input = {3, 32, 32};
    out.classes = 10;
    out.stemChannels = 32;
    out.stages = {{64, 2, 2}, {128, 3, 2}, {256, 3, 2}};
    out.operators = {*spec::parseOperator("skip"), *spec::parseOperator("k3_e3"),
                     *spec::parseOperator("k5_e6")};
    out.headChannels = 1280;
    return out;
}

bool sameSpaces(const store::ReferenceFront& front, const spec::Specification& specification) {
    return !front.network.empty() && !spec::limitsReach(specification.limits) &&
           spec::resourceLimits(specification) == front.limits &&
           store::spaceText(specification.network) == front.network &&
           store::spaceText(specification.accelerator) == front.accelerator;
}

std::optional<double> coveredShare(const store::ReferenceFront& front, std::int64_t run,
                                   const std::vector<store::DesignRow>& designs) {
    std::vector<model::Point> found;
    for (const store::DesignRow& design : designs) {
        const bool tabulated = design.grade == model::AccuracyGrade::Tabulated;
        if (design.run != run || !tabulated) continue;
        found.push_back({design.accuracy * 100, design.fps});
    }
    std::vector<model::Point> truth;
    for (const auto& design : front.designs) truth.push_back({design.accuracy * 100, design.fps});
    const double whole = hypervolumeOf(truth, front.leastAccuracy);
    if (found.empty() || whole <= 0) return std::nullopt;
    return hypervolumeOf(found, front.leastAccuracy) / whole;
}

}  // namespace cohelix::tables
