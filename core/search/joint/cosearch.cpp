// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/cosearch.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/units.h"
#include "core/search/accelerator/feasibility.h"
#include "core/search/accelerator/layer_bits.h"
#include "core/search/joint/epoch_looks.h"
#include "core/search/joint/final_training.h"
#include "core/search/joint/found_designs.h"
#include "core/search/joint/ranking.h"
#include "core/search/joint/saved_state.h"
#include "core/search/joint/target_search.h"

namespace cohelix::search {
namespace {

using base::Error;
using base::Json;
using base::Result;

constexpr double kLossDecay = 0.95;

class JointSearch final : public CoSearch {
public:
    JointSearch(const spec::Specification& specification,
                std::shared_ptr<const learn::DataSet> data, base::Executor& executor)
        : m_specification(specification),
          m_data(std::move(data)),
          m_executor(executor),
          m_split(learn::splitTraining(*m_data, m_spec.dataSet.validationFraction,
                                       m_spec.search.weightShare, m_spec.seed)) {
        for (int t = 0; t < targetCount(); ++t) {
            m_targets.push_back(std::make_unique<TargetSearch>(m_inForce, t, m_proven, m_mapper));
        }
    }

    Result<void> prepare() {
        auto supernet = learn::Supernet::create(m_spec.network, m_spec.dataSet, m_data, m_split,
                                                m_spec.search, m_spec.seed, m_executor);
        if (!supernet) return supernet.error();
        m_supernet = std::move(*supernet);
        m_stepsPerEpoch = m_spec.search.stepsPerEpoch > 0 ? m_spec.search.stepsPerEpoch
                                                          : m_supernet->weightBatches();
        if (warmupSteps() == 0) m_stage = Stage::Joint;
        return {};
    }

    bool done() const override { return m_stage == Stage::Done; }

    Result<StepReport> step() override {
        if (!m_looks.empty()) return look();
        switch (m_stage) {
            case Stage::WarmUp: return warmUpStep();
            case Stage::Joint: return jointStep();
            case Stage::Ranking: return rankingStep();
            case Stage::Training: return trainingStep();
            case Stage::Done: break;
        }
        return StepReport{};
    }

    SearchProgress progress() const override;
    Result<void> steer(const spec::Change& change) override;
    std::span<const spec::Change> changes() const override { return m_changes; }
    std::vector<std::uint8_t> save() const override;
    Result<void> restore(std::span<const std::uint8_t> bytes) override;

private:
    int targetCount() const { return static_cast<int>(m_spec.objective.targets.size()); }
    std::int64_t warmupSteps() const { return m_spec.search.warmupEpochs * m_stepsPerEpoch; }
    std::int64_t jointSteps() const { return m_spec.search.epochs * m_stepsPerEpoch; }
    double temperature() const {
        const auto epoch = m_step / m_stepsPerEpoch;
        return m_spec.search.temperature *
               std::pow(m_spec.search.temperatureDecay, static_cast<double>(epoch));
    }
    double learningRate() const {
        const auto& recipe = m_spec.search.weights;
        const double done =
            static_cast<double>(m_weightSteps) / static_cast<double>(warmupSteps() + jointSteps());
        return recipe.finalLearningRate + (recipe.learningRate - recipe.finalLearningRate) *
                                              (1 + std::cos(std::numbers::pi * done)) / 2;
    }
    void smoothLoss(double loss) {
        m_loss = m_loss == 0 ? loss : kLossDecay * m_loss + (1 - kLossDecay) * loss;
    }

    Result<void> trainWeights(std::span<const int> path) {
        const auto result = m_supernet->weightStep(m_weightSteps, path, learningRate());
        if (!result) return result.error();
        weightsStepped(result->loss);
        return {};
    }
    void weightsStepped(double loss) {
        ++m_weightSteps;
        m_found.forgetEstimates();
        smoothLoss(loss);
    }

    Result<StepReport> warmUpStep();
    Result<StepReport> jointStep();
    /// The gradients of an architecture step; with one level they train the weights, too.
    Result<learn::GateGradients> gateGradients(const learn::ActivePaths& paths);
    void endEpoch();
    Result<void> steerable(const spec::Change& change) const;
    void takeUp(spec::InForce next);
    void restoreChanges(const Json& changes);
    /// Takes up a state that was read, and so is sound.
    Result<void> takeUp(const Json& json);
    Result<StepReport> look();
    Result<StepReport> rankingStep();
    Result<StepReport> trainingStep();
    FinalTraining makeTraining();

    const spec::Specification m_specification;  ///< before any steering
    spec::InForce m_inForce = spec::asSpecified(m_specification);
    const spec::Specification& m_spec = m_inForce.specification;
    std::vector<spec::Change> m_changes;  ///< that led to what is in force
    std::shared_ptr<const learn::DataSet> m_data;
    base::Executor& m_executor;
    learn::DataSplit m_split;
    std::unique_ptr<learn::Supernet> m_supernet;  ///< until training begins
    std::int64_t m_stepsPerEpoch = 1;

    Stage m_stage = Stage::WarmUp;
    std::int64_t m_step = 0;  ///< within the warm-up or the joint search
    std::int64_t m_weightSteps = 0;
    double m_loss = 0;
    ProvenSearch m_proven{m_spec, m_executor};
    pricing::LayerMapper m_mapper{m_spec, m_executor};
    std::vector<std::unique_ptr<TargetSearch>> m_targets;
    FoundDesigns m_found{m_inForce, m_mapper};
    EpochLooks m_looks{m_inForce};
    Ranking m_ranking{m_inForce, m_found};
    std::optional<FinalTraining> m_training;
};

Result<StepReport> JointSearch::warmUpStep() {
    // Uniform single paths: every operator is trained alike.
    base::Random random(m_spec.seed, "warm-up path", static_cast<std::uint64_t>(m_step));
    std::vector<int> path;
    for (std::size_t b = 0; b < spec::blockShapes(m_spec.network).size(); ++b) {
        path.push_back(static_cast<int>(random.below(m_spec.network.operators.size())));
    }
    path = spec::withPins(m_inForce.pins.operators, std::move(path));
    if (auto trained = trainWeights(path); !trained) return trained.error();
    StepReport out;
    out.images = m_spec.search.batch;
    if (++m_step % m_stepsPerEpoch == 0) endEpoch();
    if (m_step == warmupSteps()) {
        m_stage = Stage::Joint;
        m_step = 0;
        out.messages.push_back("Warm-up ended; the joint search begins");
    }
    return out;
}

Result<learn::GateGradients> JointSearch::gateGradients(const learn::ActivePaths& paths) {
    if (m_spec.search.level == spec::Level::Two) return m_supernet->gateGradients(m_step, paths);
    auto gates = m_supernet->jointStep(m_weightSteps, paths, learningRate());
    if (!gates) return gates;
    weightsStepped(gates->loss);
    return gates;
}

Result<StepReport> JointSearch::jointStep() {
    const auto active = spec::activeTargets(m_inForce);
    const auto turn = static_cast<std::size_t>(m_step) % active.size();
    auto& target = *m_targets[static_cast<std::size_t>(active[turn])];
    if (target.refreshDue()) target.refreshAccelerator();
    base::Random random(m_spec.seed, "architecture step", static_cast<std::uint64_t>(m_step));
    const auto sampled = target.samplePaths(temperature(), random);
    const auto gates = gateGradients(sampled.paths);
    if (!gates) return gates.error();
    if (!target.hasLambda()) target.startLambda(gates->loss);
    target.learn(sampled, *gates, temperature());
    const bool inTurn = m_spec.search.level == spec::Level::Two;
    if (inTurn) {
        const auto path = target.samplePath(temperature(), random);
        if (auto trained = trainWeights(path); !trained) return trained.error();
    }
    StepReport out;
    out.images = (inTurn ? 2.0 : 1.0) * m_spec.search.batch;
    if (++m_step % m_stepsPerEpoch == 0) endEpoch();
    if (m_step == jointSteps()) {
        m_stage = Stage::Ranking;
        out.messages.push_back("Joint search ended; what was found is ranked again");
    }
    return out;
}

void JointSearch::endEpoch() {
    for (const int t : spec::activeTargets(m_inForce)) {
        // In the warm-up the architecture is still undecided: its argmax says nothing.
        if (m_stage == Stage::Joint) m_looks.addDerived(t);
        m_looks.addDrawn(t);
    }
}

Result<void> JointSearch::steerable(const spec::Change& change) const {
    if (m_stage >= Stage::Training || m_ranking.hasChosen()) {
        return Error{"steering",
                     "the networks to be trained have been chosen: there is nothing left to steer",
                     "Filter the designs, or start another search"};
    }
    const bool ofTheGradient = std::holds_alternative<spec::WeighTarget>(change) ||
                               std::holds_alternative<spec::StopTarget>(change);
    if (m_stage != Stage::Ranking || !ofTheGradient) return {};
    return Error{"steering",
                 "the joint search has ended: a target can no longer be weighed or "
                 "stopped",
                 "Limits, windows and pins still decide which networks are trained"};
}

Result<void> JointSearch::steer(const spec::Change& change) {
    if (auto able = steerable(change); !able) return able;
    auto next = m_inForce;
    if (auto fits = spec::apply(change, next); !fits) return fits;
    const bool asksMore =
        next.specification.limits != m_inForce.specification.limits || next.pins != m_inForce.pins;
    if (asksMore) {
        if (auto feasible = checkFeasible(next.specification, next.pins); !feasible) {
            return feasible;
        }
    }
    takeUp(std::move(next));
    m_changes.push_back(change);
    return {};
}

void JointSearch::takeUp(spec::InForce next) {
    m_inForce = std::move(next);
    m_looks.steered();
    m_ranking.steered();
    for (auto& target : m_targets) target->steered();
}

Result<StepReport> JointSearch::look() {
    // The looks of the warm-up's last epoch come when its stage has ended.
    const bool decided = m_stage > Stage::Joint || (m_stage == Stage::Joint && m_step > 0);
    auto out =
        m_looks.step({*m_supernet, m_targets, m_found, m_weightSteps, temperature(), decided});
    if (!out || !m_looks.empty()) return out;
    if (auto required = m_found.requireOne(*m_supernet, *out); !required) return required.error();
    return out;
}

Result<StepReport> JointSearch::rankingStep() {
    auto out = m_ranking.step(*m_supernet, m_targets, !m_changes.empty());
    if (!out || !m_ranking.done()) return out;
    if (!m_ranking.hasChosen()) {
        m_stage = Stage::Done;
        return out;
    }
    m_supernet.reset();
    m_training.emplace(makeTraining());
    m_stage = Stage::Training;
    return out;
}

FinalTraining JointSearch::makeTraining() {
    const auto make = [this](std::size_t job) {
        const auto& choices = m_found.candidates().at(m_ranking.finalists()[job]).choices;
        return learn::Trainer::create(spec::buildNetwork(m_spec.network, choices.network),
                                      m_spec.dataSet, m_data, m_split, m_spec.training, m_spec.seed,
                                      {layerBits(m_spec, choices), m_spec.search.processor});
    };
    return {m_ranking.finalists().size(), make, m_executor};
}

Result<StepReport> JointSearch::trainingStep() {
    const auto slice = m_training->advance();
    if (!slice) return slice.error();
    StepReport out;
    out.images = static_cast<double>(slice->steps) * m_spec.training.batch;
    if (slice->loss > 0) smoothLoss(slice->loss);
    for (const auto& trained : slice->finished) {
        const Candidate candidate = m_found.candidates().at(m_ranking.finalists()[trained.job]);
        auto design = m_found.report(candidate.choices, candidate.target, candidate.estimate);
        if (!design) return design.error();
        design->standing = Standing::Trained;
        design->accuracy = trained.testAccuracy;
        design->validationAccuracy = trained.validationAccuracy;
        design->weights = trained.weights;
        out.designs.push_back(std::move(*design));
    }
    if (m_training->done()) m_stage = Stage::Done;
    return out;
}

SearchProgress JointSearch::progress() const {
    const auto& search = m_spec.search;
    const double batch = search.batch;
    const double warm = static_cast<double>(warmupSteps()) * batch;
    const double batches = m_spec.search.level == spec::Level::Two ? 2 : 1;
    const double joint = static_cast<double>(jointSteps()) * batch * batches;
    const auto trainable = m_split.weights.size() + m_split.architecture.size();
    const double perNetwork = static_cast<double>(trainable) * m_spec.training.epochs;
    const double training = perNetwork * m_spec.training.designs;

    SearchProgress out;
    out.stage = m_stage;
    out.loss = m_loss;
    out.total = warm + joint + training;
    const auto epochText = [&](int epochs) {
        const auto epoch = std::min<std::int64_t>(m_step / m_stepsPerEpoch + 1, epochs);
        return "epoch " + std::to_string(epoch) + " of " + std::to_string(epochs);
    };
    switch (m_stage) {
        case Stage::WarmUp:
            out.done = static_cast<double>(m_step) * batch;
            out.detail = epochText(search.warmupEpochs) + ", weights only";
            break;
        case Stage::Joint:
            out.done = warm + static_cast<double>(m_step) * batch * batches;
            out.detail = epochText(search.epochs) + ", " +
                         std::to_string(spec::activeTargets(m_inForce).size()) +
                         " targets, temperature " + base::fixed(temperature(), 2);
            break;
        case Stage::Ranking:
            out.done = warm + joint;
            out.detail = "ranking " + std::to_string(m_ranking.estimated()) + " of " +
                         std::to_string(m_ranking.toEstimate()) + " networks again";
            break;
        case Stage::Training:
            out.done = warm + joint + perNetwork * static_cast<double>(m_training->finishedJobs()) +
                       static_cast<double>(m_training->activeSteps()) * m_spec.training.batch;
            out.detail = std::to_string(m_training->finishedJobs()) + " of " +
                         std::to_string(m_ranking.finalists().size()) +
                         " networks trained from scratch";
            break;
        case Stage::Done: out.done = out.total; break;
    }
    out.done = std::min(out.done, out.total);
    return out;
}

std::vector<std::uint8_t> JointSearch::save() const {
    Json targets = Json::array();
    for (const auto& target : m_targets) targets.push_back(target->save());
    Json changes = Json::array();
    for (const auto& change : m_changes) changes.push_back(spec::toJson(change));
    Json json = {{"version", kStateVersion}, {"stage", static_cast<int>(m_stage)},
                 {"step", m_step},           {"weight_steps", m_weightSteps},
                 {"loss", m_loss},           {"changes", changes},
                 {"targets", targets},       {"candidates", m_found.save()}};
    m_looks.save(json);
    m_ranking.save(json);
    if (m_supernet) json["supernet"] = Json::binary(m_supernet->save());
    if (m_training) json["training"] = m_training->save();
    return Json::to_cbor(json);
}

void JointSearch::restoreChanges(const Json& changes) {
    m_inForce = spec::asSpecified(m_specification);
    m_changes.clear();
    for (const auto& json : changes) {
        m_changes.push_back(spec::changeFromJson(json).value());
        (void)spec::apply(m_changes.back(), m_inForce);
    }
}

Result<void> JointSearch::restore(std::span<const std::uint8_t> bytes) {
    const auto json = readState(bytes, m_specification, m_stepsPerEpoch);
    if (!json) return json.error();
    try {
        return takeUp(*json);
    } catch (const std::exception& problem) {
        return Error{"saved state", problem.what(), "Resume from an older state, or search again"};
    }
}

Result<void> JointSearch::takeUp(const Json& json) {
    m_stage = static_cast<Stage>(json.at("stage").get<int>());
    m_step = json.at("step").get<std::int64_t>();
    m_weightSteps = json.at("weight_steps").get<std::int64_t>();
    m_loss = json.at("loss").get<double>();
    restoreChanges(json.value("changes", Json::array()));
    for (std::size_t t = 0; t < m_targets.size(); ++t) m_targets[t]->restore(json["targets"][t]);
    m_looks.restore(json);
    m_found.restore(json.at("candidates"));
    m_ranking.restore(json);
    if (json.contains("supernet")) {
        const auto& supernet = json["supernet"].get_binary();
        if (auto restored = m_supernet->restore(supernet); !restored) return restored;
    } else {
        m_supernet.reset();
    }
    m_training.reset();
    if (!json.contains("training")) return {};
    m_training.emplace(makeTraining());
    return m_training->restore(json["training"]);
}

}  // namespace

base::Result<std::unique_ptr<CoSearch>> CoSearch::create(const spec::Specification& specification,
                                                         std::shared_ptr<const learn::DataSet> data,
                                                         base::Executor& executor) {
    if (auto feasible = checkFeasible(specification); !feasible) return feasible.error();
    auto search = std::make_unique<JointSearch>(specification, std::move(data), executor);
    if (auto ready = search->prepare(); !ready) return ready.error();
    return std::unique_ptr<CoSearch>(std::move(search));
}

}  // namespace cohelix::search
