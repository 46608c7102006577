// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Categorical parameters learned by gradient: Gumbel-Softmax sampling (Jang, Gu, Poole, ICLR 2017;
// Maddison, Mnih, Teh, ICLR 2017), straight-through gradients and Adam. Plain doubles.

#include <span>
#include <vector>

#include "core/base/json.h"
#include "core/base/random.h"

namespace cohelix::search {

/// exp(x_i / temperature) / sum; stable for any finite logits.
std::vector<double> softmax(std::span<const double> logits, double temperature = 1);

/// log(sum of exp(x_i)); stable for any finite logits.
double logSumExp(std::span<const double> logits);

struct GumbelSample {
    std::vector<double> soft;  ///< relaxed one-hot vector
    int hard = 0;              ///< its largest entry
};
GumbelSample sampleGumbel(std::span<const double> logits, double temperature, base::Random& random);

/// Gradient by the logits when `upstream` is the gradient by the entry `chosen` of
/// softmax(logits / temperature) = soft: upstream * soft_chosen * (delta - soft) / temperature.
std::vector<double> straightThrough(std::span<const double> soft, int chosen, double upstream,
                                    double temperature);

/// Gradient by the logits of a function whose gradient by the probabilities softmax(logits) is
/// `byProbability`.
std::vector<double> throughSoftmax(std::span<const double> probabilities,
                                   std::span<const double> byProbability);

/// One categorical parameter with its Adam moments (betas 0.5 and 0.999, method.md 2.3).
struct Categorical {
    std::vector<double> logits;
    std::vector<double> first;
    std::vector<double> second;
    int steps = 0;

    explicit Categorical(std::size_t options = 0)
        : logits(options, 1e-3), first(options, 0), second(options, 0) {}
    void adamStep(std::span<const double> gradient, double learningRate);
    int argmax() const;
};

base::Json toJson(const Categorical& parameter);
/// The choice in a state that was read, and so is sound (saved_state.h).
Categorical categoricalFromJson(const base::Json& json);

}  // namespace cohelix::search
