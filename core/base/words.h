// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The words of an enum, in one place: beside the enum stands
//
//     constexpr std::string_view word(Metric metric) {
//         switch (metric) {
//             case Metric::Fps: return "fps";
//             case Metric::LatencyMs: return "latency_ms";
//         }
//         return {};
//     }
//
// and all else comes from it: the value of a word, and all values and words in their order. The
// compiler warns of a value without a word. The values count up from 0, and no word is empty.

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cohelix::base {

template <typename E>
concept Worded = std::is_enum_v<E> && requires(E value) {
    { word(value) } -> std::same_as<std::string_view>;
};

template <Worded E>
inline constexpr std::size_t kWords = [] {
    std::size_t count = 0;
    while (!word(static_cast<E>(count)).empty()) ++count;
    return count;
}();

/// The same for code in which `word` names something else.
template <Worded E>
constexpr std::string_view wordOf(E value) {
    return word(value);
}

/// All values, in their order.
template <Worded E>
inline constexpr std::array<E, kWords<E>> kValues = [] {
    std::array<E, kWords<E>> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<E>(i);
    return values;
}();

template <Worded E>
constexpr std::optional<E> valueOf(std::string_view text) {
    for (const E value : kValues<E>) {
        if (word(value) == text) return value;
    }
    return std::nullopt;
}

template <Worded E>
std::vector<std::string> words() {
    std::vector<std::string> all;
    for (const E value : kValues<E>) all.emplace_back(word(value));
    return all;
}

}  // namespace cohelix::base
