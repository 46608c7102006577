// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/replay.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "core/base/units.h"
#include "core/learn/learn.h"
#include "core/optimum/exact_accelerator.h"
#include "core/pricing/design_pricing.h"
#include "core/run/run_state.h"
#include "core/run/stored_weights.h"
#include "core/store/whole_design.h"

namespace cohelix::run {
namespace {

using base::Error;
using base::Result;

constexpr const char* kWeights = "weights";
constexpr const char* kNoTorch = "none";
constexpr std::chrono::milliseconds kBetweenQuestions{50};
constexpr std::chrono::milliseconds kPatience{1000};  // with a search that was told to stop

std::string designName(std::int64_t id) { return "design " + std::to_string(id); }

void noteRunSurroundings(store::Project& project, const store::DesignRow& row, Replay& replay) {
    if (const auto run = project.run(row.run)) {
        replay.notes = otherSurroundings(*run, run->threads);
    }
}

Result<learn::Accuracies> accuraciesOf(const learn::TrainedWeights& weights,
                                       const spec::Specification& spec,
                                       const model::Network& network) {
    const auto data = learn::loadDataSet(spec.dataSet, spec.network);
    if (!data) return data.error();
    const auto split = learn::splitTraining(**data, spec.dataSet.validationFraction,
                                            spec.search.weightShare, spec.seed);
    return learn::accuraciesOf(network, weights, *data, split);
}

void compareAccuracies(store::Project& project, const spec::Specification& spec,
                       const model::Network& network, const store::DesignRow& row, Replay& replay) {
    if (row.grade == model::AccuracyGrade::Tabulated) {
        replay.notes.push_back(
            "The accuracy was looked up in a table, which the project does not "
            "hold: it was not looked up again");
        return;
    }
    if (row.grade != model::AccuracyGrade::TrainedFromScratch) {
        replay.notes.push_back(
            "The supernet's estimate of the accuracy was not worked out again: the weights that it "
            "was made with have moved on since; replaying the run makes them again");
        return;
    }
    const auto weights = storedWeights(project, row.id);
    if (!weights) {
        replay.comparison.text("trained weights", "stored", weights.error().what);
        return;
    }
    if (!*weights) {
        const auto lost = project.artifact(row.id, store::kLostWeights);
        replay.notes.push_back(
            std::string("The accuracy was not worked out again: ") +
            (lost && *lost ? "its trained weights are lost" : "no weights are stored"));
        return;
    }
    const auto found = accuraciesOf(**weights, spec, network);
    if (!found) {
        replay.notes.push_back("The accuracy was not worked out again: " +
                               base::toText(found.error()));
        return;
    }
    replay.comparison.number("accuracy on the test images", row.accuracy, found->test);
    replay.comparison.number("validation accuracy", row.validationAccuracy,
                             std::optional(found->validation));
}

/// A finished run as it is in a project.
struct Found {
    store::RunRow row;
    spec::Specification specification;
    std::vector<store::SteeringRow> steering;
    std::vector<store::DesignRow> designs;
    bool tabulated() const {
        return !designs.empty() && std::ranges::all_of(designs, [](const auto& design) {
            return design.grade == model::AccuracyGrade::Tabulated;
        });
    }
};

Result<Found> findRun(store::Project& project, std::int64_t run) {
    auto row = project.run(run);
    if (!row) return row.error();
    auto spec = project.specificationOf(run);
    if (!spec) return spec.error();
    auto steering = project.steering(run);
    if (!steering) return steering.error();
    auto designs = project.designs(run);
    if (!designs) return designs.error();
    return Found{std::move(*row), std::move(*spec), std::move(*steering), std::move(*designs)};
}

std::vector<spec::TimedChange> planOf(const std::vector<store::SteeringRow>& steering) {
    std::vector<spec::TimedChange> plan;
    for (const auto& row : steering) {
        if (row.state == store::SteeringState::Applied) plan.push_back({row.step, row.change});
    }
    return plan;
}

/// What does not depend on accuracies, from the file alone.
Result<void> compareFigures(const store::WholeDesign& stored, Replay& replay) {
    base::Executor executor(1);
    pricing::LayerMapper mapper(stored.specification, executor);
    const auto found = pricing::priceDesign(stored.specification, stored.row.choices, mapper);
    if (!found) return found.error();
    ++replay.designs;
    auto& comparison = replay.comparison;
    comparison.about(designName(stored.row.id));
    comparison.cost(stored.cost, found->cost, stored.network);
    comparison.count("multiply-accumulates", stored.row.macs, model::macs(stored.network));
    comparison.count("parameters", stored.row.parameters, model::parameters(stored.network));
    return {};
}

/// A run whose accuracies were looked up: its designs' figures, and that each has the proven least
/// period of its network.
Result<Replay> replayTabulated(store::Project& project, const Found& stored, const RunReplay& how) {
    const auto& spec = stored.specification;
    base::Executor executor(
        base::usableThreads(how.threads > 0 ? how.threads : stored.row.threads));
    auto exact =
        optimum::ExactAccelerators::create(spec.accelerator, spec::resourceLimits(spec), &executor);
    if (!exact) return exact.error();
    Replay replay;
    for (const auto& row : stored.designs) {
        if (how.cancelled && how.cancelled()) {
            return Error{"the replay", "it was stopped on request", "Start it again"};
        }
        const auto whole = store::wholeDesign(project, row, spec);
        if (!whole) return whole.error();
        if (auto compared = compareFigures(*whole, replay); !compared) return compared.error();
        const auto best = exact->best(whole->network, optimum::Aim::Period);
        replay.comparison.number("proven least period", std::optional(whole->cost.periodCycles),
                                 best ? std::optional(best->periodCycles) : std::nullopt);
    }
    replay.notes = otherSurroundings(stored.row, stored.row.threads);
    replay.notes.push_back(
        "Accuracies were looked up in a table, which the project does not hold: "
        "they were not looked up again, and neither were the networks drawn again");
    return replay;
}

/// Weights as bytes; empty where none are stored.
Result<std::vector<std::uint8_t>> weightBytes(store::Project& project, std::int64_t design) {
    auto artifact = project.artifact(design, kWeights);
    if (!artifact) return artifact.error();
    return *artifact ? std::move((*artifact)->bytes) : std::vector<std::uint8_t>{};
}

Result<void> compareDesign(store::Project& before, const store::DesignRow& stored,
                           store::Project& after, const store::DesignRow& found,
                           const spec::Specification& spec, Comparison& comparison) {
    comparison.row(stored, found);
    const auto storedDesign = store::wholeDesign(before, stored, spec);
    if (!storedDesign) return storedDesign.error();
    const auto foundDesign = store::wholeDesign(after, found, spec);
    if (!foundDesign) return foundDesign.error();
    comparison.cost(storedDesign->cost, foundDesign->cost, storedDesign->network);
    const auto lost = before.artifact(stored.id, store::kLostWeights);
    if (lost && *lost) return {};  // there is nothing to compare; the design's own replay names it
    const auto storedWeights = weightBytes(before, stored.id);
    if (!storedWeights) return storedWeights.error();
    const auto foundWeights = weightBytes(after, found.id);
    if (!foundWeights) return foundWeights.error();
    comparison.text("weights", *storedWeights == *foundWeights ? "" : "as trained then",
                    *storedWeights == *foundWeights ? "" : "others");
    return {};
}

Result<Replay> compareRuns(store::Project& before, const Found& stored, store::Project& after,
                           std::int64_t run) {
    const auto found = after.designs(run);
    if (!found) return found.error();
    std::map<model::DesignChoices, const store::DesignRow*> byChoices;
    for (const auto& row : *found) byChoices[row.choices] = &row;
    Replay replay;
    for (const auto& row : stored.designs) {
        replay.comparison.about(designName(row.id));
        ++replay.designs;
        const auto match = byChoices.find(row.choices);
        if (match == byChoices.end()) {
            replay.comparison.text("choices", keyOf(row.choices), "not found again");
            continue;
        }
        auto compared = compareDesign(before, row, after, *match->second, stored.specification,
                                      replay.comparison);
        if (!compared) return compared.error();
        byChoices.erase(match);
    }
    replay.comparison.about("replay");
    for (const auto& [choices, row] : byChoices) {
        replay.comparison.text("choices", "not found then", keyOf(choices));
    }
    return replay;
}

Result<store::RunRow> searchAgain(Session& session, const Found& stored, int threads,
                                  const RunReplay& how) {
    auto specification = stored.specification;
    if (!how.pictures.empty()) specification.dataSet.path = how.pictures;
    const auto run = session.start(specification, threads, planOf(stored.steering));
    if (!run) return run.error();
    std::chrono::steady_clock::time_point stopped;
    bool stopping = false;
    while (session.busy()) {
        if (!stopping && how.cancelled && how.cancelled()) {
            stopping = true;
            stopped = std::chrono::steady_clock::now();
            session.stop(*run);
        }
        if (stopping && how.giveUp && std::chrono::steady_clock::now() - stopped > kPatience) {
            session.abandon(*run);
            how.giveUp();
        }
        std::this_thread::sleep_for(kBetweenQuestions);
    }
    auto row = session.wait(*run);
    if (row.state == store::RunState::Finished) return row;
    return Error{session.path(), "the replay did not come to its end: " + row.message,
                 "Remove the file before the next try"};
}

/// What the file itself cannot judge: a design as a whole, its weights. What cannot be read at all
/// has been found by the file.
void checkDesign(store::Project& project, const store::DesignRow& row,
                 const spec::Specification& spec, store::Findings& findings) {
    const auto hasCost = project.hasCost(row.id);
    if (hasCost && (!*hasCost || project.designCost(row.id))) {
        if (const auto whole = store::wholeDesign(project, row, spec); !whole) {
            findings.push_back(designName(row.id) + ": " + whole.error().what);
        }
    }
    if (row.grade != model::AccuracyGrade::TrainedFromScratch) return;
    const auto weights = storedWeights(project, row.id);
    if (!weights) findings.push_back(weights.error().what);
}

/// Whether the states that a run could be resumed from are states of it.
void checkStates(store::Project& project, std::int64_t run, const spec::Specification& spec,
                 store::Findings& findings) {
    const auto rows = project.checkpoints(run);
    const auto reached = project.reached(run);
    const auto changes = project.steering(run);
    if (!rows || !reached || !changes) return;
    for (const auto& row : *rows) {
        const auto saved = project.checkpoint(row.id);
        if (!saved) continue;
        if (const auto state = checkState({*saved, *reached, *changes}, spec); !state) {
            findings.push_back("the state that run " + std::to_string(run) + " saved at step " +
                               std::to_string(row.step) + " is unsound: " + state.error().what);
        }
    }
}

}  // namespace

std::vector<std::string> otherSurroundings(const store::RunRow& run, int threads) {
    std::vector<std::string> notes;
    const auto note = [&](const std::string& what, const std::string& then,
                          const std::string& now) {
        if (then != now) notes.push_back(what + " then: " + then + ", now: " + now);
    };
    note("Cohelix", run.programVersion, base::programVersion());
    // Where nothing was trained, what would train now makes no difference.
    if (run.torchVersion != kNoTorch) note("LibTorch", run.torchVersion, learn::torchVersion());
    note("Threads", std::to_string(run.threads), std::to_string(threads));
    return notes;
}

Result<store::Findings> check(store::Project& project) {
    auto findings = project.check();
    const auto runs = project.runs();
    if (!findings || !runs) return findings;  // which says so already
    for (const auto& run : *runs) {
        const auto spec = project.specificationOf(run.id);
        const auto designs = project.designs(run.id);
        if (!spec) continue;
        checkStates(project, run.id, *spec, *findings);
        if (!designs) continue;
        for (const auto& row : *designs) checkDesign(project, row, *spec, *findings);
    }
    return findings;
}

Result<Replay> replayDesign(store::Project& project, std::int64_t design,
                            const std::string& pictures) {
    auto whole = store::wholeDesign(project, design);
    if (!whole) return whole.error();
    Replay replay;
    if (auto compared = compareFigures(*whole, replay); !compared) return compared.error();
    noteRunSurroundings(project, whole->row, replay);
    if (!pictures.empty()) whole->specification.dataSet.path = pictures;
    compareAccuracies(project, whole->specification, whole->network, whole->row, replay);
    return replay;
}

Result<Replay> replayRun(store::Project& project, std::int64_t run, const RunReplay& how) {
    const auto stored = findRun(project, run);
    if (!stored) return stored.error();
    if (stored->row.state != store::RunState::Finished) {
        return Error{"run " + std::to_string(run),
                     "it is " + std::string(word(stored->row.state)) +
                         ", and only a finished run can be compared with another one",
                     "Resume it first"};
    }
    if (stored->tabulated()) return replayTabulated(project, *stored, how);
    const int threads = how.threads > 0 ? how.threads : stored->row.threads;
    auto session = Session::create(how.into, how.listener);
    if (!session) return session.error();
    const auto again = searchAgain(**session, *stored, threads, how);
    if (!again) return again.error();
    Result<Replay> replay(Replay{});
    (*session)->call(
        [&](store::Project& fresh) { replay = compareRuns(project, *stored, fresh, again->id); });
    if (replay) replay->notes = otherSurroundings(stored->row, threads);
    return replay;
}

}  // namespace cohelix::run
