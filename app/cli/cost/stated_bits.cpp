// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/stated_bits.h"

namespace cohelix::cli {

std::string statedBitsText(const StatedBits& stated, const std::string& layer) {
    const auto found = stated.find(layer);
    if (found == stated.end()) return {};
    const auto& bits = found->second;
    std::string text;
    if (bits.inputs > 0) text = "inputs " + std::to_string(bits.inputs);
    if (bits.weights <= 0) return text;
    return text + (text.empty() ? "" : ", ") + "weights " + std::to_string(bits.weights);
}

void addStatedBits(base::Json& json, const StatedBits& stated, const std::string& layer) {
    const auto found = stated.find(layer);
    if (found == stated.end()) return;
    const auto figure = [](int bits) { return bits > 0 ? base::Json(bits) : base::Json(); };
    json["precision"] = {{"inputs", figure(found->second.inputs)},
                         {"weights", figure(found->second.weights)}};
}

}  // namespace cohelix::cli
