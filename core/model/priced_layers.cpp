// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/priced_layers.h"

namespace cohelix::model {
namespace {

constexpr std::int64_t kTrueChannels = 184;       // of the authors' sixth stage
constexpr std::int64_t kPublishedChannels = 192;  // as their cost model counts them

}  // namespace

std::vector<Layer> layersAsPriced(const std::vector<Layer>& layers, FpgaModel form) {
    std::vector<Layer> priced = layers;
    if (!publishedLayers(form)) return priced;
    for (std::size_t i = 0; i < priced.size(); ++i) {
        auto& layer = priced[i];
        // By the layer that follows: a part of a network cannot be priced without the rest of it.
        if (layer.role == LayerRole::Expand && i + 1 < priced.size() && layers[i + 1].depthwise()) {
            layer.size(Dim::P) = layers[i + 1].size(Dim::P);
            layer.size(Dim::Q) = layers[i + 1].size(Dim::Q);
        }
        if (form != FpgaModel::AsPublished) continue;
        for (const Dim dim : {Dim::K, Dim::C}) {
            const auto expansion = layer.size(dim) / kTrueChannels;
            if (layer.size(dim) % kTrueChannels == 0) {
                layer.size(dim) = kPublishedChannels * expansion;
            }
        }
        if (layers[i].depthwise()) layer.groups = static_cast<int>(layer.size(Dim::K));
    }
    return priced;
}

bool costsNothing(const Layer& layer, FpgaModel form) {
    switch (layer.role) {
        case LayerRole::Stem:
        case LayerRole::Head:
        case LayerRole::Shortcut: return publishedLayers(form);
        case LayerRole::Classifier: return publishedFormulas(form);
        default: return false;
    }
}

}  // namespace cohelix::model
