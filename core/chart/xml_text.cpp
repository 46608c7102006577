// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/xml_text.h"

#include <algorithm>

#include "core/base/unicode.h"

namespace cohelix::chart {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Bytes of the character that starts `text` and may stand in XML; 0 when there is none.
std::size_t lengthOfFirst(std::string_view text) {
    const bool reserved = text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
    return reserved ? 0 : base::lengthOfFirst(text);
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

}  // namespace cohelix::chart
