// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_rules.h"
#include "core/interop/onnx/onnx_split.h"

namespace cohelix::interop {
namespace {

/// A sequence has the shape of its elements; -1 where they differ.
OnnxOutputs sequenceRule(const OnnxNode& node) {
    std::optional<OnnxShape> out;
    for (int i = 0; i < node.inputs(); ++i) {
        const auto* each = node.shape(i);
        if (!each || (out && out->size() != each->size())) return {};
        if (!out) out = *each;
        for (std::size_t axis = 0; axis < each->size(); ++axis) {
            if ((*out)[axis] != (*each)[axis]) (*out)[axis] = -1;
        }
    }
    return {out ? valueOf(std::move(*out)) : OnnxValue()};
}

OnnxOutputs joinSequenceRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const bool isNew = node.integer("new_axis", 0) != 0;
    const auto axis = axisOf(node.integer("axis", 0), x->size() + (isNew ? 1 : 0));
    if (!axis) return {};
    OnnxShape out = *x;
    if (isNew) out.insert(out.begin() + static_cast<std::ptrdiff_t>(*axis), -1);
    out[*axis] = -1;
    return {valueOf(std::move(out))};
}

OnnxOutputs first(const OnnxNode& node) { return {likeInput(node, 0)}; }

}  // namespace

const OnnxRules& sequenceRules() {
    static const OnnxRules kRules = {
        {"SequenceConstruct", sequenceRule},
        {"SequenceAt", first},
        {"SequenceErase", first},
        {"SequenceInsert", first},
        {"SequenceLength", [](const OnnxNode&) { return OnnxOutputs{valueOf(OnnxShape())}; }},
        {"SplitToSequence", splitToSequenceRule},
        {"ConcatFromSequence", joinSequenceRule},
        {"Optional", first},
        {"OptionalGetElement", first},
        {"OptionalHasElement", [](const OnnxNode&) { return OnnxOutputs{valueOf(OnnxShape())}; }}};
    return kRules;
}

}  // namespace cohelix::interop
