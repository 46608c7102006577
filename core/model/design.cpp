// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/design.h"

#include <array>
#include <charconv>

#include "core/base/words.h"

namespace cohelix::model {
namespace {

constexpr std::array<std::string_view, 4> kTexts = {"no accuracy", "supernet estimate",
                                                    "trained from scratch", "tabulated"};

std::string joined(const std::vector<int>& items) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i) text += '.';
        text += std::to_string(items[i]);
    }
    return text;
}

bool split(std::string_view text, std::vector<int>& items) {
    while (!text.empty()) {
        int item = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), item);
        if (error != std::errc() || item < 0) return false;
        items.push_back(item);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty()) return true;
        if (text.front() != '.' || text.size() == 1) return false;
        text.remove_prefix(1);
    }
    return true;
}

}  // namespace

std::string_view gradeText(AccuracyGrade grade) { return kTexts[static_cast<std::size_t>(grade)]; }

std::string limitText(const LayerCost& layer) {
    const auto memory = static_cast<std::size_t>(layer.limit.memory);
    return textOf(layer.limit, memory < layer.traffic.size() ? layer.traffic[memory].memory : "");
}

std::optional<TimeLimit> limitFromText(std::string_view text,
                                       const std::vector<MemoryTraffic>& traffic) {
    for (const auto kind : base::kValues<TimeLimit::Kind>) {
        if (text == word(kind)) return TimeLimit{kind};
    }
    for (const auto kind : {TimeLimit::Kind::Bandwidth, TimeLimit::Kind::Refill}) {
        for (std::size_t m = 0; m < traffic.size(); ++m) {
            const TimeLimit limit{kind, static_cast<int>(m)};
            if (text == textOf(limit, traffic[m].memory)) return limit;
        }
    }
    return std::nullopt;
}

std::string keyOf(const DesignChoices& choices) {
    return joined(choices.network) + "|" + joined(choices.accelerator);
}

std::optional<DesignChoices> choicesFromKey(std::string_view key) {
    const auto bar = key.find('|');
    DesignChoices choices;
    if (bar == std::string_view::npos || !split(key.substr(0, bar), choices.network) ||
        !split(key.substr(bar + 1), choices.accelerator)) {
        return std::nullopt;
    }
    return choices;
}

}  // namespace cohelix::model
