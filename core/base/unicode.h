// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Texts from outside: whether they are UTF-8, and how they are shown where a terminal would obey
// them. Names come from files of strangers; everything that is printed goes through visible().

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cohelix::base {

/// Bytes of the well-formed UTF-8 character that `text` begins with; 0 where it begins with none
/// or is empty.
std::size_t lengthOfFirst(std::string_view text);

/// The first byte that belongs to no UTF-8 character; nothing where the text is UTF-8.
std::optional<std::size_t> firstForeignByte(std::string_view text);

/// The text with U+FFFD in place of every byte that belongs to no character.
std::string validUtf8(std::string_view text);

/// The text with what a terminal would obey, or what would hide or turn the rest around, spelt out:
/// control characters but line feed and tabulator as "\x1b", those beyond ASCII and the marks of
/// direction as "\u202e", bytes that are no UTF-8 as "\xff".
std::string visible(std::string_view text);
/// The same in one line: line feeds and tabulators are spelt out, too.
std::string visibleLine(std::string_view text);

/// JSON text whose strings hold none of that as it is: "\u001b", "\u202e".
std::string visibleJson(std::string_view json);

}  // namespace cohelix::base
