// SPDX-License-Identifier: GPL-3.0-or-later
// Which chunk executes which layer: by the chunks' rules, or by the runs of blocks that the choices
// of a searched allocation say.
#include "core/hardware/pipeline/pipeline_allocation.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/hardware/template/template.h"
#include "core/model/priced_layers.h"

namespace cohelix::hardware {
namespace {

using model::Dim;

/// Stem and head have no block of their own: they go with the first and the last.
int blockOf(const model::Layer& layer, int lastBlock) {
    if (layer.block >= 0) return layer.block;
    return layer.role == model::LayerRole::Stem ? 0 : lastBlock;
}

bool claims(const LayerRule& rule, const model::Layer& layer, int lastBlock) {
    if (rule.firstBlock) {
        const int block = blockOf(layer, lastBlock);
        return block >= *rule.firstBlock && block <= *rule.lastBlock;
    }
    const auto map = layer.size(Dim::P);
    return (!rule.mapAtLeast || map >= *rule.mapAtLeast) &&
           (!rule.mapBelow || map < *rule.mapBelow);
}

std::vector<int> byRules(const AcceleratorSpace& space, const model::Network& network) {
    const int lastBlock = static_cast<int>(network.operators.size()) - 1;
    std::vector<int> allocation;
    for (const auto& layer : model::layersAsPriced(network.layers, space.fpgaModel)) {
        const auto role = roleOf(layer);
        int lastOfRole = 0;
        int chosen = -1;
        for (std::size_t c = 0; c < space.pipeline.size(); ++c) {
            if (space.pipeline[c].role != role) continue;
            lastOfRole = static_cast<int>(c);
            if (chosen < 0 && claims(space.pipeline[c].layers, layer, lastBlock)) {
                chosen = static_cast<int>(c);
            }
        }
        allocation.push_back(chosen >= 0 ? chosen : lastOfRole);
    }
    return allocation;
}

/// Choices of the allocation, the last of all: how many groups, and the splits between them.
template <typename Index>
std::span<Index> allocationOf(const AcceleratorSpace& space, std::span<Index> choices) {
    return choices.last(allocationChoiceCount(space));
}

}  // namespace

std::size_t allocationChoiceCount(const AcceleratorSpace& space) {
    return space.searched ? static_cast<std::size_t>(space.searched->mostGroups) : 0;
}

void addAllocationChoices(const AcceleratorSpace& space, std::vector<Choice>& choices) {
    if (!space.searched) return;
    const auto countTo = [](int most) {
        std::vector<int> out;
        for (int i = 1; i <= most; ++i) out.push_back(i);
        return out;
    };
    using Kind = Knob::Kind;
    choices.push_back(choiceOf({Kind::Groups, {}}, countTo(space.searched->mostGroups)));
    for (int split = 1; split < space.searched->mostGroups; ++split) {
        choices.push_back(choiceOf({Kind::Split, {}, split}, countTo(space.searched->blocks - 1)));
    }
}

std::size_t canonicalAllocation(const AcceleratorSpace& space, std::span<int> choices) {
    auto tail = allocationOf(space, choices);
    auto splits = tail.subspan(1);
    const auto used = splits.first(static_cast<std::size_t>(tail[0]));
    std::ranges::sort(used);
    const auto repeated = std::ranges::unique(used);
    const auto groups = static_cast<std::size_t>(repeated.begin() - used.begin()) + 1;
    tail[0] = static_cast<int>(groups) - 1;
    std::ranges::fill(splits.subspan(groups - 1), 0);
    return groups;
}

double log10Allocations(const SearchedAllocation& searched, double log10Pair) {
    // Sum over the number of groups of the ways to split the blocks, times the pairs of chunks.
    const auto log10Of = [&](int groups) {
        const double n = searched.blocks - 1;
        const double k = groups - 1;
        const double ways = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
        return ways / std::log(10) + groups * log10Pair;
    };
    const double most = log10Of(searched.mostGroups);
    double sum = 0;
    for (int groups = 1; groups <= searched.mostGroups; ++groups) {
        sum += std::pow(10, log10Of(groups) - most);
    }
    return most + std::log10(sum);
}

std::vector<int> groupStarts(const AcceleratorSpace& space, std::span<const int> choices) {
    assert(space.searched);
    const auto tail = allocationOf(space, choices);
    std::vector<int> starts = {0};
    for (int split = 1; split <= tail[0]; ++split) {
        starts.push_back(tail[static_cast<std::size_t>(split)] + 1);
    }
    return starts;
}

std::vector<int> choicesOfGroups(const AcceleratorSpace& space, std::span<const int> starts) {
    std::vector<int> choices(allocationChoiceCount(space), 0);
    choices[0] = static_cast<int>(starts.size()) - 1;
    for (std::size_t group = 1; group < starts.size(); ++group) choices[group] = starts[group] - 1;
    return choices;
}

std::vector<int> allocateOnPipeline(const AcceleratorSpace& space, std::span<const int> choices,
                                    const model::Network& network) {
    if (!space.searched) return byRules(space, network);
    const auto starts = groupStarts(space, choices);
    const int lastBlock = std::max(0, static_cast<int>(network.operators.size()) - 1);
    std::vector<int> allocation;
    for (const auto& layer : network.layers) {
        const auto next = std::ranges::upper_bound(starts, blockOf(layer, lastBlock));
        const int group = static_cast<int>(next - starts.begin()) - 1;
        allocation.push_back(2 * group + (space.pipeline[0].role == roleOf(layer) ? 0 : 1));
    }
    return allocation;
}

}  // namespace cohelix::hardware
