// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What is known of a value of an ONNX graph before anything runs: its shape and, where it is small
// and of use for shapes, its numbers. Private to the room.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <onnx/onnx_pb.h>

namespace cohelix::interop {

/// -1 along an axis of unknown size.
using OnnxShape = std::vector<std::int64_t>;
/// More axes than any operator is used with; a value with more is not followed.
inline constexpr std::size_t kMostAxes = 32;

/// "8 x 3 x 3 x 3", with ? along axes of unknown size, or "a scalar".
std::string textOf(const OnnxShape& shape);
/// "2, 3, 4": the first of them.
std::string listText(const std::vector<std::int64_t>& wholes);
/// Nothing where a size is unknown or the product is beyond 64 bits.
std::optional<std::int64_t> elementsOf(const OnnxShape& shape);
/// Nothing past 64 bits, and nothing of what is unknown.
std::optional<std::int64_t> checkedProduct(std::int64_t a, std::int64_t b);

/// Nothing where it is not known.
using OnnxNumber = std::variant<std::monostate, std::int64_t, double>;
using OnnxNumbers = std::vector<OnnxNumber>;
/// Tensors with more elements are no sizes of anything.
inline constexpr std::int64_t kMostNumbers = 256;

std::optional<std::int64_t> wholeOf(const OnnxNumber& number);
std::optional<double> realOf(const OnnxNumber& number);

struct OnnxValue {
    std::optional<OnnxShape> shape = {};
    std::shared_ptr<const OnnxNumbers> numbers = {};  ///< in the order of the shape, or null
    int bits = 0;                 ///< that a quantiser leaves of each element; 0: it says nothing
    std::string impossible = {};  ///< why no operator gives it, as a clause; empty: one may

    bool known() const { return shape.has_value() || numbers; }
};

OnnxValue valueOf(OnnxShape shape);
/// What no operator gives.
OnnxValue impossibleValue(std::string why);
/// The same of an operator that works along an axis that its input has not.
OnnxValue noAxis(std::int64_t axis, const OnnxShape& input);
/// Numbers with their shape; without numbers where they do not fit together.
OnnxValue valueOf(OnnxShape shape, OnnxNumbers numbers);
OnnxValue listOf(const std::vector<std::int64_t>& wholes);

/// The shape of a tensor of the file, and its numbers where they are few and in the file.
OnnxValue valueOf(const onnx::TensorProto& tensor);
/// A shape that the file states, with -1 where it leaves a size open; nothing where it states none.
std::optional<OnnxShape> statedShape(const onnx::ValueInfoProto& value);

/// Calls with the index along every axis, the last one first, in the order of the elements.
void eachIndex(const OnnxShape& shape, const std::function<void(const OnnxShape&)>& visit);
/// The element's place; along an axis of size 1 every index is its only one.
std::size_t placeOf(const OnnxShape& index, const OnnxShape& shape);

}  // namespace cohelix::interop
