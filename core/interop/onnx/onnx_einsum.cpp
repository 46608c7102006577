// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_einsum.h"

#include <algorithm>
#include <cctype>

namespace cohelix::interop {
namespace {

constexpr std::string_view kEllipsis = "...";

bool isIndexLetter(char sign) { return std::isalpha(static_cast<unsigned char>(sign)) != 0; }

/// The axes of an ellipsis, counted from its last one, which is aligned in all operands.
std::string signs(std::size_t axes) {
    std::string text;
    for (std::size_t back = axes; back > 0; --back) text += static_cast<char>(back);
    return text;
}

/// With the signs of so many axes in the place of the ellipsis; nothing for other signs.
std::optional<std::string> replaced(const std::string& term, std::size_t axes) {
    const auto at = term.find(kEllipsis);
    std::string text = term;
    if (at != std::string::npos) text.erase(at, kEllipsis.size());
    if (!std::ranges::all_of(text, isIndexLetter)) return std::nullopt;
    if (at != std::string::npos) text.insert(at, signs(axes));
    return text;
}

std::vector<std::string> termsOf(const std::string& text) {
    std::vector<std::string> terms(1);
    for (const char sign : text) {
        if (sign == ',') {
            terms.emplace_back();
        } else {
            terms.back() += sign;
        }
    }
    return terms;
}

/// Without "->": the ellipsis and then, by the alphabet, letters that occur once.
std::string implicitResult(const std::vector<std::string>& operands, std::size_t ellipsis) {
    std::string all;
    for (const auto& operand : operands) all += operand;
    std::string once;
    for (const char sign : all) {
        if (isIndexLetter(sign) && std::ranges::count(all, sign) == 1) once += sign;
    }
    std::ranges::sort(once);
    return signs(ellipsis) + once;
}

bool learn(Einsum& einsum, const std::string& letters, const OnnxShape& shape) {
    if (letters.size() != shape.size()) return false;
    for (std::size_t axis = 0; axis < letters.size(); ++axis) {
        const auto [known, added] = einsum.sizes.emplace(letters[axis], shape[axis]);
        if (added || shape[axis] == known->second) continue;
        // A size of one is repeated; an open one is the other's.
        if (known->second < 0 || known->second == 1) {
            known->second = shape[axis] < 0 ? known->second : shape[axis];
        } else if (shape[axis] > 1) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::optional<Einsum> readEinsum(const std::string& equation,
                                 const std::vector<const OnnxShape*>& shapes) {
    std::string text;
    std::ranges::copy_if(equation, std::back_inserter(text), [](char sign) { return sign != ' '; });
    const auto arrow = text.find("->");
    const auto terms = termsOf(text.substr(0, arrow));
    if (terms.size() != shapes.size()) return std::nullopt;
    Einsum einsum;
    std::size_t most = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const bool open = terms[i].find(kEllipsis) != std::string::npos;
        if (open && !shapes[i]) return std::nullopt;
        const auto letters = terms[i].size() - (open ? kEllipsis.size() : 0);
        if (open && shapes[i]->size() < letters) return std::nullopt;
        const auto axes = open ? shapes[i]->size() - letters : 0;
        most = std::max(most, axes);
        auto operand = replaced(terms[i], axes);
        if (!operand) return std::nullopt;
        einsum.operands.push_back(std::move(*operand));
    }
    for (std::size_t i = 0; i < terms.size(); ++i) {
        for (const char letter : einsum.operands[i]) einsum.sizes.emplace(letter, -1);
        if (shapes[i] && !learn(einsum, einsum.operands[i], *shapes[i])) return std::nullopt;
    }
    auto result = arrow == std::string::npos ? implicitResult(einsum.operands, most)
                                             : replaced(text.substr(arrow + 2), most);
    if (!result) return std::nullopt;
    for (const char letter : *result) {
        if (!einsum.sizes.contains(letter)) return std::nullopt;
    }
    einsum.result = std::move(*result);
    return einsum;
}

}  // namespace cohelix::interop
