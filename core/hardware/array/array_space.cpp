// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/array/array_space.h"

#include <algorithm>
#include <cmath>

#include "core/hardware/array/array_scaling.h"
#include "core/hardware/template/choice_cursor.h"

namespace cohelix::hardware {
namespace {

using model::Dim;

std::vector<int> countTo(int most) {
    std::vector<int> out;
    for (int i = 1; i <= most; ++i) out.push_back(i);
    return out;
}

void addArrayChoices(const ArrayChunkSpace& space, int chunk, std::vector<Choice>& choices) {
    using Kind = Knob::Kind;
    std::vector<std::string> styles;
    for (const auto& style : space.styles) styles.push_back(toText(style));
    choices.push_back(choiceOf({Kind::Style, chunk}, styles));
    const auto ratios = countTo(space.ratioMost);
    for (std::size_t i = 0; i < mostUnrolled(space); ++i) {
        choices.push_back(choiceOf({Kind::Shape, chunk, static_cast<int>(i)}, ratios));
    }
    const auto addTiles = [&](Kind kind) {
        for (const Dim dim : tiledDims(space.role)) {
            choices.push_back(choiceOf({kind, chunk, static_cast<int>(dim)}, ratios));
        }
    };
    const auto addOrder = [&](Kind kind) {
        const auto dims = orderedDims(space.role);
        std::vector<int> values;
        for (const Dim dim : dims) values.push_back(static_cast<int>(dim));
        for (std::size_t i = 0; i < dims.size(); ++i) {
            choices.push_back(choiceOf({kind, chunk, static_cast<int>(i)}, values));
        }
    };
    addTiles(Kind::BufferRatio);
    if (space.registerTiles) addTiles(Kind::RegisterRatio);
    addOrder(Kind::DramOrder);
    addOrder(Kind::BufferOrder);
    if (space.registerTiles) addOrder(Kind::RegisterOrder);
}

/// Turns an order with repeated dimensions into a permutation: each place keeps its dimension
/// when it is still free, or else takes the first free one.
void canonicalOrder(std::span<int> order) {
    std::vector<bool> used(order.size(), false);
    for (int& place : order) {
        if (used[static_cast<std::size_t>(place)]) {
            place = static_cast<int>(std::find(used.begin(), used.end(), false) - used.begin());
        }
        used[static_cast<std::size_t>(place)] = true;
    }
}

void canonicalOrders(const ArrayChunkSpace& chunk, ChoiceCursor<int>& cursor) {
    const std::size_t tiles = tiledDims(chunk.role).size() * (chunk.registerTiles ? 2 : 1);
    cursor.skip(1 + mostUnrolled(chunk) + tiles);
    for (int level = 0; level < (chunk.registerTiles ? 3 : 2); ++level) {
        canonicalOrder(cursor.take(orderedDims(chunk.role).size()));
    }
}

}  // namespace

std::string toText(const ArrayStyle& style) {
    std::string text;
    for (std::size_t i = 0; i < style.dims.size(); ++i) {
        if (static_cast<int>(i) == style.rows) text += "/";
        text += word(style.dims[i]);
    }
    return text;
}

std::vector<Choice> arrayChoices(const AcceleratorSpace& space) {
    std::vector<Choice> choices;
    for (std::size_t c = 0; c < space.arrays.size(); ++c) {
        addArrayChoices(space.arrays[c], static_cast<int>(c), choices);
    }
    return choices;
}

double log10Arrays(const AcceleratorSpace& space) {
    double sum = 0;
    const auto times = [&sum](double count) { sum += std::log10(count); };
    for (const auto& chunk : space.arrays) {
        double shapes = 0;
        for (const auto& style : chunk.styles) {
            shapes += std::pow(chunk.ratioMost, static_cast<double>(style.dims.size()));
        }
        times(shapes);
        const int tiles = static_cast<int>(tiledDims(chunk.role).size());
        const auto orders = std::tgamma(static_cast<double>(orderedDims(chunk.role).size()) + 1);
        const int levels = chunk.registerTiles ? 2 : 1;
        times(std::pow(chunk.ratioMost, tiles * levels));
        times(std::pow(orders, levels + 1));
    }
    return sum;
}

void makeCanonicalArrays(const AcceleratorSpace& space, std::span<int> choices) {
    ChoiceCursor<int> cursor(choices);
    for (const auto& chunk : space.arrays) canonicalOrders(chunk, cursor);
}

}  // namespace cohelix::hardware
