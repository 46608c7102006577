// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace cohelix::interop {
namespace {

/// Little-endian numbers, as ONNX's raw data is everywhere.
template <typename Bits, typename Number>
OnnxNumbers fromRaw(const std::string& raw) {
    OnnxNumbers numbers;
    for (std::size_t at = 0; at + sizeof(Bits) <= raw.size(); at += sizeof(Bits)) {
        Bits bits = 0;
        for (std::size_t b = sizeof(Bits); b-- > 0;) {
            bits = static_cast<Bits>(static_cast<std::uint64_t>(bits) << 8 |
                                     static_cast<unsigned char>(raw[at + b]));
        }
        if constexpr (std::is_floating_point_v<Number>) {
            numbers.emplace_back(static_cast<double>(std::bit_cast<Number>(bits)));
        } else {
            numbers.emplace_back(static_cast<std::int64_t>(static_cast<Number>(bits)));
        }
    }
    return numbers;
}

template <typename Bits, typename Number, typename Field>
OnnxNumbers fromEither(const onnx::TensorProto& tensor, const Field& field) {
    if (tensor.has_raw_data()) return fromRaw<Bits, Number>(tensor.raw_data());
    OnnxNumbers numbers;
    for (const auto each : field) {
        if constexpr (std::is_floating_point_v<Number>) {
            numbers.emplace_back(static_cast<double>(each));
        } else {
            numbers.emplace_back(static_cast<std::int64_t>(each));
        }
    }
    return numbers;
}

OnnxNumbers numbersOf(const onnx::TensorProto& tensor) {
    const auto& small = tensor.int32_data();
    switch (tensor.data_type()) {
        case onnx::TensorProto::INT64:
            return fromEither<std::uint64_t, std::int64_t>(tensor, tensor.int64_data());
        case onnx::TensorProto::INT32:
            return fromEither<std::uint32_t, std::int32_t>(tensor, small);
        case onnx::TensorProto::INT16:
            return fromEither<std::uint16_t, std::int16_t>(tensor, small);
        case onnx::TensorProto::INT8: return fromEither<std::uint8_t, std::int8_t>(tensor, small);
        case onnx::TensorProto::UINT8:
        case onnx::TensorProto::BOOL: return fromEither<std::uint8_t, std::uint8_t>(tensor, small);
        case onnx::TensorProto::FLOAT:
            return fromEither<std::uint32_t, float>(tensor, tensor.float_data());
        case onnx::TensorProto::DOUBLE:
            return fromEither<std::uint64_t, double>(tensor, tensor.double_data());
        default: return {};
    }
}

}  // namespace

std::string textOf(const OnnxShape& shape) {
    std::string text;
    for (const auto size : shape) {
        text += (text.empty() ? "" : " x ") + (size < 0 ? "?" : std::to_string(size));
    }
    return text.empty() ? "a scalar" : text;
}

std::string listText(const std::vector<std::int64_t>& wholes) {
    constexpr std::size_t kMostListed = 8;
    std::string text;
    for (std::size_t i = 0; i < wholes.size(); ++i) {
        if (i == kMostListed) return text + ", …";
        text += (i > 0 ? ", " : "") + std::to_string(wholes[i]);
    }
    return text;
}

std::optional<std::int64_t> checkedProduct(std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product)) return std::nullopt;
    return product;
}

std::optional<std::int64_t> elementsOf(const OnnxShape& shape) {
    std::int64_t count = 1;
    for (const auto size : shape) {
        const auto product = checkedProduct(count, size);
        if (!product) return std::nullopt;
        count = *product;
    }
    return count;
}

std::optional<std::int64_t> wholeOf(const OnnxNumber& number) {
    if (const auto* whole = std::get_if<std::int64_t>(&number)) return *whole;
    const auto* real = std::get_if<double>(&number);
    if (!real || std::abs(*real) > 9e15 || *real != std::floor(*real)) return std::nullopt;
    return static_cast<std::int64_t>(*real);
}

std::optional<double> realOf(const OnnxNumber& number) {
    if (const auto* whole = std::get_if<std::int64_t>(&number)) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&number)) return *real;
    return std::nullopt;
}

OnnxValue impossibleValue(std::string why) {
    OnnxValue value;
    value.impossible = std::move(why);
    return value;
}

OnnxValue noAxis(std::int64_t axis, const OnnxShape& input) {
    return impossibleValue("its axis " + std::to_string(axis) + " is none of its input (" +
                           textOf(input) + ")");
}

OnnxValue valueOf(OnnxShape shape) {
    if (shape.size() > kMostAxes) return {};
    for (auto& size : shape) size = std::max<std::int64_t>(size, -1);
    return {std::move(shape)};
}

OnnxValue valueOf(OnnxShape shape, OnnxNumbers numbers) {
    auto value = valueOf(std::move(shape));
    const auto count = value.shape ? elementsOf(*value.shape) : std::nullopt;
    if (count == static_cast<std::int64_t>(numbers.size()) && *count <= kMostNumbers) {
        value.numbers = std::make_shared<const OnnxNumbers>(std::move(numbers));
    }
    return value;
}

OnnxValue listOf(const std::vector<std::int64_t>& wholes) {
    return valueOf({static_cast<std::int64_t>(wholes.size())},
                   OnnxNumbers(wholes.begin(), wholes.end()));
}

OnnxValue valueOf(const onnx::TensorProto& tensor) {
    OnnxShape shape(tensor.dims().begin(), tensor.dims().end());
    const auto count = elementsOf(shape);
    const bool inFile = tensor.data_location() != onnx::TensorProto::EXTERNAL;
    // What does not fit its shape is no number of it.
    if (!inFile || !count || *count > kMostNumbers) return valueOf(std::move(shape));
    return valueOf(std::move(shape), numbersOf(tensor));
}

std::optional<OnnxShape> statedShape(const onnx::ValueInfoProto& value) {
    const auto& type = value.type();
    if (!type.has_tensor_type() || !type.tensor_type().has_shape()) return std::nullopt;
    OnnxShape shape;
    for (const auto& dim : type.tensor_type().shape().dim()) {
        shape.push_back(dim.has_dim_value() && dim.dim_value() > 0 ? dim.dim_value() : -1);
    }
    if (shape.size() > kMostAxes) return std::nullopt;
    return shape;
}

void eachIndex(const OnnxShape& shape, const std::function<void(const OnnxShape&)>& visit) {
    if (elementsOf(shape).value_or(0) == 0) return;
    OnnxShape index(shape.size(), 0);
    while (true) {
        visit(index);
        std::size_t axis = shape.size();
        while (axis > 0 && ++index[axis - 1] == shape[axis - 1]) index[--axis] = 0;
        if (axis == 0) return;
    }
}

std::size_t placeOf(const OnnxShape& index, const OnnxShape& shape) {
    std::size_t place = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        const auto at = shape[axis] == 1 ? 0 : index[axis];
        place = place * static_cast<std::size_t>(shape[axis]) + static_cast<std::size_t>(at);
    }
    return place;
}

}  // namespace cohelix::interop
