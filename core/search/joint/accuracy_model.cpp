// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/accuracy_model.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace cohelix::search {
namespace {

constexpr double kLeastNoise = 1e-6;
// The prior of the logarithms of lengths and noise: wide, around what a choice is commonly worth.
constexpr double kLengthMean = -2;
constexpr double kLengthDeviation = 1.5;
constexpr double kNoiseMean = -6;
constexpr double kNoiseDeviation = 2;
// Adam on the log-likelihood.
constexpr double kRate = 0.1;
constexpr double kFirstDecay = 0.9;
constexpr double kSecondDecay = 0.999;

}  // namespace

double accuracyToScale(double percent) { return -std::log(101 - percent); }
double accuracyFromScale(double value) { return 101 - std::exp(-value); }

struct AccuracyModel::State {
    std::vector<int> optionsOfPlace;
    std::vector<std::size_t> firstOfPlace;  ///< index of each place's first length
    std::vector<std::vector<int>> networks;
    std::vector<double> values;

    Eigen::VectorXd logParameters;  ///< lengths, and the noise last
    Eigen::VectorXd adamFirst;
    Eigen::VectorXd adamSecond;
    int adamSteps = 0;

    Eigen::LLT<Eigen::MatrixXd> factor;
    Eigen::VectorXd weights;  ///< inverse covariance times what the mean leaves over
    double mean = 0;
    double variance = 1;

    double noise() const { return std::exp(logParameters[logParameters.size() - 1]) + kLeastNoise; }
    double distance(const std::vector<double>& lengthOf, std::size_t place, int a, int b) const {
        const auto at = [&](int option) {
            return lengthOf[firstOfPlace[place] + static_cast<std::size_t>(option)];
        };
        return a == b ? 0 : at(a) + at(b);
    }

    std::vector<double> lengths() const {
        std::vector<double> out(static_cast<std::size_t>(logParameters.size()) - 1);
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = std::exp(logParameters[static_cast<Eigen::Index>(i)]);
        }
        return out;
    }

    double similarity(const std::vector<double>& lengthOf, const std::vector<int>& a,
                      const std::vector<int>& b) const {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (a[i] == b[i]) continue;
            sum += lengthOf[firstOfPlace[i] + static_cast<std::size_t>(a[i])] +
                   lengthOf[firstOfPlace[i] + static_cast<std::size_t>(b[i])];
        }
        return std::exp(-sum);
    }

    Eigen::MatrixXd similarities() const {
        const auto n = static_cast<Eigen::Index>(networks.size());
        const auto lengthOf = lengths();
        Eigen::MatrixXd out(n, n);
        for (Eigen::Index i = 0; i < n; ++i) {
            out(i, i) = 1;
            for (Eigen::Index j = 0; j < i; ++j) {
                out(i, j) = out(j, i) = similarity(lengthOf, networks[static_cast<std::size_t>(i)],
                                                   networks[static_cast<std::size_t>(j)]);
            }
        }
        return out;
    }

    /// Factor, mean, weights and variance (both of greatest likelihood) for these similarities.
    void solve(const Eigen::MatrixXd& alike) {
        const auto n = alike.rows();
        factor.compute(alike + noise() * Eigen::MatrixXd::Identity(n, n));
        const Eigen::VectorXd ones = Eigen::VectorXd::Ones(n);
        const Eigen::Map<const Eigen::VectorXd> y(values.data(), n);
        const Eigen::VectorXd solved = factor.solve(ones);
        mean = solved.dot(y) / solved.dot(ones);
        const Eigen::VectorXd rest = y - mean * ones;
        weights = factor.solve(rest);
        variance = std::max(1e-12, rest.dot(weights) / static_cast<double>(n));
    }

    /// Gradient of the negative log posterior by the parameters.
    Eigen::VectorXd likelihoodGradient(const Eigen::MatrixXd& alike) const {
        const auto n = alike.rows();
        const Eigen::MatrixXd inverse = factor.solve(Eigen::MatrixXd::Identity(n, n));
        const Eigen::MatrixXd byCovariance =
            0.5 * (inverse - weights * weights.transpose() / variance);
        Eigen::VectorXd out = Eigen::VectorXd::Zero(logParameters.size());
        const auto lengthOf = lengths();
        for (Eigen::Index i = 0; i < n; ++i) {
            const auto& a = networks[static_cast<std::size_t>(i)];
            for (Eigen::Index j = 0; j < i; ++j) {
                const auto& b = networks[static_cast<std::size_t>(j)];
                const double pull = -2 * byCovariance(i, j) * alike(i, j);
                for (std::size_t p = 0; p < a.size(); ++p) {
                    if (a[p] == b[p]) continue;
                    for (const int option : {a[p], b[p]}) {
                        const auto at = firstOfPlace[p] + static_cast<std::size_t>(option);
                        out[static_cast<Eigen::Index>(at)] += pull * lengthOf[at];
                    }
                }
            }
        }
        const auto last = logParameters.size() - 1;
        out[last] = byCovariance.trace() * std::exp(logParameters[last]);
        for (Eigen::Index i = 0; i < last; ++i) {
            out[i] += (logParameters[i] - kLengthMean) / (kLengthDeviation * kLengthDeviation);
        }
        out[last] += (logParameters[last] - kNoiseMean) / (kNoiseDeviation * kNoiseDeviation);
        return out;
    }

    void adamStep(const Eigen::VectorXd& gradient) {
        ++adamSteps;
        adamFirst = kFirstDecay * adamFirst + (1 - kFirstDecay) * gradient;
        adamSecond = kSecondDecay * adamSecond + (1 - kSecondDecay) * gradient.cwiseAbs2();
        const double firstScale = 1 - std::pow(kFirstDecay, adamSteps);
        const double secondScale = 1 - std::pow(kSecondDecay, adamSteps);
        logParameters -= (kRate * (adamFirst / firstScale).array() /
                          ((adamSecond / secondScale).array().sqrt() + 1e-8))
                             .matrix();
    }

    AccuracyBelief beliefOf(const Eigen::VectorXd& alike, Eigen::VectorXd* solved) const {
        const Eigen::VectorXd byFactor = factor.matrixL().solve(alike);
        const double left = std::max(1e-9, 1 - byFactor.squaredNorm());
        if (solved) *solved = factor.matrixU().solve(byFactor);
        return {mean + alike.dot(weights), std::sqrt(variance * left)};
    }
};

AccuracyModel::AccuracyModel(std::vector<int> optionsOfPlace) : m_state(std::make_unique<State>()) {
    std::size_t count = 0;
    for (const int options : optionsOfPlace) {
        m_state->firstOfPlace.push_back(count);
        count += static_cast<std::size_t>(options);
    }
    m_state->optionsOfPlace = std::move(optionsOfPlace);
    const auto size = static_cast<Eigen::Index>(count) + 1;
    m_state->logParameters = Eigen::VectorXd::Constant(size, kLengthMean);
    m_state->logParameters[size - 1] = kNoiseMean;
    m_state->adamFirst = m_state->adamSecond = Eigen::VectorXd::Zero(size);
}
AccuracyModel::~AccuracyModel() = default;
AccuracyModel::AccuracyModel(AccuracyModel&&) noexcept = default;
AccuracyModel& AccuracyModel::operator=(AccuracyModel&&) noexcept = default;

void AccuracyModel::learn(const std::vector<int>& options, double percent) {
    m_state->networks.push_back(options);
    m_state->values.push_back(accuracyToScale(percent));
}

void AccuracyModel::fit(int steps) {
    for (int i = 0; i < steps; ++i) {
        const auto alike = m_state->similarities();
        m_state->solve(alike);
        m_state->adamStep(m_state->likelihoodGradient(alike));
    }
}

void AccuracyModel::prepare() { m_state->solve(m_state->similarities()); }

AccuracyBelief AccuracyModel::belief(const std::vector<int>& options) const {
    const auto& s = *m_state;
    const auto lengthOf = s.lengths();
    Eigen::VectorXd alike(static_cast<Eigen::Index>(s.networks.size()));
    for (std::size_t i = 0; i < s.networks.size(); ++i) {
        alike[static_cast<Eigen::Index>(i)] = s.similarity(lengthOf, options, s.networks[i]);
    }
    return s.beliefOf(alike, nullptr);
}

AccuracyGradient AccuracyModel::gradient(const RelaxedNetwork& network) const {
    const auto& s = *m_state;
    const auto n = static_cast<Eigen::Index>(s.networks.size());
    const auto lengthOf = s.lengths();
    Eigen::VectorXd alike(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        double sum = 0;
        for (std::size_t p = 0; p < network.size(); ++p) {
            const int seen = s.networks[static_cast<std::size_t>(i)][p];
            for (int option = 0; option < s.optionsOfPlace[p]; ++option) {
                sum += network[p][static_cast<std::size_t>(option)] *
                       s.distance(lengthOf, p, option, seen);
            }
        }
        alike[i] = std::exp(-sum);
    }
    AccuracyGradient out;
    Eigen::VectorXd solved;
    out.belief = s.beliefOf(alike, &solved);
    for (std::size_t p = 0; p < network.size(); ++p) {
        const auto options = static_cast<std::size_t>(s.optionsOfPlace[p]);
        out.meanBy.emplace_back(options, 0.0);
        out.deviationBy.emplace_back(options, 0.0);
        for (std::size_t option = 0; option < options; ++option) {
            double byMean = 0;
            double byVariance = 0;
            for (Eigen::Index i = 0; i < n; ++i) {
                const int seen = s.networks[static_cast<std::size_t>(i)][p];
                const double slope =
                    -s.distance(lengthOf, p, static_cast<int>(option), seen) * alike[i];
                byMean += s.weights[i] * slope;
                byVariance -= 2 * s.variance * solved[i] * slope;
            }
            out.meanBy[p][option] = byMean;
            out.deviationBy[p][option] = byVariance / (2 * out.belief.deviation);
        }
    }
    return out;
}

}  // namespace cohelix::search
