// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/accelerators/controller.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace cohelix::lab {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kHidden = 35;
constexpr double kDecay = 0.99;  // of RMSProp's mean square
constexpr double kBaselineDecay = 0.9;

}  // namespace

struct Controller::State {
    /// A matrix of parameters with RMSProp's state.
    struct Parameter {
        MatrixXd value;
        MatrixXd square;
        MatrixXd gradient;

        Parameter(Index rows, Index columns, base::Random& random)
            : value(rows, columns),
              square(MatrixXd::Zero(rows, columns)),
              gradient(MatrixXd::Zero(rows, columns)) {
            for (Index i = 0; i < value.size(); ++i) value.data()[i] = 0.1 * random.normal();
        }
        void step(double rate) {
            square = kDecay * square + (1 - kDecay) * gradient.cwiseAbs2();
            value.array() -= rate * gradient.array() / (square.array().sqrt() + 1e-6);
            gradient.setZero();
        }
    };

    State(const std::vector<int>& optionCounts, double learningRate, base::Random& random)
        : rate(learningRate), recurrent(kHidden, kHidden, random) {
        for (const int count : optionCounts) {
            embeddings.emplace_back(kHidden, count, random);
            heads.emplace_back(count, kHidden, random);
        }
    }

    double rate;
    Parameter recurrent;
    std::vector<Parameter> embeddings;  ///< of the option written at each place
    std::vector<Parameter> heads;
    std::vector<VectorXd> states;  ///< of what was written last, the first being zero
    std::vector<VectorXd> probabilities;
    std::vector<int> options;
};

Controller::Controller(const std::vector<int>& options, double rate, base::Random& random)
    : m_state(std::make_unique<State>(options, rate, random)) {}
Controller::~Controller() = default;

std::vector<int> Controller::write(base::Random& random) {
    auto& s = *m_state;
    s.states.assign(1, VectorXd::Zero(kHidden));
    s.probabilities.clear();
    s.options.clear();
    for (std::size_t p = 0; p < s.heads.size(); ++p) {
        VectorXd in = s.recurrent.value * s.states.back();
        if (p > 0) in += s.embeddings[p - 1].value.col(s.options.back());
        s.states.push_back(in.array().tanh().matrix());
        const VectorXd logits = s.heads[p].value * s.states.back();
        const VectorXd powers = (logits.array() - logits.maxCoeff()).exp().matrix();
        s.probabilities.push_back(powers / powers.sum());
        double rest = random.uniform();
        int option = 0;
        const auto last = static_cast<int>(s.probabilities.back().size()) - 1;
        while (option < last && rest >= s.probabilities.back()[option]) {
            rest -= s.probabilities.back()[option++];
        }
        s.options.push_back(option);
    }
    return s.options;
}

void Controller::learn(double advantage) {
    auto& s = *m_state;
    VectorXd byState = VectorXd::Zero(kHidden);
    for (std::size_t p = s.heads.size(); p-- > 0;) {
        VectorXd byLogits = s.probabilities[p];
        byLogits[s.options[p]] -= 1;
        byLogits *= advantage;
        s.heads[p].gradient += byLogits * s.states[p + 1].transpose();
        byState += s.heads[p].value.transpose() * byLogits;
        const VectorXd byInput =
            (byState.array() * (1 - s.states[p + 1].array().square())).matrix();
        s.recurrent.gradient += byInput * s.states[p].transpose();
        if (p > 0) s.embeddings[p - 1].gradient.col(s.options[p - 1]) += byInput;
        byState = s.recurrent.value.transpose() * byInput;
    }
    s.recurrent.step(s.rate);
    for (auto& parameter : s.heads) parameter.step(s.rate);
    for (auto& parameter : s.embeddings) parameter.step(s.rate);
}

double RewardBaseline::advantageOf(double reward) {
    if (!m_begun) m_average = reward;
    m_begun = true;
    const double advantage = reward - m_average;
    m_average = kBaselineDecay * m_average + (1 - kBaselineDecay) * reward;
    return advantage;
}

}  // namespace cohelix::lab
