// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The hard limits of a search. One table has all that is known of each; whoever reads, writes,
// checks, steers or shows limits goes through it.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/model/figures.h"

namespace cohelix::spec {

/// No reported design is beyond one of these.
struct Limits {
    std::optional<double> dsp;
    std::optional<double> bram18k;
    std::optional<double> leastFps;
    std::optional<double> mostLatencyMs;
    std::optional<double> mostEnergyMj;
    std::optional<double> mostEdp;
    friend bool operator==(const Limits&, const Limits&) = default;
};

enum class LimitKind : std::uint8_t {
    Dsp,
    Bram18k,
    LeastFps,
    MostLatencyMs,
    MostEnergyMj,
    MostEdp
};

struct LimitInfo {
    std::optional<double> Limits::*member;
    double model::Figures::*figure;  ///< that it bounds
    bool least;                      ///< from below
    bool ofDevice;         ///< on what a device has so many of; that is the limit where none is set
    std::string_view key;  ///< of its field: "least_fps"
    std::string_view label;     ///< of the field: "Least FPS"
    std::string_view words;     ///< in a sentence, with its unit: "most latency in ms"
    std::string_view unit;      ///< beside a number; empty: a count
    std::string_view unitText;  ///< "frames per second"
    std::string_view meaning;
    int decimals;  ///< of a message
};
/// By LimitKind.
inline constexpr std::array kLimits = {
    LimitInfo{&Limits::dsp, &model::Figures::dsp, false, true, "dsp", "Most DSP", "DSP limit", "",
              "DSP slices",
              "hard limit, at most what the device has; absent: that. Of the chunk pipeline alone",
              0},
    LimitInfo{&Limits::bram18k, &model::Figures::bram18k, false, true, "bram18k", "Most BRAM18K",
              "BRAM18K limit", "", "block RAMs of 18 Kbit",
              "hard limit, at most what the device has; absent: that. Of the chunk pipeline alone",
              0},
    LimitInfo{&Limits::leastFps, &model::Figures::fps, true, false, "least_fps", "Least FPS",
              "least FPS", "FPS", "frames per second", "hard limit; absent: none", 1},
    LimitInfo{&Limits::mostLatencyMs, &model::Figures::latencyMs, false, false, "most_latency_ms",
              "Most latency", "most latency in ms", "ms", "ms",
              "hard limit on one image's latency; absent: none", 4},
    LimitInfo{&Limits::mostEnergyMj, &model::Figures::energyMj, false, false, "most_energy_mj",
              "Most energy", "most energy in mJ", "mJ", "mJ", "hard limit per image; absent: none",
              4},
    LimitInfo{&Limits::mostEdp, &model::Figures::edp, false, false, "most_edp", "Most EDP",
              "most energy times latency in mJ ms", "mJ ms", "mJ ms",
              "hard limit on energy times latency of an image; absent: none", 4},
};
constexpr const LimitInfo& infoOf(LimitKind kind) {
    return kLimits[static_cast<std::size_t>(kind)];
}
constexpr std::string_view word(LimitKind kind) {
    const auto index = static_cast<std::size_t>(kind);
    return index < kLimits.size() ? kLimits[index].key : std::string_view();
}

/// The limit of that kind.
inline std::optional<double>& limitOf(Limits& limits, LimitKind kind) {
    return limits.*infoOf(kind).member;
}
inline std::optional<double> limitOf(const Limits& limits, LimitKind kind) {
    return limits.*infoOf(kind).member;
}

/// Whether a figure keeps a limit of that kind.
constexpr bool keepsLimit(const LimitInfo& info, double figure, double limit) {
    return info.least ? figure >= limit : figure <= limit;
}
/// Whether there is a limit on what a design reaches: FPS, latency or energy.
inline bool limitsReach(const Limits& limits) {
    for (const auto& info : kLimits) {
        if (!info.ofDevice && limits.*info.member) return true;
    }
    return false;
}

}  // namespace cohelix::spec
