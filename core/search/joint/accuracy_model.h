// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A learned model of accuracy over a network space: it stands where the supernet stands when every
// look at an accuracy is dear. A Gaussian process over categorical choices (Rasmussen and Williams,
// 2006): two networks are as alike as exp(-sum of distances over the places where they differ),
// and the distance of two options of a place is the sum of their lengths. The lengths and the
// noise are fitted to the networks seen by their likelihood. Accuracies are modelled as
// -log(101 - percent), which keeps the good ones apart and the bad ones together.
//
// Networks may be relaxed: probabilities of the options at every place. Prediction and uncertainty
// then have gradients by these probabilities, which is what a differentiable search needs.

#include <memory>
#include <vector>

namespace cohelix::search {

/// Percent as the model sees it, and back; increasing.
double accuracyToScale(double percent);
double accuracyFromScale(double value);

/// Probabilities of the options, [place][option]; each place sums to one.
using RelaxedNetwork = std::vector<std::vector<double>>;

struct AccuracyBelief {
    double mean = 0;       ///< on the model's scale
    double deviation = 0;  ///< on the model's scale
};
struct AccuracyGradient {
    AccuracyBelief belief;
    RelaxedNetwork meanBy;       ///< gradient of the mean by the probabilities
    RelaxedNetwork deviationBy;  ///< of the deviation
};

class AccuracyModel {
public:
    /// `optionsOfPlace`: number of options at each place.
    explicit AccuracyModel(std::vector<int> optionsOfPlace);
    ~AccuracyModel();
    AccuracyModel(AccuracyModel&&) noexcept;
    AccuracyModel& operator=(AccuracyModel&&) noexcept;

    /// Adds a network and its accuracy (percent) to what is known.
    void learn(const std::vector<int>& options, double percent);
    /// Fits lengths and noise by so many steps of gradient ascent from where they are.
    void fit(int steps);
    /// To be called after learn() and fit(), before the model is asked.
    void prepare();

    AccuracyBelief belief(const std::vector<int>& options) const;
    AccuracyGradient gradient(const RelaxedNetwork& network) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace cohelix::search
