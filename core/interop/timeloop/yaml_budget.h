// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a YAML text would unfold to, counted before a tree of it is built. Private to the room.

#include <string>
#include <string_view>

#include "core/interop/timeloop/yaml_reader.h"

namespace cohelix::interop {

/// Throws BadYaml where the text is too long, is not UTF-8, is a template of Jinja, has an anchor
/// inside itself or a name twice in one map, or unfolds past the budget; a parser's exception where
/// it is not YAML.
void checkYamlBudget(std::string_view text, const std::string& where, const YamlBudget& budget);

}  // namespace cohelix::interop
