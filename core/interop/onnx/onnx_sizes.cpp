// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_sizes.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <map>
#include <set>

#include "core/interop/documents/layer_check.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Result;

/// Signs that exporters write for whatever is open are no names.
std::string nameOf(const onnx::TensorShapeProto::Dimension& dim) {
    const auto& name = dim.dim_param();
    return name == "None" || name == "?" || name == "-1" ? std::string() : name;
}

/// What OnnxSizes calls the batch of any input.
const std::string kBatch = "batch";

bool isOpen(const onnx::TensorShapeProto::Dimension& dim) {
    // Some exporters write 0 or -1 for what is open.
    return !dim.has_dim_value() || dim.dim_value() <= 0;
}

/// Small letters and digits; nothing where it is a formula.
std::string plainName(const std::string& name) {
    std::string plain;
    for (const unsigned char letter : name) {
        if (letter == '_' || letter == '-') continue;
        if (!std::isalnum(letter)) return {};
        plain += static_cast<char>(std::tolower(letter));
    }
    return plain;
}

bool hasWord(const std::string& text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

/// "batch", "N", "dynamic_batch", "batch_size", but no formula of it.
bool isBatchName(const std::string& name) {
    const auto plain = plainName(name);
    return plain == "n" || plain == "bs" || hasWord(plain, {kBatch});
}

/// "seq", "past_sequence_length", "time_steps", "num_tokens".
bool isSequenceName(const std::string& name) {
    return hasWord(plainName(name),
                   {"seq", "len", "time", "token", "step", "frame", "word", "past"});
}

/// Rows and columns of an image: where its channels are not, unless the name says otherwise. So do
/// signals and volumes lie behind a number of channels.
bool isImageSide(const onnx::TensorShapeProto& shape, int axis, const std::string& name) {
    const auto plain = plainName(name);
    if (plain == "h" || plain == "w" || hasWord(plain, {"height", "width"})) return true;
    if (shape.dim_size() == 3 || shape.dim_size() > 4) return axis >= 2 && !isOpen(shape.dim(1));
    if (shape.dim_size() != 4 || isSequenceName(name)) return false;
    const bool channelsLast = isOpen(shape.dim(1)) && !isOpen(shape.dim(3));
    return channelsLast ? axis == 1 || axis == 2 : axis >= 2;
}

bool namesBatch(const onnx::ValueInfoProto& input) {
    const auto& dims = input.type().tensor_type().shape().dim();
    return std::ranges::any_of(
        dims, [](const auto& dim) { return isOpen(dim) && isBatchName(nameOf(dim)); });
}

class SizeFiller {
public:
    SizeFiller(const OnnxSizes& sizes, std::string where)
        : m_sizes(sizes), m_where(std::move(where)) {}

    Result<std::vector<std::string>> fill(onnx::GraphProto& graph) {
        std::set<std::string, std::less<>> constants;
        for (const auto& tensor : graph.initializer()) constants.insert(tensor.name());
        m_batchIsNamed = std::ranges::any_of(graph.input(), namesBatch);
        for (auto& input : *graph.mutable_input()) {
            if (constants.contains(input.name())) continue;
            if (auto filled = fillInput(input); !filled) return filled.error();
        }
        nameStated(graph);
        for (const auto& [name, size] : m_sizes.named) {
            if (m_used.contains(name)) continue;
            if (const auto twice = m_twice.find(name); twice != m_twice.end()) {
                return Error{m_where,
                             "the size of the dimension '" + name + "' is given twice, as " +
                                 twice->second + " too",
                             "Give it once"};
            }
            return Error{m_where, "no input has an open dimension '" + name + "'",
                         m_open.empty() ? "The model has none" : "Open are: " + m_open};
        }
        return m_notes;
    }

private:
    enum class Kind { Batch, ImageSide, Other };

    Result<void> fillInput(onnx::ValueInfoProto& input) {
        if (!input.type().has_tensor_type() || !input.type().tensor_type().has_shape()) return {};
        const bool batchIsNamed = namesBatch(input);
        const auto before = input.type().tensor_type().shape();
        auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
        for (int axis = 0; axis < shape.dim_size(); ++axis) {
            auto& dim = *shape.mutable_dim(axis);
            const auto place = input.name() + "[" + std::to_string(axis) + "]";
            if (dim.has_dim_value() && dim.dim_value() < -1) {
                return Error{m_where, place + " has the size " + std::to_string(dim.dim_value()),
                             "The file is damaged, or its exporter has an error"};
            }
            if (!isOpen(dim)) continue;
            // A name says more than the place does.
            const auto name = nameOf(dim);
            const bool first = axis == 0 && !batchIsNamed && (name.empty() || !m_batchIsNamed) &&
                               !isSequenceName(name);
            const auto kind = first || isBatchName(name)        ? Kind::Batch
                              : isImageSide(before, axis, name) ? Kind::ImageSide
                                                                : Kind::Other;
            if (auto filled = fillDim(dim, place, kind); !filled) return filled;
        }
        return {};
    }

    Result<void> fillDim(onnx::TensorShapeProto::Dimension& dim, const std::string& place,
                         Kind kind) {
        const std::string name = nameOf(dim);
        if (name.empty() || !m_names.contains(name)) {
            m_open += (m_open.empty() ? "" : ", ") + (name.empty() ? place : name);
        }
        std::int64_t size = kind == Kind::Batch       ? m_sizes.batch
                            : kind == Kind::ImageSide ? m_sizes.image
                                                      : 1;
        const auto* given = givenFor({place, name, kind == Kind::Batch ? kBatch : name});
        const auto known = m_names.find(name);
        if (given != nullptr) {
            size = *given;
        } else if (known != m_names.end()) {
            size = known->second;
        }
        if (size < 1 || size > kMostSize) {
            return Error{m_where,
                         "the size " + std::to_string(size) + " for " + place +
                             " is not from 1 to " + std::to_string(kMostSize),
                         {}};
        }
        const bool isGuess = kind == Kind::Other && given == nullptr && known == m_names.end();
        if (!name.empty()) m_names.emplace(name, size);
        dim.set_dim_value(size);
        m_notes.push_back(
            place + (name.empty() ? "" : " (" + name + ")") + " is open in the model; " +
            (given != nullptr ? "" : "taken as ") + std::to_string(size) +
            (given != nullptr ? " as given" : "") +
            (isGuess ? ", which may be too few: give it as " + (name.empty() ? place : name) + "=…"
                     : ""));
        return {};
    }

    /// The size of the first of the names that has one.
    const std::int64_t* givenFor(std::initializer_list<std::string> names) {
        for (const auto& name : names) {
            const auto given = m_sizes.named.find(name);
            if (given == m_sizes.named.end()) continue;
            m_used.insert(name);
            for (const auto& other : names) {
                if (other != name) m_twice.emplace(other, name);
            }
            return &given->second;
        }
        return nullptr;
    }

    /// In branches and bodies too.
    void nameStated(onnx::GraphProto& graph) {
        for (auto& value : *graph.mutable_value_info()) state(value);
        for (auto& value : *graph.mutable_output()) state(value);
        for (auto& node : *graph.mutable_node()) {
            for (auto& attribute : *node.mutable_attribute()) {
                if (!attribute.has_g()) continue;
                nameStated(*attribute.mutable_g());
                for (auto& value : *attribute.mutable_g()->mutable_input()) state(value);
            }
        }
    }

    /// A dimension that an exporter named by a formula follows from the operators.
    void state(onnx::ValueInfoProto& value) {
        if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape()) return;
        auto& shape = *value.mutable_type()->mutable_tensor_type()->mutable_shape();
        for (auto& dim : *shape.mutable_dim()) {
            if (dim.has_dim_value() && dim.dim_value() > 0) continue;
            const std::string name = nameOf(dim);
            dim.Clear();
            if (name.empty()) continue;
            const auto known = m_names.find(name);
            const auto given = m_sizes.named.find(name);
            if (known != m_names.end()) {
                dim.set_dim_value(known->second);
            } else if (given != m_sizes.named.end()) {
                dim.set_dim_value(given->second);
                m_used.insert(name);
            }
        }
    }

    const OnnxSizes& m_sizes;
    std::string m_where;
    std::map<std::string, std::int64_t> m_names;
    std::set<std::string> m_used;
    std::map<std::string, std::string> m_twice;  ///< other names of what is given, by which
    bool m_batchIsNamed = false;                 ///< in some input
    std::string m_open;
    std::vector<std::string> m_notes;
};

}  // namespace

Result<std::vector<std::string>> fillSizes(onnx::GraphProto& graph, const OnnxSizes& sizes,
                                           const std::string& where) {
    for (const auto& [name, size] : sizes.named) {
        if (size >= 1 && size <= kMostSize) continue;
        return Error{where,
                     "the size " + std::to_string(size) + " for " + name + " is not from 1 to " +
                         std::to_string(kMostSize),
                     {}};
    }
    return SizeFiller(sizes, where).fill(graph);
}

}  // namespace cohelix::interop
