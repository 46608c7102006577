// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/compact_mapping.h"

#include <charconv>
#include <optional>
#include <sstream>

namespace cohelix::validate {
namespace {

using model::LoopKind;
using model::Tensor;

/// "L3[WIO]".
std::optional<model::MappingLevel> levelFrom(const std::string& word) {
    const auto bracket = word.find('[');
    if (bracket == std::string::npos || word.back() != ']') return std::nullopt;
    model::MappingLevel level{word.substr(0, bracket), {}, {false, false, false}};
    for (const char c : word.substr(bracket + 1, word.size() - bracket - 2)) {
        const auto letter = std::string_view("WIO").find(c);
        if (letter == std::string_view::npos) return std::nullopt;
        level.keeps[letter] = true;
    }
    return level;
}

/// "P14", "K2X".
std::optional<model::Loop> loopFrom(std::string word) {
    model::Loop loop;
    if (word.back() == 'X') {
        loop.kind = LoopKind::Columns;
        word.pop_back();
    }
    if (word.size() < 2) return std::nullopt;
    const auto dim = base::valueOf<model::Dim>(std::string_view(word).substr(0, 1));
    if (!dim) return std::nullopt;
    loop.dim = *dim;
    const auto [end, code] =
        std::from_chars(word.data() + 1, word.data() + word.size(), loop.trips);
    if (code != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return loop;
}

}  // namespace

base::Result<model::Mapping> mappingFromCompact(std::string_view text, const std::string& where) {
    model::Mapping mapping;
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;) {
        if (word == "-") continue;
        if (auto level = levelFrom(word)) {
            mapping.levels.push_back(std::move(*level));
            continue;
        }
        const auto loop = loopFrom(word);
        if (!loop || mapping.levels.empty()) {
            return base::Error{where, "'" + word + "' is no loop of a mapping",
                               "Write levels as L3[WIO] and loops as K16 or, spatial, K16X"};
        }
        mapping.levels.back().loops.push_back(*loop);
    }
    if (mapping.levels.empty()) return base::Error{where, "the mapping is empty", {}};
    return mapping;
}

}  // namespace cohelix::validate
