// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_scope.h"

namespace cohelix::interop {

void Contradictions::add(const std::string& sentence) {
    if (count++ == 0) first = sentence;
}

OnnxScope::OnnxScope(const onnx::GraphProto& graph, const OnnxScope* outer, NumbersBudget& budget,
                     Contradictions& contradictions)
    : m_outer(outer), m_budget(budget), m_contradictions(contradictions) {
    for (const auto& value : graph.value_info()) state(value);
    for (const auto& value : graph.output()) state(value);
    for (const auto& value : graph.input()) {
        if (auto shape = statedShape(value)) keep(value.name(), valueOf(std::move(*shape)));
    }
    for (const auto& tensor : graph.initializer()) keep(tensor.name(), valueOf(tensor));
    for (const auto& tensor : graph.sparse_initializer()) {
        const auto& dims = tensor.dims();
        keep(tensor.values().name(), valueOf(OnnxShape(dims.begin(), dims.end())));
    }
}

void OnnxScope::state(const onnx::ValueInfoProto& value) {
    if (auto shape = statedShape(value)) m_stated[value.name()] = std::move(*shape);
}

void OnnxScope::keep(std::string_view value, OnnxValue found) {
    if (found.numbers) {
        const auto size = std::ssize(*found.numbers);
        if (size > m_budget.left) {
            found.numbers.reset();
        } else {
            m_budget.left -= size;
        }
    }
    m_values[value] = std::move(found);
}

const OnnxValue* OnnxScope::find(std::string_view value) const {
    for (const auto* scope = this; scope; scope = scope->m_outer) {
        const auto found = scope->m_values.find(value);
        if (found != scope->m_values.end()) return &found->second;
    }
    return nullptr;
}

void OnnxScope::set(std::string_view value, OnnxValue found) {
    const auto stated = m_stated.find(value);
    if (!found.impossible.empty()) {
        m_contradictions.add("there is no '" + std::string(value) + "': " + found.impossible);
    } else if (stated != m_stated.end()) {
        if (!found.shape) {
            found.shape = stated->second;
        } else {
            const auto followed = *found.shape;
            bool differs = followed.size() != stated->second.size();
            for (std::size_t axis = 0; !differs && axis < followed.size(); ++axis) {
                auto& size = (*found.shape)[axis];
                const auto said = stated->second[axis];
                if (size < 0) size = said;
                differs = said >= 0 && size != said;
            }
            if (differs) {
                found.shape = followed;
                m_contradictions.add("the file states '" + std::string(value) + "' as " +
                                     textOf(stated->second) + "; from its inputs follows " +
                                     textOf(followed) + ", which is taken");
            }
        }
    }
    keep(value, std::move(found));
}

void OnnxScope::bind(std::string_view input, const OnnxValue& value) {
    auto& own = m_values[input];
    if (!value.shape) return;
    // What comes from outside counts more than what a body states of its inputs.
    own = value;
}

}  // namespace cohelix::interop
