// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A node of an ONNX graph with what is known of its inputs. Private to the room.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/interop/onnx/onnx_values.h"

namespace cohelix::interop {

/// The node's name, or what stands for it: its first output, or its operator.
std::string nodeName(const onnx::NodeProto& node);
/// "" and "ai.onnx".
bool isStandardDomain(std::string_view domain);

/// Refers to the node and the values that it was made of.
class OnnxNode {
public:
    /// `inputs`: one for each of the node's; null where nothing is known.
    OnnxNode(const onnx::NodeProto& proto, std::vector<const OnnxValue*> inputs);

    const onnx::NodeProto& proto() const { return *m_proto; }
    const std::string& op() const { return m_proto->op_type(); }
    const std::string& domain() const { return m_proto->domain(); }

    int inputs() const { return m_proto->input_size(); }
    std::size_t outputs() const { return static_cast<std::size_t>(m_proto->output_size()); }
    /// Optional inputs that are left out have no name.
    bool has(int input) const;
    /// Null where nothing is known of it.
    const OnnxValue* value(int input) const;
    const OnnxShape* shape(int input) const;
    const OnnxNumbers* numbers(int input) const;
    /// All of its numbers, where each is whole and known.
    std::optional<std::vector<std::int64_t>> wholes(int input) const;
    /// The only one.
    std::optional<std::int64_t> whole(int input) const;

    const onnx::AttributeProto* attribute(std::string_view name) const;
    std::int64_t integer(std::string_view name, std::int64_t fallback) const;
    std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;
    std::optional<std::vector<double>> reals(std::string_view name) const;
    std::string text(std::string_view name, std::string_view fallback = {}) const;
    /// An attribute of older operator sets, an input of newer ones.
    std::optional<std::vector<std::int64_t>> integersOrInput(std::string_view name,
                                                             int input) const;

private:
    const onnx::NodeProto* m_proto;
    std::vector<const OnnxValue*> m_inputs;
};

/// The axis counted from the front; nothing where there is none.
std::optional<std::size_t> axisOf(std::int64_t axis, std::size_t axes);

}  // namespace cohelix::interop
