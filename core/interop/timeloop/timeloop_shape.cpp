// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/timeloop_shape.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "core/interop/timeloop/timeloop_words.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Tensor;

constexpr std::array<std::array<Dim, 2>, 2> kWindows = {{{Dim::P, Dim::R}, {Dim::Q, Dim::S}}};

/// One coordinate of a data space: dimensions, each with the name of its factor.
using Sum = std::vector<std::pair<std::string, std::string>>;

struct Space {
    YamlReader node;
    std::string name;
    std::vector<Sum> coordinates;
    bool written = false;

    bool has(const std::string& dim) const {
        for (const auto& sum : coordinates) {
            for (const auto& term : sum) {
                if (term.first == dim) return true;
            }
        }
        return false;
    }
    bool slides() const {
        return std::any_of(coordinates.begin(), coordinates.end(), [](const Sum& sum) {
            return sum.size() > 1 || !sum.front().second.empty();
        });
    }
};

Sum sumOf(const YamlReader& node) {
    Sum sum;
    for (const auto& term : node.items()) {
        const auto parts = term.items();
        if (parts.empty() || parts.size() > 2) {
            term.fail("a term of a projection is a dimension, or a dimension and a coefficient");
        }
        sum.emplace_back(parts[0].text(), parts.size() == 2 ? parts[1].text() : "");
    }
    if (sum.empty()) node.fail("a projection is empty");
    return sum;
}

std::vector<Space> spacesOf(const YamlReader& shape) {
    std::vector<Space> spaces;
    std::set<std::string> names;
    for (const auto& node : shape.at("data_spaces").items()) {
        Space space{node, node.at("name").text(), {}, false};
        if (!names.insert(space.name).second) node.fail("this data space is there twice");
        if (const auto written = node.find("read_write")) space.written = written->flag();
        for (const auto& coordinate : node.at("projection").items()) {
            space.coordinates.push_back(sumOf(coordinate));
        }
        spaces.push_back(std::move(space));
    }
    if (spaces.size() != 3) {
        shape.fail(
            "the shape has " + std::to_string(spaces.size()) + " data spaces; a layer has three",
            "Split it into products of two tensors, one problem each");
    }
    return spaces;
}

/// By Tensor: the indices of weights, inputs and outputs.
std::array<std::size_t, 3> rolesOf(const YamlReader& shape, const std::vector<Space>& spaces) {
    const auto named = [&](std::string_view name) -> std::optional<std::size_t> {
        for (std::size_t i = 0; i < spaces.size(); ++i) {
            if (spaces[i].name == name) return i;
        }
        return std::nullopt;
    };
    std::optional<std::size_t> written;
    for (std::size_t i = 0; i < spaces.size(); ++i) {
        if (!spaces[i].written) continue;
        if (written) shape.fail("two data spaces are written; one is supported");
        written = i;
    }
    const std::size_t outputs = written.value_or(named("Outputs").value_or(2));
    std::array<std::size_t, 2> operands = {outputs == 0 ? 1U : 0U, outputs == 2 ? 1U : 2U};
    const bool swap = spaces[operands[1]].slides() ||
                      (!spaces[operands[0]].slides() &&
                       (named("Inputs") == operands[1] || named("Weights") == operands[0]));
    if (swap) std::swap(operands[0], operands[1]);
    return {operands[1], operands[0], outputs};
}

/// What a dimension indexes: bits of weights, inputs and outputs.
int indexedBy(Dim dim) {
    switch (dim) {
        case Dim::G: return 7;
        case Dim::K: return 5;
        case Dim::C:
        case Dim::R:
        case Dim::S: return 3;
        default: return 6;
    }
}

class ShapeReader {
public:
    explicit ShapeReader(const YamlReader& node)
        : m_node(node), m_spaces(spacesOf(node)), m_roles(rolesOf(node, m_spaces)) {
        m_shape.strides = m_shape.dilations = {};
    }

    TimeloopShape read() {
        readDimensions();
        for (const auto tensor : {Tensor::Weights, Tensor::Outputs}) {
            if (space(tensor).slides()) {
                space(tensor).node.fail("only inputs can slide: " + space(tensor).name +
                                        " has a sum or a coefficient in its projection");
            }
        }
        for (const auto tensor : model::kAllTensors) {
            m_shape.names.tensors[space(tensor).name] = tensor;
        }
        placeWindows();
        placeNamesakes();
        placeOthers();
        return std::move(m_shape);
    }

private:
    const Space& space(Tensor tensor) const {
        return m_spaces[m_roles[static_cast<std::size_t>(tensor)]];
    }

    void readDimensions() {
        for (const auto& each : m_node.at("dimensions").items()) {
            const auto name = each.text();
            auto& all = m_shape.dimensions;
            if (std::find(all.begin(), all.end(), name) != all.end()) {
                each.fail("this dimension is there twice");
            }
            all.push_back(name);
        }
        for (const auto& space : m_spaces) {
            for (const auto& sum : space.coordinates) {
                for (const auto& [dim, factor] : sum) requireDeclared(space, dim);
            }
            requireOnce(space);
        }
    }

    void requireDeclared(const Space& space, const std::string& dim) const {
        const auto& all = m_shape.dimensions;
        if (std::find(all.begin(), all.end(), dim) != all.end()) return;
        space.node.fail("the projection of " + space.name + " has '" + dim +
                        "', which is none of the shape's dimensions");
    }

    /// A diagonal of a tensor, or an axis that follows another, is no layer's.
    static void requireOnce(const Space& space) {
        std::set<std::string> seen;
        for (const auto& sum : space.coordinates) {
            for (const auto& term : sum) {
                if (seen.insert(term.first).second) continue;
                space.node.fail(
                    "the projection of " + space.name + " has '" + term.first + "' twice",
                    "A dimension of a layer goes along one axis of a tensor");
            }
        }
    }

    int classOf(const std::string& dim) const {
        return (space(Tensor::Weights).has(dim) ? 1 : 0) |
               (space(Tensor::Inputs).has(dim) ? 2 : 0) | (space(Tensor::Outputs).has(dim) ? 4 : 0);
    }

    bool taken(Dim dim) const {
        return std::any_of(m_shape.names.dims.begin(), m_shape.names.dims.end(),
                           [dim](const auto& each) { return each.second == dim; });
    }
    bool placed(const std::string& name) const { return m_shape.names.dims.contains(name); }
    void place(const std::string& name, Dim dim) { m_shape.names.dims[name] = dim; }

    /// Sums of an output and a kernel dimension; and dimensions that step over the inputs.
    void placeWindows() {
        const auto& inputs = space(Tensor::Inputs);
        for (const auto& sum : inputs.coordinates) {
            if (sum.size() == 1 && sum.front().second.empty()) continue;
            if (sum.size() > 2) inputs.node.fail("more than two dimensions slide along one axis");
            const auto find = [&](int kind) -> const Sum::value_type* {
                for (const auto& term : sum) {
                    if (classOf(term.first) == kind) return &term;
                }
                return nullptr;
            };
            const auto* output = find(6);
            const auto* kernel = find(3);
            if (sum.size() != (output ? 1U : 0U) + (kernel ? 1U : 0U)) {
                inputs.node.fail("the dimensions " + sum.front().first + " and " +
                                     sum.back().first +
                                     " do not slide along each other in a convolution",
                                 "An axis of the inputs is indexed by one dimension of the "
                                 "outputs and one of the weights");
            }
            placeWindow(inputs, output, kernel);
        }
    }

    void placeWindow(const Space& inputs, const Sum::value_type* output,
                     const Sum::value_type* kernel) {
        std::size_t axis = 0;
        const auto isFree = [&](std::size_t a) {
            return !taken(kWindows[a][0]) && !taken(kWindows[a][1]);
        };
        const auto wants = [&](std::size_t a) {
            return (output && timeloopDim(output->first) == kWindows[a][0]) ||
                   (!output && kernel && timeloopDim(kernel->first) == kWindows[a][1]);
        };
        if (!isFree(0) || (wants(1) && isFree(1))) axis = 1;
        if (!isFree(axis)) inputs.node.fail("windows slide along more than two axes");
        if (output) {
            place(output->first, kWindows[axis][0]);
            m_shape.strides[axis] = output->second;
        }
        if (kernel) {
            place(kernel->first, kWindows[axis][1]);
            m_shape.dilations[axis] = kernel->second;
        }
    }

    /// P and R without a sum between them would slide along each other.
    bool fits(Dim dim) const {
        if (taken(dim)) return false;
        for (const auto& [output, kernel] : kWindows) {
            if ((dim == output && taken(kernel)) || (dim == kernel && taken(output))) return false;
        }
        return true;
    }

    void placeNamesakes() {
        for (const auto& name : m_shape.dimensions) {
            if (placed(name)) continue;
            const auto dim = timeloopDim(name);
            if (dim && classOf(name) == indexedBy(*dim) && fits(*dim)) place(name, *dim);
        }
    }

    void placeOthers() {
        for (const auto& name : m_shape.dimensions) {
            if (placed(name)) continue;
            for (const Dim dim : model::kAllLoopDims) {
                if (placed(name)) break;
                if (classOf(name) == indexedBy(dim) && fits(dim)) place(name, dim);
            }
            if (!placed(name)) refuse(name);
        }
    }

    [[noreturn]] void refuse(const std::string& name) const {
        std::string in;
        for (const auto& each : m_spaces) {
            if (each.has(name)) in += (in.empty() ? "" : ", ") + each.name;
        }
        m_node.fail("the dimension '" + name + "' has no counterpart in a layer: it indexes " +
                        (in.empty() ? "nothing" : in),
                    "Layers are matrix products and convolutions in one or two directions, "
                    "with groups");
    }

    const YamlReader& m_node;
    std::vector<Space> m_spaces;
    std::array<std::size_t, 3> m_roles;
    TimeloopShape m_shape;
};

}  // namespace

TimeloopShape convolutionShape() {
    TimeloopShape shape;
    for (const Dim dim : model::kAllDims) shape.dimensions.emplace_back(word(dim));
    shape.names = TimeloopNames::ofConvolution();
    shape.names.dims.erase("G");
    return shape;
}

TimeloopShape readTimeloopShape(const YamlReader& node) {
    if (!node.isText()) return ShapeReader(node).read();
    std::string name = node.text();
    std::replace(name.begin(), name.end(), '_', '-');
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name != "cnn-layer" && name != "cnn-layer.yaml") {
        node.fail("the shape '" + node.text() + "' is not known",
                  "Use cnn-layer, or spell the shape out");
    }
    return convolutionShape();
}

TimeloopNames TimeloopNames::ofConvolution() {
    TimeloopNames names;
    for (const Dim dim : model::kAllLoopDims) names.dims[std::string(word(dim))] = dim;
    for (const auto tensor : model::kAllTensors) {
        names.tensors[std::string(kTimeloopTensors[static_cast<std::size_t>(tensor)])] = tensor;
    }
    return names;
}

std::optional<Dim> TimeloopNames::dim(std::string_view name) const {
    const auto known = dims.find(std::string(name));
    if (known != dims.end()) return known->second;
    // Either name of the output channels, where the other one is theirs.
    if (name != "K" && name != "M") return std::nullopt;
    const auto other = dims.find(name == "K" ? "M" : "K");
    return other != dims.end() && other->second == Dim::K ? std::optional(Dim::K) : std::nullopt;
}

std::optional<Tensor> TimeloopNames::tensor(std::string_view name) const {
    const auto known = tensors.find(std::string(name));
    return known == tensors.end() ? std::nullopt : std::optional(known->second);
}

std::string TimeloopNames::dimList() const {
    std::string list;
    for (const auto& [name, dim] : dims) list += (list.empty() ? "" : " ") + name;
    return list;
}

std::string TimeloopNames::tensorList() const {
    std::string list;
    for (const auto& [name, tensor] : tensors) list += (list.empty() ? "" : ", ") + name;
    return list;
}

}  // namespace cohelix::interop
