// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_numbers.h"

#include <algorithm>
#include <cmath>

namespace cohelix::interop {
namespace {

using Number = OnnxNumber;
using std::int64_t;

constexpr Number kUnknown;

bool isWhole(const Number& number) { return std::holds_alternative<int64_t>(number); }
bool isKnown(const Number& number) { return number.index() != 0; }

template <typename Value>
Number truth(Value value) {
    return int64_t{value ? 1 : 0};
}

/// The result for whole numbers, exact, or nothing where it is beyond 64 bits.
Number ofWholes(const std::string& op, int64_t a, int64_t b) {
    int64_t out = 0;
    if (op == "Add") return __builtin_add_overflow(a, b, &out) ? kUnknown : Number(out);
    if (op == "Sub") return __builtin_sub_overflow(a, b, &out) ? kUnknown : Number(out);
    if (op == "Mul") return __builtin_mul_overflow(a, b, &out) ? kUnknown : Number(out);
    if (op == "Div" || op == "Mod") {
        if (b == 0 || b == -1) return kUnknown;
        // The remainder has the sign of the divisor.
        if (op == "Mod") return a % b + (a % b != 0 && (a % b < 0) != (b < 0) ? b : 0);
        return a / b;
    }
    if (op == "Pow") {
        const double power = std::pow(static_cast<double>(a), static_cast<double>(b));
        return std::abs(power) < 9e15 ? Number(static_cast<int64_t>(power)) : kUnknown;
    }
    if (op == "Min") return std::min(a, b);
    if (op == "Max") return std::max(a, b);
    return kUnknown;
}

Number ofReals(const std::string& op, double a, double b) {
    if (op == "Add") return a + b;
    if (op == "Sub") return a - b;
    if (op == "Mul") return a * b;
    if (op == "Div") return b == 0 ? kUnknown : Number(a / b);
    if (op == "Mod") return b == 0 ? kUnknown : Number(std::fmod(a, b));
    if (op == "Pow") return std::pow(a, b);
    if (op == "Min") return std::min(a, b);
    if (op == "Max") return std::max(a, b);
    return kUnknown;
}

bool isComparison(const std::string& op) {
    return op == "Equal" || op == "Less" || op == "Greater" || op == "LessOrEqual" ||
           op == "GreaterOrEqual" || op == "And" || op == "Or" || op == "Xor";
}

Number compared(const std::string& op, double a, double b) {
    if (op == "Equal") return truth(a == b);
    if (op == "Less") return truth(a < b);
    if (op == "Greater") return truth(a > b);
    if (op == "LessOrEqual") return truth(a <= b);
    if (op == "GreaterOrEqual") return truth(a >= b);
    if (op == "And") return truth(a != 0 && b != 0);
    if (op == "Or") return truth(a != 0 || b != 0);
    return truth((a != 0) != (b != 0));
}

Number combined(const std::string& op, const Number& a, const Number& b) {
    if (!isKnown(a) || !isKnown(b)) return kUnknown;
    if (op == "Equal" && isWhole(a) && isWhole(b)) return truth(wholeOf(a) == wholeOf(b));
    if (isComparison(op)) return compared(op, *realOf(a), *realOf(b));
    if (isWhole(a) && isWhole(b)) return ofWholes(op, *wholeOf(a), *wholeOf(b));
    return ofReals(op, *realOf(a), *realOf(b));
}

Number changed(const std::string& op, const Number& a) {
    if (!isKnown(a)) return kUnknown;
    if (op == "Not") return truth(*realOf(a) == 0);
    if (isWhole(a)) {
        if (op == "Neg") return combined("Sub", int64_t{0}, a);
        if (op == "Abs") return *wholeOf(a) < 0 ? combined("Sub", int64_t{0}, a) : a;
        return op == "Sign" ? Number(int64_t{(*wholeOf(a) > 0) - (*wholeOf(a) < 0)}) : a;
    }
    const double x = *realOf(a);
    if (op == "Neg") return -x;
    if (op == "Abs") return std::abs(x);
    if (op == "Floor") return std::floor(x);
    if (op == "Ceil") return std::ceil(x);
    if (op == "Round") return std::nearbyint(x);
    if (op == "Sqrt") return x < 0 ? kUnknown : Number(std::sqrt(x));
    return kUnknown;
}

Number converted(const Number& number, int64_t type) {
    const auto real = realOf(number);
    if (!real) return kUnknown;
    switch (type) {
        case onnx::TensorProto::BOOL: return truth(*real != 0);
        case onnx::TensorProto::FLOAT:
        case onnx::TensorProto::FLOAT16:
        case onnx::TensorProto::BFLOAT16:
        case onnx::TensorProto::DOUBLE: return *real;
        case onnx::TensorProto::INT64:
        case onnx::TensorProto::INT32:
            if (isWhole(number)) return number;
            return std::abs(*real) < 9e15 ? Number(static_cast<int64_t>(*real)) : kUnknown;
        default: return isWhole(number) ? number : kUnknown;
    }
}

/// The numbers of one output, element by element.
class Elementwise {
public:
    Elementwise(const OnnxNode& node, std::size_t output, const OnnxShape& shape)
        : m_node(node), m_output(output), m_shape(shape), m_op(node.op()) {}

    /// Nothing where the operator is none of sizes, or what it needs is not known.
    std::optional<OnnxNumbers> numbers() const {
        if (m_op == "ConstantOfShape") return filled();
        if (m_op == "Range") return range();
        const auto* first = m_node.numbers(0);
        if (!first) return m_op == "Concat" ? concat() : std::nullopt;
        if (keepsOrder()) return *first;
        if (m_op == "Cast") return cast(*first);
        if (m_op == "Transpose") return moved(0, transposed());
        if (m_op == "Slice") return sliced();
        if (m_op == "Split") return split();
        if (m_op == "Concat") return concat();
        if (m_op == "Gather") return gathered();
        if (m_op == "Expand") return moved(0, aligned(0));
        if (m_op == "Tile") return moved(0, tiled());
        if (m_op == "Where") return chosen();
        if (m_op.starts_with("Reduce")) return reduced(*first);
        if (m_op == "NonZero") return nonZero(*first);
        if (isUnary()) return each(*first);
        return isBinary() ? paired() : std::nullopt;
    }

private:
    using Place = std::function<OnnxShape(const OnnxShape&)>;

    bool is(std::initializer_list<std::string_view> names) const {
        return std::ranges::find(names, m_op) != names.end();
    }
    bool keepsOrder() const {
        return is({"Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Dropout"}) &&
               m_output == 0;
    }
    bool isUnary() const {
        return is({"Not", "Neg", "Abs", "Floor", "Ceil", "Round", "Sqrt", "Sign"});
    }
    bool isBinary() const {
        return is({"Add", "Sub", "Mul", "Div", "Mod", "Pow", "Min", "Max"}) || isComparison(m_op);
    }

    /// Each element from the place of the input that belongs to its own.
    std::optional<OnnxNumbers> moved(int input, const Place& place) const {
        const auto* from = m_node.numbers(input);
        const auto* shape = m_node.shape(input);
        if (!from || !shape || !place) return std::nullopt;
        OnnxNumbers out;
        bool sound = true;
        eachIndex(m_shape, [&](const OnnxShape& at) {
            const auto index = place(at);
            const bool within = index.size() == shape->size() &&
                                std::ranges::equal(index, *shape, [](auto i, auto size) {
                                    return i >= 0 && (i < size || size == 1);
                                });
            sound = sound && within;
            out.push_back(within ? (*from)[placeOf(index, *shape)] : kUnknown);
        });
        if (!sound) return std::nullopt;
        return out;
    }

    /// The last axes of the input are those of the output; an axis of size 1 is repeated.
    Place aligned(int input) const {
        const auto* shape = m_node.shape(input);
        if (!shape || shape->size() > m_shape.size()) return {};
        return [shape](const OnnxShape& at) {
            return OnnxShape(at.end() - std::ssize(*shape), at.end());
        };
    }

    Place transposed() const {
        const auto order = m_node.integers("perm");
        return [order](const OnnxShape& at) {
            OnnxShape from(at.rbegin(), at.rend());
            for (std::size_t axis = 0; order && axis < at.size(); ++axis) {
                if (const auto to = axisOf((*order)[axis], at.size())) from[*to] = at[axis];
            }
            return from;
        };
    }

    Place tiled() const {
        const auto* shape = m_node.shape(0);
        return [shape](const OnnxShape& at) {
            OnnxShape from = at;
            for (std::size_t axis = 0; axis < from.size(); ++axis) from[axis] %= (*shape)[axis];
            return from;
        };
    }

    std::optional<OnnxNumbers> sliced() const {
        const auto* shape = m_node.shape(0);
        const auto starts = m_node.integersOrInput("starts", 1);
        const auto axes = m_node.integersOrInput("axes", 3);
        const auto steps = m_node.wholes(4);
        if (!starts || (m_node.has(3) && !axes) || (m_node.has(4) && !steps)) return std::nullopt;
        OnnxShape first(shape->size(), 0), step(shape->size(), 1);
        for (std::size_t i = 0; i < starts->size(); ++i) {
            const auto axis = axisOf(
                axes && i < axes->size() ? (*axes)[i] : static_cast<int64_t>(i), shape->size());
            if (!axis) return std::nullopt;
            const auto size = (*shape)[*axis];
            step[*axis] = steps && i < steps->size() ? (*steps)[i] : 1;
            const auto start = (*starts)[i];
            const auto from = start < -size ? 0 : start < 0 ? start + size : start;
            first[*axis] = std::clamp<int64_t>(from, 0, std::max<int64_t>(size - 1, 0));
        }
        return moved(0, [&](const OnnxShape& at) {
            OnnxShape from = first;
            for (std::size_t axis = 0; axis < at.size(); ++axis) {
                // A step beyond the size is taken once.
                if (at[axis] > 0) from[axis] += at[axis] * step[axis];
            }
            return from;
        });
    }

    std::optional<OnnxNumbers> split() const {
        const auto* shape = m_node.shape(0);
        const auto axis = axisOf(m_node.integer("axis", 0), shape->size());
        const auto sizes = m_node.integersOrInput("split", 1);
        const auto parts = static_cast<int64_t>(m_node.outputs());
        if (!axis || (m_node.has(1) && !sizes)) return std::nullopt;
        int64_t before = static_cast<int64_t>(m_output) * (((*shape)[*axis] + parts - 1) / parts);
        if (sizes) {
            before = 0;
            for (std::size_t i = 0; i < m_output && i < sizes->size(); ++i) before += (*sizes)[i];
        }
        return moved(0, [&](const OnnxShape& at) {
            auto from = at;
            from[*axis] += before;
            return from;
        });
    }

    std::optional<OnnxNumbers> concat() const {
        const auto axis = axisOf(m_node.integer("axis", 1), m_shape.size());
        if (!axis) return std::nullopt;
        OnnxNumbers out(static_cast<std::size_t>(*elementsOf(m_shape)));
        int64_t before = 0;
        for (int i = 0; i < m_node.inputs(); ++i) {
            const auto* part = m_node.shape(i);
            const auto* from = m_node.numbers(i);
            if (!part || part->size() != m_shape.size()) return std::nullopt;
            std::size_t next = 0;
            eachIndex(*part, [&](const OnnxShape& at) {
                auto to = at;
                to[*axis] += before;
                const auto place = placeOf(to, m_shape);
                if (from && place < out.size()) out[place] = (*from)[next];
                ++next;
            });
            before += (*part)[*axis];
        }
        return out;
    }

    std::optional<OnnxNumbers> gathered() const {
        const auto* shape = m_node.shape(0);
        const auto* indexShape = m_node.shape(1);
        const auto indices = m_node.wholes(1);
        const auto axis = axisOf(m_node.integer("axis", 0), shape->size());
        if (!indices || !indexShape || !axis) return std::nullopt;
        const auto middle = static_cast<std::ptrdiff_t>(*axis);
        const auto width = std::ssize(*indexShape);
        const auto size = (*shape)[*axis];
        return moved(0, [&](const OnnxShape& at) {
            const OnnxShape inner(at.begin() + middle, at.begin() + middle + width);
            const auto index = (*indices)[placeOf(inner, *indexShape)];
            OnnxShape from(at.begin(), at.begin() + middle);
            from.push_back(index < 0 ? index + size : index);
            from.insert(from.end(), at.begin() + middle + width, at.end());
            // Along an axis of size 1 any other index is wrong too.
            if (from[*axis] >= size) from.clear();
            return from;
        });
    }

    std::optional<OnnxNumbers> filled() const {
        const auto* value = m_node.attribute("value");
        Number number = 0.0;
        if (value && value->has_t()) {
            const auto tensor = valueOf(value->t());
            if (!tensor.numbers || tensor.numbers->size() != 1) return std::nullopt;
            number = tensor.numbers->front();
        }
        return OnnxNumbers(static_cast<std::size_t>(*elementsOf(m_shape)), number);
    }

    std::optional<OnnxNumbers> range() const {
        const auto* start = m_node.numbers(0);
        const auto* step = m_node.numbers(2);
        if (!start || !step || start->size() != 1 || step->size() != 1) return std::nullopt;
        OnnxNumbers out;
        eachIndex(m_shape, [&](const OnnxShape& at) {
            out.push_back(combined("Add", start->front(), combined("Mul", at[0], step->front())));
        });
        return out;
    }

    std::optional<OnnxNumbers> cast(const OnnxNumbers& in) const {
        OnnxNumbers out;
        for (const auto& number : in) out.push_back(converted(number, m_node.integer("to", 0)));
        return out;
    }

    std::optional<OnnxNumbers> each(const OnnxNumbers& in) const {
        OnnxNumbers out;
        for (const auto& number : in) out.push_back(changed(m_op, number));
        return out;
    }

    std::optional<OnnxNumbers> paired() const {
        auto out = moved(0, aligned(0));
        for (int i = 1; out && i < m_node.inputs(); ++i) {
            const auto other = moved(i, aligned(i));
            if (!other) return std::nullopt;
            std::ranges::transform(*out, *other, out->begin(), [&](const auto& a, const auto& b) {
                return combined(m_op, a, b);
            });
        }
        return out;
    }

    std::optional<OnnxNumbers> chosen() const {
        const auto which = moved(0, aligned(0)), yes = moved(1, aligned(1)),
                   no = moved(2, aligned(2));
        if (!which || !yes || !no) return std::nullopt;
        OnnxNumbers out;
        for (std::size_t i = 0; i < which->size(); ++i) {
            const auto one = realOf((*which)[i]);
            out.push_back(!one ? kUnknown : *one != 0 ? (*yes)[i] : (*no)[i]);
        }
        return out;
    }

    /// Reduces all elements to one.
    std::optional<OnnxNumbers> reduced(const OnnxNumbers& in) const {
        const std::string op = m_op == "ReduceProd"  ? "Mul"
                               : m_op == "ReduceSum" ? "Add"
                               : m_op == "ReduceMax" ? "Max"
                               : m_op == "ReduceMin" ? "Min"
                                                     : "";
        if (op.empty() || in.empty() || elementsOf(m_shape) != 1) return std::nullopt;
        Number out = in.front();
        for (std::size_t i = 1; i < in.size(); ++i) out = combined(op, out, in[i]);
        return OnnxNumbers{out};
    }

    /// Called with the shape that the numbers give.
    std::optional<OnnxNumbers> nonZero(const OnnxNumbers& in) const {
        const auto& shape = *m_node.shape(0);
        OnnxNumbers out;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            std::size_t next = 0;
            eachIndex(shape, [&](const OnnxShape& at) {
                if (realOf(in[next++]).value_or(0) != 0) out.emplace_back(at[axis]);
            });
        }
        return out;
    }

    const OnnxNode& m_node;
    std::size_t m_output;
    const OnnxShape& m_shape;
    const std::string& m_op;
};

/// So many places as hold something other than 0, where all are known.
void countNonZero(const OnnxNode& node, OnnxOutputs& outputs) {
    const auto* numbers = node.numbers(0);
    if (node.op() != "NonZero" || !numbers || !node.shape(0) ||
        !std::ranges::all_of(*numbers, isKnown)) {
        return;
    }
    const auto count =
        std::ranges::count_if(*numbers, [](const auto& n) { return realOf(n) != 0; });
    outputs[0] = valueOf({std::ssize(*node.shape(0)), count});
}

}  // namespace

void addNumbers(const OnnxNode& node, OnnxOutputs& outputs) {
    if (!isStandardDomain(node.domain()) || outputs.empty()) return;
    countNonZero(node, outputs);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        auto& output = outputs[i];
        if (output.numbers || !output.shape) continue;
        const auto count = elementsOf(*output.shape);
        if (!count || *count > kMostNumbers) continue;
        if (auto numbers = Elementwise(node, i, *output.shape).numbers()) {
            output = valueOf(std::move(*output.shape), std::move(*numbers));
        }
    }
}

}  // namespace cohelix::interop
