// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One target of the sweep: its architecture parameters, its accelerator and the weight lambda with
// which cost counts against accuracy. All targets share the supernet's weights.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/json.h"
#include "core/learn/learn.h"
#include "core/search/accelerator/accelerator_search.h"
#include "core/search/accelerator/gumbel.h"
#include "core/search/accelerator/hardware_term.h"
#include "core/search/accelerator/proven_search.h"
#include "core/specification/steering.h"

namespace cohelix::search {

/// Between which lambda stays once it has begun.
inline constexpr double kLeastLambda = 1e-4;
inline constexpr double kMostLambda = 1e4;

/// The paths of one architecture step and what is needed to turn gradients by their gates into
/// gradients by the architecture parameters.
struct SampledPaths {
    learn::ActivePaths paths;
    std::vector<std::vector<double>> soft;  ///< [block][operator], Gumbel-Softmax
};

class TargetSearch {
public:
    /// Holds all; the inner solvers are shared by the targets. What is in force may change between
    /// two calls: see steered().
    TargetSearch(const spec::InForce& inForce, int index, ProvenSearch& proven,
                 pricing::LayerMapper& mapper);

    double lambda() const { return m_lambda; }
    bool hasLambda() const { return m_lambda > 0; }

    /// Architecture step: soft, hard or two active paths, as the recipe says (method.md 2.3).
    SampledPaths samplePaths(double temperature, base::Random& random) const;
    /// One operator a block, drawn from the current probabilities.
    std::vector<int> samplePath(double temperature, base::Random& random) const;
    /// The most probable operator of every block.
    std::vector<int> derivedPath() const;

    /// lambda from the cross-entropy, before the first architecture step (method.md 5.9).
    void startLambda(double crossEntropy);
    /// Doubles or halves lambda where the derived design's metric misses the window.
    void adaptLambda(double metric);

    /// Doubles lambda, once it has begun: the derived network keeps the limits in no plan.
    void cheapen();

    /// One Adam step on the architecture: cross-entropy through the gates plus lambda times the
    /// hardware term on the current accelerator.
    void learn(const SampledPaths& sampled, const learn::GateGradients& gates, double temperature);

    /// What is in force has changed: the accelerator is due for another search.
    void steered() { m_stale = true; }
    /// True when the accelerator is due for another search.
    bool refreshDue() const;
    /// Searches the accelerator for the derived network and prices all operators on it. As long as
    /// none has kept a limit on FPS, latency or energy, it is searched without these, so that the
    /// hardware gradient leads to networks that do.
    void refreshAccelerator();
    /// The accelerator of any network of the space, in the plan's precision and within all limits:
    /// the proven best one where there is such a thing and nothing but precision is pinned, else
    /// the best of so many samples, this target's search state as the start. Nothing when none was
    /// found.
    std::optional<FoundAccelerator> searchAccelerator(const model::Network& network, int iterations,
                                                      const PrecisionPlan& plan);
    /// The same; where nothing was found, in a plan of fewer bits.
    std::optional<FoundAccelerator> searchAcceleratorOrNarrower(const model::Network& network,
                                                                int iterations,
                                                                const PrecisionPlan& plan);

    /// For a network that is to be trained: the proven best splits, too, where the allocation is
    /// searched and they can be proven.
    std::optional<FoundAccelerator> searchFinalAccelerator(const model::Network& network,
                                                           const PrecisionPlan& plan);

    /// The precision of this target's accelerator: at first the most bits. Pinned bits stay.
    PrecisionPlan plan() const;
    /// Takes up another precision; the accelerator is then due for another search.
    void follow(const PrecisionPlan& plan);

    base::Json save() const;
    void restore(const base::Json& json);

private:
    /// What was found with tiles, on the best mapping of each layer; nothing where that breaks a
    /// limit.
    std::optional<FoundAccelerator> mapped(std::optional<FoundAccelerator> found,
                                           const model::Network& network, int iterations,
                                           const PrecisionPlan& plan);
    /// The accelerator of a network that keeps the limits on FPS, latency and energy on none.
    std::optional<FoundAccelerator> searchBeyondReach(const model::Network& network) const;
    void scaleLambda(double factor);
    void priceOperators();

    const spec::InForce& m_inForce;
    const spec::Specification& m_specification;
    ProvenSearch& m_proven;
    pricing::LayerMapper& m_mapper;
    std::size_t m_index;
    bool m_stale = false;
    double m_lambda = 0;  ///< 0: not started
    std::int64_t m_steps = 0;
    std::vector<Categorical> m_alpha;  ///< per block
    PrecisionPlan m_plan;
    AcceleratorSearch m_search;
    std::vector<int> m_acceleratorChoices;
    std::vector<int> m_pricedFor;  ///< path of the network whose accelerator that is
    std::unique_ptr<HardwareTerm> m_hardware;
};

/// Gradient by each block's architecture parameters of the log cost on this accelerator: of all
/// operators by their probabilities, or of the sampled path's first operators alone, straight
/// through their probability (method.md 2.4). A block that is pinned has its operator alone.
std::vector<std::vector<double>> hardwareGradient(spec::HardwareGradient kind,
                                                  const HardwareTerm& hardware,
                                                  std::span<const Categorical> alpha,
                                                  const learn::ActivePaths& paths,
                                                  const spec::PinnedOptions& pins = {});

/// Adds one number to the parameters of the active operators, so that they together are as probable
/// as `before` among operators that do not move: two paths say nothing of the others
/// (method.md 2.3).
void keepProbability(Categorical& alpha, std::span<const learn::ActivePath> active,
                     std::span<const double> before);

/// Gradient by one block's architecture parameters of its gates' gradients.
std::vector<double> alphaGradient(spec::Sampling sampling, std::span<const double> alpha,
                                  std::span<const learn::ActivePath> paths,
                                  std::span<const double> byGate, std::span<const double> soft,
                                  double temperature);

}  // namespace cohelix::search
