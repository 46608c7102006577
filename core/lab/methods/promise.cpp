// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/promise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cohelix::lab {
namespace {

/// Points and weights by which a normal distribution is averaged.
struct Node {
    double at;
    double weight;
};
constexpr std::array<Node, 5> kNodes = {
    {{-1.6, 0.1101}, {-0.8, 0.2876}, {0, 0.3961}, {0.8, 0.2876}, {1.6, 0.1101}}};
constexpr double kTotalWeight = 2 * (0.1101 + 0.2876) + 0.3961;

}  // namespace

double Promise::scaled(double fps) const {
    return m_wish.kind == Wish::AllLimits ? std::log(std::max(fps, 1.0)) : fps;
}

Promise::Promise(std::span<const model::Point> found, double leastAccuracy, const Wish& wish)
    : m_wish(wish) {
    if (wish.kind == Wish::AllLimits) leastAccuracy = 0;
    double low = 0;
    for (const std::size_t i : model::front(found)) {  // by ascending FPS, descending accuracy
        const double high = scaled(found[i].merit);
        m_steps.push_back({low, high, std::max(found[i].accuracy, leastAccuracy)});
        low = high;
        if (found[i].merit >= wish.limit) m_atLimit = std::max(m_atLimit, found[i].accuracy);
    }
    m_steps.push_back({low, std::numeric_limits<double>::infinity(), leastAccuracy});
}

double Promise::of(const search::AccuracyBelief& belief, double fps) const {
    std::array<double, kNodes.size()> accuracies;
    for (std::size_t n = 0; n < kNodes.size(); ++n) {
        accuracies[n] = search::accuracyFromScale(belief.mean + belief.deviation * kNodes[n].at);
    }
    const auto above = [&](double accuracy) {
        double sum = 0;
        for (std::size_t n = 0; n < kNodes.size(); ++n) {
            sum += kNodes[n].weight * std::max(0.0, accuracies[n] - accuracy);
        }
        return sum / kTotalWeight;
    };
    if (m_wish.kind == Wish::AtLimit) return fps >= m_wish.limit ? above(m_atLimit) : -1;
    const double reach = scaled(fps);
    double sum = 0;
    for (const auto& step : m_steps) {
        if (step.low >= reach) break;
        sum += (std::min(reach, step.high) - step.low) * above(step.accuracy);
    }
    return sum;
}

}  // namespace cohelix::lab
