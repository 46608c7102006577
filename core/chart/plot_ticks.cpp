// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/plot_ticks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/units.h"

namespace cohelix::chart {
namespace {

constexpr double kMostTicks = 8;
/// An axis that reaches so far has prefixes: they are shorter than the digits.
constexpr double kPrefixFrom = 1e5;
/// A logarithmic axis over less than this factor has ticks like a linear one.
constexpr double kNarrow = 4;

struct Prefix {
    double factor = 1;
    const char* text = "";
};

/// For figures up to `most`, which an axis shows in one manner.
Prefix prefixOf(double size, double most) {
    constexpr std::array kPrefixes = {Prefix{1e15, " P"}, Prefix{1e12, " T"}, Prefix{1e9, " G"},
                                      Prefix{1e6, " M"}, Prefix{1e3, " k"}};
    if (most < kPrefixFrom) return {};
    for (const auto& prefix : kPrefixes) {
        if (size >= prefix.factor) return prefix;
    }
    return {};
}

/// The least of 1, 2, 5 times a power of ten that is not below `step`.
double roundStep(double step) {
    const double decade = std::pow(10, std::floor(std::log10(step)));
    for (const double digit : {1.0, 2.0, 5.0}) {
        if (digit * decade >= step * (1 - 1e-9)) return digit * decade;
    }
    return 10 * decade;
}

std::vector<PlotTick> evenTicks(PlotRange range) {
    const double step = roundStep((range.high - range.low) / kMostTicks);
    const double most = std::max(std::fabs(range.low), std::fabs(range.high));
    const auto prefix = prefixOf(most, most);
    // All ticks of an axis share prefix and digits, so that neighbours never read alike.
    const int decimals =
        std::clamp(static_cast<int>(std::ceil(-std::log10(step / prefix.factor) - 1e-9)), 0, 12);
    std::vector<PlotTick> ticks;
    const double first = std::ceil(range.low / step - 1e-9);
    const double last = std::floor(range.high / step + 1e-9);
    for (double i = first; i <= last && ticks.size() <= 2 * kMostTicks; ++i) {
        const double value = i == 0 ? 0 : i * step;
        ticks.push_back({value, base::fixed(value / prefix.factor, decimals) +
                                    (value == 0 ? "" : prefix.text)});
    }
    return ticks;
}

std::string decadeText(double value, double most) {
    const auto prefix = prefixOf(value, most);
    const double shown = value / prefix.factor;
    return (shown >= 1 ? base::fixed(shown, 0) : base::exact(shown)) + prefix.text;
}

std::vector<PlotTick> decadeTicks(PlotRange range) {
    const int first = static_cast<int>(std::floor(std::log10(range.low)));
    const int last = static_cast<int>(std::ceil(std::log10(range.high)));
    const double decades = std::log10(range.high / range.low);
    const int stride = std::max(1, static_cast<int>(std::ceil(decades / kMostTicks)));
    std::vector<double> digits = {1};
    if (decades <= kMostTicks / 3) digits = {1, 2, 5};
    std::vector<PlotTick> ticks;
    for (int exponent = first; exponent <= last; exponent += stride) {
        for (const double digit : digits) {
            // Divided where negative: a tenth has no exact power, and 5 * 0.001 no short text.
            const double value =
                exponent < 0 ? digit / std::pow(10, -exponent) : digit * std::pow(10, exponent);
            if (value < range.low || value > range.high) continue;
            ticks.push_back({value, decadeText(value, range.high)});
        }
    }
    return ticks;
}

}  // namespace

PlotRange roomAround(PlotRange data, bool logarithmic) {
    constexpr double kRoom = 0.04;
    const double size = std::max(std::fabs(data.low), std::fabs(data.high));
    const bool hasWidth = data.high - data.low > 1e-9 * size;
    if (logarithmic) {
        const double factor = hasWidth ? std::pow(data.high / data.low, kRoom) : std::sqrt(10);
        return {data.low / factor, data.high * factor};
    }
    const double room = hasWidth ? (data.high - data.low) * kRoom : std::max(size / 2, 0.5);
    // What starts at zero shows that it does.
    const double low = data.low >= 0 && data.low <= room * 2 ? 0 : data.low - room;
    return {low, data.high + room};
}

std::vector<PlotTick> ticksOf(PlotRange range, bool logarithmic) {
    if (logarithmic && range.high / range.low >= kNarrow) return decadeTicks(range);
    return evenTicks(range);
}

}  // namespace cohelix::chart
