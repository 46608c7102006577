// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What may be chosen: a list of options and what they set. A specification's network and
// accelerator spaces are each a list of choices; a design is one option of every choice.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cohelix::hardware {

/// What a choice sets.
struct Knob {
    enum class Kind : std::uint8_t {
        Operator,  ///< of a block of the network: its index
        // A chunk of the pipeline
        Parallelism,
        BufferTile,  ///< index: a Side
        LoopTile,    ///< index: a Side
        Bits,
        PortWords,
        Overlap,
        // A chunk of the loop-nest array
        Style,
        Shape,          ///< index: of the unrolled loop
        BufferRatio,    ///< index: a model::Dim
        RegisterRatio,  ///< index: a model::Dim
        DramOrder,      ///< index: place in the order, outermost first
        BufferOrder,    ///< index: the same
        RegisterOrder,  ///< index: the same
        // A searched allocation
        Groups,
        Split  ///< index: the group that begins there
    };
    enum Side : std::uint8_t { Rows, Columns, Outputs, Inputs };

    Kind kind = Kind::Operator;
    std::optional<int> chunk;  ///< none: of the network or of the allocation
    int index = 0;

    /// Whether it is the place of a loop in an order.
    bool isOrder() const {
        return kind == Kind::DramOrder || kind == Kind::BufferOrder || kind == Kind::RegisterOrder;
    }
    /// Whether its options are numbers, of which one is larger than another.
    bool isNumber() const;
    friend bool operator==(const Knob&, const Knob&) = default;
};

/// "chunk0.tm_buff", "allocation.split2", "block3": unique in a list of choices.
std::string nameOf(const Knob& knob);
/// Unit of its options; empty where they have none.
std::string unitOf(const Knob& knob);

struct Choice {
    std::string name;                  ///< nameOf its knob; a table's own choices say theirs
    std::vector<std::string> options;  ///< at least one, as text
    std::string unit;                  ///< of the options; may be empty
    Knob knob = {};
    /// Options as numbers; an enum's value where the text is its word, a model::Dim's in an order.
    std::vector<int> values = {};
    friend bool operator==(const Choice&, const Choice&) = default;
};

/// A choice among these values, whose texts follow from the knob.
Choice choiceOf(const Knob& knob, const std::vector<int>& values);
/// The same among options that are texts and no more.
Choice choiceOf(const Knob& knob, const std::vector<std::string>& options);

/// log10 of the number of combinations.
double log10Size(const std::vector<Choice>& choices);

}  // namespace cohelix::hardware
