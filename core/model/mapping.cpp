// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/mapping.h"

namespace cohelix::model {
namespace {

std::string lowerName(Dim dim) { return {static_cast<char>(word(dim).front() - 'A' + 'a')}; }

}  // namespace

SpatialExtent spatialExtent(const Mapping& mapping) {
    SpatialExtent extent;
    for (const auto& level : mapping.levels) {
        for (const auto& loop : level.loops) {
            if (loop.kind == LoopKind::Rows) extent.rows *= loop.trips;
            if (loop.kind == LoopKind::Columns) extent.columns *= loop.trips;
        }
    }
    return extent;
}

std::string loopNestText(const Mapping& mapping) {
    std::string text;
    std::string indent;
    for (const auto& level : mapping.levels) {
        text += indent + "// " + level.memory + ":";
        for (const Tensor tensor : kAllTensors) {
            if (level.keeps[static_cast<std::size_t>(tensor)]) {
                text += " " + std::string(word(tensor));
            }
        }
        text += "\n";
        for (const auto& loop : level.loops) {
            const bool temporal = loop.kind == LoopKind::Temporal;
            text += indent + (temporal ? "for " : "parallel-for ") + lowerName(loop.dim) +
                    " in 0.." + std::to_string(loop.trips);
            if (!temporal) text += loop.kind == LoopKind::Rows ? "  // PE rows" : "  // PE columns";
            text += "\n";
            indent += "  ";
        }
    }
    return text + indent + "multiply-accumulate\n";
}

std::string loopText(const Loop& loop) {
    auto text = std::string(word(loop.dim)) + std::to_string(loop.trips);
    if (loop.kind == LoopKind::Rows) text += ":rows";
    if (loop.kind == LoopKind::Columns) text += ":columns";
    if (loop.fanOut > 0) text += "/" + std::to_string(loop.fanOut);
    return text;
}

std::string compactText(const Mapping& mapping) {
    std::string text;
    for (const auto& level : mapping.levels) {
        if (!text.empty()) text += " ";
        text += level.memory + "[";
        for (std::size_t i = 0; i < level.loops.size(); ++i) {
            text += (i ? " " : "") + loopText(level.loops[i]);
        }
        text += "]";
    }
    return text;
}

}  // namespace cohelix::model
