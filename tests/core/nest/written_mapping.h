// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Mappings written by hand in tests.

#include <sstream>
#include <string>

#include "core/model/mapping.h"

namespace cohelix::nest {

/// "DRAM[WIO] K4 P8 buffer[IO] Q56 R3:r P7:c": levels outermost first, `:r` on rows, `:c` on
/// columns.
inline model::Mapping writtenMapping(const std::string& text) {
    model::Mapping mapping;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (const auto bracket = word.find('['); bracket != std::string::npos) {
            const auto holds = [&](char c) { return word.find(c, bracket) != std::string::npos; };
            mapping.levels.push_back(
                {word.substr(0, bracket), {}, {holds('W'), holds('I'), holds('O')}});
            continue;
        }
        const auto colon = word.find(':');
        const auto kind = colon == std::string::npos ? model::LoopKind::Temporal
                          : word[colon + 1] == 'r'   ? model::LoopKind::Rows
                                                     : model::LoopKind::Columns;
        mapping.levels.back().loops.push_back(
            {*base::valueOf<model::Dim>(word.substr(0, 1)), std::stoll(word.substr(1)), kind});
    }
    return mapping;
}

}  // namespace cohelix::nest
