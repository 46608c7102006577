// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "core/lab/methods/expected_time.h"
#include "core/lab/methods/methods.h"
#include "core/lab/methods/promise.h"
#include "core/search/accelerator/gumbel.h"
#include "core/search/joint/accuracy_model.h"

namespace cohelix::lab {
namespace {

using search::AccuracyModel;
using search::RelaxedNetwork;

constexpr std::size_t kFirstNetworks = 8;  // before the model is asked
constexpr int kFirstFit = 200;             // gradient steps of the model's own parameters
constexpr int kFit = 30;
constexpr double kFitGrowth = 1.05;   // of what is known, until the next fit; at least
constexpr std::size_t kFitEvery = 5;  // so many look-ups
constexpr int kTargets = 6;           // FPS limits of the sweep
constexpr int kAscent = 12;           // steps of the architecture parameters
constexpr double kAscentRate = 0.4;
constexpr double kCuriosity = 1;     // deviations added to the predicted accuracy
constexpr double kLateness = 4;      // scale of accuracy per log of a missed period
constexpr std::size_t kClimbs = 10;  // of the best proposals, improved by single changes

/// What proposes networks; each can be left out, to see what it is worth.
struct Proposers {
    bool gradient = true;       ///< architecture parameters that follow gradients
    bool singleChanges = true;  ///< the front's neighbours, strangers, climbing from all of them
};

class JointSearch {
public:
    JointSearch(Trial& trial, const Proposers& proposers)
        : m_trial(trial),
          m_proposers(proposers),
          m_random(trial.seed(), "joint search"),
          m_model(trial.space().optionCounts()),
          m_times(trial.problem()) {}

    void run() {
        lookAtFirst();
        m_model.fit(kFirstFit);
        std::size_t nextFit = afterFit();
        for (int round = 0; !m_trial.spent(); ++round) {
            if (m_trial.networks().size() >= nextFit) {
                m_model.fit(kFit);
                nextFit = afterFit();
            }
            m_model.prepare();
            const auto next = bestProposal(wishOf(round));
            look(next ? *next : unseenAtRandom());
        }
    }

private:
    /// Look-ups at which the model's own parameters are due again.
    std::size_t afterFit() const {
        const auto seen = m_trial.networks().size();
        const auto grown = static_cast<std::size_t>(kFitGrowth * static_cast<double>(seen));
        return std::max(seen + kFitEvery, grown);
    }

    void look(std::size_t network) {
        const auto accuracy = m_trial.accuracy(network);
        m_model.learn(m_trial.space().optionsOf(network), *accuracy);
    }

    std::size_t unseenAtRandom() {
        for (;;) {
            const auto network = m_trial.drawNetwork(m_random);
            if (!m_trial.seen(network)) return network;
        }
    }

    /// The fastest network, which hardware cost alone tells, and random ones.
    void lookAtFirst() {
        const std::size_t most = std::min(m_trial.budget(), m_trial.space().networks());
        look(fastest());
        while (m_trial.networks().size() < std::min(kFirstNetworks, most)) look(unseenAtRandom());
    }

    /// By single changes from the network whose every option takes the least time on its own.
    std::size_t fastest() {
        const auto at = m_trial.space().indexOf(m_times.quickestOptions());
        if (!m_proposers.singleChanges) return at;
        return climb(at, [&](std::size_t network) { return m_trial.fps(network); });
    }

    /// What the next look is to bring: area of the front, accuracy above one limit of the sweep, or
    /// accuracy over all limits alike, in turn.
    Wish wishOf(int round) const {
        switch (round % 3) {
            case 0: return {Wish::Area, 0};
            case 1: {
                // Limits in golden steps cover the range evenly however many there will be.
                constexpr double kGolden = 0.6180339887498949;
                double whole = 0;
                const double share = std::modf((round + 1) * kGolden, &whole);
                return {Wish::AtLimit, limitAt(share)};
            }
            default: return {Wish::AllLimits, 0};
        }
    }

    /// FPS between those of the slowest network seen and the fastest there is, evenly in the log.
    double limitAt(double share) const {
        double low = std::numeric_limits<double>::infinity();
        double high = 0;
        for (const auto& point : m_points) {
            low = std::min(low, point.merit);
            high = std::max(high, point.merit);
        }
        return low * std::pow(high / low, share);
    }

    std::optional<std::size_t> bestProposal(const Wish& wish) {
        m_points = m_trial.points();
        const Promise promise(m_points, m_trial.space().leastAccuracy, wish);
        const auto worth = [&](std::size_t network) {
            if (m_trial.seen(network)) return -1.0;
            const double fps = m_trial.fps(network);
            if (fps <= 0) return -1.0;
            return promise.of(m_model.belief(m_trial.space().optionsOf(network)), fps);
        };
        std::vector<std::pair<double, std::size_t>> ranked;
        for (const std::size_t network : proposals()) ranked.emplace_back(worth(network), network);
        std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : a.second < b.second;
        });
        std::optional<std::size_t> best;
        double most = 0;
        for (std::size_t i = 0; i < std::min(kClimbs, ranked.size()); ++i) {
            const auto top =
                m_proposers.singleChanges ? climb(ranked[i].second, worth) : ranked[i].second;
            const double value = worth(top);
            if (value > most) {
                most = value;
                best = top;
            }
        }
        return best;
    }

    /// What the architecture parameters of all limits lead to, the front's neighbours, and a few
    /// strangers.
    std::set<std::size_t> proposals() {
        std::set<std::size_t> found;
        const auto feasible = m_trial.feasible();
        std::vector<std::size_t> front;
        for (const std::size_t i : model::front(m_points)) front.push_back(feasible[i]);
        if (m_proposers.gradient) addByGradient(front, found);
        if (!m_proposers.singleChanges) return found;
        for (const std::size_t network : front) {
            forEachNeighbour(network, [&](std::size_t other) { found.insert(other); });
        }
        for (int i = 0; i < kTargets; ++i) found.insert(m_trial.drawNetwork(m_random));
        return found;
    }

    void addByGradient(const std::vector<std::size_t>& front, std::set<std::size_t>& found) {
        for (int target = 0; target < kTargets && !front.empty(); ++target) {
            const double limit = limitAt((target + 0.5) / kTargets);
            for (const std::size_t network : follow(limit, startFor(limit, front))) {
                found.insert(network);
            }
        }
    }

    /// The network of the front that is nearest to the limit.
    std::size_t startFor(double limit, const std::vector<std::size_t>& front) {
        return *std::min_element(front.begin(), front.end(), [&](std::size_t a, std::size_t b) {
            return std::fabs(std::log(m_trial.fps(a) / limit)) <
                   std::fabs(std::log(m_trial.fps(b) / limit));
        });
    }

    /// Architecture parameters that climb predicted accuracy plus curiosity and are pushed below
    /// the limit's period, on the accelerator of the network they start from. The networks: the
    /// most probable one, and one drawn.
    std::vector<std::size_t> follow(double limit, std::size_t start) {
        const auto& space = m_trial.space();
        const auto counts = space.optionCounts();
        const auto options = space.optionsOf(start);
        const auto clock = m_times.as(m_trial, start);
        std::vector<search::Categorical> alpha;
        for (std::size_t p = 0; p < counts.size(); ++p) {
            alpha.emplace_back(static_cast<std::size_t>(counts[p]));
            for (double& logit : alpha.back().logits) logit += 0.5 * m_random.gumbel();
            alpha.back().logits[static_cast<std::size_t>(options[p])] += 1;
        }
        const double logPeriod = std::log(m_trial.problem().hertz() / limit);
        for (int step = 0; step < kAscent; ++step) {
            RelaxedNetwork relaxed;
            for (const auto& place : alpha) relaxed.push_back(search::softmax(place.logits));
            const auto accuracy = m_model.gradient(relaxed);
            const auto time = clock.logPeriod(relaxed);
            const double late = time.value > logPeriod ? kLateness : 0;
            for (std::size_t p = 0; p < alpha.size(); ++p) {
                std::vector<double> byProbability(relaxed[p].size());
                for (std::size_t o = 0; o < byProbability.size(); ++o) {
                    byProbability[o] = late * time.byProbability[p][o] - accuracy.meanBy[p][o] -
                                       kCuriosity * accuracy.deviationBy[p][o];
                }
                alpha[p].adamStep(search::throughSoftmax(relaxed[p], byProbability), kAscentRate);
            }
        }
        std::vector<int> derived;
        std::vector<int> drawn;
        for (const auto& parameter : alpha) {
            derived.push_back(parameter.argmax());
            drawn.push_back(search::sampleGumbel(parameter.logits, 1, m_random).hard);
        }
        return {space.indexOf(derived), space.indexOf(drawn)};
    }

    /// All networks that differ from this one in one choice, and the network itself.
    template <typename Visit>
    void forEachNeighbour(std::size_t network, const Visit& visit) const {
        const auto& space = m_trial.space();
        const auto options = space.optionsOf(network);
        for (std::size_t p = 0; p < options.size(); ++p) {
            for (int o = 0; o < static_cast<int>(space.choices[p].options.size()); ++o) {
                auto changed = options;
                changed[p] = o;
                visit(space.indexOf(changed));
            }
        }
    }

    /// The best of the network and all that differ from it in one choice, until none is better.
    template <typename Worth>
    std::size_t climb(std::size_t network, const Worth& worth) {
        double most = worth(network);
        for (bool improved = true; improved;) {
            improved = false;
            forEachNeighbour(network, [&, from = network](std::size_t other) {
                const double value = other == from ? most : worth(other);
                if (value <= most) return;
                most = value;
                network = other;
                improved = true;
            });
        }
        return network;
    }

    Trial& m_trial;
    Proposers m_proposers;
    base::Random m_random;
    AccuracyModel m_model;
    ExpectedTimes m_times;
    std::vector<model::Point> m_points;  ///< of the networks seen
};

}  // namespace

void searchJointly(Trial& trial) { JointSearch(trial, {}).run(); }

void searchByGradientAlone(Trial& trial) {
    JointSearch(trial, {.gradient = true, .singleChanges = false}).run();
}

void searchBySingleChangesAlone(Trial& trial) {
    JointSearch(trial, {.gradient = false, .singleChanges = true}).run();
}

}  // namespace cohelix::lab
