// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx_folding.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

namespace cohelix::interop {
namespace {

constexpr std::size_t kMostElements = 256;

/// A scalar, a list or a table of whole numbers.
struct Whole {
    std::int32_t type = onnx::TensorProto::INT64;
    std::vector<std::int64_t> dims = {};  ///< none of a scalar
    std::vector<std::int64_t> data = {};
    bool scalar() const { return dims.empty(); }
    bool list() const { return dims.size() == 1; }
};

Whole listOf(std::int32_t type, std::vector<std::int64_t> data) {
    const auto size = static_cast<std::int64_t>(data.size());
    return {type, {size}, std::move(data)};
}

bool isWholeType(std::int64_t type) {
    return type == onnx::TensorProto::INT64 || type == onnx::TensorProto::INT32 ||
           type == onnx::TensorProto::BOOL;
}

const onnx::AttributeProto* attributeOf(const onnx::NodeProto& node, const char* name) {
    for (const auto& attribute : node.attribute()) {
        if (attribute.name() == name) return &attribute;
    }
    return nullptr;
}

std::int64_t integerOf(const onnx::NodeProto& node, const char* name, std::int64_t fallback) {
    const auto* attribute = attributeOf(node, name);
    return attribute && attribute->has_i() ? attribute->i() : fallback;
}

/// Little-endian numbers of so many bytes.
std::vector<std::int64_t> fromRaw(const std::string& raw, std::size_t bytes) {
    std::vector<std::int64_t> values;
    for (std::size_t at = 0; at + bytes <= raw.size(); at += bytes) {
        std::uint64_t value = 0;
        for (std::size_t b = bytes; b-- > 0;) {
            value = value << 8 | static_cast<unsigned char>(raw[at + b]);
        }
        values.push_back(bytes == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                                    : static_cast<std::int64_t>(value));
    }
    return values;
}

std::optional<Whole> wholeOf(const onnx::TensorProto& tensor) {
    if (!isWholeType(tensor.data_type()) || tensor.dims_size() > 1) return std::nullopt;
    Whole whole{tensor.data_type(), {tensor.dims().begin(), tensor.dims().end()}};
    const std::int64_t count = whole.scalar() ? 1 : tensor.dims(0);
    if (count < 0 || count > static_cast<std::int64_t>(kMostElements)) return std::nullopt;
    const bool wide = tensor.data_type() == onnx::TensorProto::INT64;
    const bool flag = tensor.data_type() == onnx::TensorProto::BOOL;
    if (tensor.has_raw_data()) {
        whole.data = fromRaw(tensor.raw_data(), wide ? 8 : flag ? 1 : 4);
    } else if (wide) {
        whole.data.assign(tensor.int64_data().begin(), tensor.int64_data().end());
    } else {
        whole.data.assign(tensor.int32_data().begin(), tensor.int32_data().end());
    }
    if (static_cast<std::int64_t>(whole.data.size()) != count) return std::nullopt;
    return whole;
}

using Operation = std::function<std::optional<std::int64_t>(std::int64_t, std::int64_t)>;

std::optional<std::int64_t> sum(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}
std::optional<std::int64_t> difference(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}
std::optional<std::int64_t> product(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}
std::optional<std::int64_t> quotient(std::int64_t a, std::int64_t b) {
    if (b == 0 || b == -1) return b == 0 ? std::nullopt : difference(0, a);
    return a / b;
}

struct Binary {
    Operation operation;
    bool comparison = false;  ///< gives a truth value
};

const std::unordered_map<std::string, Binary>& binaries() {
    static const std::unordered_map<std::string, Binary> kBinaries = {
        {"Add", {sum}},
        {"Sub", {difference}},
        {"Mul", {product}},
        {"Div", {quotient}},
        {"Equal", {[](auto a, auto b) { return std::optional<std::int64_t>(a == b); }, true}},
        {"Less", {[](auto a, auto b) { return std::optional<std::int64_t>(a < b); }, true}},
        {"Greater", {[](auto a, auto b) { return std::optional<std::int64_t>(a > b); }, true}},
        {"And", {[](auto a, auto b) { return std::optional<std::int64_t>(a && b); }, true}},
        {"Or", {[](auto a, auto b) { return std::optional<std::int64_t>(a || b); }, true}}};
    return kBinaries;
}

/// Python's slice of a list; nothing for a step that ONNX forbids.
std::optional<std::vector<std::int64_t>> sliced(const std::vector<std::int64_t>& data,
                                                std::int64_t start, std::int64_t end,
                                                std::int64_t step) {
    const auto size = static_cast<std::int64_t>(data.size());
    if (step == 0 || step < -size - 1 || step > size + 1) return std::nullopt;
    const auto clamped = [&](std::int64_t at, std::int64_t least, std::int64_t most) {
        at = std::clamp(at, -size - 1, size + 1);
        return std::clamp(at < 0 ? at + size : at, least, most);
    };
    std::vector<std::int64_t> out;
    if (step > 0) {
        const auto last = clamped(end, 0, size);
        for (auto at = clamped(start, 0, size); at < last; at += step) {
            out.push_back(data[static_cast<std::size_t>(at)]);
        }
        return out;
    }
    const auto last = end < -size ? -1 : clamped(end, -1, size - 1);
    for (auto at = clamped(start, -1, size - 1); at > last; at += step) {
        out.push_back(data[static_cast<std::size_t>(at)]);
    }
    return out;
}

class Folder {
public:
    Folder(const onnx::GraphProto& graph, const OnnxScope& scope) : m_scope(scope) {
        for (const auto& tensor : graph.initializer()) learn(tensor.name(), wholeOf(tensor));
    }

    /// Remembers what the node gives, if it is known.
    std::optional<Whole> visit(const onnx::NodeProto& node) {
        if (!node.domain().empty() || node.output_size() != 1) return std::nullopt;
        auto whole = evaluate(node);
        learn(node.output(0), whole);
        return whole;
    }
    const Whole* find(const std::string& value) const {
        const auto found = m_known.find(value);
        return found == m_known.end() ? nullptr : &found->second;
    }

private:
    void learn(const std::string& value, const std::optional<Whole>& whole) {
        if (whole && whole->data.size() <= kMostElements) m_known[value] = *whole;
    }
    const Whole* input(const onnx::NodeProto& node, int index) const {
        return index < node.input_size() ? find(node.input(index)) : nullptr;
    }

    std::optional<Whole> evaluate(const onnx::NodeProto& node) const {
        const auto& op = node.op_type();
        if (op == "Constant") {
            const auto* value = attributeOf(node, "value");
            return value && value->has_t() ? wholeOf(value->t()) : std::nullopt;
        }
        if (op == "Shape" || op == "Size") return shape(node);
        const auto* first = input(node, 0);
        if (!first) return std::nullopt;
        if (op == "Identity") return *first;
        if (op == "Cast") return cast(node, *first);
        if (op == "Unsqueeze" && first->scalar()) return listOf(first->type, first->data);
        const bool single = first->data.size() == 1;
        if (op == "Squeeze" && single) return Whole{first->type, {}, first->data};
        if (op == "Not" && single) return Whole{first->type, first->dims, {!first->data[0]}};
        if (op == "Reshape") return reshape(*first, input(node, 1));
        if (op == "Transpose") return transpose(node, *first);
        if (op == "ConstantOfShape") return filled(node, *first);
        if (op == "Slice") return slice(node, *first);
        if (op == "Concat") return concat(node);
        if (op == "Gather") return gather(node, *first);
        const auto found = binaries().find(op);
        if (found != binaries().end()) return combine(found->second, *first, input(node, 1));
        return std::nullopt;
    }

    std::optional<Whole> shape(const onnx::NodeProto& node) const {
        const auto* known = node.input_size() > 0 ? m_scope.find(node.input(0)) : nullptr;
        if (!known || std::any_of(known->begin(), known->end(), [](auto s) { return s < 1; })) {
            return std::nullopt;
        }
        if (node.op_type() == "Shape") {
            const auto end = integerOf(node, "end", static_cast<std::int64_t>(known->size()));
            const auto part = sliced(*known, integerOf(node, "start", 0), end, 1);
            return listOf(onnx::TensorProto::INT64, *part);
        }
        std::int64_t count = 1;
        for (const auto size : *known) {
            if (__builtin_mul_overflow(count, size, &count)) return std::nullopt;
        }
        return Whole{onnx::TensorProto::INT64, {}, {count}};
    }

    static std::optional<Whole> cast(const onnx::NodeProto& node, const Whole& in) {
        const auto type = integerOf(node, "to", 0);
        if (!isWholeType(type)) return std::nullopt;
        Whole out{static_cast<std::int32_t>(type), in.dims, in.data};
        if (type == onnx::TensorProto::BOOL) {
            for (auto& value : out.data) value = value != 0;
        }
        return out;
    }

    /// An attribute of older operator sets, or an input of newer ones; one number.
    std::optional<std::int64_t> bound(const onnx::NodeProto& node, const char* name, int index,
                                      std::optional<std::int64_t> fallback) const {
        if (const auto* attribute = attributeOf(node, name)) {
            return attribute->ints_size() == 1 ? std::optional(attribute->ints(0)) : std::nullopt;
        }
        if (index >= node.input_size() || node.input(index).empty()) return fallback;
        const auto* given = input(node, index);
        return given && given->data.size() == 1 ? std::optional(given->data[0]) : std::nullopt;
    }

    std::optional<Whole> slice(const onnx::NodeProto& node, const Whole& in) const {
        const auto start = bound(node, "starts", 1, std::nullopt);
        const auto end = bound(node, "ends", 2, std::nullopt);
        const auto axis = bound(node, "axes", 3, 0);
        const auto step = bound(node, "steps", 4, 1);
        const bool rows = axis && (*axis == 0 || *axis == -static_cast<int>(in.dims.size()));
        if (in.scalar() || !start || !end || !step || !rows) return std::nullopt;
        // Of a table whole rows are taken.
        const auto width = in.list() ? 1 : in.dims[1];
        std::vector<std::int64_t> indices(static_cast<std::size_t>(in.dims[0]));
        std::iota(indices.begin(), indices.end(), 0);
        const auto part = sliced(indices, *start, *end, *step);
        if (!part) return std::nullopt;
        Whole out{in.type, in.dims};
        out.dims[0] = static_cast<std::int64_t>(part->size());
        for (const auto row : *part) {
            const auto begin = in.data.begin() + row * width;
            out.data.insert(out.data.end(), begin, begin + width);
        }
        return out;
    }

    /// To a list or a table.
    static std::optional<Whole> reshape(const Whole& in, const Whole* shape) {
        if (!shape || !shape->list() || shape->data.empty() || shape->data.size() > 2) {
            return std::nullopt;
        }
        const auto count = static_cast<std::int64_t>(in.data.size());
        auto dims = shape->data;
        for (std::size_t i = 0; i < dims.size(); ++i) {
            const auto other = dims.size() == 1 ? 1 : dims[1 - i];
            if (dims[i] == -1 && other > 0 && count % other == 0) dims[i] = count / other;
        }
        const auto fits = [&](std::int64_t size) { return size >= 1 && size <= count; };
        if (!std::all_of(dims.begin(), dims.end(), fits)) return std::nullopt;
        if (dims[0] * (dims.size() == 1 ? 1 : dims[1]) != count) return std::nullopt;
        return Whole{in.type, std::move(dims), in.data};
    }

    static std::optional<Whole> transpose(const onnx::NodeProto& node, const Whole& in) {
        if (in.dims.size() != 2) return std::nullopt;
        const auto* order = attributeOf(node, "perm");
        if (order && (order->ints_size() != 2 || order->ints(0) != 1 || order->ints(1) != 0)) {
            return std::nullopt;
        }
        Whole out{in.type, {in.dims[1], in.dims[0]}};
        for (std::int64_t column = 0; column < in.dims[1]; ++column) {
            for (std::int64_t row = 0; row < in.dims[0]; ++row) {
                out.data.push_back(in.data[static_cast<std::size_t>(row * in.dims[1] + column)]);
            }
        }
        return out;
    }

    /// A list of equal numbers.
    static std::optional<Whole> filled(const onnx::NodeProto& node, const Whole& shape) {
        const auto* value = attributeOf(node, "value");
        const auto number = value && value->has_t() ? wholeOf(value->t()) : std::nullopt;
        if (!number || number->data.size() != 1 || shape.data.size() != 1) return std::nullopt;
        const auto count = shape.data[0];
        if (count < 0 || count > static_cast<std::int64_t>(kMostElements)) return std::nullopt;
        const auto size = static_cast<std::size_t>(count);
        return listOf(number->type, std::vector<std::int64_t>(size, number->data[0]));
    }

    std::optional<Whole> concat(const onnx::NodeProto& node) const {
        std::vector<std::int64_t> data;
        for (int i = 0; i < node.input_size(); ++i) {
            const auto* part = input(node, i);
            if (!part || !part->list()) return std::nullopt;
            data.insert(data.end(), part->data.begin(), part->data.end());
        }
        return listOf(input(node, 0)->type, std::move(data));
    }

    std::optional<Whole> gather(const onnx::NodeProto& node, const Whole& in) const {
        const auto* indices = input(node, 1);
        if (!indices || !in.list() || integerOf(node, "axis", 0) != 0) return std::nullopt;
        Whole out{in.type, indices->dims};
        const auto size = static_cast<std::int64_t>(in.data.size());
        for (const auto index : indices->data) {
            if (index < -size || index >= size) return std::nullopt;
            out.data.push_back(in.data[static_cast<std::size_t>(index < 0 ? index + size : index)]);
        }
        return out;
    }

    static std::optional<Whole> combine(const Binary& binary, const Whole& a, const Whole* b) {
        if (!b || a.dims.size() > 1 || b->dims.size() > 1 || a.data.empty() || b->data.empty() ||
            (a.data.size() != b->data.size() && a.data.size() != 1 && b->data.size() != 1)) {
            return std::nullopt;
        }
        Whole out{binary.comparison ? std::int32_t{onnx::TensorProto::BOOL} : a.type};
        const auto count = std::max(a.data.size(), b->data.size());
        if (!a.scalar() || !b->scalar()) out.dims = {static_cast<std::int64_t>(count)};
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = binary.operation(a.data[a.data.size() == 1 ? 0 : i],
                                                b->data[b->data.size() == 1 ? 0 : i]);
            if (!value) return std::nullopt;
            out.data.push_back(*value);
        }
        return out;
    }

    const OnnxScope& m_scope;
    std::unordered_map<std::string, Whole> m_known;
};

void makeConstant(onnx::NodeProto& node, const Whole& whole) {
    node.set_op_type("Constant");
    node.clear_input();
    node.clear_attribute();
    auto& attribute = *node.add_attribute();
    attribute.set_name("value");
    attribute.set_type(onnx::AttributeProto::TENSOR);
    auto& tensor = *attribute.mutable_t();
    tensor.set_data_type(whole.type);
    for (const auto size : whole.dims) tensor.add_dims(size);
    for (const auto value : whole.data) {
        if (whole.type == onnx::TensorProto::INT64) {
            tensor.add_int64_data(value);
        } else {
            tensor.add_int32_data(static_cast<std::int32_t>(value));
        }
    }
}

}  // namespace

bool foldSizes(onnx::GraphProto& graph, const OnnxScope& scope, OnnxChanges& changes) {
    bool changed = false;
    Folder folder(graph, scope);
    google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
    for (auto& node : *graph.mutable_node()) {
        if (node.op_type() == "If" && node.domain().empty() && node.input_size() == 1) {
            const auto* condition = folder.find(node.input(0));
            if (condition && condition->data.size() == 1) {
                replaceIf(node, condition->data[0] != 0, graph, nodes, changes);
                changed = true;
                continue;
            }
        }
        const auto whole = folder.visit(node);
        // ONNX's inference stumbles over empty constants.
        if (whole && !whole->data.empty() && node.op_type() != "Constant") {
            changes.operators.emplace(node.output(0), node.op_type());
            makeConstant(node, *whole);
            changed = true;
        }
        *nodes.Add() = std::move(node);
    }
    graph.mutable_node()->Swap(&nodes);
    return changed;
}

}  // namespace cohelix::interop
