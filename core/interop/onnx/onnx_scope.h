// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The values of a graph and of those around it, while its nodes are looked at. Private to
// the room.

#include <string>
#include <string_view>
#include <unordered_map>

#include "core/interop/onnx/onnx_values.h"

namespace cohelix::interop {

/// The room that numbers of all values of a model together may take.
struct NumbersBudget {
    std::int64_t left = 4'000'000;
};

/// What the file states and what follows from operators, where they contradict each other.
struct Contradictions {
    std::int64_t count = 0;
    std::string first;  ///< a sentence

    void add(const std::string& sentence);
};

/// Refers to the graph, which must outlive it, as the scope around it must.
class OnnxScope {
public:
    OnnxScope(const onnx::GraphProto& graph, const OnnxScope* outer, NumbersBudget& budget,
              Contradictions& contradictions);

    /// Null where nothing is known of it, here and around.
    const OnnxValue* find(std::string_view value) const;
    /// Joined with what the file states; what follows counts. What the file states of a value that
    /// no operator gives is not taken.
    void set(std::string_view value, OnnxValue found);
    /// The graph's own input, from outside.
    void bind(std::string_view input, const OnnxValue& value);

private:
    void state(const onnx::ValueInfoProto& value);
    void keep(std::string_view value, OnnxValue found);

    const OnnxScope* m_outer;
    NumbersBudget& m_budget;
    Contradictions& m_contradictions;
    std::unordered_map<std::string_view, OnnxValue> m_values;
    std::unordered_map<std::string_view, OnnxShape> m_stated;
};

}  // namespace cohelix::interop
