// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/saved_state.h"

#include <algorithm>
#include <limits>
#include <set>

#include "core/base/json_bounds.h"
#include "core/search/accelerator/precision_plans.h"
#include "core/search/joint/cosearch.h"
#include "core/search/joint/saved_value.h"
#include "core/search/joint/target_search.h"
#include "core/specification/steering.h"

namespace cohelix::search {
namespace {

using base::Json;

constexpr int kDeepest = 16;
constexpr std::int64_t kMostValues = 16'000'000;
constexpr std::int64_t kMostSteps = std::int64_t{1} << 40;
/// Far beyond what a parameter or a moving average gets to, far below what overflows in a step.
constexpr double kLargest = 1e60;
constexpr int kMostBits = 64;
constexpr std::size_t kMostEntries = 10'000'000;

/// Holds a state against its specification, part by part.
class StateCheck {
public:
    StateCheck(const spec::Specification& specification, std::optional<std::int64_t> stepsPerEpoch)
        : m_inForce(spec::asSpecified(specification)),
          m_spec(m_inForce.specification),
          m_network(spec::networkChoices(m_spec.network)),
          m_accelerator(hardware::acceleratorChoices(m_spec.accelerator)),
          m_widest(widestPlan(m_spec.accelerator, {})),
          m_stepsPerEpoch(m_spec.search.stepsPerEpoch > 0
                              ? std::optional<std::int64_t>(m_spec.search.stepsPerEpoch)
                              : stepsPerEpoch) {}

    void check(const SavedValue& state) {
        (void)state.at("version").integer(kStateVersion, kStateVersion);
        m_stage = static_cast<Stage>(state.at("stage").integer(0, static_cast<int>(Stage::Done)));
        checkSteps(state);
        (void)state.at("loss").number(0, kLargest);
        if (state.has("changes")) checkChanges(state.at("changes"));
        const auto targets = m_spec.objective.targets.size();
        for (const auto& target : state.at("targets").list(targets, targets)) checkTarget(target);
        checkCandidates(state.at("candidates"));
        checkLooks(state);
        checkRanking(state);
        checkWeights(state);
    }

private:
    std::int64_t stepsOf(int epochs) const {
        return m_stepsPerEpoch ? epochs * *m_stepsPerEpoch : kMostSteps;
    }

    void checkSteps(const SavedValue& state) {
        const auto warmUp = stepsOf(m_spec.search.warmupEpochs);
        const auto joint = stepsOf(m_spec.search.epochs);
        // A stage that has done all of its steps has gone over into the next.
        const auto most = m_stage == Stage::WarmUp  ? warmUp - 1
                          : m_stage == Stage::Joint ? joint - 1
                                                    : joint;
        (void)state.at("step").integer(0, most);
        (void)state.at("weight_steps").integer(0, warmUp + joint);
    }

    void checkChanges(const SavedValue& changes) {
        for (const auto& entry : changes.list(0, kMostEntries)) {
            const auto change = spec::changeFromJson(entry.json());
            if (!change) entry.fail("is no change: " + change.error().what);
            if (const auto fits = spec::apply(*change, m_inForce); !fits) {
                entry.fail("does not fit the specification: " + fits.error().what);
            }
        }
    }

    void checkCategorical(const SavedValue& parameter, std::size_t options) const {
        parameter.at("logits").numbers(options, -kLargest, kLargest);
        parameter.at("first").numbers(options, -kLargest, kLargest);
        parameter.at("second").numbers(options, 0, kLargest);
        (void)parameter.at("steps").integer(0, 1 << 30);
    }

    /// One option of every choice, or, where it may be, none at all.
    std::vector<int> checkOptions(const SavedValue& value,
                                  const std::vector<hardware::Choice>& choices,
                                  bool mayBeEmpty) const {
        auto options = value.integers(mayBeEmpty ? 0 : choices.size(), choices.size(), 0,
                                      std::numeric_limits<int>::max());
        if (!options.empty() && !spec::contains(choices, options)) {
            value.fail("is outside of the specification's space");
        }
        return options;
    }

    /// Splits of an allocation ascend; everything else that is in the space can be built.
    void checkAccelerator(const SavedValue& place, const std::vector<int>& choices) const {
        if (choices.empty() || !m_spec.accelerator.searched) return;
        const auto starts = hardware::groupStarts(m_spec.accelerator, choices);
        if (starts.empty() || starts.front() != 0 ||
            std::ranges::adjacent_find(starts, std::greater_equal<>()) != starts.end()) {
            place.fail("allocates the layers in no order");
        }
    }

    PrecisionPlan checkPlan(const SavedValue& value) const {
        const auto entries = value.list(0, m_accelerator.size());
        if (!entries.empty() && entries.size() != m_accelerator.size()) {
            value.fail("is no plan of this accelerator space");
        }
        PrecisionPlan plan;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const bool planned = i < m_widest.size() && m_widest[i];
            const auto options = static_cast<int>(m_accelerator[i].options.size());
            const auto option = entries[i].integer(-1, planned ? options - 1 : -1);
            plan.push_back(option < 0 ? std::nullopt : std::optional(static_cast<int>(option)));
        }
        return plan;
    }

    void checkTarget(const SavedValue& target) {
        const auto lambda = target.at("lambda").number(0, kMostLambda);
        if (lambda > 0) (void)target.at("lambda").number(kLeastLambda, kMostLambda);
        if (target.has("stale")) (void)target.at("stale").flag();
        (void)target.at("steps").integer(0, stepsOf(m_spec.search.epochs));
        const auto blocks = m_network.size();
        for (const auto& alpha : target.at("alpha").list(blocks, blocks)) {
            checkCategorical(alpha, m_spec.network.operators.size());
        }
        m_plans.push_back(target.has("plan") ? checkPlan(target.at("plan")) : m_widest);
        const auto accelerator = checkOptions(target.at("accelerator"), m_accelerator, true);
        checkAccelerator(target.at("accelerator"), accelerator);
        (void)checkOptions(target.at("priced_for"), m_network, accelerator.empty());
        checkAcceleratorSearch(target.at("search"));
    }

    void checkAcceleratorSearch(const SavedValue& search) const {
        (void)search.at("calls").integer(0, kMostSteps);
        const auto choices = m_accelerator.size();
        const auto parameters = search.at("parameters").list(choices, choices);
        for (std::size_t i = 0; i < choices; ++i) {
            checkCategorical(parameters[i], m_accelerator[i].options.size());
        }
        (void)checkOptions(search.at("last_best"), m_accelerator, true);
        const auto chunks = hardware::mostChunks(m_spec.accelerator);
        checkAverages(search.at("typical_cycles"), chunks, 0);
        checkAverages(search.at("baselines"), chunks + 1, -kLargest);
        (void)search.at("dsp_price").number(0, kLargest);
        (void)search.at("bram_price").number(0, kLargest);
    }

    /// So many, or none before the first sample.
    static void checkAverages(const SavedValue& averages, std::size_t count, double least) {
        const auto entries = averages.list(0, count);
        if (!entries.empty()) averages.numbers(count, least, kLargest);
    }

    void checkCandidates(const SavedValue& candidates) {
        std::set<model::DesignChoices> known;
        for (const auto& row : candidates.list(0, kMostEntries)) {
            const auto entries = row.list(4, 5);
            const auto choices = model::choicesFromKey(entries[0].text());
            if (!choices || !spec::contains(m_network, choices->network) ||
                !spec::contains(m_accelerator, choices->accelerator)) {
                row.fail("is outside of the specification's space");
            }
            checkAccelerator(row, choices->accelerator);
            if (!known.insert(*choices).second) row.fail("was there before");
            (void)entries[1].integer(0, lastTarget());
            if (!(entries[2].number(0, std::numeric_limits<double>::max()) > 0)) {
                row.fail("has no merit");
            }
            (void)entries[3].number(0, 1);
            if (entries.size() == 5) (void)entries[4].integers(0, kMostEntries, 1, kMostBits);
        }
        m_candidates = static_cast<std::int64_t>(known.size());
    }

    std::int64_t lastTarget() const {
        return static_cast<std::int64_t>(m_spec.objective.targets.size()) - 1;
    }

    void checkLooks(const SavedValue& state) const {
        const auto looks = state.at("looks").list(0, kMostEntries);
        for (const auto& look : looks) {
            const auto entries = look.list(2, 2);
            (void)entries[0].integer(0, lastTarget());
            (void)entries[1].flag();
        }
        if (!looks.empty() && m_stage >= Stage::Training) {
            state.at("looks").fail("come after the ranking");
        }
        if (!state.has("trials")) return;  // from a version without plans
        const auto plans = looks.empty() ? 0 : plansOfLook(looks.front());
        const auto tried = state.at("plan").integer(0, std::max<std::int64_t>(0, plans - 1));
        for (const auto& trial : state.at("trials").list(0, static_cast<std::size_t>(tried))) {
            const auto entries = trial.list(4, 4);
            (void)checkPlan(entries[0]);
            (void)entries[1].number(0, std::numeric_limits<double>::max());
            (void)entries[2].number(-kLargest, kLargest);
            (void)entries[3].number(0, 1);
        }
    }

    /// How many plans the look tries; one that was drawn has a single one.
    std::int64_t plansOfLook(const SavedValue& look) const {
        const auto entries = look.list(2, 2);
        if (!entries[1].flag()) return 1;
        auto plan = m_plans[static_cast<std::size_t>(entries[0].integer(0, lastTarget()))];
        const auto& pins = m_inForce.pins.parameters;
        for (std::size_t i = 0; i < std::min(plan.size(), pins.size()); ++i) {
            if (plan[i] && pins[i]) plan[i] = pins[i];
        }
        return static_cast<std::int64_t>(plansToTry(m_spec.accelerator, pins, plan).size());
    }

    void checkRanking(const SavedValue& state) {
        const auto indices = [&](const char* key) {
            const auto rows = state.at(key).list(0, kMostEntries);
            for (const auto& row : rows) (void)row.integer(0, m_candidates - 1);
            return static_cast<std::int64_t>(rows.size());
        };
        const auto ranking = indices("ranking");
        m_finalists = indices("finalists");
        (void)state.at("ranked").integer(0, ranking);
        const auto finished = state.at("finished").integer(0, m_finalists);
        const bool chosen = m_finalists > 0 && finished == m_finalists;
        if (chosen != (m_finalists > 0 && m_stage >= Stage::Training)) {
            state.at("finished").fail("is of another stage");
        }
        if (m_stage == Stage::Training && !chosen) state.at("finalists").fail("are missing");
    }

    void checkWeights(const SavedValue& state) const {
        if (state.has("supernet")) state.at("supernet").bytes();
        if (m_stage < Stage::Training && !state.has("supernet")) state.fail("has no supernet");
        if (m_stage >= Stage::Training && m_finalists > 0 && state.has("supernet")) {
            state.fail("has a supernet, but its networks are trained");
        }
        if (m_stage < Stage::Training && state.has("training")) {
            state.fail("trains before the networks are chosen");
        }
        if (m_stage == Stage::Training && !state.has("training")) state.fail("trains nothing");
        if (!state.has("training")) return;
        const auto jobs = static_cast<std::size_t>(m_finalists);
        for (const auto& job : state.at("training").list(jobs, jobs)) {
            const bool finished = job.at("finished").flag();
            if (!job.has("trainer")) continue;
            job.at("trainer").bytes();
            if (finished) job.fail("is finished and goes on");
        }
    }

    spec::InForce m_inForce;
    const spec::Specification& m_spec;
    std::vector<hardware::Choice> m_network;
    std::vector<hardware::Choice> m_accelerator;
    PrecisionPlan m_widest;
    std::optional<std::int64_t> m_stepsPerEpoch;
    Stage m_stage = Stage::WarmUp;
    std::vector<PrecisionPlan> m_plans;  ///< of each target
    std::int64_t m_candidates = 0;
    std::int64_t m_finalists = 0;
};

base::Error unsound(const std::string& what) {
    return {"saved state", what, "Resume from an older state, or search again"};
}

}  // namespace

base::Result<base::Json> readState(std::span<const std::uint8_t> bytes,
                                   const spec::Specification& specification,
                                   std::optional<std::int64_t> stepsPerEpoch) {
    try {
        base::JsonBounds bounds(kMostValues, kDeepest);
        if (!Json::sax_parse(bytes.begin(), bytes.end(), &bounds, Json::input_format_t::cbor)) {
            return unsound("it cannot be read: it is cut off, nested too deep or no state at all");
        }
        Json json = Json::from_cbor(bytes.begin(), bytes.end());
        StateCheck(specification, stepsPerEpoch).check(SavedValue(json, ""));
        return json;
    } catch (const UnsoundState& problem) {
        return unsound(problem.what);
    } catch (const std::exception& problem) {
        return unsound(problem.what());
    }
}

SavedPlace placeOf(const Json& state) {
    SavedPlace place;
    place.leastStep = state.at("weight_steps").get<std::int64_t>();
    place.isBeforeTraining = static_cast<Stage>(state.at("stage").get<int>()) < Stage::Training;
    for (const auto& change : state.value("changes", Json::array())) {
        place.changes.push_back(spec::changeFromJson(change).value());
    }
    return place;
}

}  // namespace cohelix::search
