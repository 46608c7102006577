// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <numeric>
#include <optional>
#include <utility>

#include "core/workload/builder.h"
#include "core/workload/python_random.h"

namespace cohelix::workload {
namespace {

using model::LayerRole;

enum class Operator : std::uint8_t { None, Skip, Conv1x1, Conv3x3, Pool3x3 };
constexpr std::size_t kOperators = 5;
struct OperatorName {
    std::string_view brief;
    std::string_view published;
};
constexpr std::array<OperatorName, kOperators> kNames = {{{"none", "none"},
                                                          {"skip", "skip_connect"},
                                                          {"conv1x1", "nor_conv_1x1"},
                                                          {"conv3x3", "nor_conv_3x3"},
                                                          {"pool3x3", "avg_pool_3x3"}}};

/// Where an edge of a cell comes from and leads to.
struct Edge {
    char from;
    char to;
};
constexpr std::array<Edge, 6> kEdges = {
    {{'0', '1'}, {'0', '2'}, {'1', '2'}, {'0', '3'}, {'1', '3'}, {'2', '3'}}};
static_assert(kEdges.size() == kNasBench201Edges);
using Cell = std::array<Operator, kEdges.size()>;
constexpr std::int64_t kCells = 15625;

std::string textOf(const Cell& cell) {
    std::string text;
    for (std::size_t i = 0; i < cell.size(); ++i) {
        if (i == 0 || kEdges[i].to != kEdges[i - 1].to) text += i == 0 ? "|" : "+|";
        text += std::string(kNames[static_cast<std::size_t>(cell[i])].brief) + "~";
        text += kEdges[i].from;
        text += '|';
    }
    return text;
}

/// Takes what the text must begin with.
bool take(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

std::optional<Operator> takeOperator(std::string_view& text) {
    const auto name = text.substr(0, text.find('~'));
    for (std::size_t i = 0; i < kOperators; ++i) {
        if (name != kNames[i].brief && name != kNames[i].published) continue;
        text.remove_prefix(name.size());
        return static_cast<Operator>(i);
    }
    return std::nullopt;
}

std::optional<Cell> cellOf(std::string_view text) {
    Cell cell{};
    for (std::size_t i = 0; i < cell.size(); ++i) {
        const bool firstOfNode = i == 0 || kEdges[i].to != kEdges[i - 1].to;
        if (firstOfNode && !take(text, i == 0 ? "|" : "+|")) return std::nullopt;
        const auto op = takeOperator(text);
        if (!op || !take(text, "~") || !take(text, {&kEdges[i].from, 1}) || !take(text, "|")) {
            return std::nullopt;
        }
        cell[i] = *op;
    }
    if (!text.empty()) return std::nullopt;
    return cell;
}

/// The benchmark's order: all cells, the last edge varying fastest, shuffled by Python's random
/// numbers with seed 88 (its generate_meta_info).
std::vector<std::int32_t> publishedOrder() {
    std::vector<std::int32_t> order(kCells);
    std::iota(order.begin(), order.end(), 0);
    PythonRandom random(88);
    for (std::size_t i = order.size() - 1; i > 0; --i) {
        std::swap(order[i], order[random.below(static_cast<std::uint32_t>(i + 1))]);
    }
    return order;
}

/// The cell of a place in the order before the shuffle: its operators as digits of base five.
Cell unshuffledCell(std::int32_t place) {
    Cell cell{};
    for (std::size_t i = cell.size(); i-- > 0; place /= kOperators) {
        cell[i] = static_cast<Operator>(place % static_cast<std::int32_t>(kOperators));
    }
    return cell;
}

void addCell(Builder& builder, const std::string& name, const Feature& at, const Cell& cell) {
    for (std::size_t i = 0; i < cell.size(); ++i) {
        const auto edge = name + ".edge" + kEdges[i].from + kEdges[i].to;
        if (cell[i] == Operator::Conv1x1) {
            builder.add(at, {.name = edge, .channels = at.channels});
        } else if (cell[i] == Operator::Conv3x3) {
            builder.add(at, {.name = edge, .channels = at.channels, .kernel = 3});
        }
    }
}

/// Halves the image; the shortcut is pooled, then a 1 x 1 convolution without normalisation.
Feature addReduction(Builder& builder, const std::string& name, const Feature& in) {
    const auto channels = 2 * in.channels;
    Feature at =
        builder.add(in, {.name = name + ".conv1", .channels = channels, .kernel = 3, .stride = 2});
    at = builder.add(at, {.name = name + ".conv2", .channels = channels, .kernel = 3});
    builder.add(pooled(in, 2, 2), {.name = name + ".shortcut",
                                   .channels = channels,
                                   .trained = Trained::Weights,
                                   .role = LayerRole::Shortcut});
    return at;
}

}  // namespace

const std::vector<std::string_view>& nasBench201Operators() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> out;
        for (const auto& name : kNames) out.push_back(name.brief);
        return out;
    }();
    return names;
}

std::string nasBench201Text(const std::vector<int>& operators) {
    Cell cell{};
    for (std::size_t i = 0; i < cell.size(); ++i) cell[i] = static_cast<Operator>(operators[i]);
    return textOf(cell);
}

std::optional<std::vector<int>> nasBench201Edges(std::string_view text) {
    const auto cell = cellOf(text);
    if (!cell) return std::nullopt;
    std::vector<int> operators;
    for (const auto op : *cell) operators.push_back(static_cast<int>(op));
    return operators;
}

base::Result<std::string> nasBench201Cell(std::int64_t index) {
    if (index < 0 || index >= kCells) {
        return base::Error{
            "nasbench201:" + std::to_string(index), "the index is not from 0 to 15,624", {}};
    }
    static const auto kOrder = publishedOrder();
    return textOf(unshuffledCell(kOrder[static_cast<std::size_t>(index)]));
}

base::Result<Workload> nasBench201(std::string_view text, std::int64_t pixels,
                                   std::int64_t classes) {
    const auto cell = cellOf(text);
    if (!cell) {
        return base::Error{"nasbench201:" + std::string(text), "this is no cell of NAS-Bench-201",
                           "Write it like |conv3x3~0|+|none~0|skip~1|+|skip~0|none~1|pool3x3~2|"};
    }
    Builder builder("nasbench201:" + textOf(*cell), "NAS-Bench-201 (Dong and Yang, ICLR 2020), " +
                                                        std::to_string(pixels) + " x " +
                                                        std::to_string(pixels));
    Feature at = builder.add({3, pixels}, {.name = "stem", .channels = 16, .kernel = 3});
    for (int stage = 0; stage < 3; ++stage) {
        const auto name = "stage" + std::to_string(stage);
        if (stage > 0) at = addReduction(builder, name + ".reduction", at);
        for (int i = 0; i < 5; ++i) addCell(builder, name + ".cell" + std::to_string(i), at, *cell);
    }
    builder.count(2 * at.channels);  // the normalisation before the pooling
    builder.addLinear("classifier", {at.channels}, classes);
    return builder.take();
}

}  // namespace cohelix::workload
