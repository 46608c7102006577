// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace cohelix::base {
namespace {

std::string withCommas(std::string digits) {
    const std::size_t start = digits.starts_with('-') ? 1 : 0;
    const std::size_t dot = digits.find('.');
    std::size_t end = dot == std::string::npos ? digits.size() : dot;
    while (end > start + 3) {
        end -= 3;
        digits.insert(end, ",");
    }
    return digits;
}

std::string threeDigits(double value) {
    std::array<char, 32> text{};
    const double size = std::fabs(value);
    const int decimals = size >= 99.95 || value == std::floor(value) ? 0 : size >= 9.995 ? 1 : 2;
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

}  // namespace

std::string grouped(std::int64_t value) { return withCommas(std::to_string(value)); }

std::string counted(std::int64_t count, const char* one, const char* many) {
    return grouped(count) + ' ' + (count == 1 ? one : many);
}

std::string fixed(double value, int decimals) {
    if (!std::isfinite(value)) return "-";
    std::array<char, 400> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return withCommas(text.data());
}

std::string prefixed(double value) {
    if (!std::isfinite(value)) return "-";
    constexpr std::array kPrefixes = {"", " k", " M", " G", " T", " P"};
    std::size_t step = 0;
    while (std::fabs(value) >= 999.5 && step + 1 < kPrefixes.size()) {
        value /= 1000;
        ++step;
    }
    return threeDigits(value) + kPrefixes[step];
}

std::string bytes(double count) {
    constexpr std::array kUnits = {" B", " KiB", " MiB", " GiB", " TiB"};
    std::size_t step = 0;
    while (std::fabs(count) >= 1024 && step + 1 < kUnits.size()) {
        count /= 1024;
        ++step;
    }
    return threeDigits(count) + kUnits[step];
}

std::string clockTime(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return "-";
    const auto whole = static_cast<long long>(std::llround(seconds));
    std::array<char, 64> text{};
    if (whole >= 3600) {
        std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                      whole % 60);
    } else {
        std::snprintf(text.data(), text.size(), "%lld:%02lld", whole / 60, whole % 60);
    }
    return text.data();
}

std::string exact(double value) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

const char* programVersion() { return COHELIX_VERSION; }

}  // namespace cohelix::base
