// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/coverage.h"

#include <algorithm>
#include <limits>
#include <set>

#include "core/model/priced_layers.h"

namespace cohelix::hardware {
namespace {

using model::Dim;

const char* kindOf(const model::Layer& layer) {
    if (layer.depthwise()) return "depthwise convolution";
    const bool product = layer.size(Dim::R) == 1 && layer.size(Dim::S) == 1 &&
                         (layer.size(Dim::P) == 1 || layer.size(Dim::Q) == 1);
    return product ? "matrix product" : "convolution";
}

Side sideOf(bool more, bool less) {
    if (more && less) return Side::Either;
    return more ? Side::AtLeast : less ? Side::AtMost : Side::Exact;
}

}  // namespace

Side opposite(Side side) {
    if (side == Side::AtLeast) return Side::AtMost;
    return side == Side::AtMost ? Side::AtLeast : side;
}

std::int64_t addedMacs(std::int64_t a, std::int64_t b) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    return a > kMost - b ? kMost : a + b;
}

std::int64_t Coverage::countedMacs() const {
    std::int64_t sum = pricedMacs;
    for (const auto& work : unpriced) sum = addedMacs(sum, work.macs.value_or(0));
    return sum;
}

std::size_t Coverage::openNodes() const {
    std::size_t nodes = 0;
    for (const auto& work : unpriced) nodes += work.macs ? 0 : work.names.size();
    return nodes;
}

Side Coverage::costSide() const {
    return sideOf(!complete() || std::ranges::any_of(bounded, &BoundedWork::slower),
                  std::ranges::any_of(bounded, &BoundedWork::smaller));
}

Side Coverage::macsSide() const {
    return sideOf(!complete(), std::ranges::any_of(bounded, &BoundedWork::smaller));
}

Coverage Coverage::ofLayer(const std::string& name) const {
    Coverage one;
    for (const auto& work : bounded) {
        if (std::ranges::find(work.layers, name) != work.layers.end()) one.bounded.push_back(work);
    }
    return one;
}

void leaveOut(std::vector<UnpricedWork>& unpriced, const UnpricedWork& work) {
    const auto same = std::ranges::find_if(unpriced, [&](const UnpricedWork& other) {
        return other.op == work.op && other.reason == work.reason &&
               other.macs.has_value() == work.macs.has_value();
    });
    if (same == unpriced.end()) {
        unpriced.push_back(work);
        return;
    }
    same->names.insert(same->names.end(), work.names.begin(), work.names.end());
    if (work.macs) same->macs = addedMacs(*same->macs, *work.macs);
}

void bound(std::vector<BoundedWork>& bounded, const BoundedWork& work) {
    const auto same = std::ranges::find_if(bounded, [&](const BoundedWork& other) {
        return other.op == work.op && other.reason == work.reason && other.slower == work.slower &&
               other.smaller == work.smaller;
    });
    if (same == bounded.end()) {
        bounded.push_back(work);
        return;
    }
    same->layers.insert(same->layers.end(), work.layers.begin(), work.layers.end());
}

void dropUnpricedBounds(Coverage& coverage) {
    std::set<std::string> unpriced;
    for (const auto& work : coverage.unpriced) {
        unpriced.insert(work.names.begin(), work.names.end());
    }
    for (auto& work : coverage.bounded) {
        std::erase_if(work.layers, [&](const auto& name) { return unpriced.contains(name); });
    }
    std::erase_if(coverage.bounded, [](const BoundedWork& work) { return work.layers.empty(); });
}

Coverage coverageOf(const model::Network& network, model::FpgaModel form) {
    Coverage coverage;
    for (const auto& layer : network.layers) {
        if (!model::costsNothing(layer, form)) {
            coverage.pricedMacs = addedMacs(coverage.pricedMacs, model::macs(layer));
            continue;
        }
        leaveOut(coverage.unpriced, {std::string(word(layer.role)),
                                     "the form " + std::string(word(form)) + " does not count it",
                                     {layer.name},
                                     model::macs(layer)});
    }
    return coverage;
}

UnpricedWork unpricedLayer(const model::Layer& layer, const std::string& reason) {
    return {kindOf(layer), reason, {layer.name}, model::macs(layer)};
}

}  // namespace cohelix::hardware
