// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/xml_text.h"

#include <algorithm>

namespace cohelix::interop {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Bytes of the well-formed character that starts `text`; 0 when there is none.
std::size_t lengthOfFirst(std::string_view text) {
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
    // Longer than needed, surrogates and past U+10FFFF; U+FFFE and U+FFFF are no XML characters.
    const auto second = static_cast<unsigned char>(text[1]);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
        return 0;
    }
    return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF") ? 0 : length;
}

std::string_view escaped(char c, std::string_view itself) {
    switch (c) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '"': return "&quot;";
        case '\t':
        case '\n':
        case '\r': return " ";
        default: return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? kReplacement : itself;
    }
}

}  // namespace

std::string xmlText(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = lengthOfFirst(text);
        if (length == 0) {
            out += kReplacement;
        } else if (length == 1) {
            out += escaped(text.front(), text.substr(0, 1));
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

}  // namespace cohelix::interop
