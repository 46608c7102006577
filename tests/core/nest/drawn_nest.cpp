// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/nest/drawn_nest.h"

#include <algorithm>
#include <sstream>

#include <rapidcheck.h>

namespace cohelix::nest {

using model::Dim;
using model::LoopKind;

namespace {

constexpr double kMostIterations = 1500;

}  // namespace

std::string textOf(const Sample& sample) {
    std::ostringstream out;
    out << "stride " << perAxisText(sample.layer.stride) << " dilation "
        << perAxisText(sample.layer.dilation) << " border "
        << perAxisText(sample.layer.border.before) << ", "
        << perAxisText(sample.layer.border.after);
    for (const Dim dim : model::kAllLoopDims) {
        out << ' ' << word(dim) << model::loopSize(sample.layer, dim);
    }
    for (std::size_t l = 0; l < sample.mapping.levels.size(); ++l) {
        const auto& level = sample.mapping.levels[l];
        out << " | " << level.memory << '[' << (level.keeps[0] ? "W" : "")
            << (level.keeps[1] ? "I" : "") << (level.keeps[2] ? "O" : "") << ']';
        if (!sample.hierarchy.levels[l].multicast) out << " unicast";
        if (!sample.hierarchy.levels[l].reduces) out << " no reduction";
        if (sample.hierarchy.levels[l].forwards) out << " forwards";
        for (const auto& loop : level.loops) {
            out << ' ' << word(loop.dim) << loop.trips
                << (loop.kind == LoopKind::Temporal ? ""
                    : loop.kind == LoopKind::Rows   ? "Y"
                                                    : "X");
        }
    }
    return out.str();
}

int between(int least, int most) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, most + 1));
}

Sample drawSample() {
    Sample sample;
    const int levels = between(2, 5);
    for (int l = 0; l < levels; ++l) {
        model::MappingLevel level{"M" + std::to_string(l), {}, {true, true, true}};
        for (auto& keeps : level.keeps) keeps = l == 0 || between(0, 3) > 0;
        sample.mapping.levels.push_back(level);
        MemoryLevel memory{.name = level.memory};
        memory.multicast = between(0, 3) > 0;
        memory.reduces = between(0, 3) > 0;
        memory.forwards = between(0, 1) > 0;
        sample.hierarchy.levels.push_back(memory);
    }
    double iterations = 1;
    LoopKind kinds[] = {LoopKind::Temporal, LoopKind::Temporal, LoopKind::Rows, LoopKind::Columns};
    std::array<std::int64_t, model::kLoopDims> spans;
    spans.fill(1);
    const int loops = between(0, 9);
    const bool windows = between(0, 3) == 0;
    for (int i = 0; i < loops; ++i) {
        // P, Q, R, S alone in some cases: windows that overlap between neighbours.
        const auto dim =
            model::kAllLoopDims[static_cast<std::size_t>(windows ? between(3, 6) : between(0, 7))];
        const int trips = between(2, 4);
        const auto level = static_cast<std::size_t>(between(0, levels - 1));
        if (iterations * trips > kMostIterations) continue;
        iterations *= trips;
        spans[static_cast<std::size_t>(dim)] *= trips;
        auto& list = sample.mapping.levels[level].loops;
        list.insert(list.begin() + between(0, static_cast<int>(list.size())),
                    {dim, trips, kinds[between(0, 3)]});
    }
    // In half of the cases all loops divide; in the others half of the dimensions are smaller than
    // their loops span.
    const bool divides = between(0, 1) == 0;
    const auto sizeOf = [&](Dim dim) {
        const auto span = static_cast<int>(spans[static_cast<std::size_t>(dim)]);
        return divides || between(0, 1) == 0 ? span : between(1, span);
    };
    auto& layer = sample.layer;
    layer.name = "drawn";
    layer.stride = {between(1, 3), between(1, 3)};
    layer.dilation = {between(1, 3), between(1, 3)};
    layer.groups = sizeOf(Dim::G);
    for (const Dim dim : model::kAllDims) layer.size(dim) = sizeOf(dim);
    layer.size(Dim::K) *= layer.groups;
    layer.size(Dim::C) *= layer.groups;
    if (between(0, 1) == 0) layer.border = drawBorder(layer);
    return sample;
}

model::Border drawBorder(const model::Layer& layer) {
    const auto zeros = [&](Dim output) {
        const auto half = (model::patchAlong(layer, output) - 1) / 2;
        return between(0, static_cast<int>(std::min<std::int64_t>(half, 4)));
    };
    return {{zeros(Dim::P), zeros(Dim::Q)}, {zeros(Dim::P), zeros(Dim::Q)}};
}

void coverExactly(Sample& sample) {
    auto& layer = sample.layer;
    for (const Dim dim : model::kAllDims) layer.size(dim) = 1;
    layer.groups = 1;
    layer.border = {};
    for (const auto& level : sample.mapping.levels) {
        for (const auto& loop : level.loops) {
            if (loop.dim == Dim::G) {
                layer.groups *= static_cast<int>(loop.trips);
            } else {
                layer.size(loop.dim) *= loop.trips;
            }
        }
    }
    layer.size(Dim::K) *= layer.groups;
    layer.size(Dim::C) *= layer.groups;
}

}  // namespace cohelix::nest
