// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_node.h"

namespace cohelix::interop {

std::string nodeName(const onnx::NodeProto& node) {
    if (!node.name().empty()) return node.name();
    for (const auto& output : node.output()) {
        if (!output.empty()) return output;
    }
    return node.op_type();
}

bool isStandardDomain(std::string_view domain) { return domain.empty() || domain == "ai.onnx"; }

OnnxNode::OnnxNode(const onnx::NodeProto& proto, std::vector<const OnnxValue*> inputs)
    : m_proto(&proto), m_inputs(std::move(inputs)) {}

bool OnnxNode::has(int input) const {
    return input >= 0 && input < m_proto->input_size() && !m_proto->input(input).empty();
}

const OnnxValue* OnnxNode::value(int input) const {
    return has(input) ? m_inputs[static_cast<std::size_t>(input)] : nullptr;
}

const OnnxShape* OnnxNode::shape(int input) const {
    const auto* known = value(input);
    return known && known->shape ? &*known->shape : nullptr;
}

const OnnxNumbers* OnnxNode::numbers(int input) const {
    const auto* known = value(input);
    return known ? known->numbers.get() : nullptr;
}

std::optional<std::vector<std::int64_t>> OnnxNode::wholes(int input) const {
    const auto* known = numbers(input);
    if (!known) return std::nullopt;
    std::vector<std::int64_t> wholes;
    for (const auto& number : *known) {
        const auto whole = wholeOf(number);
        if (!whole) return std::nullopt;
        wholes.push_back(*whole);
    }
    return wholes;
}

std::optional<std::int64_t> OnnxNode::whole(int input) const {
    const auto* known = numbers(input);
    return known && known->size() == 1 ? wholeOf(known->front()) : std::nullopt;
}

const onnx::AttributeProto* OnnxNode::attribute(std::string_view name) const {
    for (const auto& each : m_proto->attribute()) {
        if (each.name() == name) return &each;
    }
    return nullptr;
}

std::int64_t OnnxNode::integer(std::string_view name, std::int64_t fallback) const {
    const auto* found = attribute(name);
    return found && found->has_i() ? found->i() : fallback;
}

std::optional<std::vector<std::int64_t>> OnnxNode::integers(std::string_view name) const {
    const auto* found = attribute(name);
    if (!found) return std::nullopt;
    return std::vector<std::int64_t>(found->ints().begin(), found->ints().end());
}

std::optional<std::vector<double>> OnnxNode::reals(std::string_view name) const {
    const auto* found = attribute(name);
    if (!found) return std::nullopt;
    return std::vector<double>(found->floats().begin(), found->floats().end());
}

std::string OnnxNode::text(std::string_view name, std::string_view fallback) const {
    const auto* found = attribute(name);
    return found && found->has_s() ? found->s() : std::string(fallback);
}

std::optional<std::vector<std::int64_t>> OnnxNode::integersOrInput(std::string_view name,
                                                                   int input) const {
    if (auto given = integers(name)) return given;
    return wholes(input);
}

std::optional<std::size_t> axisOf(std::int64_t axis, std::size_t axes) {
    const auto count = static_cast<std::int64_t>(axes);
    if (axis < -count || axis >= count) return std::nullopt;
    return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

}  // namespace cohelix::interop
