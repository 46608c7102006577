// SPDX-License-Identifier: GPL-3.0-or-later
// REINFORCE (Williams, 1992) with a recurrent controller that writes the network's choices one
// after the other, as the authors' own baseline: 35 hidden units, RMSProp, reward minus its moving
// average (method.md 3.8).
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "core/tabular/methods.h"
#include "core/tabular/scalar_reward.h"

namespace cohelix::tabular {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kHidden = 35;
constexpr double kRate = 0.01;
constexpr double kDecay = 0.99;           // of RMSProp's mean square
constexpr double kBaselineDecay = 0.9;
constexpr int kMostStalls = 1000;

/// A matrix of parameters with RMSProp's state.
struct Parameter {
    MatrixXd value;
    MatrixXd square;
    MatrixXd gradient;

    Parameter(Index rows, Index columns, base::Random& random)
        : value(rows, columns), square(MatrixXd::Zero(rows, columns)),
          gradient(MatrixXd::Zero(rows, columns)) {
        for (Index i = 0; i < value.size(); ++i) value.data()[i] = 0.1 * random.normal();
    }
    void step() {
        square = kDecay * square + (1 - kDecay) * gradient.cwiseAbs2();
        value.array() -= kRate * gradient.array() / (square.array().sqrt() + 1e-6);
        gradient.setZero();
    }
};

class Controller {
public:
    Controller(const TabularSpace& space, base::Random& random)
        : m_recurrent(kHidden, kHidden, random) {
        for (const auto& choice : space.choices) {
            const auto options = static_cast<Index>(choice.options.size());
            m_embeddings.emplace_back(kHidden, options, random);
            m_heads.emplace_back(options, kHidden, random);
        }
    }

    /// Draws a network and keeps what learn() needs.
    std::vector<int> write(base::Random& random) {
        m_states.assign(1, VectorXd::Zero(kHidden));
        m_probabilities.clear();
        m_options.clear();
        for (std::size_t p = 0; p < m_heads.size(); ++p) {
            VectorXd in = m_recurrent.value * m_states.back();
            if (p > 0) in += m_embeddings[p - 1].value.col(m_options.back());
            m_states.push_back(in.array().tanh().matrix());
            const VectorXd logits = m_heads[p].value * m_states.back();
            const VectorXd powers = (logits.array() - logits.maxCoeff()).exp().matrix();
            m_probabilities.push_back(powers / powers.sum());
            double rest = random.uniform();
            int option = 0;
            const auto last = static_cast<int>(m_probabilities.back().size()) - 1;
            while (option < last && rest >= m_probabilities.back()[option]) {
                rest -= m_probabilities.back()[option++];
            }
            m_options.push_back(option);
        }
        return m_options;
    }

    /// One step up the advantage times the log-probability of what was written last.
    void learn(double advantage) {
        VectorXd byState = VectorXd::Zero(kHidden);
        for (std::size_t p = m_heads.size(); p-- > 0;) {
            VectorXd byLogits = m_probabilities[p];
            byLogits[m_options[p]] -= 1;
            byLogits *= advantage;
            m_heads[p].gradient += byLogits * m_states[p + 1].transpose();
            byState += m_heads[p].value.transpose() * byLogits;
            const VectorXd byInput =
                (byState.array() * (1 - m_states[p + 1].array().square())).matrix();
            m_recurrent.gradient += byInput * m_states[p].transpose();
            if (p > 0) m_embeddings[p - 1].gradient.col(m_options[p - 1]) += byInput;
            byState = m_recurrent.value.transpose() * byInput;
        }
        m_recurrent.step();
        for (auto& parameter : m_heads) parameter.step();
        for (auto& parameter : m_embeddings) parameter.step();
    }

private:
    Parameter m_recurrent;
    std::vector<Parameter> m_embeddings;  ///< of the option written at each place
    std::vector<Parameter> m_heads;
    std::vector<VectorXd> m_states;       ///< of the last network, the first being zero
    std::vector<VectorXd> m_probabilities;
    std::vector<int> m_options;
};

}  // namespace

void searchByReinforcement(Trial& trial) {
    base::Random random(trial.seed(), "reinforcement");
    for (int walk = 0; walk < kWeights; ++walk) {
        const double weight = accuracyWeight(walk);
        const std::size_t before = trial.networks().size();
        const std::size_t share = trial.left() / static_cast<std::size_t>(kWeights - walk);
        Controller controller(trial.space(), random);
        std::optional<double> baseline;
        for (int stalls = 0; trial.networks().size() - before < share && stalls < kMostStalls;
             ++stalls) {
            const auto seen = trial.networks().size();
            const auto network = trial.space().indexOf(controller.write(random));
            const auto accuracy = trial.accuracy(network);
            if (!accuracy) return;
            const double merit = reward(trial, weight, *accuracy, trial.fps(network));
            if (!baseline) baseline = merit;
            controller.learn(merit - *baseline);
            baseline = kBaselineDecay * *baseline + (1 - kBaselineDecay) * merit;
            if (trial.networks().size() > seen) stalls = 0;
        }
    }
}

}  // namespace cohelix::tabular
