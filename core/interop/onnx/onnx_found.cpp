// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_found.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

#include "core/interop/documents/layer_check.h"
#include "core/interop/onnx/onnx_values.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Layer;
using std::int64_t;

/// The work of so many runs as one layer: more rows of a product, or else more images.
bool repeat(Layer& layer, int64_t runs) {
    const bool product = layer.size(Dim::Q) == 1 && layer.size(Dim::R) == 1 &&
                         layer.size(Dim::S) == 1 && layer.size(Dim::N) == 1;
    auto& size = layer.size(product ? Dim::P : Dim::N);
    const auto all = checkedProduct(size, runs);
    if (!all) return false;
    size = *all;
    return checkLayer(layer).ok();
}

}  // namespace

std::optional<int64_t> macsOf(const OnnxNetwork& found) {
    double sum = 0;
    for (const auto& layer : found.layers) sum += static_cast<double>(model::macs(layer));
    for (const auto& passed : found.passedOver) {
        if (!passed.macs) return std::nullopt;
        sum += static_cast<double>(*passed.macs);
    }
    if (sum > 9e15) return std::nullopt;
    return static_cast<int64_t>(sum);
}

bool sameWork(const OnnxNetwork& a, const OnnxNetwork& b) {
    if (macsOf(a) == 0 && macsOf(b) == 0) return true;
    if (a.layers.size() != b.layers.size() || macsOf(a) != macsOf(b) || !macsOf(a)) return false;
    return std::ranges::equal(a.layers, b.layers, [](Layer one, const Layer& other) {
        one.name = other.name;
        return one == other;
    });
}

void append(OnnxNetwork& to, OnnxNetwork&& from) {
    std::ranges::move(from.layers, std::back_inserter(to.layers));
    std::ranges::move(from.asides, std::back_inserter(to.asides));
    std::ranges::move(from.passedOver, std::back_inserter(to.passedOver));
    std::ranges::move(from.notes, std::back_inserter(to.notes));
}

void boundAll(OnnxNetwork& network, const hardware::BoundedWork& work) {
    for (auto& aside : network.asides) aside.bounds.push_back(work);
}

OnnxNetwork repeated(OnnxNetwork inner, std::int64_t runs, const std::string& op,
                     const std::string& name) {
    if (runs > 1) {
        boundAll(inner, {op,
                         "runs its body " + std::to_string(runs) +
                             " times, each after the one before it: its layers are priced "
                             "over all runs at once",
                         {},
                         true,
                         false});
    }
    OnnxNetwork all;
    all.notes = std::move(inner.notes);
    for (std::size_t i = 0; i < inner.layers.size(); ++i) {
        auto& layer = inner.layers[i];
        const auto one = model::macs(layer);
        if (repeat(layer, runs)) {
            all.layers.push_back(std::move(layer));
            all.asides.push_back(std::move(inner.asides[i]));
        } else {
            all.passedOver.push_back({layer.name, op, "all of its runs are too many for a layer",
                                      checkedProduct(one, runs)});
        }
    }
    for (auto& passed : inner.passedOver) {
        if (passed.macs) passed.macs = checkedProduct(*passed.macs, runs);
        all.passedOver.push_back(std::move(passed));
    }
    if (!all.layers.empty() && runs > 1) {
        all.notes.push_back("the body of '" + name + "' (" + op + ") runs " + std::to_string(runs) +
                            " times, each after the one before it: its layers are priced over "
                            "all runs at once, a bound");
    }
    return all;
}

void giveNames(std::vector<Layer>& layers) {
    std::unordered_set<std::string> names;
    std::unordered_map<std::string, int> next;
    for (auto& layer : layers) {
        std::string tried = layer.name;
        int& number = next.try_emplace(layer.name, 2).first->second;
        while (!names.insert(tried).second) {
            tried = layer.name + "#" + std::to_string(number++);
        }
        layer.name = std::move(tried);
    }
}

}  // namespace cohelix::interop
