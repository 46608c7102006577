// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Drawn networks on spaces of accelerators so small that every one can be tried: what proofs and
// searches are held against, by tests and by the soak.

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/hardware/accelerator_space.h"
#include "core/hardware/evaluate.h"
#include "core/optimum/exact_allocation.h"
#include "core/optimum/shared_dram.h"
#include "core/specification/network_space.h"
#include "core/workload/workload.h"

namespace cohelix::test {

/// One of each kind of network that has a name, complete where a number must follow.
inline std::vector<std::string> everyWorkload() {
    std::vector<std::string> names;
    for (const auto& known : workload::workloadNames()) {
        std::string name(known.name);
        if (name == "bert-base:") name += "16";
        if (name == "nasbench201:") name += "6111";
        if (name == "nasbench-macro:") name += "10220212";
        names.push_back(std::move(name));
    }
    return names;
}

inline model::Network networkNamed(const std::string& name) {
    model::Network network;
    network.layers = workload::workload(name).value().layers;
    return network;
}

struct DrawnAccelerators {
    hardware::AcceleratorSpace space;
    model::Network network;
    model::Resources limits;
    std::string name;  ///< of the network, the form and what is special
};

/// So many of the values, in any order.
inline std::vector<int> some(std::vector<int> from, std::size_t count, base::Random& random) {
    random.shuffle(std::span(from));
    from.resize(std::min(count, from.size()));
    return from;
}

/// A network of one to four blocks, strides, groups, shortcuts and a head among them.
inline model::Network drawnNetwork(base::Random& random) {
    spec::NetworkSpace space;
    const int side = 4 << random.below(3);
    space.input = {1 + static_cast<int>(random.below(3)), side, side};
    space.stemChannels = 4 << random.below(3);
    space.stemStride = 1 + static_cast<int>(random.below(2));
    // 184 channels are what the published layers count otherwise.
    const std::array channels = {8, 12, 16, 24, 184};
    for (std::size_t stage = 0; stage < 1 + random.below(2); ++stage) {
        space.stages.push_back({channels[random.below(channels.size())],
                                1 + static_cast<int>(random.below(2)),
                                1 + static_cast<int>(random.below(2))});
    }
    space.headChannels = random.below(2) == 0 ? 0 : 32;
    space.operators = {{3, 1, 1, false}, {5, 2, 1, false}, {3, 3, 2, false}, {0, 0, 1, true}};
    std::vector<int> operators;
    for (std::size_t i = 0; i < spec::blockShapes(space).size(); ++i) {
        operators.push_back(static_cast<int>(random.below(space.operators.size())));
    }
    return spec::buildNetwork(space, operators);
}

inline hardware::PipelineChunkSpace drawnChunk(model::ChunkRole role, model::FpgaModel form,
                                               std::size_t options, base::Random& random) {
    using model::Parallelism;
    const bool standard = role == model::ChunkRole::Standard;
    hardware::PipelineChunkSpace chunk;
    chunk.name = std::string(word(role));
    chunk.role = role;
    chunk.parallelism = {Parallelism::OutputChannels, Parallelism::OutputRows};
    if (standard) chunk.parallelism.push_back(Parallelism::OutputAndInputChannels);
    random.shuffle(std::span(chunk.parallelism));
    chunk.parallelism.resize(1 + random.below(2));
    chunk.rows = some({1, 2, 3, 4, 7, 8}, options, random);
    chunk.columns = some({1, 2, 4, 5, 8, 14}, 1 + random.below(2), random);
    chunk.outputs = some({1, 2, 4, 6, 8, 16}, options, random);
    chunk.inputs = standard ? some({1, 2, 3, 4, 8, 16}, options, random) : std::vector{1};
    chunk.bits = {std::array{8, 16, 32}[random.below(3)]};
    if (!model::pricesBeyond(form) || random.below(2) == 0) return chunk;
    chunk.columns.resize(1);
    chunk.portWords = some({4, 8, 16}, 2, random);
    chunk.overlap = {
        base::kValues<model::Overlap>[random.below(base::kValues<model::Overlap>.size())]};
    return chunk;
}

/// Everything drawn from the seed: one of the named networks or one of our own spaces, one of the
/// forms in turn; two to three chunks by rules, a searched allocation, or chunks that share DRAM.
inline DrawnAccelerators drawnAccelerators(std::uint64_t seed) {
    base::Random random(seed, "drawn accelerators");
    DrawnAccelerators drawn;
    auto& space = drawn.space;
    space.fpgaModel =
        base::kValues<model::FpgaModel>[seed % base::kValues<model::FpgaModel>.size()];
    space.doubleBufferedWeights = random.below(2) == 1;
    const auto names = everyWorkload();
    const bool named = random.below(2) == 0;
    const auto name = named ? names[random.below(names.size())] : "a drawn network";
    drawn.network = named ? networkNamed(name) : drawnNetwork(random);
    const auto blocks = static_cast<int>(drawn.network.operators.size());
    const auto kind = random.below(4);
    const bool searched = kind == 0 && blocks > 1;
    const std::size_t standards = searched ? 1 : 1 + random.below(2);
    for (std::size_t c = 0; c < standards; ++c) {
        space.pipeline.push_back(
            drawnChunk(model::ChunkRole::Standard, space.fpgaModel, searched ? 1 : 2, random));
        if (standards > 1) {
            auto& chunk = space.pipeline.back();
            chunk.columns.resize(1);
            chunk.inputs.resize(1);
            (c == 0 ? chunk.layers.mapAtLeast : chunk.layers.mapBelow) = 8;
        } else {
            space.pipeline.back().layers.mapAtLeast = 1;
        }
    }
    space.pipeline.push_back(
        drawnChunk(model::ChunkRole::Depthwise, space.fpgaModel, searched ? 1 : 2, random));
    space.pipeline.back().layers.mapAtLeast = 1;
    if (searched) {
        for (auto& chunk : space.pipeline) chunk.columns.resize(1);
        space.searched = hardware::SearchedAllocation{2, blocks};
    }
    const bool shares = !searched && kind == 1 && space.fpgaModel == model::FpgaModel::Corrected;
    if (shares) space.dramGigabytesPerSecond = std::array{0.3, 1.0, 12.8}[random.below(3)];
    const auto limit = [&](double least) {
        return least * std::pow(2, static_cast<double>(random.below(7)));
    };
    drawn.limits = {limit(4), limit(named ? 60 : 8)};
    drawn.name = name + ", " + std::string(word(space.fpgaModel)) +
                 (searched ? ", searched allocation" : "") + (shares ? ", shared DRAM" : "") +
                 ", seed " + std::to_string(seed);
    return drawn;
}

/// What is proven of a space, by whichever proof it has.
struct ProvenPeriod {
    double least = 0;  ///< no accelerator is below it
    bool reached = true;
    std::vector<int> choices;  ///< of an accelerator that reaches it, or the best one found
};

/// Nothing where no accelerator keeps the limits.
inline std::optional<ProvenPeriod> provenPeriod(const DrawnAccelerators& drawn) {
    if (drawn.space.searched) {
        const auto exact =
            optimum::ExactAllocations::create(drawn.space, drawn.network, drawn.limits);
        const auto best = exact.value().best();
        if (!best) return std::nullopt;
        return ProvenPeriod{best->periodCycles, true, best->choices};
    }
    if (drawn.space.dramGigabytesPerSecond > 0) {
        const auto bound = optimum::boundSharedDram(drawn.space, drawn.network, drawn.limits);
        if (!bound) return std::nullopt;
        return ProvenPeriod{bound->leastPeriodCycles, bound->proven, bound->found.choices};
    }
    auto exact = optimum::ExactAccelerators::create(drawn.space, drawn.limits);
    const auto best = exact.value().best(drawn.network, optimum::Aim::Period);
    if (!best) return std::nullopt;
    return ProvenPeriod{best->periodCycles, true, best->choices};
}

/// The whole network on the accelerator of these choices.
inline hardware::Totals totalsOf(const DrawnAccelerators& drawn, const std::vector<int>& choices) {
    return hardware::totals(drawn.network,
                            hardware::buildAccelerator(drawn.space, choices, drawn.network),
                            hardware::allocateLayers(drawn.space, choices, drawn.network))
        .value();
}

/// Least period of all accelerators within the limits; infinite where there is none. `tried` is
/// told how many there were.
inline double leastPeriodByTryingAll(const DrawnAccelerators& drawn, std::int64_t& tried) {
    const auto choices = hardware::acceleratorChoices(drawn.space);
    std::vector<int> at(choices.size(), 0);
    double least = std::numeric_limits<double>::infinity();
    for (;;) {
        if (canonicalChoices(drawn.space, at) == at) {
            ++tried;
            const auto totals = totalsOf(drawn, at);
            if (totals.dsp <= drawn.limits.dsp && totals.bram18k <= drawn.limits.bram18k) {
                least = std::min(least, totals.periodCycles);
            }
        }
        std::size_t i = 0;
        while (i < at.size() && ++at[i] == static_cast<int>(choices[i].options.size())) at[i++] = 0;
        if (i == at.size()) return least;
    }
}

/// What is wrong with the proof of a space, by trying every accelerator of it; empty: nothing.
inline std::string faultOfProof(const DrawnAccelerators& drawn,
                                const std::optional<ProvenPeriod>& proven, std::int64_t& tried) {
    const double least = leastPeriodByTryingAll(drawn, tried);
    if (!proven) {
        return std::isfinite(least) ? drawn.name + ": nothing is said to fit, but something does"
                                    : std::string();
    }
    const auto totals = totalsOf(drawn, proven->choices);
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-9 * b; };
    const auto text = drawn.name + ": proven " + std::to_string(proven->least) + ", exists " +
                      std::to_string(least) + ", its accelerator has " +
                      std::to_string(totals.periodCycles);
    const bool fits = totals.dsp <= drawn.limits.dsp && totals.bram18k <= drawn.limits.bram18k;
    const bool right = proven->reached
                           ? near(proven->least, least) && near(totals.periodCycles, least)
                           : proven->least <= least * (1 + 1e-9);
    return fits && right ? std::string() : text;
}

}  // namespace cohelix::test
