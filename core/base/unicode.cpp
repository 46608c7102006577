// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/unicode.h"

#include <algorithm>
#include <array>

namespace cohelix::base {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kHex = "0123456789abcdef";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// The code point of a well-formed character.
char32_t codePoint(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character.front());
    if (character.size() == 1) return lead;
    char32_t code = lead & (0xFFU >> (character.size() + 1));
    for (const char byte : character.substr(1)) {
        code = code << 6 | (static_cast<unsigned char>(byte) & 0x3FU);
    }
    return code;
}

/// What changes the terminal's state, the line or the direction instead of showing anything.
bool isObeyed(char32_t code) {
    constexpr std::array<std::array<char32_t, 2>, 8> kRanges = {{{0x00, 0x1F},
                                                                 {0x7F, 0x9F},
                                                                 {0x061C, 0x061C},
                                                                 {0x200E, 0x200F},
                                                                 {0x2028, 0x202E},
                                                                 {0x2066, 0x2069},
                                                                 {0xFEFF, 0xFEFF},
                                                                 {0xFFF9, 0xFFFB}}};
    return std::any_of(kRanges.begin(), kRanges.end(),
                       [code](const auto& range) { return code >= range[0] && code <= range[1]; });
}

std::string spelt(char kind, char32_t code, int digits) {
    std::string text = {'\\', kind};
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text += kHex[code >> shift & 0xF];
    return text;
}

/// Calls `character` with each well-formed character and `foreign` with each other byte.
template <typename Character, typename Foreign>
void eachCharacter(std::string_view text, Character character, Foreign foreign) {
    while (!text.empty()) {
        const std::size_t length = lengthOfFirst(text);
        if (length == 0) {
            foreign(text.front());
        } else {
            character(text.substr(0, length));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
}

std::string shown(std::string_view text, std::string_view kept) {
    std::string out;
    out.reserve(text.size());
    eachCharacter(
        text,
        [&](std::string_view character) {
            const char32_t code = codePoint(character);
            if (!isObeyed(code) || kept.find(character) != std::string_view::npos) {
                out += character;
            } else {
                out += code < 0x80 ? spelt('x', code, 2) : spelt('u', code, 4);
            }
        },
        [&](char byte) { out += spelt('x', static_cast<unsigned char>(byte), 2); });
    return out;
}

}  // namespace

std::size_t lengthOfFirst(std::string_view text) {
    if (text.empty()) return 0;
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || text.size() < length) return 0;
    if (!std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length),
                     continues)) {
        return 0;
    }
    // Longer than needed, surrogates and past U+10FFFF.
    const auto second = static_cast<unsigned char>(text[1]);
    const bool none = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return none ? 0 : length;
}

std::optional<std::size_t> firstForeignByte(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = lengthOfFirst(text.substr(at, 4));
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

std::string validUtf8(std::string_view text) {
    std::string out;
    eachCharacter(
        text, [&](std::string_view character) { out += character; },
        [&](char) { out += kReplacement; });
    return out;
}

std::string visible(std::string_view text) { return shown(text, "\n\t"); }

std::string visibleLine(std::string_view text) { return shown(text, {}); }

std::string visibleJson(std::string_view json) {
    // Below U+0020 strings have none, and the document has only what sets it out.
    std::string out;
    out.reserve(json.size());
    eachCharacter(
        json,
        [&](std::string_view character) {
            const char32_t code = codePoint(character);
            if (code >= 0x20 && isObeyed(code)) {
                out += spelt('u', code, 4);
            } else {
                out += character;
            }
        },
        [&](char) { out += kReplacement; });
    return out;
}

}  // namespace cohelix::base
