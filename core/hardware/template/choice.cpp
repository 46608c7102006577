// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/template/choice.h"

#include <array>
#include <cmath>
#include <string_view>

#include "core/model/accelerator.h"

namespace cohelix::hardware {
namespace {

using Kind = Knob::Kind;

constexpr std::array<std::string_view, 4> kTiles = {"tr", "tc", "tm", "tn"};
constexpr std::array<std::string_view, 4> kTileUnits = {"rows", "columns", "channels", "channels"};

std::string_view tileName(const Knob& knob) { return kTiles[static_cast<std::size_t>(knob.index)]; }

std::string dimName(const Knob& knob) {
    return std::string(word(static_cast<model::Dim>(knob.index)));
}

/// Without the chunk in front.
std::string nameInChunk(const Knob& knob) {
    const auto index = std::to_string(knob.index);
    switch (knob.kind) {
        case Kind::Operator: return "block" + index;
        case Kind::Parallelism: return "parallelism";
        case Kind::BufferTile: return std::string(tileName(knob)) + "_buff";
        case Kind::LoopTile: return std::string(tileName(knob));
        case Kind::Bits: return "bits";
        case Kind::PortWords: return "port_words";
        case Kind::Overlap: return "overlap";
        case Kind::Style: return "style";
        case Kind::Shape: return "shape" + index;
        case Kind::BufferRatio: return "buffer_" + dimName(knob);
        case Kind::RegisterRatio: return "register_" + dimName(knob);
        case Kind::DramOrder: return "dram_order" + index;
        case Kind::BufferOrder: return "buffer_order" + index;
        case Kind::RegisterOrder: return "register_order" + index;
        case Kind::Groups: return "allocation.groups";
        case Kind::Split: return "allocation.split" + index;
    }
    return {};
}

std::string textOf(const Knob& knob, int value) {
    if (knob.isOrder()) return std::string(word(static_cast<model::Dim>(value)));
    if (knob.kind == Kind::Parallelism) {
        return std::string(word(static_cast<model::Parallelism>(value)));
    }
    if (knob.kind == Kind::Overlap) return std::string(word(static_cast<model::Overlap>(value)));
    return std::to_string(value);
}

}  // namespace

bool Knob::isNumber() const { return !unitOf(*this).empty(); }

std::string nameOf(const Knob& knob) {
    const auto name = nameInChunk(knob);
    return knob.chunk ? "chunk" + std::to_string(*knob.chunk) + "." + name : name;
}

std::string unitOf(const Knob& knob) {
    switch (knob.kind) {
        case Kind::BufferTile:
        case Kind::LoopTile: return std::string(kTileUnits[static_cast<std::size_t>(knob.index)]);
        case Kind::Bits: return "bit";
        case Kind::PortWords: return "words";
        case Kind::Shape:
        case Kind::BufferRatio:
        case Kind::RegisterRatio: return "ratio";
        case Kind::Groups: return "groups";
        case Kind::Split: return "blocks";
        case Kind::Operator:
        case Kind::Parallelism:
        case Kind::Overlap:
        case Kind::Style:
        case Kind::DramOrder:
        case Kind::BufferOrder:
        case Kind::RegisterOrder: return {};
    }
    return {};
}

Choice choiceOf(const Knob& knob, const std::vector<int>& values) {
    Choice choice{nameOf(knob), {}, unitOf(knob), knob, values};
    for (const int value : values) choice.options.push_back(textOf(knob, value));
    return choice;
}

Choice choiceOf(const Knob& knob, const std::vector<std::string>& options) {
    Choice choice{nameOf(knob), options, unitOf(knob), knob, {}};
    for (std::size_t i = 0; i < options.size(); ++i) choice.values.push_back(static_cast<int>(i));
    return choice;
}

double log10Size(const std::vector<Choice>& choices) {
    double sum = 0;
    for (const auto& choice : choices) {
        sum += std::log10(static_cast<double>(choice.options.size()));
    }
    return sum;
}

}  // namespace cohelix::hardware
